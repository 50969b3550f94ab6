"""The key of a result is known without analyzing, and changes with whatever the result rests on."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from amr_viewer import workflow
from amr_viewer.analysis.reviewing import reviewed
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.result_key import ResultKey
from amr_viewer.core.review import Review
from amr_viewer.errors import ReadError
from amr_viewer.io.review_file import save_review

SAMPLES = Path(__file__).parents[2] / "sample_signals"
SHARED = Path(__file__).parents[3] / "shared" / "recordings" / "formats" / "same_recording"
SUFFIXES = {".edf", ".bdf", ".gdf", ".vhdr", ".eeg", ".vmrk", ".fif", ".hea", ".dat"}
AT = "2026-01-01T00:00:00+00:00"
OTHER = Protocol(name="other", parameters=Parameters().replaced({"window_end_ms": "22"}))


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are not here")
def test_key_of_every_format_is_known_beforehand() -> None:
    paths = [p for p in sorted(SHARED.iterdir()) if p.suffix in SUFFIXES and "hreflex" in p.name]
    assert len(paths) > 12
    for path in paths:
        expected = workflow.expected_key(path, free_running=False)
        assert workflow.analyze_file(path, free_running=False).key == expected, path.name


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLES / "ttl_stimuli.edf", tmp_path / "a.edf"))


@pytest.mark.parametrize("protocol", [None, OTHER])
@pytest.mark.parametrize("use_review", [True, False])
def test_key_of_a_reviewed_recording(
    recording: Path, protocol: Protocol | None, use_review: bool
) -> None:
    values = Protocol(site="zygomatic").model_dump(mode="json", exclude_defaults=True)
    save_review(Review().with_protocol(values, "A", AT), recording)
    how = {"use_review": use_review, "free_running": False}
    analysis = workflow.analyze_file(recording, protocol, **how)
    assert analysis.key == workflow.expected_key(recording, protocol, **how)
    assert bool(analysis.key.review_sha256) is use_review


def test_review_of_another_file_counts(recording: Path) -> None:
    bare = workflow.expected_key(recording)
    review = Review().with_field("name", "x", "", "A", AT)
    identity = review.recording.model_copy(update={"sha256": "00" * 32})
    save_review(review.model_copy(update={"recording": identity}), recording)
    analysis = workflow.analyze_file(recording, free_running=False)
    assert analysis.review is None
    assert analysis.key == workflow.expected_key(recording, free_running=False)
    assert analysis.key.review_sha256 != bare.review_sha256 == ""


def changed(a: ResultKey, b: ResultKey) -> list[str]:
    return [f.name for f in fields(a) if getattr(a, f.name) != getattr(b, f.name)]


def test_each_change_is_seen_in_its_place(recording: Path) -> None:
    before = workflow.expected_key(recording)
    assert changed(before, workflow.expected_key(recording, OTHER)) == ["protocol_sha256"]
    assert changed(before, workflow.expected_key(recording, free_running=False)) == ["free_running"]
    assert changed(before, workflow.expected_key(recording, Protocol())) == []
    save_review(Review().with_field("name", "x", "", "A", AT), recording)
    assert changed(before, workflow.expected_key(recording)) == ["review_sha256"]
    assert changed(before, workflow.expected_key(recording, use_review=False)) == []
    data = bytearray(recording.read_bytes())
    data[-1] ^= 1
    recording.write_bytes(data)
    now = workflow.expected_key(recording, use_review=False)
    assert changed(before, now) == ["recording_sha256"]


@pytest.mark.parametrize("how", ["grows", "other", "sidecar"])
def test_a_recording_that_changes_meanwhile_is_refused(recording: Path, how: str) -> None:
    def change(fraction: float, message: str) -> None:
        if how == "grows":
            with recording.open("ab") as file:
                file.write(b"more")
        elif how == "other" and not (recording.parent / "done").exists():
            (recording.parent / "done").touch()
            Path(shutil.copy2(recording, recording.parent / "b")).replace(recording)
        elif how == "sidecar":
            sidecar.write_text('{"Manufacturer": "x"}')

    sidecar = recording.with_name("sub-01_task-x_emg.json")
    if how == "sidecar":
        (recording.parent / "dataset_description.json").write_text("{}")
        recording = recording.rename(recording.with_name("sub-01_task-x_emg.edf"))
    with pytest.raises(ReadError, match="was changed while it was analyzed; analyze it again"):
        workflow.analyze_file(recording, None, change, free_running=False)


def test_who_decides_afterwards_has_no_key(recording: Path) -> None:
    analysis = workflow.analyze_file(recording, free_running=False)
    assert analysis.command
    foreign = Review().recording.model_copy(update={"sha256": "00" * 32})
    for later in (
        reviewed(analysis, Review().with_field("name", "x", "", "A", AT)),
        reviewed(analysis, Review(recording=foreign)),
        workflow.with_free_running(analysis),
    ):
        assert (later.key, later.command) == (None, "")


def test_key_of_an_analysis_of_values_is_none(recording: Path) -> None:
    from amr_viewer.io import read_recording

    analysis = workflow.analyze(replace(read_recording(recording), path=""))
    assert (analysis.key, analysis.recording.sha256) == (None, "")
