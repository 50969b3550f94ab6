"""What can be exported, where to, and the writing itself; asking a person is left to `exporting`.

Runs in a thread: a file appears whole or, when the work is cancelled, not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer.atomic import whole_file
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.progress import Progress
from amr_viewer.core.review import Review
from amr_viewer.errors import ExportError

if TYPE_CHECKING:
    from amr_viewer.report.model import Document as Report

FORBIDDEN = frozenset('/\\:*?"<>|')
"""Characters that some file system does not take in a name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of export; the first suffix is the usual one, none: a folder."""

    name: str
    title: str
    about: str
    ending: str
    suffixes: tuple[str, ...] = ()


KINDS = (
    Kind("pdf", "Report as PDF", "The pages as shown, PDF/A for the record", ".pdf", (".pdf",)),
    Kind("html", "Report as HTML", "One file for a browser", ".html", (".html", ".htm")),
    Kind("tables", "Tables as CSV", "A folder of CSV files, with analysis.json", "_results"),
    Kind(
        "edf",
        "Annotated EDF+",
        "The recording, with findings as annotations",
        "_annotated.edf",
        (".edf", ".bdf"),
    ),
)  # fmt: skip
KIND = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One export: everything that the writing needs.

    `analysis` is reviewed again where a decision was made since.
    """

    kind: str
    path: Path
    analysis: Analysis
    review: Review
    language: str = "en"
    template: Path | None = None
    anonymize: bool = False
    """Whether what identifies the patient is left out of a recording."""


def suggested_name(recording: Path, kind: Kind) -> str:
    """Return the name of an export: that of the recording, without a time.

    Examples
    --------
    >>> suggested_name(Path("case 7.edf"), KIND["edf"])
    'case 7_annotated.edf'
    """
    if kind.name == "edf" and recording.suffix.lower() == ".bdf":
        return f"{recording.stem}_annotated.bdf"
    return recording.stem + kind.ending


def neutral_name(recording: Path, folder: str) -> str:
    """Return a name for an anonymous recording that tells nothing and that nothing bears yet."""
    suffix = ".bdf" if recording.suffix.lower() == ".bdf" else ".edf"
    names = (f"anonymous{f'-{n}' if n > 1 else ''}{suffix}" for n in count(1))
    return next(name for name in names if not (Path(folder).expanduser() / name).exists())


def target(folder: str, name: str, kind: Kind) -> Path:
    """Return the place that a person means; a missing suffix is added."""
    path = Path(folder).expanduser() / name.strip()
    if kind.suffixes and path.suffix.lower() not in kind.suffixes:
        path = path.with_name(path.name + kind.suffixes[0])
    return path


def refusal(folder: str, name: str, kind: Kind, recordings: Iterable[Path]) -> str:
    """Return why nothing can be written there, in a few words; empty if it can."""
    name = name.strip()
    if not name or name in {".", ".."}:
        return "Give the export a name."
    if FORBIDDEN & set(name):
        return "The name must not hold any of " + " ".join(sorted(FORBIDDEN)) + "."
    if not folder.strip() or not Path(folder).expanduser().is_dir():
        return "This folder does not exist; choose another one."
    path = target(folder, name, kind)
    if any(is_same(path, recording) for recording in recordings):
        return f"{path.name} is an open recording, which is never written over."
    if path.exists() and path.is_dir() != (not kind.suffixes):
        return f"{path.name} is a {'folder' if path.is_dir() else 'file'}; choose another name."
    return ""


def is_same(a: Path, b: Path) -> bool:
    """Whether two paths are the same file, by whatever name."""
    try:
        return a.samefile(b)
    except OSError:
        return a.absolute() == b.absolute()


def is_taken(path: Path) -> bool:
    """Whether something stands there that an export would replace."""
    return path.exists() and not (path.is_dir() and not any(path.iterdir()))


def write(order: Order, progress: Progress) -> str:
    """Write an export; return what was written, and what could not be kept, in one line.

    For an anonymous recording more lines follow: what was removed, replaced and kept.

    Raises
    ------
    ExportError
        The place cannot be written, or the template is at fault.
    ReadError
        The recording can no longer be read.
    Cancelled
        By `progress`; then nothing was written.
    """
    progress(0.02, "applying the review")
    analysis = settled(order.analysis, order.review)
    if order.kind == "tables":
        from amr_viewer.report.results import write_results

        progress(0.3, f"writing {order.path.name}")
        write_results(analysis, order.path)
        return f"Tables written: {order.path.name}"
    if order.kind == "edf" and order.anonymize:
        return _write_anonymous(analysis, order.path, progress)
    if order.kind == "edf":
        return _write_recording(analysis, order.path, progress)
    from amr_viewer.report.document import WRITERS

    report = composed(analysis, order.language, progress)
    template = order.template if order.kind == "pdf" else None
    progress(0.7, f"writing {order.path.name}")
    with whole_file(order.path) as temporary:
        WRITERS[order.path.suffix.lower()](report, temporary, template)
        progress(0.99, f"writing {order.path.name}")
    return f"Report written: {order.path.name}"


def settled(analysis: Analysis, review: Review) -> Analysis:
    """Return the analysis with the latest decisions, whether or not they have arrived in it."""
    if analysis.review is review:
        return analysis
    from amr_viewer.analysis.reviewing import reviewed

    return reviewed(analysis, review)


def composed(analysis: Analysis, language: str, progress: Progress) -> Report:
    """Return the content of a report."""
    from amr_viewer.report.content import build
    from amr_viewer.workflow import report_sweeps

    progress(0.1, "reading the sweeps of the report")
    sweeps = report_sweeps(analysis)
    progress(0.3, "drawing the report")
    return build(analysis, sweeps, language=language)


def _write_recording(analysis: Analysis, path: Path, progress: Progress) -> str:
    """Write the annotated recording beside its place, then put it there."""
    from amr_viewer.workflow import export_edf

    progress(0.1, f"writing {path.name}")
    aside = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        notes = export_edf(analysis, aside)
        progress(0.99, f"writing {path.name}")
        aside.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(
            f"{path.name}: cannot be written ({why}); choose another place"
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    told = "; ".join(notes)
    return f"Recording written: {path.name}" + (f" ({told})" if told else "")


def _write_anonymous(analysis: Analysis, path: Path, progress: Progress) -> str:
    """Write the recording without the patient; it is looked through before it gets its name."""
    from amr_viewer.io.anonymize import Anonymity
    from amr_viewer.workflow import export_edf

    progress(0.1, f"writing {path.name}")
    notes = export_edf(analysis, path, overwrite=True, anonymize=Anonymity())
    return "\n".join((f"Anonymous recording written: {path.name}", *notes))
