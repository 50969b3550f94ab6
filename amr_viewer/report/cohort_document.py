"""The door to the report over a batch: a PDF or an HTML file, the tables beside it, pictures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from amr_viewer.core.cohort import Cohort
from amr_viewer.report import html, pdf
from amr_viewer.report.cohort import build_cohort
from amr_viewer.report.cohort_model import CohortDocument
from amr_viewer.report.cohort_table import AGREEMENT, RECORDINGS, check_tables, write_tables
from amr_viewer.report.document import check_target
from amr_viewer.report.pages import render_pages

TEMPLATES = Path(__file__).parent / "templates"
TYPST, HTML = TEMPLATES / "cohort.typ", TEMPLATES / "cohort.html"


def write_cohort(
    cohort: Cohort, path: Path, *, language: str = "en", printed: date | None = None
) -> tuple[Path, Path]:
    """Write the report over a batch, and its two tables beside it; return where these stand.

    Parameters
    ----------
    cohort : Cohort
    path : Path
        Ends in ``.pdf`` or ``.html``; an existing file is replaced.
    language : str
        ``"en"`` or ``"ru"``.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        Suffix or language are not known, a file cannot be written, or a foreign table stands there.
    """
    path = Path(path)
    check_target(path, language)
    recordings, agreement = path.parent / RECORDINGS, path.parent / AGREEMENT
    check_tables(cohort, recordings, agreement)
    document = build_cohort(cohort, language=language, printed=printed)
    write_tables(cohort, recordings, agreement)
    if path.suffix.lower() == ".pdf":
        pdf.write_pdf(document, path, TYPST)
    else:
        html.write_html(document, path, HTML)
    return recordings, agreement


def cohort_pages(
    document: CohortDocument, ppi: float = 144.0, *, kind: Literal["png", "svg"] = "png"
) -> tuple[bytes, ...]:
    """Return one picture per page, just as the PDF prints it."""
    return render_pages(document, ppi, TYPST, kind=kind)
