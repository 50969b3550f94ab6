"""The window stands before anything that costs time is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amr_viewer.cli import opens_window

FRAME = """
import sys
from pathlib import Path
from amr_viewer.gui.app import make_app, make_frame
from amr_viewer.gui.settings import Settings
app = make_app()
window = make_frame(Settings(Path(sys.argv[1])), "light")
painted = []
window.start.painted.connect(lambda: painted.append(True))
window.show()
app.processEvents()
assert painted == [True]
window.close()
print(*sys.modules)
"""
WHOLE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from amr_viewer.gui import app
from amr_viewer.gui.main_window import MainWindow
made = []
settle = MainWindow.settle
def watched(window, desk):
    made.append(window)
    settle(window, desk)
    desk.session.analysis_changed.connect(
        lambda: QTimer.singleShot(0, window.close) if desk.session.document.analysis else None
    )
MainWindow.settle = watched
status = app.run([Path(sys.argv[1])])
(window,) = made
assert window.is_furnished
print(status, window.desk.session.document.analysis.amr, sorted(window.views))
"""


def run(code: str, *words: str | Path) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_frame_is_painted_before_numbers_are_loaded(tmp_path: Path) -> None:
    loaded = run(FRAME, tmp_path).split()
    assert "PySide6.QtWidgets" in loaded
    assert not {"numpy", "pydantic", "scipy", "mne", "matplotlib", "typer"} & set(loaded)


def test_the_program_opens_analyzes_and_ends(sample_signals: Path) -> None:
    said = run(WHOLE, sample_signals / "healthy_control.edf")
    assert said.split("\n")[0] == "0 absent ['patterns', 'report', 'sweeps', 'traces', 'trend']"


@pytest.mark.parametrize(
    ("words", "opens"),
    [([], True), (["{file}"], True), (["info"], False), (["--help"], False), (["no.edf"], False)],
)
def test_recordings_alone_open_the_window(words: list[str], opens: bool, tmp_path: Path) -> None:
    (tmp_path / "a.edf").touch()
    assert opens_window([w.format(file=tmp_path / "a.edf") for w in words]) is opens
