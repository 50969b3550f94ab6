"""A report as one HTML file without scripts, drawings inside."""

from __future__ import annotations

from pathlib import Path

from amr_viewer.atomic import whole_file
from amr_viewer.errors import ExportError
from amr_viewer.report.cohort_model import CohortDocument
from amr_viewer.report.model import Document
from amr_viewer.report.visits_model import VisitsDocument

TEMPLATE = Path(__file__).parent / "templates" / "report.html"


def write_html(
    document: Document | VisitsDocument | CohortDocument, path: Path, template: Path | None = None
) -> None:
    """Write a report as HTML, whole or not at all.

    Parameters
    ----------
    document : Document, VisitsDocument or CohortDocument
    path : Path
    template : Path, optional
        A laboratory's own Jinja template; the content is `d`, text is escaped by itself.

    Raises
    ------
    ExportError
        The template is at fault, or the file cannot be written.
    """
    import jinja2

    source = Path(template) if template else TEMPLATE
    if not source.is_file():
        raise ExportError(f"{source.name}: no such template; give the path of a Jinja HTML file")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(source.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        text = environment.get_template(source.name).render(d=document)
    except jinja2.TemplateError as error:
        raise ExportError(f"{source.name}: {error}; mend the template or leave it out") from error
    with whole_file(Path(path)) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
