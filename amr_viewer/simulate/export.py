"""Write simulated recordings and the truth about them; what writes the file is handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import Recording
from amr_viewer.errors import ExportError
from amr_viewer.simulate.kinds import kinds as known_kinds
from amr_viewer.simulate.recordings import make
from amr_viewer.simulate.truth import Simulation

Write = Callable[[Recording, Path], object]
"""Writes a recording to a path; `amr_viewer.io.writers.write_edf` is one."""


def write_simulations(
    directory: Path,
    kinds: Iterable[str] = (),
    *,
    write: Write,
    seed: int = 1,
    progress: Progress = silent,
) -> list[Path]:
    """Write a recording of each kind, with its truth beside it.

    Parameters
    ----------
    directory : Path
        Made if absent; gets ``<kind>.edf`` and ``<kind>.truth.json``.
    kinds : iterable of str
        Names from `simulate.kinds()`; none means all.
    write : callable
        Writes a recording to a path.
    seed : int
    progress : callable

    Returns
    -------
    list of Path
        The recordings.

    Raises
    ------
    ParameterError
        A kind is unknown.
    ExportError
        A file cannot be written.
    """
    names = tuple(kinds) or tuple(known_kinds())
    paths = []
    for index, kind in enumerate(names):
        progress(index / len(names), kind)
        path = directory / f"{kind}.edf"
        write_with_truth(make(kind, seed), path, write)
        paths.append(path)
    return paths


def write_with_truth(simulation: Simulation, path: Path, write: Write) -> None:
    """Write a simulation to `path` and its truth to ``<name>.truth.json`` beside it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(simulation.recording, path)
        beside(path, ".truth.json").write_text(
            json.dumps(simulation.truth.to_dict(), separators=(",", ":")) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise ExportError(f"{path.name}: cannot be written ({error.strerror})") from error


def beside(path: Path, suffix: str) -> Path:
    """Return the path of a companion file."""
    return path.with_name(path.stem + suffix)
