"""The one door to reports: an analysis and its sweeps become a PDF or an HTML file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.errors import ExportError
from amr_viewer.report.content import build, wording
from amr_viewer.report.html import write_html
from amr_viewer.report.names import Site
from amr_viewer.report.pdf import write_pdf

WRITERS = {".pdf": write_pdf, ".html": write_html, ".htm": write_html}


def check_target(path: Path, language: str = "en") -> None:
    """Refuse what `write_report` could not write, before any work is done.

    Raises
    ------
    ExportError
        The suffix or the language is not known.
    """
    wording(language)
    if Path(path).suffix.lower() not in WRITERS:
        raise ExportError(f"{Path(path).name}: no kind of report; end the name in .pdf or .html")


def write_report(
    analysis: Analysis,
    sweeps: Mapping[Site, Epochs],
    path: Path,
    *,
    language: str = "en",
    template: Path | None = None,
    printed: date | None = None,
) -> None:
    """Write the report of an analysis; the suffix of `path` says which kind.

    Parameters
    ----------
    analysis : Analysis
    sweeps : mapping of (Branch or None, Side or None) to Epochs
        The sites to draw, from about -10 to 60 ms.
    path : Path
        Ends in ``.pdf`` or ``.html``.
    language : str
        ``"en"`` or ``"ru"``.
    template : Path, optional
        A laboratory's own template, typst for PDF and Jinja for HTML.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        Suffix, language or template are not usable, or the file cannot be written.
    """
    check_target(path, language)
    document = build(analysis, sweeps, language=language, printed=printed)
    WRITERS[Path(path).suffix.lower()](document, Path(path), template)
