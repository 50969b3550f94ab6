"""Every number that a result depends on, written once: default, unit, limits, help, source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from amr_viewer.errors import ParameterError


def number(
    default: Any,
    unit: str,
    help_text: str,
    source: str,
    *,
    ge: float | None = None,
    le: float | None = None,
) -> Any:
    """Declare a parameter: its default, unit, what it does, where the number comes from, limits."""
    return Field(
        default,
        ge=ge,
        le=le,
        description=help_text,
        json_schema_extra={"unit": unit, "source": source},
    )


class Group(BaseModel):
    """Parameters that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


OWN = "default of this program"


class StimulusParameters(Group):
    """Finding and placing the stimuli."""

    merge_ms: float = number(
        3.0, "ms", "Markers closer than this are one stimulus.", OWN, ge=0.0, le=50.0
    )
    align_ms: float = number(
        4.0,
        "ms",
        "How far from its marker the edge of the artefact is looked for; 0 leaves markers alone.",
        OWN,
        ge=0.0,
        le=20.0,
    )


class ArtefactParameters(Group):
    """Extent of the stimulus artefact and what is done about its tail."""

    blank_min_ms: float = number(
        1.0, "ms", "The least time after the stimulus that is blanked.", OWN, ge=0.0, le=10.0
    )
    blank_max_ms: float = number(
        6.0,
        "ms",
        "The most time after the stimulus that the artefact may take before the sweep is rejected.",
        "AMR hard floor of 6 ms (proposal, AMR specification 3.2)",
        ge=1.0,
        le=15.0,
    )


class ConditioningParameters(Group):
    """Filtering around the epochs."""

    high_pass_hz: float = number(
        20.0, "Hz", "High-pass corner.", "facial EMG 20-30 Hz (F-wave norms)", ge=0.0, le=300.0
    )
    low_pass_hz: float = number(
        3000.0,
        "Hz",
        "Low-pass corner.",
        "facial EMG 3-10 kHz; 1-3 kHz in theatre",
        ge=200.0,
        le=20000.0,
    )
    mains_hz: float = number(
        50.0,
        "Hz",
        "Mains frequency; 0 switches the subtraction off.",
        "50 Hz, or 60 Hz in some countries",
        ge=0.0,
        le=70.0,
    )


class DetectionParameters(Group):
    """The search window and the statistic."""

    window_start_ms: float = number(
        6.5,
        "ms",
        "Earliest onset of a response.",
        "AMR specification 3.2: 6.5-16 ms",
        ge=2.0,
        le=500.0,
    )
    window_end_ms: float = number(
        20.0,
        "ms",
        "Latest onset of a response.",
        "AMR specification 3.2: 16 ms, 20 ms after facial palsy",
        ge=3.0,
        le=1000.0,
    )


class CriteriaParameters(Group):
    """What must hold before a response is called."""

    present_alpha: float = number(
        0.01,
        "",
        "Corrected p-value below which a response is present.",
        "AMR specification 3.2",
        ge=1e-9,
        le=0.2,
    )


class Parameters(Group):
    """All parameters of an analysis."""

    stimuli: StimulusParameters = StimulusParameters()
    artefact: ArtefactParameters = ArtefactParameters()
    conditioning: ConditioningParameters = ConditioningParameters()
    detection: DetectionParameters = DetectionParameters()
    criteria: CriteriaParameters = CriteriaParameters()

    def replaced(self, settings: dict[str, str]) -> Parameters:
        """Return a copy with some values replaced, as the command line gives them.

        Parameters
        ----------
        settings : dict of str to str
            ``{"detection.window_end_ms": "25"}``; the name of the group may be left out where the
            parameter's name is unique.

        Raises
        ------
        ParameterError
            A name is unknown, or a value is not allowed.
        """
        values = self.model_dump()
        known = {f"{d.group}.{d.name}": d for d in self.describe()}
        for name, text in settings.items():
            full = [k for k in known if k == name or k.split(".", 1)[1] == name]
            if len(full) != 1:
                raise ParameterError(f"{name}: no such parameter; known are {', '.join(known)}")
            group, key = full[0].split(".", 1)
            values[group][key] = text
        try:
            return Parameters.model_validate(values)
        except ValidationError as error:
            raise ParameterError(explain(error)) from error

    def describe(self) -> Iterator[ParameterDescription]:
        """Yield every parameter with its value, default, unit, limits, help and source."""
        for group_name in type(self).model_fields:
            group: Group = getattr(self, group_name)
            for name, info in type(group).model_fields.items():
                yield _describe(group_name, name, info, getattr(group, name))


@dataclass(frozen=True, slots=True)
class ParameterDescription:
    """One parameter as forms, tables and reports show it."""

    group: str
    name: str
    value: Any
    default: Any
    unit: str
    low: float | None
    high: float | None
    help: str
    source: str

    @property
    def changed(self) -> bool:
        """Whether the value differs from the default."""
        return bool(self.value != self.default)


def _describe(group: str, name: str, info: FieldInfo, value: Any) -> ParameterDescription:
    """Read one declaration."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    limits = {type(m).__name__: m for m in info.metadata}
    return ParameterDescription(
        group=group,
        name=name,
        value=value,
        default=info.default,
        unit=str(extra.get("unit", "")),
        low=getattr(limits.get("Ge"), "ge", None),
        high=getattr(limits.get("Le"), "le", None),
        help=info.description or "",
        source=str(extra.get("source", "")),
    )


def explain(error: ValidationError) -> str:
    """Say in one line what a validation found: where, what, and the value that was given."""
    parts = [
        f"{'.'.join(str(x) for x in e['loc'])}: {e['msg'].lower()}"
        + (f" (given: {e['input']!r})" if e["type"] != "missing" else "")
        for e in error.errors()
    ]
    return "; ".join(parts)
