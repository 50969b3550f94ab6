"""Sample recordings as files: those beside the package, or made where they are not."""

from __future__ import annotations

import shutil
from pathlib import Path

from amr_viewer.atomic import whole_file

BESIDE = Path(__file__).resolve().parents[1] / "sample_signals"


def sample_copy(name: str, folder: Path) -> Path:
    """Return a sample recording in a folder of the person's own, where a review may lie beside it.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    target = folder / f"{name}.edf"
    source = sample_file(name, folder)
    if source != target and not (
        target.is_file() and target.stat().st_size == source.stat().st_size
    ):
        with whole_file(target) as aside:
            shutil.copyfile(source, aside)
    return target


def sample_file(name: str, folder: Path) -> Path:
    """Return a sample recording as an EDF file.

    Parameters
    ----------
    name : str
        As `amr_viewer.simulate.samples` names them, ``"hfs_left_preop"``.
    folder : Path
        Where it is made if it does not lie beside the package.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    beside = BESIDE / f"{name}.edf"
    if beside.is_file():
        return beside
    from amr_viewer.io.writers import write_edf
    from amr_viewer.simulate.samples import make_sample

    made = folder / f"{name}.edf"
    made.parent.mkdir(parents=True, exist_ok=True)
    if not made.is_file():
        write_edf(make_sample(name).recording, made)
    return made
