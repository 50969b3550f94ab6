"""From a tree of results and a table to counts: what is joined, counted, said and refused."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from amr_viewer.cohort import read_cohort
from amr_viewer.core.agreement import Accuracy, Treatment
from amr_viewer.core.cohort import Cohort, Outcome, RemarkKind
from amr_viewer.core.result_key import ResultKey
from amr_viewer.errors import ParameterError, ReadError
from amr_viewer.report.results import sealed, summary_row, write_results, write_summary
from tests.cohort.builders import PROTOCOL, STUDY, TABLE, write_csv, write_tree
from tests.report.builders import study_like_the_drawing


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return results of every kind."""
    return write_tree(tmp_path / "res", STUDY)


@pytest.fixture
def cohort(tree: Path, tmp_path: Path) -> Cohort:
    """Return the batch with everything stated."""
    table = write_csv(tmp_path / "t.csv", TABLE, ";", "cp1251")
    return read_cohort(tree, table, group="group", reference="hfs", side="SIDE")


def test_recordings_without_a_table(tree: Path) -> None:
    cohort = read_cohort(tree)
    outcomes = [r.outcome.value for r in cohort.recordings]
    assert outcomes == [
        "present", "present", "absent", "absent", "indeterminate", "not_assessable", "no_stimuli",
        "no_stimuli", "failed",
    ]  # fmt: skip
    assert cohort.recordings[-1].error == "i.edf: is no EDF; copy it again"
    first = cohort.recordings[0]
    assert (first.onset_ms, first.amr_side, first.where) == (
        9.5, "left", "left mentalis on left zygomatic",
    )  # fmt: skip
    assert {s.value: s.share.k for s in cohort.verdicts} == {
        "present": 2, "absent": 2, "indeterminate": 1, "not_assessable": 1, "no_stimuli": 2,
        "failed": 1,
    }  # fmt: skip
    assert all(s.share.n == 9 for s in cohort.verdicts)
    assert (cohort.amr.k, cohort.amr.n) == (2, 6)
    assert (cohort.hfs.k, cohort.hfs.n) == (1, 2)
    assert [r.kind for r in cohort.remarks] == [RemarkKind.PATIENT_UNKNOWN]
    assert cohort.studies == ()


def counts(a: Accuracy) -> tuple[int, int, int, int]:
    """Return the four cells."""
    return a.tp, a.fp, a.fn, a.tn


def test_inconclusive_results_are_shown_three_ways(cohort: Cohort) -> None:
    amr = cohort.studies[0]
    assert amr.test == "amr"
    # a, b found; c not; d missed; e and i say neither without the disease, f with it; g not tested.
    assert {a.treatment: counts(a) for a in amr.accuracies} == {
        Treatment.EXCLUDED: (2, 0, 1, 1),
        Treatment.NEGATIVE: (2, 0, 2, 3),
        Treatment.WORST: (2, 2, 2, 1),
    }
    assert set(amr.inconclusive) == {
        ("indeterminate", 0, 1), ("not_assessable", 1, 0), ("failed", 0, 1),
    }  # fmt: skip
    assert (amr.n_not_tested, amr.n_no_reference) == (1, 1)
    assert not amr.is_clustered
    pattern = cohort.studies[1]
    assert [counts(a) for a in pattern.accuracies] == [(1, 0, 0, 0), (1, 0, 0, 1), (1, 1, 0, 0)]
    assert pattern.n_not_tested == 6


def test_groups_sides_and_values(cohort: Cohort) -> None:
    assert cohort.groups == ("control", "hfs")
    by_group = {s.group: (s.share.k, s.share.n) for s in cohort.verdicts if s.group}
    assert by_group == {"control": (0, 2), "hfs": (2, 4)}
    assert [(name, p.k, p.n) for name, p in cohort.sides] == [("amr", 1, 2), ("pattern", 1, 1)]
    onset = next(m for m in cohort.measures if m.measure == "onset_ms")
    assert [(g.group, g.values) for g in onset.groups] == [("control", ()), ("hfs", (9.5, 10.0))]
    bursts = next(m for m in cohort.measures if m.measure == "bursts_per_min")
    assert bursts.groups[1].values == (30.0,)
    assert bursts.n_merged == 2


def test_what_the_table_lacks_is_said(tree: Path, tmp_path: Path) -> None:
    rows = [TABLE[0], *TABLE[1:4], ("ghost", "p9", "", "", "", "")]
    table = write_csv(tmp_path / "t.csv", rows)
    cohort = read_cohort(tree, table, group="Group", reference="HFS")
    said = {r.kind: r for r in cohort.remarks}
    assert said[RemarkKind.ROWS_LEFT].names == ("ghost",)
    assert said[RemarkKind.NO_ROW].n == 6
    assert cohort.groups == ("control", "hfs", "")
    assert cohort.table.n_rows == 4
    assert cohort.table.n_joined == 3


def test_labels_of_patterns(tree: Path, tmp_path: Path) -> None:
    cohort = read_cohort(tree, write_csv(tmp_path / "t.csv", TABLE), reference="dx")
    assert cohort.labels.labels == ("hfs_clonic", "synkinesis")
    assert cohort.labels.matrix == ((1, 0), (0, 1))
    assert cohort.labels.n_no_result == 7
    assert cohort.recordings[7].reference is False


def test_repeated_patients_are_said_and_widen(tree: Path, tmp_path: Path) -> None:
    rows = [(r[0], f"p{min(i, 3)}", *r[2:]) if i else r for i, r in enumerate(TABLE)]
    cohort = read_cohort(tree, write_csv(tmp_path / "t.csv", rows), reference="HFS")
    repeated = cohort.remark(RemarkKind.REPEATED)
    assert (repeated.n, repeated.names) == (1, ("7", "3"))
    assert cohort.studies[0].is_clustered
    assert cohort.verdicts[0].share.n_patients == 3


def test_patients_in_both_groups_are_not_compared(tmp_path: Path) -> None:
    names = [f"r{i}.edf" for i in range(8)]
    tree = write_tree(tmp_path / "res", {n: {"amr": "present"} for n in names})
    rows = [(n, f"p{i % 4}", "before" if i < 4 else "after") for i, n in enumerate(names)]
    table = write_csv(tmp_path / "t.csv", [("file", "patient", "when"), *rows])
    cohort = read_cohort(tree, table, group="when")
    assert all(d.refused == "shared" for m in cohort.measures for d in m.differences)


def test_one_kind_of_reference(tree: Path, tmp_path: Path) -> None:
    rows = [(*r[:3], "yes", *r[4:]) if i else r for i, r in enumerate(TABLE)]
    cohort = read_cohort(tree, write_csv(tmp_path / "t.csv", rows), reference="HFS")
    assert cohort.remark(RemarkKind.ONE_CLASS).n == 9
    specificity = cohort.studies[0].accuracies[0].statistics[1]
    assert (specificity.k, specificity.n) == (0, 0)


def test_mixtures_are_said(tmp_path: Path) -> None:
    other = PROTOCOL | {"name": "lab"}
    tree = write_tree(
        tmp_path / "res",
        {
            "a.edf": {"amr": "present", "version": "0.0.9", "sha256": "same"},
            "b.edf": {"amr": "present", "protocol": other, "sha256": "same"},
        },
    )
    said = {r.kind: r.names for r in read_cohort(tree).remarks}
    assert said[RemarkKind.VERSIONS] == ("0.0.9", "0.1.0")
    assert [n.split()[0] for n in said[RemarkKind.PROTOCOLS]] == ["default", "lab"]
    assert said[RemarkKind.SAME_SIGNAL] == ("a.edf = b.edf",)


def test_a_summary_that_does_not_fit_is_said(tree: Path) -> None:
    text = (tree / "summary.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("a.edf")]
    lines = [line.replace("absent", "present") if "c.edf" in line else line for line in lines]
    lines.append("z.edf" + "," * 3 + "absent" + "," * 11)
    (tree / "summary.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cohort = read_cohort(tree)
    said = {r.kind: r.names for r in cohort.remarks}
    assert said[RemarkKind.NOT_IN_SUMMARY] == ("a.edf",)
    assert said[RemarkKind.NO_FOLDER] == ("z.edf",)
    assert said[RemarkKind.DIFFERS] == ("c.edf",)
    assert len(cohort.recordings) == 10
    assert cohort.recordings[2].outcome is Outcome.ABSENT


@pytest.mark.parametrize("text", ["{", "[]", '{"schema_version": 2}', '{"schema_version": 1}'])
def test_a_result_that_cannot_be_read_counts_as_failed(tree: Path, text: str) -> None:
    (tree / "a.edf" / "analysis.json").write_text(text, encoding="utf-8")
    found = read_cohort(tree).recordings[0]
    assert found.outcome is Outcome.FAILED
    assert found.error.startswith("a.edf: ")
    assert ";" in found.error


def test_without_a_summary(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "res", {"x/a.edf": {"amr": "absent"}}, summary=False)
    (tree / ".b.edf.partial-1").mkdir()
    (tree / ".b.edf.partial-1" / "analysis.json").write_text("{}", encoding="utf-8")
    cohort = read_cohort(tree)
    assert [r.name for r in cohort.recordings] == ["x/a.edf"]
    assert cohort.remarks[0].kind is RemarkKind.NO_SUMMARY


def test_all_failed(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "res", {"a.edf": {"error": "no"}, "b.edf": {"error": "no"}})
    cohort = read_cohort(tree)
    assert cohort.amr is None
    assert cohort.measures == ()
    table = write_csv(tmp_path / "t.csv", (("file", "hfs"), ("a", "1"), ("b", "0")))
    assert read_cohort(tree, table, reference="hfs").studies == ()


def test_what_is_no_tree_of_results(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match="empty: holds no results"):
        read_cohort(tmp_path / "empty")
    with pytest.raises(ReadError, match="nowhere: no such folder"):
        read_cohort(tmp_path / "nowhere")
    with pytest.raises(ReadError, match=r"a\.edf: is the result of one recording"):
        read_cohort(tree / "a.edf")
    with pytest.raises(ParameterError, match="without a table"):
        read_cohort(tree, group="x")
    table = write_csv(tmp_path / "t.csv", TABLE)
    with pytest.raises(ParameterError, match="give its column too"):
        read_cohort(tree, table, positive=["yes"])
    with pytest.raises(ReadError, match="no column dose; give --group one of: File, Patient"):
        read_cohort(tree, table, group="dose")


def test_what_analyze_writes_is_read(tmp_path: Path) -> None:
    study = study_like_the_drawing()
    write_results(study, tmp_path / "a.edf")
    write_summary([summary_row(study, "a.edf")], tmp_path / "summary.csv")
    cohort = read_cohort(tmp_path)
    found = cohort.recordings[0]
    values = json.loads((tmp_path / "a.edf" / "analysis.json").read_text("utf-8"))
    assert found.outcome.value == study.amr == values["amr"]
    assert found.where == summary_row(study, "a.edf")["amr_where"]
    assert found.persistence == summary_row(study, "a.edf")["amr_persistence"]
    assert {r.kind for r in cohort.remarks} == {RemarkKind.PATIENT_UNKNOWN}


def test_a_failure_counts_though_an_older_result_is_there(tree: Path) -> None:
    text = (tree / "summary.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("a.edf")]
    lines.append("a.edf" + "," * 14 + "is damaged")
    (tree / "summary.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cohort = read_cohort(tree)
    assert cohort.recordings[0].outcome is Outcome.FAILED
    assert cohort.remarks[0].kind is RemarkKind.FAILED_WITH_FOLDER


def test_a_patient_with_two_references_is_said(tree: Path, tmp_path: Path) -> None:
    rows = [(r[0], "p1" if r[0] in "ac" else r[1], *r[2:]) for r in TABLE]
    cohort = read_cohort(tree, write_csv(tmp_path / "t.csv", rows), reference="HFS")
    assert cohort.remark(RemarkKind.CONFLICT).names == ("a.edf", "c.edf")


def test_too_many_groups(tmp_path: Path) -> None:
    names = [f"r{i}" for i in range(25)]
    tree = write_tree(tmp_path / "res", {f"{n}.edf": {"amr": "absent"} for n in names})
    table = write_csv(tmp_path / "t.csv", [("file", "id"), *((n, n) for n in names)])
    with pytest.raises(ReadError, match="column id has 25 values, more than 20 groups"):
        read_cohort(tree, table, group="id")


def test_unsure_references_do_not_hide_the_labels(tree: Path, tmp_path: Path) -> None:
    rows = [("file", "dx"), ("g", "hfs_clonic"), ("h", "unknown"), ("a", "n/a")]
    cohort = read_cohort(tree, write_csv(tmp_path / "t.csv", rows), reference="dx")
    assert cohort.labels.matrix == ((1,),)
    assert cohort.labels.n_no_reference == 8


def test_a_table_that_was_changed_counts_as_failed(tmp_path: Path) -> None:
    write_results(study_like_the_drawing(), tmp_path / "a.edf")
    with (tmp_path / "a.edf" / "findings.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    assert "findings.csv was changed" in read_cohort(tmp_path).recordings[0].error


def test_results_with_and_without_a_key_have_one_protocol(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "res", {"a.edf": {"amr": "absent"}, "b.edf": {"amr": "absent"}})
    path = tree / "b.edf" / "analysis.json"
    values = json.loads(path.read_text("utf-8"))
    stated = {
        "protocol_sha256": read_cohort(tree).recordings[0].protocol_sha256,
        "free_running": False,
    }
    values["key"] = {f.name: "" for f in fields(ResultKey)} | stated
    path.write_bytes(sealed(values))
    cohort = read_cohort(tree)
    assert [r.free_running for r in cohort.recordings] == [None, False]
    assert {r.kind for r in cohort.remarks} == {
        RemarkKind.PATIENT_UNKNOWN, RemarkKind.FREE_RUNNING,
    }  # fmt: skip
