"""How `info` shows a recording to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from amr_viewer.cli.terminal import out, printable

UNKNOWN = "?"
MOST_ROWS = 12
NUMBERS = frozenset({"#", "n", "samples", "value"})


def show(values: dict[str, Any]) -> None:
    """Print what `info_values` returned as tables."""
    _show_facts(values)
    _show_channels(values["channels"])
    if len(values["segments"]) > 1:
        _show_segments(values["segments"])
    _show_stimuli(values["stimuli"])
    _show_marks(values["marks"])
    if "samples" in values:
        _show_samples(values["samples"])
    if values["warnings"]:
        out.print()
    for warning in values["warnings"]:
        out.print(f"Warning: {printable(warning)}", style="yellow", soft_wrap=True)


def _text(value: Any) -> str:
    """Return a value as a cell."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, float):
        return f"{value:.10g}"
    return printable(str(value))


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table; columns of numbers stand at the right."""
    table = Table(box=None, pad_edge=False)
    for column in columns:
        right = column in NUMBERS or column.endswith((" s", " Hz", " mA"))
        table.add_column(column, justify="right" if right else "left")
    for row in rows:
        table.add_row(*map(_text, row))
    out.print()
    out.print(title, style="bold")
    out.print(table)


def _show_facts(values: dict[str, Any]) -> None:
    """Print what holds for the whole recording."""
    out.print(printable(values["name"]), style="bold")
    facts = Table.grid(padding=(0, 2))
    pieces = len(values["segments"])
    recorded_s = sum(s["duration_s"] for s in values["segments"])
    facts.add_row("format", _text(values["format"]))
    duration = f"{_text(values['duration_s'])} s"
    if pieces > 1:
        duration += f" in {pieces} segments, {recorded_s:.10g} s of them recorded"
    facts.add_row("duration", duration)
    facts.add_row("start", _text(values["start"]))
    facts.add_row("size", f"{values['size_bytes'] / 1e6:.3g} MB")
    facts.add_row("equipment", _text(values["equipment"]))
    for name, value in values["patient"].items():
        facts.add_row(f"patient {printable(name)}", _text(value))
    out.print(facts)


def _show_channels(channels: list[dict[str, Any]]) -> None:
    """Print one row per channel."""
    _table(
        "Channels",
        ("#", "label", "muscle", "side", "kind", "unit", "in file", "rate Hz", "samples"),
        (
            (
                number,
                c["label"],
                c["muscle"],
                c["side"],
                c["kind"],
                c["unit"],
                c["file_unit"],
                c["sampling_hz"],
                c["n_samples"],
            )
            for number, c in enumerate(channels)
        ),
    )


def _show_segments(segments: list[dict[str, Any]]) -> None:
    """Print the first segments."""
    _table(
        f"Segments{_first_of(len(segments))}",
        ("#", "start s", "duration s"),
        ((number, s["start_s"], s["duration_s"]) for number, s in enumerate(segments[:MOST_ROWS])),
    )


def _show_stimuli(stimuli: list[dict[str, Any]]) -> None:
    """Print one row per branch, side and source."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for stimulus in stimuli:
        key = stimulus["site"], stimulus["side"], stimulus["source"]
        groups.setdefault(key, []).append(stimulus)
    rows = []
    for key, members in groups.items():
        currents = sorted(m["intensity_ma"] for m in members if m["intensity_ma"] is not None)
        current = " to ".join(dict.fromkeys(f"{c:g}" for c in (currents[:1] + currents[-1:])))
        first, last = members[0]["time_s"], members[-1]["time_s"]
        rows.append((*key, len(members), current, f"{first:.4f}", f"{last:.4f}"))
    title = "Stimuli" if rows else "No stimuli"
    _table(title, ("branch", "side", "found by", "n", "current mA", "first s", "last s"), rows)


def _show_marks(marks: list[dict[str, Any]]) -> None:
    """Print the texts of the marks, the most frequent first."""
    if not marks:
        return
    texts = Counter(m["text"] for m in marks)
    first = {m["text"]: m["time_s"] for m in reversed(marks)}
    _table(
        f"Marks{_first_of(len(texts))}",
        ("n", "first s", "text"),
        ((n, f"{first[text]:.4f}", text) for text, n in texts.most_common(MOST_ROWS)),
    )


def _show_samples(samples: list[dict[str, Any]]) -> None:
    """Print the values that were asked for."""
    _table(
        "Samples",
        ("#", "channel", "time s", "value", "unit"),
        ((s["index"], s["channel"], s["time_s"], _value(s["value"]), s["unit"]) for s in samples),
    )


def _value(value: float | None) -> str | None:
    """Return a sample with the seven digits that a 32-bit number holds."""
    return None if value is None else f"{value:.7g}"


def _first_of(n: int) -> str:
    """Say that a table is cut."""
    return f" (first {MOST_ROWS} of {n})" if n > MOST_ROWS else ""
