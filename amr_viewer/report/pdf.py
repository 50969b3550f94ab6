"""A report as PDF/A-2b, set by typst; all content goes to the template as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from amr_viewer.atomic import whole_file
from amr_viewer.errors import ExportError
from amr_viewer.report.cohort_model import CohortDocument
from amr_viewer.report.model import Document
from amr_viewer.report.visits_model import VisitsDocument

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def write_pdf(
    document: Document | VisitsDocument | CohortDocument, path: Path, template: Path | None = None
) -> None:
    """Write a report as PDF, whole or not at all.

    Parameters
    ----------
    document : Document, VisitsDocument or CohortDocument
    path : Path
    template : Path, optional
        A laboratory's own typst file, see `typeset`.

    Raises
    ------
    ExportError
        The template is at fault, or the file cannot be written.
    """
    data = typeset(document, template, format="pdf", pdf_standards=["a-2b"], timestamp=0)
    with whole_file(Path(path)) as temporary:
        temporary.write_bytes(data)


def typeset(
    document: Document | VisitsDocument | CohortDocument, template: Path | None = None, **how: Any
) -> Any:
    """Let typst set a report; `pages` makes pictures of it.

    Parameters
    ----------
    document : Document, VisitsDocument or CohortDocument
    template : Path, optional
        A laboratory's own typst file; it finds the content in ``json(bytes(sys.inputs.document))``
        and may use files (a logo) that lie beside it.
    **how
        Format and its options, as ``typst.compile`` takes them.

    Returns
    -------
    bytes or list of bytes
        A list where the format knows single pages and there are several.

    Raises
    ------
    ExportError
        The template is at fault.
    """
    import matplotlib
    import typst

    source = Path(template) if template else TEMPLATE
    if not source.is_file():
        raise ExportError(f"{source.name}: no such template; give the path of a typst file")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    try:
        return typst.compile(
            str(source),
            root=str(source.resolve().parent),
            font_paths=[str(fonts)],
            sys_inputs={"document": json.dumps(asdict(document), ensure_ascii=False)},
            **how,
        )
    except typst.TypstError as error:
        reason = " ".join(str(error).split())
        raise ExportError(f"{source.name}: {reason}; mend the template or leave it out") from error
