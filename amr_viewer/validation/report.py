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
from amr_viewer.validation.pattern_figures import Confusion

LIMITS = (
    "All of this is simulated. It says how the program does on signals that follow the model of "
    "`amr_viewer.simulate`, and nothing on patients. The defaults of the detector were chosen on "
    "such signals, therefore these figures are an upper bound."
)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The figures of a validation and the recordings that they rest on.

    `confusion` tells which pattern was taken for which; None without free-running recordings.
    """

    figures: tuple[Figure, ...]
    cases: tuple[Case, ...]
    confusion: Confusion | None = None

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


OVERALL = ("all", "patterns", "bursts", "bursts at 10 dB")
"""Groups whose figures stand in the table one by one."""


def report_table(report: ValidationReport) -> str:
    """Return the figures over all recordings, then per confounder, as lines of text."""
    lines = [f"{'figure':32} {'value':>22} {'n':>7}"]
    for group in (g for g in OVERALL if g in report.groups):
        lines += ["", group] if group != "all" else []
        lines += [
            f"{f.name:32} {_number(f):>22} {f.n:>7}" for f in report.figures if f.group == group
        ]
    if report.confusion is not None:
        lines += ["", *_confusion_lines(report.confusion)]
    head = ("called, of AMR sweeps", "called, of AMR-free sweeps", "verdict undecided")
    if "all" in report.groups:
        lines += ["", f"{'group':32} {'hits':>8} {'false':>8} {'undecided':>10}"]
    for group in (g for g in report.groups if g not in OVERALL):
        named = {f.name: f for f in report.figures if f.group == group}
        cells = [_number(named[name]) if name in named else "" for name in head]
        lines.append(f"{group:32} {cells[0]:>8} {cells[1]:>8} {cells[2]:>10}")
    return "\n".join(lines) + "\n"


def _confusion_lines(table: Confusion) -> list[str]:
    """Return what was taken for what: columns carry numbers, which the rows explain."""
    number = {name: str(i + 1) for i, name in enumerate(table.said)}
    lines = [
        f"{'true pattern, answers by number':32} " + "".join(f"{n:>4}" for n in number.values())
    ]
    for name, row in zip(table.true, table.counts, strict=True):
        title = f"{number[name]:>2} {name}" if name in number else f"   {name}"
        lines.append(f"{title:32} " + "".join(f"{c or '.':>4}" for c in row))
    only_said = [name for name in table.said if name not in table.true]
    return [*lines, *(f"{number[name]:>2} {name}" for name in only_said)]


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
        "it is indeterminate or not assessable. Brackets hold 95 % intervals (Clopper-Pearson). "
        "Bursts are judged in every channel; those of blinks need not be found. A false burst "
        "counts, meets no true burst of its channel, and is crosstalk where another channel had "
        "one. A pattern is undecided where it is indeterminate or insufficient; borderline "
        "recordings, for which more than one answer would do, count for high confidence and the "
        "table of patterns only.",
    ]
    for group in report.groups:
        rows = [f for f in report.figures if f.group == group]
        table = ["| figure | value | n |", "|---|---:|---:|"]
        table += [f"| {f.name} | {_number(f)} | {f.n} |" for f in rows]
        parts += [f"## {group}", "\n".join(table)]
    if report.confusion is not None:
        parts += [
            "## Patterns: truth in rows, answers in columns",
            _confusion_table(report.confusion),
        ]
    return "\n\n".join(parts) + "\n"


def _confusion_table(table: Confusion) -> str:
    """Return what was taken for what, as Markdown."""
    lines = ["| | " + " | ".join(table.said) + " |", "|---|" + "---:|" * len(table.said)]
    for name, row in zip(table.true, table.counts, strict=True):
        lines.append(f"| {name} | " + " | ".join(str(c or "") for c in row) + " |")
    return "\n".join(lines)


def _csv(report: ValidationReport) -> str:
    """Return the figures as CSV; an empty value could not be measured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("group", "figure", "value", "unit", "n", "low", "high"))
    for f in report.figures:
        value, low, high = ("" if isnan(v) else f"{v:.6g}" for v in (f.value, f.low, f.high))
        writer.writerow((f.group, f.name, value, f.unit, f.n, low, high))
    return text.getvalue()


def _number(figure: Figure) -> str:
    """Return a value with its unit, as people read it."""
    if isnan(figure.value):
        return ""
    text = f"{figure.value:.3f} {figure.unit}".strip()
    return text if isnan(figure.low) else f"{text} ({figure.low:.3f}-{figure.high:.3f})"
