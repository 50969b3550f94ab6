"""Parameters as they are being typed: what they come to, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from amr_viewer.core.parameters import ParameterDescription, Parameters, explain
from amr_viewer.gui.protocol.numbers import parse_number

Name = tuple[str, str]
"""Group and name of a parameter."""

UNITS = ("_ms", "_uv", "_hz", "_s", "_ma")


def title_of(name: str) -> str:
    """Return the name of a parameter or group as a form shows it; its unit stands beside it.

    Examples
    --------
    >>> title_of("window_start_ms"), title_of("merge_ms"), title_of("absent_min_n")
    ('Window start', 'Merge', 'Absent min n')
    """
    unit = next((u for u in UNITS if name.endswith(u)), "")
    return name.removesuffix(unit).replace("_", " ").capitalize()


def kind_of(name: Name) -> Any:
    """Return the type that a parameter was declared with."""
    group = Parameters.model_fields[name[0]].annotation
    return group.model_fields[name[1]].annotation  # type: ignore[union-attr]


def choices_of(name: Name) -> tuple[str, ...]:
    """Return the values among which a parameter is chosen; empty if it is typed."""
    kind = kind_of(name)
    return tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()


@dataclass(frozen=True, slots=True)
class ParameterDraft:
    """Parameters in the making.

    Attributes
    ----------
    began : Parameters
        That count until others are applied.
    typed : mapping of (str, str) to str or bool
        What was typed or chosen since, by group and name.
    """

    began: Parameters
    typed: Mapping[Name, Any] = field(default_factory=dict)

    def with_value(self, name: Name, typed: Any) -> ParameterDraft:
        """Return the draft with one value typed."""
        return replace(self, typed={**self.typed, name: typed})

    def reset(self, names: tuple[Name, ...]) -> ParameterDraft:
        """Return the draft with some parameters at their defaults."""
        defaults = {(d.group, d.name): d.default for d in self.began.describe()}
        return replace(self, typed={**self.typed, **{n: defaults[n] for n in names}})

    def read(self) -> ParameterReading:
        """Return what the typed values come to."""
        values = self.began.model_dump()
        faults: dict[Name, str] = {}
        for name, typed in self.typed.items():
            try:
                values[name[0]][name[1]] = _meant(kind_of(name), typed)
            except ValueError as error:
                faults[name] = str(error)
        for group in values:
            if not any(n[0] == group for n in faults):
                faults |= _faults_of(group, values[group])
        if faults:
            return ParameterReading(None, faults)
        return ParameterReading(Parameters.model_validate(values), {})


@dataclass(frozen=True, slots=True)
class ParameterReading:
    """What typed values come to.

    Attributes
    ----------
    parameters : Parameters or None
        None while something is wrong.
    faults : mapping of (str, str) to str
        By group and name; the name is empty where values contradict each other.
    """

    parameters: Parameters | None
    faults: Mapping[Name, str]


def _meant(kind: Any, typed: Any) -> Any:
    """Return a typed value as its declaration wants it."""
    if not isinstance(typed, str) or kind not in (int, float):
        return typed
    number = parse_number(typed)
    if number is None:
        raise ValueError("not a number" if typed.strip() else "a number is missing")
    if kind is int:
        if number != round(number):
            raise ValueError("must be a whole number")
        return round(number)
    return number


def _faults_of(group: str, values: Mapping[str, Any]) -> dict[Name, str]:
    """Return what is wrong with the values of a group."""
    try:
        Parameters.model_validate({group: values})
    except ValidationError as error:
        errors = error.errors()
        if any(len(e["loc"]) < 2 for e in errors):
            return {(group, ""): explain(error)}
        return {(group, str(e["loc"][1])): _without_end(e["msg"]) for e in errors}
    return {}


def _without_end(message: str) -> str:
    """Write pydantic's message as part of a line."""
    return message.removeprefix("Input ").rstrip(".")


def limits_of(about: ParameterDescription) -> str:
    """Return the limits of a parameter in words, empty if it has none."""
    low = "" if about.low is None else f"{about.low:.10g}"
    high = "" if about.high is None else f"{about.high:.10g}"
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"up to {high}" if high else ""
