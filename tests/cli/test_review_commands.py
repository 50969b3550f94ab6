"""Commands honour what a person decided, and say so."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from amr_viewer import analyze_file, load_review, read_recording, save_review
from amr_viewer.cli.app import app
from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.decisions import (
    BurstDecision,
    FindingDecision,
    RecordingIdentity,
    SweepDecision,
)
from amr_viewer.core.findings import Verdict
from amr_viewer.core.review import Review
from amr_viewer.io.review_file import review_path
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate import make

WHO = {"author": "Dr. A", "at": "2026-11-25T10:00:00+00:00"}
MENTALIS = "EMG L Mentalis"


def amr_viewer(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def bytes_of_edf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("made") / "clear.edf"
    write_edf(make("clear", 3, n_stimuli=20, sampling_hz=10_000.0).recording, path)
    return path.read_bytes()


@pytest.fixture
def edf(bytes_of_edf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMR_VIEWER_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "in" / "clear.edf"
    path.parent.mkdir()
    path.write_bytes(bytes_of_edf)
    return path


def review_of(path: Path) -> Review:
    """A person finds no response in mentalis, sees one on the other side, and names the patient."""
    automatic = analyze_file(path, use_review=False)
    times = automatic.stimuli.time_s.tolist()
    review = Review(recording=RecordingIdentity(sha256=automatic.recording.sha256))
    review = review.with_sweeps(
        [SweepDecision(stimulus_s=t, channel=MENTALIS, state="absent", **WHO) for t in times]
    )
    decision = FindingDecision(
        site=Branch.ZYGOMATIC, side=Side.LEFT, channel="EMG R Mentalis", verdict=Verdict.PRESENT,
        comment="in five sweeps", **WHO,
    )  # fmt: skip
    return review.with_finding(decision, Verdict.ABSENT).with_field("name", "Doe", "", **WHO)


@pytest.fixture
def reviewed_edf(edf: Path) -> Path:
    save_review(review_of(edf), edf)
    return edf


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_analyze_applies_the_review(reviewed_edf: Path, tmp_path: Path) -> None:
    assert amr_viewer("analyze", reviewed_edf, "--out", tmp_path / "o").exit_code == 0
    (summary,) = rows_of(tmp_path / "o" / "summary.csv")
    assert "review applied: 21 decisions of a person (20 sweeps, 1 verdict)" in summary["warnings"]
    assert "mentalis" not in summary["amr_where"]
    results = tmp_path / "o" / "clear.edf"
    findings = {row["channel"]: row for row in rows_of(results / "findings.csv")}
    mentalis, other = findings[MENTALIS], findings["EMG R Mentalis"]
    assert (mentalis["verdict"], mentalis["source"], mentalis["automatic_verdict"]) == (
        "absent", "manual", "present",
    )  # fmt: skip
    assert (other["verdict"], other["automatic_verdict"], other["comment"]) == (
        "present", "absent", "in five sweeps",
    )  # fmt: skip
    assert findings["EMG L OrbOris"]["automatic_verdict"] == ""
    sources = {(r["channel"], r["source"]) for r in rows_of(results / "responses.csv")}
    assert (MENTALIS, "manual") in sources
    assert (MENTALIS, "auto") not in sources
    assert ("EMG L OrbOris", "auto") in sources


def test_the_results_hold_the_review_without_the_patient(
    reviewed_edf: Path, tmp_path: Path
) -> None:
    amr_viewer("analyze", reviewed_edf, "--out", tmp_path / "o")
    text = (tmp_path / "o" / "clear.edf" / "analysis.json").read_text("utf-8")
    review = json.loads(text)["review"]
    assert len(review["sweeps"]) == 20
    assert review["findings"][0]["comment"] == "in five sweeps"
    assert [entry["is"] for entry in review["log"][-2:]] == ["present: in five sweeps", ""]
    assert review["log"][-1]["what"] == "report, name"
    assert "Doe" not in text


def test_the_review_can_be_left_aside(reviewed_edf: Path, tmp_path: Path) -> None:
    run = amr_viewer("analyze", reviewed_edf, "--out", tmp_path / "o", "--ignore-review")
    assert run.exit_code == 0
    (summary,) = rows_of(tmp_path / "o" / "summary.csv")
    assert "review" not in summary["warnings"]
    assert "mentalis" in summary["amr_where"]
    values = json.loads((tmp_path / "o" / "clear.edf" / "analysis.json").read_text("utf-8"))
    assert values["review"] is None


def test_a_review_of_another_file_is_not_applied(reviewed_edf: Path, tmp_path: Path) -> None:
    review = load_review(reviewed_edf)
    assert review is not None
    foreign = review.model_copy(update={"recording": RecordingIdentity(sha256="0" * 64)})
    review_path(reviewed_edf).write_text(foreign.model_dump_json(by_alias=True), "utf-8")
    assert amr_viewer("analyze", reviewed_edf, "--out", tmp_path / "o").exit_code == 0
    (summary,) = rows_of(tmp_path / "o" / "summary.csv")
    assert "review not applied: it was made for another file" in summary["warnings"]
    assert "mentalis" in summary["amr_where"]


def test_the_recording_is_analyzed_under_the_protocol_of_its_review(
    edf: Path, tmp_path: Path
) -> None:
    protocol = {"name": "lab", "parameters": {"detection": {"window_end_ms": 18.0}}}
    save_review(Review().with_protocol(protocol, **WHO), edf)
    place = tmp_path / "o" / "clear.edf" / "analysis.json"
    amr_viewer("analyze", edf, "--out", tmp_path / "o")
    values = json.loads(place.read_text("utf-8"))
    assert values["protocol"]["name"] == "lab"
    assert values["protocol"]["parameters"]["detection"]["window_end_ms"] == 18.0
    amr_viewer("analyze", edf, "--out", tmp_path / "o", "--set", "window_end_ms=19")
    values = json.loads(place.read_text("utf-8"))
    assert values["protocol"]["name"] == "default"
    assert values["protocol"]["parameters"]["detection"]["window_end_ms"] == 19.0
    assert any("reviewed under another protocol" in w for w in values["warnings"])


def test_a_protocol_that_does_not_hold_is_one_line(edf: Path, tmp_path: Path) -> None:
    save_review(Review().with_protocol({"nonsense": 1}, **WHO), edf)
    run = amr_viewer("analyze", edf, "--out", tmp_path / "o")
    assert run.exit_code == 1
    assert run.stderr.count("\n") == 1
    assert "the protocol in its review cannot be used (nonsense:" in run.stderr
    assert amr_viewer("analyze", edf, "--out", tmp_path / "o", "--ignore-review").exit_code == 0


@pytest.mark.parametrize("command", ["analyze", "report", "convert"])
def test_a_review_that_cannot_be_read_fails_the_recording(
    edf: Path, tmp_path: Path, command: str
) -> None:
    review_path(edf).write_text('{"schema_version": 99}', "utf-8")
    out = {"analyze": "o", "report": "r.html", "convert": "c.edf"}[command]
    run = amr_viewer(command, edf, "--out", tmp_path / out)
    assert run.exit_code == 1
    assert "newer version of this program" in run.stderr
    assert "Traceback" not in run.stderr
    assert amr_viewer(command, edf, "--out", tmp_path / out, "--ignore-review").exit_code == 0


def test_report_prints_what_was_edited(reviewed_edf: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    assert amr_viewer("report", reviewed_edf, "--out", out).exit_code == 0
    text = out.read_text("utf-8")
    assert "Edited by hand" in text
    assert "present, by hand" in text
    assert "Doe" in text


def test_convert_writes_what_was_found_as_annotations(reviewed_edf: Path, tmp_path: Path) -> None:
    out = tmp_path / "annotated.edf"
    run = amr_viewer("convert", reviewed_edf, "--out", out)
    assert (run.exit_code, run.stderr) == (0, "")
    analyzed, written = analyze_file(reviewed_edf), read_recording(out)
    stimuli = [m for m in written.marks if m.stimulus is not None]
    assert {m.text for m in stimuli} == {"Stim zygomatic left 8 mA"}
    assert [m.time_s for m in stimuli] == pytest.approx(analyzed.stimuli.time_s.tolist(), abs=1e-6)
    texts = [m for m in written.marks if m.stimulus is None]
    oris = [m for m in texts if m.text.startswith("AMR L orbicularis oris ")]
    assert len(oris) == 20
    assert {m.channel for m in oris} == {"EMG L OrbOris"}
    j = [c.label for c in analyzed.responses.channels].index("EMG L OrbOris")
    onset = float(analyzed.responses.onset_ms[0, j])
    assert oris[0].time_s == pytest.approx(analyzed.stimuli.time_s[0] + 1e-3 * onset, abs=1e-6)
    assert oris[0].text.split()[-4:-2] == [f"{onset:.1f}", "ms"]
    assert not [m for m in texts if m.text.startswith("AMR L mentalis")]
    verdicts = [m.text for m in texts if m.text.startswith("Finding: ")]
    assert "Finding: AMR absent, L mentalis, 0/20, zygomatic left, by a person" in verdicts
    assert len(verdicts) == 4
    assert written.warnings == ()


def test_what_was_converted_is_analyzed_alike(edf: Path, tmp_path: Path) -> None:
    out = tmp_path / "again.bdf"
    assert amr_viewer("convert", edf, "--out", out).exit_code == 0
    first, second = analyze_file(edf), analyze_file(out)
    assert len(second.stimuli) == len(first.stimuli)
    assert [f.n_present for f in second.findings] == [f.n_present for f in first.findings]


def test_convert_refuses_to_replace_a_file(edf: Path, tmp_path: Path) -> None:
    before = edf.read_bytes()
    assert amr_viewer("convert", edf, "--out", edf, "--overwrite").exit_code == 1
    assert edf.read_bytes() == before
    there = tmp_path / "there.edf"
    there.write_bytes(b"x")
    assert amr_viewer("convert", edf, "--out", there).exit_code == 1
    assert there.read_bytes() == b"x"
    assert amr_viewer("convert", edf, "--out", there, "--overwrite").exit_code == 0
    assert there.stat().st_size > 1000
    assert amr_viewer("convert", edf, "--out", tmp_path / "x.csv").exit_code == 2


def test_bursts_that_a_person_denies_count_for_no_pattern(
    sample_signals: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMR_VIEWER_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "spasm.edf"
    path.write_bytes((sample_signals / "hfs_clonic_tonic.edf").read_bytes())
    automatic = analyze_file(path, use_review=False, free_running=True)
    bursts = automatic.bursts
    assert automatic.patterns[0].conclusion.value.startswith("hfs")
    counted = bursts.counted.nonzero()[0].tolist()
    denied = [
        BurstDecision(
            channel=bursts.channel_of(int(bursts.channel[i])).label,
            start_s=float(bursts.start_s[i]), duration_ms=float(bursts.duration_ms[i]),
            kind="none", **WHO,
        )
        for i in counted
    ]  # fmt: skip
    save_review(Review().with_bursts(denied), path)
    said = amr_viewer("analyze", path, "--out", tmp_path / "out", "--free-running")
    assert said.exit_code == 0, said.output
    folder = tmp_path / "out" / path.name
    assert not list(csv.DictReader((folder / "bursts.csv").open(encoding="utf-8")))
    rows = list(csv.DictReader((folder / "set_aside.csv").open(encoding="utf-8")))
    assert [r["source"] for r in rows].count("manual") == len(denied)
    assert {r["set_aside"] for r in rows if r["source"] == "manual"} == {
        "no burst: decided by a person"
    }
    (summary,) = csv.DictReader((tmp_path / "out" / "summary.csv").open(encoding="utf-8"))
    assert summary["pattern"] == "no_activity"
    assert f"({len(denied)} bursts)" in summary["warnings"]
    without = amr_viewer("analyze", path, "--out", tmp_path / "evoked", "--no-free-running")
    assert without.exit_code == 0
    (summary,) = csv.DictReader((tmp_path / "evoked" / "summary.csv").open(encoding="utf-8"))
    assert "decisions on bursts not applied: not looked for" in summary["warnings"]
