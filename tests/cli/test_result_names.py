"""Names of the result folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from amr_viewer.cli.analyze import result_names


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["data/x.edf"], ["x.edf"]),
        (["a/x.edf", "b/y.edf"], ["x.edf", "y.edf"]),
        (["a/x.edf", "b/x.edf"], ["a/x.edf", "b/x.edf"]),
        (["p/a/x.edf", "p/b/c/X.EDF", "p/y.edf"], ["a/x.edf", "b/c/X.EDF", "y.edf"]),
        (["x.edf", "x.bdf"], ["x.edf", "x.bdf"]),
        (["x.edf", "./x.edf", "a/../x.edf"], ["x.edf"]),
    ],
)
def test_every_recording_has_a_folder_of_its_own(paths: list[str], names: list[str]) -> None:
    assert list(result_names([Path(p) for p in paths]).values()) == names


def test_order_is_that_of_the_command_line() -> None:
    paths = [Path("b.edf"), Path("a.edf"), Path("b.edf")]
    assert list(result_names(paths)) == [Path("b.edf"), Path("a.edf")]
