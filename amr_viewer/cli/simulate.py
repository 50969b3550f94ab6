"""`amr-viewer simulate`: recordings with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amr_viewer.cli.terminal import Failures, progress_bar, say


def simulate(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="KIND", help="Kinds; all if none is named.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the recordings.")
    ] = None,
    list_only: Annotated[bool, typer.Option("--list", help="List the kinds.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 1,
) -> None:
    """Write recordings with known truth, to learn and to test with."""
    from amr_viewer.simulate import kinds

    known = kinds()
    if list_only:
        width = max(map(len, known))
        for name, text in known.items():
            say(f"{name:{width}}  {text}")
        return
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such kind; --list names all")
    if out is None:
        raise typer.BadParameter("--out DIR is missing: where the recordings are to be written")
    _write(names or list(known), out, seed)


def _write(names: list[str], out: Path, seed: int) -> None:
    """Write one recording of each kind."""
    from amr_viewer.io.writers import write_edf
    from amr_viewer.simulate import write_simulations

    failures = Failures()
    with failures.of(out), progress_bar("simulate") as progress:
        for path in write_simulations(out, names, write=write_edf, seed=seed, progress=progress):
            say(str(path))
    failures.close()
