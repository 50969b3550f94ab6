"""A date that stands there only because the header must hold one is no date."""

from __future__ import annotations

import pytest

from amr_viewer.io.edf_identity import start


@pytest.mark.parametrize(
    ("recording", "date", "expected"),
    [
        (b"Startdate X X X X", b"01.01.85", None),
        (b"Startdate 01-JAN-1985 X X X", b"01.01.85", "1985-01-01T00:00:00"),
        (b"Startdate X X X X", b"02.01.85", "1985-01-02T00:00:00"),
        (b"", b"01.01.85", "1985-01-01T00:00:00"),
    ],
)
def test_start_of_a_recording_without_a_date(
    recording: bytes, date: bytes, expected: str | None
) -> None:
    warnings: list[str] = []
    assert start(recording, date, b"00.00.00", 0.0, warnings) == expected
    assert warnings == []
