"""From an analysis and its sweeps to everything that a report prints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.errors import ExportError
from amr_viewer.report import methods, rows, sections, sentences
from amr_viewer.report.model import Document, printable
from amr_viewer.report.names import Site
from amr_viewer.report.wording import EN, Wording
from amr_viewer.report.wording_ru import RU

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
    headline = sentences.headline(analysis, words)
    document = Document(
        language=language,
        printed=day,
        words=words.headings,
        institution=analysis.protocol.institution,
        header=methods.header(analysis, words),
        headline=headline,
        responses=rows.response_rows(analysis, words),
        face_map=sections.face(analysis, words),
        face_alt=words.sentences["alt_face"].format(text=analysis.headline),
        notes=sentences.notes(analysis, words),
        matrix=rows.matrix(analysis, words),
        sites=sections.site_sections(analysis, sweeps, words),
        meaning=headline.wording,
        conclusion=sentences.conclusion(analysis, words),
        details=rows.detail_rows(analysis, words),
        methods=methods.methods(analysis, words),
        channels=methods.channels(analysis, words),
        parameters=methods.parameters(analysis, words),
        warnings=analysis.warnings,
        provenance=methods.provenance(analysis, words, day),
        limits=words.limits,
        footer=methods.footer(analysis, words),
        footer_right=" · ".join(part for part in about if part),
    )
    return cast(Document, printable(document))
