"""Starts the program with its window; the first paint comes before anything that costs time."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from amr_viewer._version import __version__
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.garbage import GarbageCollector
from amr_viewer.gui.key_guard import KeyGuard
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.settings import Settings
from amr_viewer.gui.theme import WISHES, apply_theme, theme_for

SWITCH_S = 0.001
"""Threads that compute hand the interpreter back this often, so that the window stays fluid."""


def make_app() -> QApplication:
    """Return the application, made where it is missing."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([sys.argv[0] if sys.argv else "amr-viewer"])
    app.setApplicationName("amr-viewer")
    app.setApplicationDisplayName("AMR Viewer")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("amr-viewer")
    return app


def make_frame(settings: Settings, theme: str = "") -> MainWindow:
    """Return the bare window, not yet shown; `theme` holds for this run only."""
    if theme in WISHES:
        settings.values = replace(settings.values, theme=theme)
    chosen = theme_for(settings.values.theme)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, chosen)
    return MainWindow(settings, Appearance(chosen))


def make_window(settings: Settings, theme: str = "") -> MainWindow:
    """Return the window with a desk to work on, not yet shown and not yet furnished."""
    from amr_viewer.gui.desk import make_desk

    window = make_frame(settings, theme)
    window.settle(make_desk(appearance=window.appearance))
    return window


def run(paths: Sequence[Path] = (), theme: str = "") -> int:
    """Show the window with recordings and return the exit status when it is closed."""
    sys.setswitchinterval(SWITCH_S)
    app = make_app()
    KeyGuard(app)
    window = make_frame(Settings(), theme)
    _say_unexpected(window)
    interrupts = _Interrupts(window)
    garbage = GarbageCollector(window)
    window.furnished.connect(garbage.settle)
    if paths:
        window.start.show_opening(paths)
    window.start.painted.connect(lambda: QTimer.singleShot(0, lambda: _begin(window, list(paths))))
    window.show()
    try:
        return app.exec()
    finally:
        garbage.end()
        interrupts.end()


def _begin(window: MainWindow, paths: list[Path]) -> None:
    """Open what was asked for, and furnish the window while it is read."""
    from amr_viewer.gui.desk import make_desk
    from amr_viewer.gui.protocol import restore_last

    window.settle(make_desk(appearance=window.appearance))
    session = window.desk.session
    restore_last(session)
    session.hold_analyses(True)
    window.open(paths)
    window.furnished.connect(lambda: session.hold_analyses(False))
    window.furnish_by_and_by()


class _Interrupts:
    """Closes the window when the terminal asks the program to end."""

    def __init__(self, window: MainWindow) -> None:
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, window)
        self._notifier.activated.connect(window.close)
        self._former = signal.set_wakeup_fd(self._theirs.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)

    def end(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._former)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()


def _say_unexpected(window: MainWindow) -> None:
    """Show an unexpected fault in the window; the program goes on and nothing decided is lost."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        sys.__excepthook__(kind, error, trace)
        window.notice.say(
            f"Unexpected fault ({kind.__name__}: {error}). What was decided is kept; please report "
            "it with what the terminal shows.",
            "present",
        )

    sys.excepthook = hook
