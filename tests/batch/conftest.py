"""Small recordings, and folders of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from amr_viewer.io.writers import write_edf
from amr_viewer.simulate import make

Folder = Callable[..., Path]


@pytest.fixture(scope="session")
def tiny_edf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording that is analyzed within a few hundredths of a second."""
    path = tmp_path_factory.mktemp("tiny") / "tiny.edf"
    write_edf(make("clear", 3, n_stimuli=2, sampling_hz=5000.0).recording, path)
    return path


@pytest.fixture(scope="session")
def long_edf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording whose analysis takes long enough to be disturbed."""
    path = tmp_path_factory.mktemp("long") / "long.edf"
    write_edf(make("clear", 4, n_stimuli=120, sampling_hz=20_000.0).recording, path)
    return path


@pytest.fixture
def folder(tmp_path: Path, tiny_edf: Path) -> Folder:
    """Makes a folder of recordings with the names that are given."""

    def made(*names: str) -> Path:
        place = tmp_path / "recordings"
        for name in names:
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tiny_edf, path)
        return place

    return made


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file in a tree, hidden ones too, with its content; folders without."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else b""
        for p in folder.rglob("*")
    }
