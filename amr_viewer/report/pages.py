"""A report as pictures of its pages, just as they print; showing them is left to the window."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from amr_viewer.report.cohort_model import CohortDocument
from amr_viewer.report.model import Document
from amr_viewer.report.pdf import typeset
from amr_viewer.report.visits_model import VisitsDocument

POINTS_PER_INCH = 72.0


def render_pages(
    document: Document | VisitsDocument | CohortDocument,
    ppi: float = 144.0,
    template: Path | None = None,
    *,
    kind: Literal["png", "svg"] = "png",
) -> tuple[bytes, ...]:
    """Return one picture per page, from the same template and content as the PDF.

    Parameters
    ----------
    document : Document, VisitsDocument or CohortDocument
    ppi : float
        Pixels per inch of PNG.
    template : Path, optional
        A laboratory's own typst file.
    kind : str
        ``"png"`` or ``"svg"``.

    Raises
    ------
    ExportError
        The template is at fault.
    """
    made = typeset(document, template, format=kind, ppi=ppi)
    return (made,) if isinstance(made, bytes) else tuple(made)
