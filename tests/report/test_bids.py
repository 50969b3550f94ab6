"""Results as BIDS derivatives: the rules that apply, the numbers, and what stays out."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.pattern_tables import BURST_COLUMNS, PATTERN_COLUMNS
from amr_viewer.core.tables import CHANGE_COLUMNS, FINDING_COLUMNS, SUMMARY_COLUMNS, TREND_COLUMNS
from amr_viewer.errors import Cancelled, ExportError, ReadError
from amr_viewer.report.bids import Derivatives, write_derivatives
from amr_viewer.report.bids_columns import describe_columns
from amr_viewer.report.bids_tables import PRIVATE
from amr_viewer.report.results import summary_row, write_results, write_summary
from tests.report.builders import study_like_the_drawing

FACE = "sub-01/ses-pre/emg/sub-01_ses-pre_task-stim_run-2_emg.edf"
STEM = "sub-01/ses-pre/emg/sub-01_ses-pre_task-stim_run-2_desc-amr"
SECRET = "Ivanova_1957"

NAME = re.compile(
    r"sub-[0-9a-zA-Z]+(?:/ses-[0-9a-zA-Z]+)?/emg/"
    r"sub-[0-9a-zA-Z]+(?:_[a-z]+-[0-9a-zA-Z]+)*_desc-amr"
    r"_(?:events|findings|patterns|trend|changes)\.(?:tsv|json)"
)
AT_ROOT = {
    "dataset_description.json", "README.md", ".bidsignore", "participants.tsv",
    "participants.json", "descriptions.tsv", "descriptions.json", "sourcedata/recordings.tsv",
    "sourcedata/recordings.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Analysis:
    analysis = study_like_the_drawing()
    patient = {"name": SECRET, "id": "4711"}
    return replace(
        analysis, recording=replace(analysis.recording, patient=patient, sha256="ab" * 32)
    )


@pytest.fixture
def results(study: Analysis, tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    rows = []
    for name in (FACE, "clinic A/visit-2.edf"):
        write_results(study, folder / name)
        rows.append(summary_row(study, name))
    rows.append(summary_row(ReadError("bad.edf: is damaged"), "bad.edf"))
    write_summary(rows, folder / "summary.csv")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def values_of(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


def source_of(folder: Path, *recordings: str) -> Path:
    folder.mkdir()
    description = {"Name": "Faces", "BIDSVersion": "1.11.1", "DatasetDOI": "doi:10.5/x"}
    (folder / "dataset_description.json").write_text(json.dumps(description))
    for name in recordings:
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"")
    return folder


def with_bursts(results: Path) -> None:
    burst = dict.fromkeys(BURST_COLUMNS, "") | {
        "channel": "EMG L_Mentalis", "muscle": "mentalis", "side": "left", "start_s": "1.250000",
        "duration_ms": "49.500", "peak_uv": "31.49", "kind": "clonic", "salvo": "6", "episode": "5",
        "rate_reliable": "True", "source": "auto",
    }  # fmt: skip
    for name, row in (
        ("bursts", burst),
        ("set_aside", burst | {"start_s": "0.100000", "set_aside": "blink of both eyes"}),
    ):
        lines = [",".join(BURST_COLUMNS), ",".join(row[c] for c in BURST_COLUMNS)]
        (results / FACE / f"{name}.csv").write_text("\n".join(lines) + "\n")


def test_names_follow_the_rules(results: Path, tmp_path: Path) -> None:
    written = write_derivatives(results, tmp_path / "out")
    files = set(tree(tmp_path / "out"))
    scans = {f for f in files if f.endswith(("_scans.tsv", "_scans.json"))}
    stems = ("sub-01/ses-pre/sub-01_ses-pre", "sub-clinicAvisit2/sub-clinicAvisit2")
    assert scans == {f"{stem}_scans.{kind}" for kind in ("tsv", "json") for stem in stems}
    own = files - scans - AT_ROOT
    assert files >= AT_ROOT
    assert len(own) == 2 * 5 * 2
    assert [f for f in own if not NAME.fullmatch(f)] == []
    assert f"{STEM}_events.tsv" in own
    assert written.recordings == ("clinic A/visit-2.edf", FACE)[::-1]
    assert written.notes == ("bad.edf: failed and is left out (bad.edf: is damaged)",)


def test_every_column_is_described_and_every_word_a_level(results: Path, tmp_path: Path) -> None:
    with_bursts(results)
    write_derivatives(results, tmp_path / "out")
    tables = sorted((tmp_path / "out").rglob("*.tsv"))
    assert len(tables) == 15
    for file in tables:
        about = values_of(file.with_suffix(".json"))
        head = file.read_text(encoding="utf-8").split("\n")[0].split("\t")
        assert [c for c in head if not about[c]["Description"]] == []
        assert not any(about[c]["Description"].startswith("As in") for c in head), file.name
        assert {k for k in about if k[0].islower()} == set(head)
        for row in rows_of(file):
            assert None not in row
            assert "" not in row.values()
            for column, cell in row.items():
                levels = about[column].get("Levels")
                assert levels is None or cell == "n/a" or cell in levels, (file.name, column, cell)


def test_events_obey_their_rules_and_hold_the_numbers(
    study: Analysis, results: Path, tmp_path: Path
) -> None:
    with_bursts(results)
    write_derivatives(results, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / f"{STEM}_events.tsv")
    assert list(rows[0])[:3] == ["onset", "duration", "trial_type"]
    onsets = [float(r["onset"]) for r in rows]
    assert onsets == sorted(onsets)
    assert all(r["duration"] == "n/a" or float(r["duration"]) >= 0 for r in rows)
    counts = Counter(r["trial_type"] for r in rows)
    states = Counter(study.responses.state.ravel().tolist())
    assert counts == {
        "stimulus": len(study.stimuli), "response": states[1], "no_response": states[0],
        "burst": 1, "burst_set_aside": 1,
        **({"rejected_sweep": states[2]} if states[2] else {}),
    }  # fmt: skip
    with (results / FACE / "responses.csv").open(encoding="utf-8") as file:
        cells = [r for r in csv.DictReader(file) if r["state"] == "present" and r["onset_ms"]]
    found = {(r["stimulus"], r["channel"]): r for r in rows if r["trial_type"] == "response"}
    for cell in cells:
        row = found[cell["stimulus"], cell["channel"]]
        onset_s = float(cell["time_s"]) + float(cell["onset_ms"]) / 1e3
        assert float(row["onset"]) == pytest.approx(onset_s, abs=6e-7)
        if cell["end_ms"]:
            length_ms = float(cell["end_ms"]) - float(cell["onset_ms"])
            assert float(row["duration"]) == pytest.approx(length_ms / 1e3, abs=6e-7)
        for name in ("site", "side", "muscle", "role", "onset_ms", "amplitude_uv", "intensity_ma"):
            assert row[name] == (cell[name] or "n/a")
    burst = next(r for r in rows if r["trial_type"] == "burst")
    assert (burst["onset"], burst["duration"], burst["muscle_side"]) == (
        "1.250000",
        "0.049500",
        "left",
    )
    assert (burst["side"], burst["rate_reliable"]) == ("n/a", "true")


def test_the_description_names_program_and_source(results: Path, tmp_path: Path) -> None:
    dataset = source_of(tmp_path / "faces", FACE)
    out = dataset / "derivatives" / "amr-viewer"
    written = write_derivatives(results, out, dataset=dataset)
    values = values_of(out / "dataset_description.json")
    assert {"Name", "BIDSVersion", "DatasetType", "GeneratedBy"} <= set(values)
    assert (values["Name"], values["DatasetType"]) == ("AMR Viewer results: Faces", "derivative")
    assert all(g["Name"] == "AMR Viewer" and g["Version"] for g in values["GeneratedBy"])
    assert values["SourceDatasets"] == [{"URL": "../..", "DOI": "doi:10.5/x"}]
    assert values["DatasetLinks"] == {"raw": "../.."}
    about = values_of(out / f"{STEM}_findings.json")
    assert about["Sources"] == [f"bids:raw:{FACE}"]
    assert about["TaskName"] == "stim"
    assert (
        "clinic A/visit-2.edf: is not in the data set; its tables name no source" in written.notes
    )
    assert any("has changed since it was analyzed" in n for n in written.notes)
    named = write_derivatives(results, tmp_path / "alone", name="Mine")
    values = values_of(named.folder / "dataset_description.json")
    assert values["Name"] == "Mine"
    assert "DatasetLinks" not in values


def test_participants_have_a_label_and_nothing_else(results: Path, tmp_path: Path) -> None:
    write_derivatives(results, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "participants.tsv")
    assert rows == [{"participant_id": "sub-01"}, {"participant_id": "sub-clinicAvisit2"}]
    scans = rows_of(tmp_path / "out" / "sub-01" / "ses-pre" / "sub-01_ses-pre_scans.tsv")
    assert [r["filename"] for r in scans] == [f"emg/{Path(STEM).name}_events.tsv"]
    assert (tmp_path / "out/sub-01/ses-pre" / scans[0]["filename"]).is_file()
    assert scans[0]["amr"] == "present"
    kept = rows_of(tmp_path / "out" / "sourcedata" / "recordings.tsv")
    assert {(r["recording"], r["labels"]) for r in kept} == {
        (FACE, "kept"), ("clinic A/visit-2.edf", "made")
    }  # fmt: skip


def test_nothing_of_the_patient_of_people_and_of_places(
    study: Analysis, results: Path, tmp_path: Path
) -> None:
    told = replace(study.findings[0], comment="as Ivanova told")
    write_results(replace(study, findings=(told, *study.findings[1:])), results / FACE)
    dataset = source_of(tmp_path / "faces", FACE)
    write_derivatives(results, tmp_path / "far" / "away" / "out", dataset=dataset)
    text = b"\n".join(tree(tmp_path / "far" / "away" / "out").values()).decode()
    for word in (SECRET, "Ivanova", "4711", str(tmp_path), tmp_path.name, "comment"):
        assert word not in text


def test_a_source_far_away_is_not_addressed(results: Path, tmp_path: Path) -> None:
    dataset = source_of(tmp_path / "faces", FACE)
    near = write_derivatives(results, tmp_path / "derived", dataset=dataset)
    assert values_of(near.folder / "dataset_description.json")["DatasetLinks"] == {
        "raw": "../faces"
    }
    (tmp_path / "deep").mkdir()
    deep = dataset.rename(tmp_path / "deep" / "faces")
    far = write_derivatives(results, tmp_path / "other", dataset=deep)
    values = values_of(far.folder / "dataset_description.json")
    assert "DatasetLinks" not in values
    assert values["SourceDatasets"] == [{"DOI": "doi:10.5/x"}]
    assert any("lies far from the derivatives" in n for n in far.notes)


def test_written_twice_it_is_the_same_and_replaces_itself(results: Path, tmp_path: Path) -> None:
    first = tree(write_derivatives(results, tmp_path / "a").folder)
    assert tree(write_derivatives(results, tmp_path / "b").folder) == first
    assert tree(write_derivatives(results, tmp_path / "a").folder) == first


@pytest.mark.parametrize("foreign", ["notes.txt", "sub-01/emg/sub-01_task-x_emg.edf", ".git/HEAD"])
def test_what_others_wrote_is_left_alone(results: Path, tmp_path: Path, foreign: str) -> None:
    out = write_derivatives(results, tmp_path / "out").folder
    (out / foreign).parent.mkdir(parents=True, exist_ok=True)
    (out / foreign).write_text("mine")
    before = tree(out)
    with pytest.raises(ExportError, match=f"out: holds {foreign}, which this program did not"):
        write_derivatives(results, out)
    assert tree(out) == before


def test_the_derivatives_of_another_program_are_left_alone(results: Path, tmp_path: Path) -> None:
    out = source_of(tmp_path / "out")
    with pytest.raises(ExportError, match="did not write"):
        write_derivatives(results, out)
    assert set(tree(out)) == {"dataset_description.json"}


@pytest.mark.parametrize("place", ["results", "results/bids", "."])
def test_results_and_derivatives_lie_apart(results: Path, tmp_path: Path, place: str) -> None:
    before = tree(results)
    with pytest.raises(ExportError, match="lies in the folder of the results or holds it"):
        write_derivatives(results, tmp_path / place)
    assert tree(results) == before


@pytest.mark.parametrize("place", ["faces", "faces/amr", "faces/sub-01/amr"])
def test_derivatives_never_lie_among_the_recordings(
    results: Path, tmp_path: Path, place: str
) -> None:
    dataset = source_of(tmp_path / "faces", FACE)
    with pytest.raises(ExportError, match=r"choose (another place|faces/derivatives/amr-viewer)"):
        write_derivatives(results, tmp_path / place, dataset=dataset)


def test_two_recordings_of_one_name_are_refused(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "r" / "a-1.edf")
    write_results(study, tmp_path / "r" / "A1.txt")
    with pytest.raises(ExportError, match=r"A1\.txt and a-1\.edf would both become sub-a1"):
        write_derivatives(tmp_path / "r", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_made_label_never_joins_a_participant(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "r" / FACE)
    write_results(study, tmp_path / "r" / "01.edf")
    with pytest.raises(ExportError, match="would share the participant sub-01"):
        write_derivatives(tmp_path / "r", tmp_path / "out")


def test_a_name_in_other_letters_is_hidden(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "r" / "Иванова-7.edf")
    out = write_derivatives(tmp_path / "r", tmp_path / "out").folder
    assert rows_of(out / "participants.tsv") == [{"participant_id": "sub-recabababab"}]
    write_results(study, tmp_path / "e" / "José 2.edf")
    out = write_derivatives(tmp_path / "e", tmp_path / "out").folder
    assert rows_of(out / "participants.tsv") == [{"participant_id": "sub-Jose2"}]


def test_without_stimuli_and_bursts_there_are_heads(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "r" / FACE)
    for name in ("responses", "findings", "trend"):
        path = tmp_path / "r" / FACE / f"{name}.csv"
        path.write_text(path.read_text().split("\n")[0] + "\n")
    out = write_derivatives(tmp_path / "r", tmp_path / "out").folder
    assert rows_of(out / f"{STEM}_events.tsv") == []
    assert (out / f"{STEM}_events.tsv").read_text().startswith("onset\tduration\ttrial_type\t")
    assert rows_of(out / f"{STEM}_findings.tsv") == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("responses.csv", None),
        ("analysis.json", "{"),
        ("analysis.json", "[]"),
        ("findings.csv", "site,side\nzygomatic\n"),
        ("responses.csv", "stimulus,time_s,site,side,intensity_ma,state\n0,soon,a,b,1,present\n"),
        ("bursts.csv", "channel,side,start_s,duration_ms,rate_reliable\nA,left,nan,1,\n"),
    ],
)
def test_damaged_results_are_refused_and_nothing_is_written(
    results: Path, tmp_path: Path, file: str, text: str | None
) -> None:
    path = results / FACE / file
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(ReadError, match="analyze the recording again"):
        write_derivatives(results, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


def test_no_results_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="holds no results"):
        write_derivatives(tmp_path, tmp_path.parent / f"{tmp_path.name}-out")
    with pytest.raises(ReadError, match="is no folder"):
        write_derivatives(tmp_path / "none", tmp_path / "out")


def test_who_cancels_keeps_what_was_there(results: Path, tmp_path: Path) -> None:
    before = tree(write_derivatives(results, tmp_path / "out").folder)

    def stop(fraction: float, message: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        write_derivatives(results, tmp_path / "out", progress=stop)
    assert tree(tmp_path / "out") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "results"]


def test_former_results_of_what_failed_are_left_out(
    study: Analysis, results: Path, tmp_path: Path
) -> None:
    write_results(study, results / "bad.edf")
    written = write_derivatives(results, tmp_path / "out")
    assert "bad.edf" not in written.recordings
    assert written.notes == ("bad.edf: failed and is left out (bad.edf: is damaged)",)


def test_the_answer_may_stand_in_the_results_alone(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "r" / FACE)
    path = tmp_path / "r" / FACE / "analysis.json"
    row = {"amr": "present", "amr_onset_ms": 10.4, "pattern": None}
    path.write_text(json.dumps(values_of(path) | {"summary": row}))
    out = write_derivatives(tmp_path / "r", tmp_path / "out").folder
    (scans,) = rows_of(out / "sub-01/ses-pre/sub-01_ses-pre_scans.tsv")
    assert (scans["amr"], scans["amr_onset_ms"], scans["pattern"]) == ("present", "10.4", "n/a")


def test_one_result_folder_is_enough(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "r" / "sub-07_task-x_emg.edf")
    written: Derivatives = write_derivatives(
        tmp_path / "r" / "sub-07_task-x_emg.edf", tmp_path / "out"
    )
    assert written.recordings == ("sub-07_task-x_emg.edf",)
    assert (tmp_path / "out/sub-07/emg/sub-07_task-x_desc-amr_events.tsv").is_file()


def test_all_columns_of_the_contract_have_words_of_their_own() -> None:
    tables = {
        "findings": FINDING_COLUMNS, "patterns": PATTERN_COLUMNS, "trend": TREND_COLUMNS,
        "changes": CHANGE_COLUMNS,
    }  # fmt: skip
    for table, columns in tables.items():
        about = describe_columns(table, [c for c in columns if c not in PRIVATE])
        vague = [c for c, a in about.items() if a["Description"].startswith("As in the table")]
        assert vague == [], table
    left_out = {"recording", "error", "command"}
    about = describe_columns("scans", [c for c in SUMMARY_COLUMNS if c not in left_out])
    assert [c for c, a in about.items() if a["Description"].startswith("As in the table")] == []
    assert about["amr_onset_ms"]["Units"] == "ms"
