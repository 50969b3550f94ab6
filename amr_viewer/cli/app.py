"""The table of commands, and what holds for all of them."""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from amr_viewer._version import __version__
from amr_viewer.cli.analyze import analyze
from amr_viewer.cli.batch import batch
from amr_viewer.cli.bids import bids
from amr_viewer.cli.cohort import cohort
from amr_viewer.cli.compare import compare
from amr_viewer.cli.convert import convert
from amr_viewer.cli.demo import demo
from amr_viewer.cli.formats import formats
from amr_viewer.cli.info import InfoCommand, info
from amr_viewer.cli.report import report
from amr_viewer.cli.simulate import simulate
from amr_viewer.cli.terminal import say, set_debug
from amr_viewer.cli.validate import validate
from amr_viewer.cli.view import view


class ViewByDefault(TyperGroup):
    """Recordings without a command open the window, as files that are dropped on a program do."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `view` before paths, and in the place of nothing."""
        at = next((i for i, word in enumerate(args) if word != "--debug"), len(args))
        if at == len(args) or _is_path(args[at], set(self.commands)):
            args = [*args[:at], "view", *args[at:]]
        return super().parse_args(ctx, args)


def _is_path(word: str, commands: set[str]) -> bool:
    """Whether a first word is a recording and no command or option."""
    if word in commands or (word.startswith("-") and word != "--"):
        return False
    return Path(word).exists() or Path(word).suffix != "" or "/" in word or "\\" in word


app = typer.Typer(
    name="amr-viewer",
    cls=ViewByDefault,
    help="Find, measure and report the abnormal muscle response (AMR) in facial EMG.",
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 all well, 1 a recording failed, 2 wrong usage.",
)
app.command()(view)
app.command(cls=InfoCommand)(info)
app.command()(analyze)
app.command()(batch)
app.command()(report)
app.command()(compare)
app.command()(cohort)
app.command()(convert)
app.command()(bids)
app.command()(simulate)
app.command()(validate)
app.command()(formats)
app.command()(demo)


def _show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        say(f"amr-viewer {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unexpected fault.")
    ] = False,
) -> None:
    """Find, measure and report the abnormal muscle response (AMR) in facial EMG."""
    set_debug(debug)
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL)
    if not debug and not sys.warnoptions:
        warnings.simplefilter("ignore")
