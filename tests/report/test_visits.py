"""The report of a comparison: what it says, what it never says, and that it can be written."""

from __future__ import annotations

import csv
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from amr_viewer.analysis.visit_order import EventNote
from amr_viewer.analysis.visits import compare
from amr_viewer.core.visit_points import Change, Doubt, Quantity, Reason
from amr_viewer.core.visits import Comparison, Failure
from amr_viewer.errors import ExportError
from amr_viewer.report.visits import build_visits
from amr_viewer.report.visits_document import visits_pages, write_visits
from amr_viewer.report.visits_model import MeasureTable, VisitsDocument
from amr_viewer.report.visits_table import COLUMNS, write_visits_table
from amr_viewer.report.visits_words import difference, ratio, words_of
from amr_viewer.report.wording_visits import EN
from amr_viewer.report.wording_visits_ru import RU
from tests.analysis.visit_scenes import Made, facts_of
from tests.report.test_patterns import FORBIDDEN

EPISODES = tuple((10.0 * e + 0.1 * i, 0.05) for e in range(12) for i in range(5))
VISITS = (
    Made(bursts=EPISODES, rest_s=200.0, label="before <op>"),
    Made("2024-03-20T10:00:00", k=8, uv=75.0, bursts=EPISODES[:20], rest_s=200.0),
    Made("2025-03-20T10:00:00", k=0, current_ma=10.0, bursts=EPISODES[:5], rest_s=200.0),
)
RECOMMENDING = (r"\bshould (be )?(re)?operat", r"\brecommend(?!s no)", r"(?<!не )рекоменду",
                r"показан[аоы]? (операц|декомпресс|инъекц)")  # fmt: skip
NAN = float("nan")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    events = [EventNote("2024-03-08", "Decompression"), EventNote("2025-01-10", "Botulinum toxin")]
    return compare([facts_of(v) for v in VISITS], events=events)


def words_in(value: Any) -> str:
    """Every word of a document, drawings left out."""
    if isinstance(value, str):
        return "" if value.startswith("<svg") else value
    if isinstance(value, tuple):
        return "\n".join(map(words_in, value))
    if hasattr(value, "__dataclass_fields__"):
        return "\n".join(words_in(getattr(value, f.name)) for f in fields(value))
    return ""


def table(document: VisitsDocument, title: str) -> MeasureTable:
    return next(t for t in document.tables if t.title == title)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_is_claimed_or_recommended(comparison: Comparison, language: str) -> None:
    text = words_in(build_visits(comparison, language=language))
    found = [p for p in (*FORBIDDEN, *RECOMMENDING) if re.search(p, text, re.IGNORECASE)]
    assert found == []
    assert "{" not in text


def test_the_course_is_stated_with_its_sources(comparison: Comparison) -> None:
    for language, late, toxin in (("en", "delayed", "Botulinum"), ("ru", "задержкой", "Ботуло")):
        course = " ".join(build_visits(comparison, language=language).course)
        assert late in course
        assert toxin in course
        cited = set(re.findall(r"\[(\d)\]", course))
        assert cited == {"1", "2", "3", "4", "5"}


def test_both_languages_have_all_words() -> None:
    for name in ("headings", "sentences", "doubts", "reasons"):
        assert set(getattr(EN, name)) == set(getattr(RU, name)), name
    for words in (EN, RU):
        assert set(words.doubts) == {d.value for d in Doubt}
        assert set(words.reasons) == {r.value for r in Reason if r}
    for key, text in EN.sentences.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", RU.sentences[key]))
    same = [k for k, v in EN.sentences.items() if RU.sentences[k] == v and re.search("[a-z]{3}", v)]
    assert [k for k in same if "{" not in EN.sentences[k]] == []


def test_the_answer_follows_the_visits(comparison: Comparison) -> None:
    document = build_visits(comparison)
    answers = {a.label: a.value for a in document.answers}
    assert answers["AMR, left (pairs of branch and muscle)"] == (
        "present 1/1 → present 1/1 → absent 0/1"
    )
    assert answers["Bursts at rest, left"] == "18 → 6 → 1.5 per min"
    assert document.alerts == ()
    header = {f.label: f.value for f in document.header}
    assert header["Patient"] == "Sample, A."
    assert header["Botulinum toxin"] == "see B"


def test_visits_and_events_stand_in_order(comparison: Comparison) -> None:
    rows = build_visits(comparison).visits
    assert [r.number or r.event.split()[0] for r in rows] == ["1", "A", "2", "B", "3"]
    assert [r.gap for r in rows if r.number] == ["", "+16 d", "+13 months"]
    assert rows[0].recorded == "ZYG L 20× at 8 mA; 2 muscles; 3.3 min at rest"


def test_the_table_of_responses(comparison: Comparison) -> None:
    (group,) = table(build_visits(comparison), "Abnormal muscle response").groups
    assert group.title == "Mentalis L, stimulated: Zygomatic L"
    first, second, third = (row.cells for row in group.rows)
    assert first[:3] == ("1  2024-03-04", "present", "18/20 (68–99 %)")
    assert second[3] == "vs 1: −50 (−73 to −18) ▼"
    assert second[5] == "vs 1: 50 (43–58)"
    assert third[1] == "absent"
    assert third[4:6] == ("< 15", "vs 1: < 11\nvs 2: < 22")


def test_limits_of_the_comparisons_are_told(comparison: Comparison) -> None:
    cautions = " ".join(table(build_visits(comparison), "Abnormal muscle response").cautions)
    assert "electrodes were replaced" in cautions
    assert "Stimulus current: 8 mA → 10 mA (visits 1–3, 2–3)." in cautions


def test_what_a_visit_cannot_say_is_said(comparison: Comparison) -> None:
    failed = facts_of(replace(VISITS[2], m_uv=0.0))
    document = build_visits(compare([facts_of(VISITS[0]), failed]))
    (group,) = table(document, "Abnormal muscle response").groups
    assert group.rows[1].cells[1] == "cannot say"
    assert group.rows[1].cells[3] == ""
    assert "Visit 2: no direct response (M)" in group.remark


@pytest.mark.parametrize("language", ["en", "ru"])
def test_other_patients_and_left_out_files_are_at_the_head(language: str) -> None:
    other = replace(VISITS[1], start=None, patient=(("name", "Other, B."), ("id", "S-001")))
    c = compare(
        [facts_of(VISITS[0]), facts_of(other)],
        failures=[Failure("bad.edf", "bad.edf: is empty; copy it again")],
    )
    document = build_visits(c, language=language)
    assert [a.tone for a in document.alerts] == ["present", "late", "late"]
    assert "bad.edf: is empty; copy it again." in document.alerts[2].text
    assert document.header[0].value == words_of(language)["differs"]
    assert "Sample" not in document.footer_right


def test_drawings_are_whole(comparison: Comparison) -> None:
    document = build_visits(comparison)
    assert [p.title for p in document.panels] == [
        "AMR, persistence in %", "AMR, amplitude in % of the first",
        "Direct response, M in % of the first", "Bursts at rest per minute, by side",
    ]  # fmt: skip
    for panel in document.panels:
        ElementTree.fromstring(panel.drawing.figure)
        assert "A" in re.findall(r">(\w+)</text>", panel.drawing.figure)
    assert document.panels[0].drawing.alt.endswith("Mentalis L (Zygomatic L) 90 → 40 → 0")
    assert not document.wide_panels


def test_many_visits_and_strange_names(tmp_path: Path) -> None:
    label = "EMG $L$ <x>& men"
    channels = ((label, None, None), *VISITS[0].channels)
    made = [
        replace(VISITS[i % 3], start=f"202{i}-03-04T09:00:00", channels=channels) for i in range(8)
    ]
    c = compare([facts_of(m) for m in made])
    document = build_visits(c, language="ru")
    assert document.wide_panels
    assert sum(bool(t.columns) for t in document.tables) == 4
    write_visits(c, tmp_path / "many.html")
    text = (tmp_path / "many.html").read_text("utf-8")
    assert "<x>" not in text
    assert "before &lt;op&gt;" in text


def test_ratios_without_a_number_and_beyond_measure() -> None:
    words = words_of("en")
    base = Change(0, 1, is_ratio=True)
    assert ratio(replace(base, value=0.8, low=0.56, high=1.08), words) == "80 (56–108)"
    assert ratio(replace(base, high=0.354), words) == "< 35"
    assert ratio(replace(base, low=1.21), words) == "> 121"
    assert ratio(replace(base, value=0.85, low=0.018, high=24.4), words) == "85 (1.8 to >999)"
    assert ratio(replace(base, value=0.0004, low=0.0001, high=0.03), words) == "<0.1 (< 3.0)"
    assert ratio(base, words) == ""
    moved = Change(0, 1, False, -0.004, -0.2, 0.19)
    assert difference(moved, 100.0, 0, words) == "0 (−20 to +19)"


def test_the_table_of_numbers(comparison: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    write_visits_table(comparison, path)
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(1 + len(comparison.tracks) for _ in comparison.visits)
    told = [r for r in rows if r["quantity"] == Quantity.AMR_PERSISTENCE]
    assert [r["value"] for r in told] == ["0.9", "0.4", "0"]
    assert (told[2]["first_visit"], told[2]["first_change"]) == ("1", "-0.9")
    assert (told[2]["before_visit"], told[2]["before_change"]) == ("2", "-0.4")
    assert told[0]["first_change"] == ""
    assert [r["pattern"] for r in rows if r["quantity"] == "pattern"] == ["hfs_clonic"] * 3
    assert told[1]["events_before"] == "2024-03-08 Decompression"
    write_visits_table(comparison, path)


def test_another_table_is_left_alone(comparison: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("visit,doctor\n", encoding="utf-8")
    with pytest.raises(ExportError, match="left as it is"):
        write_visits_table(comparison, path)
    assert path.read_text(encoding="utf-8") == "visit,doctor\n"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_documents_are_written(comparison: Comparison, tmp_path: Path, language: str) -> None:
    write_visits(comparison, tmp_path / "c.pdf", language=language)
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")
    write_visits(comparison, tmp_path / "c.html", language=language)
    assert words_of(language).own.headings["title"] in (tmp_path / "c.html").read_text("utf-8")


def test_pages_are_pictures(comparison: Comparison) -> None:
    pages = visits_pages(build_visits(comparison), ppi=20)
    assert len(pages) >= 2
    assert all(p.startswith(b"\x89PNG") for p in pages)


@pytest.mark.parametrize("name", ["c.docx", "c"])
def test_other_suffixes_are_refused(comparison: Comparison, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"\.pdf or \.html"):
        write_visits(comparison, tmp_path / name)
