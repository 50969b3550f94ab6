"""Pictures of the window for documents, made without a screen."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from amr_viewer.errors import ExportError, ReadError
from amr_viewer.gui.app import make_app, make_window
from amr_viewer.gui.document import Stage
from amr_viewer.gui.key_guard import KeyGuard
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.settings import Settings

PATIENCE_S = 120.0
CALM_S = 0.6
"""Nothing has run for so long: what is shown is what will be shown."""


def without_screen() -> None:
    """Draw into memory; must come before the application is made."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on)


def _pass_on(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Pass on what Qt says but for a limit of drawing into memory that does not matter."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def save_screenshot(
    paths: list[Path], out: Path, *, view: str, theme: str, size: tuple[int, int]
) -> None:
    """Open recordings, wait for everything, and save a picture of the window.

    Raises
    ------
    ReadError
        A recording cannot be read.
    ExportError
        The picture cannot be written.
    """
    app = make_app()
    KeyGuard(app)
    # A picture shows the program, not what somebody has set on this machine.
    with TemporaryDirectory() as nowhere:
        os.environ["AMR_VIEWER_CONFIG_DIR"] = nowhere
        _save(make_window(Settings(), theme), paths, out, view, size)


def _save(
    window: MainWindow, paths: list[Path], out: Path, view: str, size: tuple[int, int]
) -> None:
    """Open recordings in a window and save its picture."""
    try:
        window.resize(*size)
        window.show()
        window.furnish()
        window.resize(*size)
        window.desk.session.open(paths)
        window.desk.session.set_view(view)
        wait_until_calm(window)
        faults = [d.fault for d in window.desk.session.documents if d.stage is Stage.FAILED]
        if faults:
            raise ReadError(faults[0])
        out.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(out)):
            raise ExportError(f"{out.name}: cannot be written; check the folder and the suffix")
    finally:
        window.desk.session.end()
        window.deleteLater()


def wait_until_calm(window: MainWindow, calm_s: float = CALM_S) -> None:
    """Run the event loop until nothing has been at work for a while."""
    session = window.desk.session
    calm_since = time.monotonic()
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and time.monotonic() - calm_since < calm_s:
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        if session.tasks.running or session.is_busy:
            calm_since = time.monotonic()
