"""The commands; the only place that prints. What they do stands in the rooms below."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process with its exit status."""
    _have_streams()
    try:
        _run()
    except KeyboardInterrupt:
        # Ctrl+C while modules are still being loaded.
        sys.exit(INTERRUPTED)


def _have_streams() -> None:
    """Give the process streams to write to where it was started without them."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _run() -> None:
    """Open the window, or run a command."""
    # The analysis works on channels side by side; threads inside the matrix products would only
    # wait for each other, and their number changes the last digits of a result. It must be said
    # before numpy is loaded.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    words = sys.argv[1:]
    if opens_window(words):
        from amr_viewer.gui.app import run

        sys.exit(run([Path(word).absolute() for word in words]))
    from amr_viewer.cli.app import app

    app(prog_name="amr-viewer")


def opens_window(words: list[str]) -> bool:
    """Whether words are recordings and nothing else.

    The window then stands before the other commands would be loaded. Names of commands hold neither
    a dot nor a slash.
    """
    are_paths = all(("." in w or "/" in w) and Path(w).exists() for w in words)
    return are_paths and find_spec("PySide6") is not None
