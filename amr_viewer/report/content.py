"""From an analysis and its sweeps to everything that a report prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.review import Review
from amr_viewer.errors import ExportError
from amr_viewer.report import audit, methods, rows, sections, sentences
from amr_viewer.report.course import closing, course
from amr_viewer.report.model import Document, printable
from amr_viewer.report.names import Site
from amr_viewer.report.patterns import pattern_headline, pattern_line, pattern_section
from amr_viewer.report.wording import EN, Wording
from amr_viewer.report.wording_ru import RU

SECTIONS = (
    "responses", "overview", "sweeps", "course", "patterns", "conclusion", "stacked", "details",
    "methods", "channels", "parameters", "warnings", "limits",
)  # fmt: skip
"""Sections that may be switched off, by the keys of their headings; what was edited by hand, the
answer and the provenance are always printed."""

TEXTS = ("findings", "conclusion")
"""Sentences that a person may write in the program's place."""

LANGUAGES = {words.language: words for words in (EN, RU)}


def wording(language: str) -> Wording:
    """Return the words of a language.

    Raises
    ------
    ExportError
        There are none.
    """
    if language not in LANGUAGES:
        raise ExportError(f"language {language!r}: not known; choose one of {', '.join(LANGUAGES)}")
    return LANGUAGES[language]


def automatic_texts(analysis: Analysis, *, language: str = "en") -> dict[str, str]:
    """Return what the program itself writes where a person may write, by the keys of `TEXTS`.

    Raises
    ------
    ExportError
        The language is not known.
    """
    words = wording(language)
    lines = [sentences.meaning(analysis, words)]
    own = replace(analysis, review=None)
    lines += [f"{field.label}: {field.value}" for field in sentences.conclusion(own, words)]
    head = pattern_headline(own, sentences.headline(own, words), words)
    return {"findings": f"{head.strong} {head.rest}".strip(), "conclusion": "\n".join(lines)}


def build(
    analysis: Analysis,
    sweeps: Mapping[Site, Epochs],
    *,
    language: str = "en",
    printed: date | None = None,
) -> Document:
    """Compose a report.

    Parameters
    ----------
    analysis : Analysis
    sweeps : mapping of (Branch or None, Side or None) to Epochs
        The sites to draw, from about -10 to 60 ms.
    language : str
        ``"en"`` or ``"ru"``.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        The language is not known.
    """
    words = wording(language)
    day = (printed or date.today()).isoformat()
    recording = analysis.recording
    about = (recording.patient.get("name", ""), (recording.start or "")[:10])
    headline = pattern_headline(analysis, sentences.headline(analysis, words), words)
    hidden = tuple(s for s in SECTIONS if s in (analysis.review or Review()).hidden_sections)
    edits = audit.edits(analysis, words)
    drawn = {} if {"sweeps", "stacked"} <= set(hidden) else sweeps
    concluded = sentences.conclusion(analysis, words)
    own = sentences.own_text(analysis, "conclusion")
    pattern = () if own else pattern_line(analysis, words)
    document = Document(
        language=language,
        printed=day,
        words=words.headings,
        institution=methods.institution(analysis),
        header=methods.header(analysis, words),
        headline=headline,
        responses=rows.response_rows(analysis, words),
        face_map=sections.face(analysis, words),
        face_alt=words.sentences["alt_face"].format(text=analysis.headline),
        notes=sentences.notes(analysis, words),
        matrix=rows.matrix(analysis, words),
        sites=sections.site_sections(analysis, drawn, words),
        course=course(analysis, words),
        patterns=pattern_section(analysis, words),
        meaning=sentences.conclusion_text(analysis, words),
        conclusion=(*concluded[:-1], *closing(analysis, words), *pattern, *concluded[-1:]),
        details=rows.detail_rows(analysis, words),
        methods=methods.methods(analysis, words),
        channels=methods.channels(analysis, words),
        parameters=methods.parameters(analysis, words),
        warnings=analysis.warnings,
        edits=edits,
        edits_note=audit.edits_note(analysis, len(edits), words),
        provenance=methods.provenance(analysis, words, day, hidden),
        limits=words.limits,
        footer=methods.footer(analysis, words),
        footer_right=" · ".join(part for part in about if part),
        hidden=hidden,
    )
    return cast(Document, printable(document))
