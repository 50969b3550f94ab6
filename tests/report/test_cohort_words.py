"""Every word of the report over a batch stands in both languages, with the same places in it."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from amr_viewer.core.agreement import Method
from amr_viewer.core.cohort import RemarkKind
from amr_viewer.core.patterns import Conclusion
from amr_viewer.report.wording_cohort import EN
from amr_viewer.report.wording_cohort_ru import RU

ENGLISH = re.compile(r"\b(?:the|of|and|with|without|are|is|recordings?|patients?)\b")
MAPPINGS = (
    "headings", "sentences", "outcomes", "patterns", "statistics", "measures", "intervals",
)  # fmt: skip


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", MAPPINGS)
def test_russian_has_every_word_with_its_places(name: str) -> None:
    english, russian = getattr(EN, name), getattr(RU, name)
    assert set(english) == set(russian)
    for key, text in english.items():
        assert placeholders(russian[key]) == placeholders(text), key


def test_russian_sentences_are_translated() -> None:
    same = {k for k, v in EN.sentences.items() if RU.sentences[k] == v}
    assert same <= {
        "of_counts", "groups_value", "agrees", "tile_alt", "alt_measure", "versus", "n_each",
        "answer_amr", "reference_value",
    }  # fmt: skip
    for mapping in (RU.headings, RU.sentences, RU.patterns, RU.intervals):
        for key, text in mapping.items():
            assert not ENGLISH.search(re.sub(r"{\w+}", "", text)), key


def test_remarks_methods_and_limits_in_both_languages() -> None:
    for wording in (EN, RU):
        assert set(wording.remarks) == {k.value for k in RemarkKind}
        assert set(wording.intervals) == {m.value for m in Method}
        assert set(wording.patterns) == {c.value for c in Conclusion}
    for kind, (title, text) in EN.remarks.items():
        other = RU.remarks[kind]
        assert placeholders(title + text) == placeholders(other[0] + other[1]), kind
    assert len(EN.methods) == len(RU.methods)
    assert len(EN.limits) == len(RU.limits)
