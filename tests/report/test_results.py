"""Result files: the contract's columns, exact numbers, whole or not at all."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.report import results
from amr_viewer.report.results import (
    RESULT_FILES,
    summary_row,
    write_results,
    write_summary,
)
from tests.report.builders import PRESENT, make_analysis, study_like_the_drawing

RESPONSE_COLUMNS = [
    "stimulus",
    "time_s",
    "site",
    "side",
    "intensity_ma",
    "channel",
    "muscle",
    "muscle_side",
    "role",
    "state",
    "probability",
    "onset_ms",
    "peak_ms",
    "end_ms",
    "amplitude_uv",
    "area_uv_ms",
    "phases",
    "noise_uv",
    "snr_db",
    "afterdischarge",
    "source",
]
FINDING_COLUMNS = [
    "site",
    "side",
    "channel",
    "muscle",
    "muscle_side",
    "role",
    "n_stimuli",
    "n_valid",
    "n_present",
    "persistence",
    "persistence_low",
    "persistence_high",
    "p_value",
    "verdict",
    "reason",
    "onset_ms",
    "onset_low_ms",
    "onset_high_ms",
    "jitter_ms",
    "amplitude_uv",
    "amplitude_low_uv",
    "amplitude_high_uv",
    "duration_ms",
    "phases",
    "noise_uv",
    "m_amplitude_uv",
    "amr_to_m",
    "source",
]
SUMMARY_COLUMNS = [
    "recording",
    "duration_s",
    "n_channels",
    "n_stimuli",
    "amr",
    "amr_where",
    "amr_persistence",
    "amr_onset_ms",
    "amr_amplitude_uv",
    "pattern",
    "pattern_side",
    "pattern_confidence",
    "pattern_runner_up",
    "warnings",
    "error",
    "command",
]


@pytest.fixture(scope="module")
def study():
    return study_like_the_drawing()


@pytest.fixture
def folder(study, tmp_path):
    target = tmp_path / "out" / "hfs_left_preop.edf"
    write_results(study, target)
    return target


def names(path):
    return sorted(p.name for p in path.iterdir())


def test_a_result_folder_holds_the_files_of_the_contract(folder):
    assert set(names(folder)) == RESULT_FILES
    assert names(folder.parent) == [folder.name]


def test_columns_are_those_of_the_contract(folder):
    read = {n: (folder / n).read_text().splitlines()[0].split(",") for n in names(folder)}
    assert read["responses.csv"][: len(RESPONSE_COLUMNS)] == RESPONSE_COLUMNS
    assert read["findings.csv"][: len(FINDING_COLUMNS)] == FINDING_COLUMNS
    assert read["bursts.csv"][:3] == ["channel", "muscle", "side"]
    assert read["trend.csv"][-1] == "state"
    assert read["changes.csv"][-1] == "lag_s"


def test_responses_are_the_values_of_the_analysis(study, folder):
    table = pd.read_csv(folder / "responses.csv")
    frame = study.responses.to_dataframe()
    assert list(table.columns) == list(frame.columns)
    assert len(table) == len(frame) == 150 * 8
    for name in ("site", "channel", "muscle_side", "role", "state", "source"):
        assert list(table[name]) == list(frame[name])
    for name, step in (("onset_ms", 1e-3), ("amplitude_uv", 1e-2), ("probability", 1e-4)):
        np.testing.assert_allclose(table[name], frame[name].astype(float), atol=0.51 * step)
    assert table["onset_ms"].isna().sum() == (table["state"] != "present").sum()


def test_blocks_leave_no_seam(study, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(results, "BLOCK_ROWS", 50)
    write_results(study, tmp_path / "again")
    whole, blocks = (p / "responses.csv" for p in (folder, tmp_path / "again"))
    assert whole.read_bytes() == blocks.read_bytes()


def test_findings_hold_reason_and_verdict(folder):
    with (folder / "findings.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    mentalis = rows[0]
    assert mentalis["verdict"] == "present"
    assert mentalis["n_present"] == "48"
    assert mentalis["persistence"] == "0.9600"
    assert mentalis["p_value"] == "4e-11"
    assert mentalis["reason"] == "48 of 50 sweeps answer, far above the sham rate"
    assert rows[2]["onset_ms"] == ""


def test_analysis_json_says_everything_but_where_and_who(study, tmp_path):
    protocol = Protocol(parameters=Parameters().replaced({"window_end_ms": "25"}))
    write_results(replace(study, protocol=protocol), tmp_path / "r")
    text = (tmp_path / "r" / "analysis.json").read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["schema_version"] == 1
    assert data["recording"]["sha256"] == study.recording.sha256
    assert data["protocol"]["parameters"]["detection"]["window_end_ms"] == 25.0
    assert [p["name"] for p in data["parameters_changed"]] == ["detection.window_end_ms"]
    assert [(s["site"], s["n"]) for s in data["stimuli"]["sites"]][1] == ("mandibular", 50)
    assert data["findings"][2]["onset_ms"] is None
    assert "NaN" not in text
    assert "/somewhere" not in text
    assert "Sample, A." not in text


def test_a_former_result_is_replaced(study, folder):
    (folder / "responses.csv").write_text("old")
    write_results(study, folder)
    assert (folder / "responses.csv").stat().st_size > 1000
    assert names(folder.parent) == [folder.name]


def test_a_foreign_folder_is_left_as_it_is(study, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match=r"holds thesis\.txt"):
        write_results(study, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_halfway_leaves_the_former_result(study, folder, monkeypatch, fault):
    before = (folder / "responses.csv").read_bytes()

    def fail(*_):
        raise fault

    monkeypatch.setattr(results, "_write_rows", fail)
    expected = ExportError if isinstance(fault, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_results(study, folder)
    assert (folder / "responses.csv").read_bytes() == before
    assert names(folder.parent) == [folder.name]


def test_a_recording_without_stimuli_has_tables_without_rows(tmp_path):
    write_results(make_analysis((), amr="no_stimuli", headline="No stimuli"), tmp_path / "r")
    assert len((tmp_path / "r" / "responses.csv").read_text().splitlines()) == 1
    assert json.loads((tmp_path / "r" / "analysis.json").read_text())["stimuli"]["n"] == 0


def test_summary_has_one_row_per_recording(study, tmp_path):
    rows = [
        summary_row(study, "a/hfs.edf"),
        summary_row(ReadError("=bad.edf: header is cut; copy it again"), "-bad.edf"),
    ]
    write_summary(rows, tmp_path / "summary.csv")
    with (tmp_path / "summary.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == SUMMARY_COLUMNS
    assert first["recording"] == "a/hfs.edf"
    assert first["amr_where"].startswith("left mentalis on left zygomatic; left orbicularis oris")
    assert (first["amr_persistence"], first["amr_onset_ms"]) == ("0.9600", "10.400")
    assert first["error"] == second["amr"] == second["n_stimuli"] == ""
    assert second["recording"] == "'-bad.edf"
    assert second["error"] == "'=bad.edf: header is cut; copy it again"


def test_only_an_amr_counts_in_the_summary():
    site = (Branch.ZYGOMATIC, Side.LEFT)
    late = replace(PRESENT, label="late response")
    analysis = make_analysis((site,), specs={(*site, "EMG L_Mentalis"): late}, amr="not_assessable")
    assert summary_row(analysis, "x.edf")["amr_where"] is None


def test_writing_results_loads_no_heavy_library():
    code = (
        "import sys, amr_viewer.report.results, amr_viewer.report.document;"
        "print({'pandas', 'matplotlib', 'typst', 'jinja2', 'scipy'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
