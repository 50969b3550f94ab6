"""Reads the sentences of which logs once consisted, as the codes and values of today."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Any

from amr_viewer.core.phrases import ENGLISH

_SUBJECTS = (
    "sweep", "sweeps", "verdict_nowhere", "verdict", "mark", "marks", "burst", "bursts", "section",
    "report", "protocol", "undo", "redo",
)  # fmt: skip
_OF: dict[str, tuple[str, ...]] = {
    "sweep": ("automatic", "sweep_found", "sweep_said"),
    "sweeps": ("automatic",),
    "verdict": ("automatic", "verdict_said"),
    "verdict_nowhere": ("automatic", "verdict_said"),
    "mark": ("removed", "mark_said"),
    "marks": ("marks_before", "marks_removed", "marks_set"),
    "burst": ("automatic", "no_burst", "burst_found", "burst_said"),
    "bursts": ("automatic", "no_burst"),
    "section": ("hidden", "shown"),
    "protocol": ("default",),
}
"""What may be said of each subject; all else stays a text."""

_TALLIED = frozenset({"sweeps", "bursts"})
_STATES = "present|absent|unsure|rejected|measured"
_WORDS = {
    "state": _STATES,
    "verdict": "present|absent|indeterminate|not_assessable",
    "side": "left|right|both",
    "branch": r"\w+",
    "kind": "clonic|tonic|other",
}


def read_change(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of a log of sentences as one of codes and values; others as they are.

    Examples
    --------
    >>> read_change({"what": "sweep at 1.2500 s, EMG", "is": "absent"})["is"]
    {'code': 'sweep_said', 'state': 'absent'}
    """
    what = entry.get("what", "")
    if not isinstance(what, str):
        return entry
    subject = _read(what, _SUBJECTS)
    sides = {k: _side(subject["code"], entry[k]) for k in ("was", "is") if entry.get(k)}
    rest = {k: v for k, v in entry.items() if k not in ("what", "was", "is")}
    return {"what": subject} | sides | rest


def _side(subject: str, text: str) -> dict[str, Any]:
    """Return what was said of a subject before or after the change."""
    found = _read(text, _OF.get(subject, ()))
    if found["code"] != "text" or subject not in _TALLIED:
        return found
    counts = re.findall(r"([^,()]+?) \((\d+)\)(?:, |$)", text)
    pairs = [[word, int(n)] for word, n in counts] or [[text, 1]]
    return {"code": "tally", "counts": pairs}


def _read(text: str, codes: Iterable[str]) -> dict[str, Any]:
    """Return the first of some codes whose template a text is."""
    for code in codes:
        template = ENGLISH[code]
        # What separates the parts is not printed before the first of them.
        whole = f", {text}" if template.startswith("[, ") else text
        found = re.fullmatch(_pattern(template), whole, re.DOTALL)
        if found and text:
            known = {k: v for k, v in found.groupdict().items() if v is not None}
            return {"code": code} | {k: _value(k, v) for k, v in known.items()}
    return {"code": "text", "text": text}


def _value(name: str, text: str) -> Any:
    """Return the value of a field: a number where its unit or name says so."""
    if name == "n":
        return int(text)
    return float(text) if name.endswith(("_s", "_ms", "_uv")) else text


def _pattern(template: str) -> str:
    """Return the regular expression that a template's sentences match."""
    out: list[str] = []
    for piece in re.split(r"(\[[^\]]*\])", template):
        if not piece.startswith("["):
            out += _parts(piece)
        elif ":p}" not in piece:  # One sentence never stood within another.
            out.append(f"(?:{''.join(_parts(piece[1:-1]))})?")
    return "".join(out)


def _parts(template: str) -> Iterator[str]:
    """Yield the literal parts and the fields of a template as regular expressions."""
    for literal, name, spec, _ in Formatter().parse(template):
        yield re.escape(literal)
        if not name:
            continue
        if name == "n":
            pattern = r"\d+"
        elif spec and spec.endswith("f"):
            pattern = r"-?\d+(?:\.\d+)?"
        else:
            pattern = _WORDS.get(name, ".*?")
        yield f"(?P<{name}>{pattern})"
