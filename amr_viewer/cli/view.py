"""`amr-viewer view`: the window, or a picture of it."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from amr_viewer.cli.terminal import Failures, complain, say


class View(StrEnum):
    """Views of the window."""

    TRACES = "traces"
    SWEEPS = "sweeps"
    TREND = "trend"
    PATTERNS = "patterns"
    REPORT = "report"


class ThemeName(StrEnum):
    """Appearances of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def view(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Recordings or folders.")
    ] = None,
    screenshot: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Save a picture of the window and end."),
    ] = None,
    view: Annotated[View, typer.Option(help="The view that the picture shows.")] = View.SWEEPS,
    theme: Annotated[ThemeName | None, typer.Option(help="Appearance.")] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Size of the picture.")] = "1440x900",
) -> None:
    """Show the window, with recordings if they are given."""
    if find_spec("PySide6") is None:
        complain("the window needs Qt; install it with: pip install 'amr-viewer[gui]'")
        raise typer.Exit(1)
    wanted = [path.absolute() for path in paths or []]
    wish = theme.value if theme else ""
    if screenshot is None:
        from amr_viewer.gui.app import run

        raise typer.Exit(run(wanted, wish))
    failures = Failures()
    pixels = _pixels(size)
    with failures.of(screenshot):
        from amr_viewer.gui.screenshot import save_screenshot, without_screen

        without_screen()
        save_screenshot(wanted, screenshot, view=view.value, theme=wish or "light", size=pixels)
        say(f"Picture: {screenshot}")
    failures.close()


def _pixels(size: str) -> tuple[int, int]:
    """Return width and height of ``1440x900``."""
    width, sign, height = size.lower().partition("x")
    if not (sign and width.isdecimal() and height.isdecimal()):
        raise typer.BadParameter(f"--size {size}: write WxH, for example 1440x900")
    pixels = int(width), int(height)
    if not all(320 <= p <= 8000 for p in pixels):
        raise typer.BadParameter(f"--size {size}: between 320 and 8000 pixels each")
    return pixels
