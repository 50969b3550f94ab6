"""A validation as a table on the screen, a document and a file of numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from amr_viewer._version import __version__
from amr_viewer.errors import ExportError
from amr_viewer.validation.figures import Figure
from amr_viewer.validation.grid import Case

LIMITS = (
    "All of this is simulated. It says how the program does on signals that follow the model of "
    "`amr_viewer.simulate`, and nothing on patients. The defaults of the detector were chosen on "
    "such signals, therefore these figures are an upper bound."
)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The figures of a validation and the recordings that they rest on."""

    figures: tuple[Figure, ...]
    cases: tuple[Case, ...]

    def value(self, name: str, group: str = "all") -> float:
        """Return one figure; raises KeyError if there is none."""
        for figure in self.figures:
            if (figure.name, figure.group) == (name, group):
                return figure.value
        raise KeyError(f"{name} ({group})")

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(dict.fromkeys(f.group for f in self.figures))


def report_table(report: ValidationReport) -> str:
    """Return the figures over all recordings, then per confounder, as lines of text."""
    lines = [f"{'figure':32} {'value':>10} {'n':>7}"]
    lines += [f"{f.name:32} {_number(f):>10} {f.n:>7}" for f in report.figures if f.group == "all"]
    head = ("called, of AMR sweeps", "called, of AMR-free sweeps", "verdict undecided")
    lines += ["", f"{'group':32} {'hits':>8} {'false':>8} {'undecided':>10}"]
    for group in report.groups[1:]:
        named = {f.name: f for f in report.figures if f.group == group}
        cells = [_number(named[name]) if name in named else "" for name in head]
        lines.append(f"{group:32} {cells[0]:>8} {cells[1]:>8} {cells[2]:>10}")
    return "\n".join(lines) + "\n"


def write_document(report: ValidationReport, directory: Path) -> tuple[Path, Path]:
    """Write ``validation.md`` and ``validation.csv``.

    Raises
    ------
    ExportError
        They cannot be written.
    """
    document, numbers = directory / "validation.md", directory / "validation.csv"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        document.write_text(_document(report), encoding="utf-8")
        numbers.write_text(_csv(report), encoding="utf-8")
    except OSError as error:
        raise ExportError(
            f"{directory.name}: the validation cannot be written ({error.strerror}); choose "
            "another folder"
        ) from error
    return document, numbers


def _document(report: ValidationReport) -> str:
    """Return the document as Markdown."""
    kinds = sorted({case.kind for case in report.cases})
    parts = [
        f"# Validation of AMR Viewer {__version__}",
        LIMITS,
        f"{len(report.cases)} recordings with fixed seeds; kinds: {', '.join(kinds)}. "
        '"Called" is a sweep whose state is present. AMR-free sweeps are those of lateral '
        "muscles after valid stimuli, without AMR and without reflex. A verdict is undecided where "
        "it is indeterminate or not assessable.",
    ]
    for group in report.groups:
        rows = [f for f in report.figures if f.group == group]
        table = ["| figure | value | n |", "|---|---:|---:|"]
        table += [f"| {f.name} | {_number(f)} | {f.n} |" for f in rows]
        parts += [f"## {group}", "\n".join(table)]
    return "\n\n".join(parts) + "\n"


def _csv(report: ValidationReport) -> str:
    """Return the figures as CSV; an empty value could not be measured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("group", "figure", "value", "unit", "n"))
    for f in report.figures:
        writer.writerow((f.group, f.name, "" if isnan(f.value) else f"{f.value:.6g}", f.unit, f.n))
    return text.getvalue()


def _number(figure: Figure) -> str:
    """Return a value with its unit, as people read it."""
    if isnan(figure.value):
        return ""
    return f"{figure.value:.3f} {figure.unit}".strip()
