"""Review files: whole or not at all, never lost, and honest about what is wrong with them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from amr_viewer.core.decisions import BurstDecision, SweepDecision
from amr_viewer.core.phrases import Phrase
from amr_viewer.core.review import SCHEMA_VERSION, Review
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.io import review_file
from amr_viewer.io.review_content import MIGRATIONS
from amr_viewer.io.review_file import (
    fallback_path,
    find_review,
    load_review,
    review_path,
    save_review,
    store_review,
)

WHO = {"author": "A", "at": "2026-11-25T10:00:00+00:00"}

VERSION_0 = {
    "program_version": "0.0.1",
    "sha256": "ab",
    "decisions": [
        {"time_s": 1.25, "channel": "EMG", "verdict": "absent", "user": "B", "at": "2026-01-01"},
        {"time_s": 2.5, "channel": "EMG", "onset_ms": 9.5, "user": "B"},
    ],
}
"""A file as the first drafts of the program wrote it."""

SAVES = """
import sys
from pathlib import Path
from amr_viewer.core.decisions import (SweepDecision)
from amr_viewer.core.review import (Review)
from amr_viewer.io.review_file import load_review, save_review
path = Path(sys.argv[1])
review = load_review(path) or Review()
print("ready", flush=True)
while True:
    n = len(review.log)
    review = review.with_sweeps(
        [SweepDecision(stimulus_s=float(n % 500), channel="EMG", state="absent")]
    )
    save_review(review, path)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what the program keeps for a user away from the one who runs the tests."""
    folder = tmp_path / "data folder"
    monkeypatch.setenv("AMR_VIEWER_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "records" / "Пациент 1.edf"
    path.parent.mkdir()
    path.write_bytes(b"recording")
    return path


def grown(review: Review, n: int = 1) -> Review:
    for _ in range(n):
        decision = SweepDecision(
            stimulus_s=float(len(review.log)), channel="EMG", state="absent", **WHO
        )
        review = review.with_sweeps([decision])
    return review


def test_what_is_saved_is_found_again_beside_the_recording(recording: Path) -> None:
    assert load_review(recording) is None
    review = grown(Review()).with_field("name", "Ö", "", **WHO)
    path = save_review(review, recording)
    assert path == review_path(recording) == recording.with_name("Пациент 1.edf.amr.json")
    found = find_review(recording)
    assert found.review is not None
    assert (found.path, found.warnings) == (path, ())
    assert found.review.sweeps == review.sweeps
    assert found.review.log == review.log
    values = json.loads(path.read_text("utf-8"))
    assert values["schema_version"] == SCHEMA_VERSION
    assert values["log"][0]["is"] == {"code": "sweep_said", "state": "absent"}
    assert recording.read_bytes() == b"recording"
    assert {p.name for p in recording.parent.iterdir()} == {recording.name, path.name}


def test_unknown_keys_of_a_file_survive(recording: Path) -> None:
    save_review(grown(Review()), recording)
    path = review_path(recording)
    path.write_text(path.read_text("utf-8").replace('"sweeps"', '"mood": "calm", "sweeps"'))
    loaded = load_review(recording)
    assert loaded is not None
    save_review(grown(loaded), recording)
    assert json.loads(path.read_text("utf-8"))["mood"] == "calm"


def test_the_former_file_is_the_backup(recording: Path) -> None:
    first = grown(Review())
    path = save_review(first, recording)
    before = path.read_bytes()
    save_review(grown(first), recording)
    assert path.with_name(path.name + ".bak").read_bytes() == before
    save_review(load_review(recording) or Review(), recording)
    assert path.with_name(path.name + ".bak").read_bytes() == before


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"schema_version": "x"}', b'{"schema_version": 1, "sweeps": 3}']
)
def test_a_damaged_file_gives_way_to_its_backup_and_is_kept(recording: Path, damage: bytes) -> None:
    first = grown(Review())
    save_review(first, recording)
    path = save_review(grown(first), recording)
    path.write_bytes(damage)
    found = find_review(recording)
    assert found.review is not None
    assert found.review.log == first.log
    assert "is damaged" in found.warnings[0]
    assert "its backup was used" in found.warnings[0]
    stored = store_review(grown(found.review), recording)
    assert load_review(recording) is not None
    backup = json.loads(path.with_name(path.name + ".bak").read_text("utf-8"))
    assert len(backup["log"]) == 1
    kept = [p for p in path.parent.iterdir() if ".conflict-" in p.name]
    if damage:
        assert [p.read_bytes() for p in kept] == [damage]
        assert kept[0].name in stored.warnings[0]


def test_damaged_without_a_backup_is_an_error_and_not_a_silence(recording: Path) -> None:
    review_path(recording).write_bytes(b"{")
    with pytest.raises(ReadError, match=r"damaged.*no backup; move it away"):
        load_review(recording)


def test_a_newer_schema_is_refused_and_never_overwritten(recording: Path) -> None:
    path = review_path(recording)
    newer = json.dumps({"schema_version": SCHEMA_VERSION + 1}).encode()
    path.write_bytes(newer)
    with pytest.raises(ReadError, match=r"newer version of this program .*update the program"):
        load_review(recording)
    with pytest.raises(ExportError, match="nothing was written"):
        save_review(grown(Review()), recording)
    assert path.read_bytes() == newer


def test_version_0_is_migrated(recording: Path) -> None:
    review_path(recording).write_text(json.dumps(VERSION_0))
    review = load_review(recording)
    assert review is not None
    assert review.schema_version == SCHEMA_VERSION
    assert [(d.stimulus_s, d.state, d.onset_ms, d.author) for d in review.sweeps] == [
        (1.25, "absent", None, "B"),
        (2.5, None, 9.5, "B"),
    ]
    assert review.recording.sha256 == "ab"
    assert [(c.what, c.is_) for c in review.log] == [
        ("sweep at 1.2500 s, EMG", "absent"),
        ("sweep at 2.5000 s, EMG", "measured"),
    ]
    save_review(grown(review), recording)
    assert json.loads(review_path(recording).read_text("utf-8"))["schema_version"] == SCHEMA_VERSION


def test_a_review_without_decisions_on_bursts_is_brought_up_to_date(recording: Path) -> None:
    old = {"schema_version": 1, "sweeps": [{"stimulus_s": 1.0, "channel": "E", "state": "absent"}]}
    review_path(recording).write_text(json.dumps(old), "utf-8")
    review = load_review(recording)
    assert review is not None
    assert review.schema_version == SCHEMA_VERSION
    assert review.bursts == ()
    assert review.sweeps[0].state == "absent"


OLD_LOG = (
    ("sweep at 1.2500 s, EMG, left", "automatic: present, onset 9.50 ms, 82 uV", "absent"),
    ("sweep at 1.0000 s, EMG", "automatic", "onset 9.50 ms, N 10.00 ms, 82 uV"),
    ("60 sweeps from 1.0 to 61.0 s, EMG", "present (30), absent (30)", "automatic"),
    ("verdict of EMG on left zygomatic stimulation", "present", "absent: M only"),
    ("verdict of EMG on unknown site stimulation", "absent", "automatic"),
    ("mark", "at at 3.000 s", "drill at 4.000 s for 0.500 s (EMG)"),
    ("mark", "drill at 4.000 s", "removed"),
    ("70 marks", "", "set from 1.0 to 3.0 s"),
    ("report, spasm", "", "absent"),
    ("section of the report, limits", "shown", "hidden"),
    ("protocol", "default", "lab"),
    ("undo: sweep: absent", "", ""),
    ("something else", "was so", "is so"),
)


def test_the_sentences_of_an_old_log_become_codes_and_read_the_same(recording: Path) -> None:
    sweep = {"stimulus_s": 1.0, "channel": "EMG", "onset_ms": 9.5, "amplitude_uv": 82.0}
    log = [{"what": a, "was": b, "is": c, **WHO} for a, b, c in OLD_LOG]
    old = {"schema_version": 1, "sweeps": [sweep], "log": log}
    review_path(recording).write_text(json.dumps(old), "utf-8")
    review = load_review(recording)
    assert review is not None
    assert [(c.what, c.was, c.is_) for c in review.log] == list(OLD_LOG)
    codes = [c.subject.code for c in review.log]
    assert codes[:2] == ["sweep", "sweep"]
    assert codes[-2:] == ["undo", "text"]
    assert [c.after.code for c in review.log if c.after][:3] == [
        "sweep_said",
        "sweep_said",
        "automatic",
    ]
    assert review.log[8].after == Phrase(code="text", text="absent")
    assert review.sweeps[0].by_hand == ("onset_ms",)
    save_review(review, recording)
    again = load_review(recording)
    assert again is not None
    assert again.log == review.log


def test_decisions_on_bursts_survive_saving(recording: Path) -> None:
    said = BurstDecision(
        channel="EMG", start_s=1.5, duration_ms=40.0, kind="tonic", peak_uv=12.5, author="A"
    )
    save_review(Review().with_bursts([said], {said.key: "automatic: clonic, 40 ms"}), recording)
    review = load_review(recording)
    assert review is not None
    assert review.bursts == (said,)
    assert review.log[0].what == "burst at 1.500 s, EMG"
    assert review.log[0].was == "automatic: clonic, 40 ms"


def test_every_older_version_has_its_migration() -> None:
    assert sorted(MIGRATIONS) == list(range(SCHEMA_VERSION))


def test_a_folder_that_cannot_be_written_is_replaced_by_the_user_s_own(
    recording: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, write = recording.parent, review_file.write_durably

    def refused(path: Path, data: bytes) -> None:
        if path.parent == beside:
            raise PermissionError(13, "Permission denied")
        write(path, data)

    monkeypatch.setattr(review_file, "write_durably", refused)
    first = grown(Review())
    path = save_review(first, recording)
    assert path == fallback_path(recording)
    assert path.parent == own_folder / "reviews"
    assert path.name.endswith("-Пациент 1.edf.amr.json")
    found = load_review(recording)
    assert found is not None
    assert found.log == first.log
    assert not review_path(recording).exists()
    assert fallback_path(recording.with_name("other.edf")) != path


def test_of_two_reviews_the_longer_one_is_used_and_that_is_said(recording: Path) -> None:
    longer = grown(Review(), 2)
    save_review(grown(Review()), recording)
    apart = fallback_path(recording)
    apart.parent.mkdir(parents=True)
    apart.write_text(longer.model_dump_json(by_alias=True), encoding="utf-8")
    found = find_review(recording)
    assert found.review is not None
    assert found.path == apart
    assert len(found.review.log) == 2
    assert "two reviews of this recording; the longer one, in the user's own" in found.warnings[0]


def test_where_nothing_can_be_written_it_is_an_error(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(review_file, "write_durably", refused)
    with pytest.raises(ExportError, match=r"No space left on device.*AMR_VIEWER_DATA_DIR"):
        save_review(grown(Review()), recording)


def test_what_another_program_wrote_meanwhile_is_kept(recording: Path) -> None:
    loaded = grown(Review())
    save_review(loaded, recording)
    theirs = grown(loaded.with_section("limits", False, **WHO))
    path = save_review(theirs, recording)
    standing = path.read_bytes()
    stored = store_review(grown(loaded), recording)
    kept = [p for p in path.parent.iterdir() if ".conflict-" in p.name]
    assert [p.read_bytes() for p in kept] == [standing]
    assert "changed by another program meanwhile" in stored.warnings[0]
    assert kept[0].name in stored.warnings[0]


def test_going_on_from_what_stands_there_is_no_conflict(recording: Path) -> None:
    review = Review()
    for _ in range(4):
        review = grown(review)
        assert store_review(review, recording).warnings == ()
    back = review.returned_to(Review(), "undo", **WHO)
    assert store_review(back, recording).warnings == ()
    assert load_review(recording) is not None
    assert not [p for p in recording.parent.iterdir() if ".conflict-" in p.name]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_at_any_moment_the_file_is_whole_and_loses_nothing(recording: Path) -> None:
    moments = random.Random(5)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    written = 0
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVES, str(recording)],
            stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(moments.uniform(0.02, 0.25))
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        process.stdout.close()
        found = find_review(recording)
        assert found.warnings == ()
        log = found.review.log if found.review else ()
        assert len(log) >= written
        written = len(log)
    assert written > 0


def test_what_killed_processes_left_is_removed(recording: Path) -> None:
    path = review_path(recording)
    left = path.with_name(f".{path.name}.partial-0123abcd")
    young = path.with_name(f".{path.name}.partial-4567abcd")
    for file in (left, young):
        file.write_bytes(b"{")
    os.utime(left, (1.0, 1.0))
    save_review(grown(Review()), recording)
    assert (left.exists(), young.exists()) == (False, True)


def test_the_platform_s_folder_is_used_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AMR_VIEWER_DATA_DIR")
    assert review_file.data_folder().name == "amr-viewer"
    monkeypatch.setenv("AMR_VIEWER_DATA_DIR", str(tmp_path))
    assert review_file.data_folder() == tmp_path
