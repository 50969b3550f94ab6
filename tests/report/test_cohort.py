"""The report over a batch: every word in both languages, every number, both documents, tables."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from amr_viewer.cohort import read_cohort
from amr_viewer.core.agreement import Method, Proportion, Statistic
from amr_viewer.core.cohort import Cohort, Remark, RemarkKind
from amr_viewer.errors import ExportError
from amr_viewer.report.cohort import build_cohort
from amr_viewer.report.cohort_document import cohort_pages, write_cohort
from amr_viewer.report.cohort_figures import DrawnGroup, TileRow, beside, group_figure, tile_figure
from amr_viewer.report.cohort_rows import warning_kind
from amr_viewer.report.cohort_table import agreement_rows
from amr_viewer.report.cohort_tiles import MOST_TILES, tile_groups
from amr_viewer.report.cohort_words import coefficient, counted, percents, ratio, words_of
from tests.cohort.builders import STUDY, TABLE, write_csv, write_tree

DAY = date(2025, 1, 2)
ENGLISH = re.compile(r"\b(?:the|of|and|with|without|are|is|recordings?|patients?)\b")


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """Return a batch with everything in it."""
    tree = write_tree(tmp_path / "res", STUDY | {"j.edf": {"amr": "absent", "warnings": ["w 1"]}})
    rows = [*TABLE, ("ghost", "p9", "", "", "", ""), ("j", "=p8", "=1+1", "no", "", "myokymia")]
    table = write_csv(tmp_path / "t.csv", rows, ";")
    return read_cohort(tree, table, group="group", reference="hfs", side="side")


@pytest.fixture
def labelled(tmp_path: Path) -> Cohort:
    """Return a batch whose reference names patterns."""
    kinds = ("hfs_clonic", "hfs_clonic", "synkinesis", "myokymia")
    tree = write_tree(
        tmp_path / "lab", {f"{i}.edf": {"amr": "no_stimuli", "pattern": k} for i, k in
                           enumerate(kinds)},
    )  # fmt: skip
    rows = [("file", "dx"), *((str(i), k) for i, k in enumerate(kinds[1:] + kinds[:1]))]
    return read_cohort(tree, write_csv(tmp_path / "l.csv", rows), reference="dx")


def all_texts(value: Any) -> list[str]:
    """Return every text of a document, drawings left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in all_texts(item)]
    if hasattr(value, "__dataclass_fields__"):
        names = (n for n in value.__dataclass_fields__ if n not in {"figure", "words"})
        return [text for n in names for text in all_texts(getattr(value, n))]
    return []


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("which", ["cohort", "labelled"])
def test_nothing_is_left_open(language: str, which: str, request: pytest.FixtureRequest) -> None:
    document = build_cohort(request.getfixturevalue(which), language=language, printed=DAY)
    for text in all_texts(document):
        assert "{" not in text
        assert "nan" not in text.split()
        assert "None" not in text
        if language == "ru" and not text.endswith("copy it again"):
            assert not ENGLISH.search(text), text


def test_no_place_and_no_diagnosis(cohort: Cohort, tmp_path: Path) -> None:
    texts = " ".join(all_texts(build_cohort(cohort)))
    assert str(tmp_path) not in texts
    assert not re.search(r"diagnostic of|diagnoses? HFS|confirms|pathognomonic", texts)
    assert "as can be seen in hemifacial spasm" in texts


def test_page_one(cohort: Cohort) -> None:
    d = build_cohort(cohort)
    header = {f.label: f.value for f in d.header}
    assert header["Results"] == "res"
    assert header["Recordings"] == "10"
    assert header["Reference"] == "HFS: yes = disease"
    assert [a.title for a in d.alerts] == ["Rows without a recording"]
    answers = {f.label: f.value for f in d.answers}
    assert answers["AMR"].startswith("present in 2/7 (29\u00a0%")
    assert answers["AMR"].endswith("absent 3, neither 2; no stimuli 2, failed 1")
    assert "specificity 2/2 (100\u00a0%" in answers["AMR present against HFS"]
    verdicts = d.counts[0]
    assert [r.cells[:2] for r in verdicts.rows][:2] == [("present", "2"), ("absent", "3")]
    assert "Wilson" in verdicts.notes[0]


def test_the_table_of_recordings(cohort: Cohort) -> None:
    table = build_cohort(cohort).recordings
    assert len(table.rows) == 10
    assert all(len(r.cells) == len(table.columns) == len(table.weights) for r in table.rows)
    rows = {r.cells[0]: r.cells for r in table.rows}
    assert rows["a.edf"][-1] == "yes (✓ / –)"
    assert rows["d.edf"][-1] == "yes (✗ / –)"
    assert rows["g.edf"][-1] == "yes (– / ✓)"
    assert rows["h.edf"][-1] == ""
    assert "failed" in rows["i.edf"]
    assert "Mentalis L\u00a0←\u00a0ZYG" in rows["a.edf"]


def test_failures_and_warnings(cohort: Cohort) -> None:
    d = build_cohort(cohort)
    assert d.failures[0].rows[0].cells == ("i.edf", "is no EDF; copy it again")
    assert d.warnings[0].rows[0].cells == ("w …", "1")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("free-running EMG, A, B: taken as surface", "free-running EMG …: taken as surface"),
        ('markers "pucker" (10) not understood', "markers … not understood"),
        ("lost 3, 4 and 17 sweeps", "lost … sweeps"),
    ],
)
def test_kinds_of_warnings(text: str, kind: str) -> None:
    assert warning_kind(text) == kind


def test_labels_in_a_matrix(labelled: Cohort) -> None:
    matrix = next(t for t in build_cohort(labelled).agreement if "Pattern by pattern" in t.title)
    assert matrix.columns[1:] == tuple(r.cells[0] for r in matrix.rows)
    assert "kappa" in matrix.notes[0]


def test_tiles_share_the_room_among_groups(cohort: Cohort) -> None:
    many = [
        replace(cohort.recordings[0], name=f"{g}{i}", group=g)
        for g, n in (("x", 100), ("y", 3))
        for i in range(n)
    ]
    whole = replace(cohort, recordings=tuple(many), groups=("x", "y"))
    groups, left = tile_groups(whole, words_of("en"))
    assert [len(g.tiles) for g in groups] == [MOST_TILES - 3, 3]
    assert left == 103 - MOST_TILES


def test_numbers_as_printed() -> None:
    p = Proportion(30, 85, 0.2597, 0.4589)
    words = words_of("en")
    assert counted(p, words) == "30/85 (35\u00a0%, 26–46\u00a0%)"
    assert counted(Proportion(0, 0), words) == "–"
    assert percents(Proportion(0, 0)) == ""
    inf = float("inf")
    assert ratio(Statistic("x", inf, 2.31, inf, Method.LOG)) == "∞ (2.3–∞)"
    assert ratio(Statistic("x", float("nan"))) == "–"
    assert (
        coefficient(Statistic("k", 0.5, -0.1, 0.9, Method.BOOTSTRAP), words) == "0.50 (−0.10…0.90)"
    )


def test_every_point_is_drawn() -> None:
    nan = float("nan")
    groups = (
        DrawnGroup("few $x_1$", (1.0, 1.0), nan, nan, nan),
        DrawnGroup("some", (1.0, 2.0, 2.0, 9.0), 2.0, 1.75, 3.75),
        DrawnGroup("none", (), nan, nan, nan),
    )
    figure = group_figure(groups, 87.0, nan, from_zero=True)
    assert figure.count("<use ") >= 6
    assert "n = 0" in figure
    assert "$x_1$" in figure
    offsets = beside((1.0, 1.0, 5.0), 0.5, 10.0)
    assert offsets[0] == -offsets[1] != 0.0
    assert offsets[2] == 0.0


def test_a_name_is_no_markup_in_a_drawing() -> None:
    figure = tile_figure((TileRow("<b>&", "present", 0.5, 0.1, float("nan"), "1/2"),))
    assert "&lt;b&gt;&amp;" in figure


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_documents_are_written(cohort: Cohort, tmp_path: Path, language: str, suffix: str) -> None:
    path = tmp_path / "out" / f"c{suffix}"
    write_cohort(cohort, path, language=language, printed=DAY)
    data = path.read_bytes()
    if suffix == ".pdf":
        assert data.startswith(b"%PDF")
        assert b"pdfaid:part" in data
    else:
        text = data.decode("utf-8")
        assert words_of(language).own.headings["title"] in text
        assert "<script" not in text
        assert text.count("<svg") >= 10
    write_cohort(cohort, path, language=language, printed=DAY)
    assert path.read_bytes() == data


@pytest.mark.parametrize("names", [("a.edf",), ("i.edf",), ("g.edf", "h.edf")])
def test_small_batches(tmp_path: Path, names: tuple[str, ...]) -> None:
    tree = write_tree(tmp_path / "res", {n: STUDY[n] for n in names})
    for language in ("en", "ru"):
        document = build_cohort(read_cohort(tree), language=language)
        assert len(cohort_pages(document, ppi=20)) >= 2


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_beside_the_document(cohort: Cohort, tmp_path: Path) -> None:
    recordings, agreement = write_cohort(cohort, tmp_path / "c.html", printed=DAY)
    rows = {r["recording"]: r for r in read_rows(recordings)}
    assert len(rows) == 10
    assert rows["a.edf"]["amr_onset_ms"] == "9.5"
    assert rows["a.edf"]["table_Patient"] == rows["a.edf"]["patient"] == "p1"
    assert rows["a.edf"]["Dx"] == "hfs_clonic"
    assert rows["j.edf"]["group"] == "'=1+1"
    assert rows["j.edf"]["patient"] == "'=p8"
    assert rows["i.edf"]["n_stimuli"] == ""
    assert rows["d.edf"]["reference_means"] == "disease"
    told = read_rows(agreement)
    sensitivity = {
        r["treatment"]: (r["k"], r["n"]) for r in told
        if (r["analysis"], r["statistic"]) == ("reference_amr", "sensitivity")
    }  # fmt: skip
    assert sensitivity == {"excluded": ("2", "3"), "negative": ("2", "4"), "worst_case": ("2", "4")}
    assert {r["interval"] for r in told} >= {"wilson_clustered", "log", "quartiles"}


def test_a_negative_number_stays_a_number(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "res", {"a.edf": {"amr": "absent"}})
    table = write_csv(tmp_path / "t.csv", (("file", "shift"), ("a", "-7,5")), ";")
    recordings, _ = write_cohort(read_cohort(tree, table), tmp_path / "c.html")
    assert read_rows(recordings)[0]["shift"] == "-7.5"


def test_every_statistic_has_its_interval_in_order(cohort: Cohort, labelled: Cohort) -> None:
    for batch in (cohort, labelled):
        for row in agreement_rows(batch):
            if row["low"] == row["low"]:
                assert row["low"] <= row["value"] <= row["high"], row


def test_foreign_tables_are_left_alone(cohort: Cohort, tmp_path: Path) -> None:
    (tmp_path / "agreement.csv").write_text("rater,score\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"agreement\.csv: was not written by this report"):
        write_cohort(cohort, tmp_path / "c.pdf")
    assert not (tmp_path / "c.pdf").exists()
    assert not (tmp_path / "cohort.csv").exists()


@pytest.mark.parametrize("kind", list(RemarkKind))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_remark_is_told(cohort: Cohort, kind: RemarkKind, language: str) -> None:
    names = tuple(f"x{i}.edf" for i in range(9))
    d = build_cohort(replace(cohort, remarks=(Remark(kind, 9, names),)), language=language)
    told = [f"{a.title} {a.text}" for a in d.alerts] + [f"{f.label} {f.value}" for f in d.rests_on]
    assert len(told) == 1
    assert "{" not in told[0]


def test_the_table_that_was_read_is_left_alone(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "res", {"a.edf": {"amr": "absent"}})
    write_cohort(read_cohort(tree), tmp_path / "c.html")
    before = (tmp_path / "cohort.csv").read_bytes()
    again = read_cohort(tree, tmp_path / "cohort.csv")
    with pytest.raises(ExportError, match="may be the table that was read"):
        write_cohort(again, tmp_path / "c.html")
    assert (tmp_path / "cohort.csv").read_bytes() == before
    recordings, _ = write_cohort(again, tmp_path / "other" / "c.html")
    head = recordings.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert len(set(head)) == len(head)
    assert "table_amr" in head
