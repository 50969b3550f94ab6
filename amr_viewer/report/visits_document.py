"""The door to the report of a comparison: a PDF or an HTML file, and pictures of its pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from amr_viewer.core.visits import Comparison
from amr_viewer.report import html, pdf
from amr_viewer.report.document import check_target
from amr_viewer.report.pages import render_pages
from amr_viewer.report.visits import build_visits
from amr_viewer.report.visits_model import VisitsDocument

TEMPLATES = Path(__file__).parent / "templates"
TYPST, HTML = TEMPLATES / "visits.typ", TEMPLATES / "visits.html"


def write_visits(
    comparison: Comparison, path: Path, *, language: str = "en", printed: date | None = None
) -> None:
    """Write the report of a comparison; the suffix of `path` says which kind.

    Parameters
    ----------
    comparison : Comparison
    path : Path
        Ends in ``.pdf`` or ``.html``.
    language : str
        ``"en"`` or ``"ru"``.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        Suffix or language are not known, or the file cannot be written.
    """
    check_target(path, language)
    document = build_visits(comparison, language=language, printed=printed)
    if Path(path).suffix.lower() == ".pdf":
        pdf.write_pdf(document, Path(path), TYPST)
    else:
        html.write_html(document, Path(path), HTML)


def visits_pages(
    document: VisitsDocument, ppi: float = 144.0, *, kind: Literal["png", "svg"] = "png"
) -> tuple[bytes, ...]:
    """Return one picture per page, just as the PDF prints it."""
    return render_pages(document, ppi, TYPST, kind=kind)
