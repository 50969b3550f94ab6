"""Each damaged EDF file beside the project gives the right numbers with a warning, or an error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.edf import read_edf

REPAIRED = {
    "edf_digital_range_swapped.edf": "swapped",
    "edf_nrec_minus1.edf": "does not state how many",
    "edf_nrec_too_large.edf": "states 9999",
    "edf_nul_padded_header.edf": "NUL",
    "edf_physmin_comma_decimal.edf": "decimal comma",
    "edf_rec_duration_comma.edf": "decimal comma",
    "edf_startdate_slashes.edf": "start date",
    "edf_truncated_mid_record.edf": "ends inside a data record",
    "edf_unit_micro_utf8.edf": "not ASCII",
    "edf_annotations_garbled.edf": "unreadable",
}
REFUSED = {
    "edf_header_only.edf": "no whole data record",
    "edf_ns_9999.edf": "9999 signals",
    "edf_truncated_in_main_header.edf": "ends inside its header",
    "edf_zero_bytes.edf": "ends inside its header",
}


@pytest.fixture(scope="module")
def truth(shared_recordings: Path) -> Recording:
    folder = shared_recordings / "formats" / "same_recording"
    return read_edf(folder / "hreflex_edfplusC_annotations.edf")


@pytest.mark.parametrize("name", REPAIRED)
def test_repaired(shared_recordings: Path, truth: Recording, name: str) -> None:
    recording = read_edf(shared_recordings / "damaged" / name)
    assert any(REPAIRED[name] in w for w in recording.warnings)
    assert [(c.label, c.unit, c.sampling_hz) for c in recording.channels] == [
        (c.label, c.unit, c.sampling_hz) for c in truth.channels
    ]
    for i, channel in enumerate(recording.channels):
        n = channel.n_samples
        np.testing.assert_array_equal(recording.source.read(i, 0, n), truth.source.read(i, 0, n))
    marks = () if "garbled" in name else truth.marks
    n_marks = len(recording.marks)
    assert [(m.time_s, m.text) for m in recording.marks] == [
        (m.time_s, m.text) for m in marks[:n_marks]
    ]
    if "truncated" not in name:
        assert n_marks == len(marks)
        assert recording.segments == truth.segments
    assert recording.start == truth.start


@pytest.mark.parametrize("name", REFUSED)
def test_refused(shared_recordings: Path, name: str) -> None:
    with pytest.raises(ReadError, match=rf"^{name}: .*{REFUSED[name]}"):
        read_edf(shared_recordings / "damaged" / name)


def test_a_wrong_unit_is_told_and_never_rescaled(shared_recordings: Path, truth: Recording) -> None:
    recording = read_edf(shared_recordings / "damaged" / "edf_unit_mV_wrong_scale.edf")
    assert any("Soleus" in w and "unit" in w for w in recording.warnings)
    n = recording.channels[0].n_samples
    np.testing.assert_allclose(
        recording.source.read(0, 0, n), 1000 * truth.source.read(0, 0, n), rtol=1e-5
    )


def test_double_and_missing_triggers_are_read_as_they_stand(
    shared_recordings: Path, truth: Recording
) -> None:
    path = shared_recordings / "damaged" / "signal_double_and_missing_triggers.edf"
    recording = read_edf(path)
    assert recording.warnings == ()
    assert len(recording.marks) == 30
    assert recording.segments == truth.segments


@pytest.mark.parametrize(
    ("name", "tolerance_uv"),
    [
        ("hreflex_edfplusD_discontinuous.edf", 0),
        ("hreflex_edf_plain_trigger_channel.edf", 0),
        ("hreflex_bdfplusC_annotations.bdf", 0.13),
        ("hreflex_bdfplusD_discontinuous.bdf", 0.13),
        ("hreflex_bdf_plain_trigger_channel.bdf", 0.13),
    ],
)
def test_every_variant_holds_the_same_recording(
    shared_recordings: Path, truth: Recording, name: str, tolerance_uv: float
) -> None:
    recording = read_edf(shared_recordings / "formats" / "same_recording" / name)
    for piece in recording.segments:
        stored = np.array([piece.stored_s, piece.stored_s + piece.duration_s]) * 2000
        start, stop = np.round(stored).astype(int)
        at = round(piece.start_s * 2000)
        for i in (0, 1):
            got = recording.source.read(i, start, stop)
            expected = truth.source.read(i, at, at + stop - start)
            np.testing.assert_allclose(got, expected, atol=tolerance_uv)
    if "plain" not in name:
        got_marks = [(round(m.time_s, 6), m.text) for m in recording.marks]
        assert got_marks == [(round(m.time_s, 6), m.text) for m in truth.marks]
    assert recording.warnings == ()
