"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_recordings() -> Path:
    """Folder of recordings that lie beside the project; skips where they are absent."""
    folder = ROOT.parent / "shared" / "recordings"
    if not folder.is_dir():
        pytest.skip(f"no recordings beside the project at {folder}")
    return folder


@pytest.fixture(scope="session")
def sample_signals() -> Path:
    """Folder of the sample recordings that come with the project."""
    return ROOT / "sample_signals"
