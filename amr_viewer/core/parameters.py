"""Every number that a result depends on, written once: default, unit, limits, help, source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

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
    """Extent of the stimulus artefact and what is done about what follows it."""

    blank_min_ms: float = number(
        1.0, "ms", "The least time after the stimulus that is blanked.", OWN, ge=0.0, le=10.0
    )
    blank_max_ms: float = number(
        4.0,
        "ms",
        "The longest blank; later the artefact is modelled instead.",
        "AMR specification 3.2: the search has a hard floor of 6 ms",
        ge=1.0,
        le=15.0,
    )
    carry_over: float = number(
        0.2,
        "",
        "Part of the volume-conducted M response and of the artefact's tail that their model is "
        "taken to miss; more makes the detector blinder where they last.",
        OWN,
        ge=0.0,
        le=2.0,
    )


class ConditioningParameters(Group):
    """Band and mains."""

    low_pass_hz: float = number(
        3000.0,
        "Hz",
        "Low-pass corner.",
        "facial EMG: 3-10 kHz in the laboratory, 1-3 kHz in theatre",
        ge=200.0,
        le=20000.0,
    )
    mains_hz: Literal["auto", "50", "60", "off"] = number(
        "auto",
        "Hz",
        "Mains frequency that is estimated before the stimulus and subtracted.",
        "no notch: notch filters ring for tens of ms after the artefact (AMR specification 0.6)",
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
    response_ms: float = number(
        14.0,
        "ms",
        "Longest response that is looked for, from its onset.",
        "AMR lasts 3-10 ms (AMR specification 2)",
        ge=2.0,
        le=100.0,
    )
    coherence_ms: float = number(
        1.5,
        "ms",
        "How far the onset of one sweep may lie from that of the run.",
        "AMR specification 3.2: +/- 1.5 ms of the run's median",
        ge=0.2,
        le=20.0,
    )
    jitter_ms: float = number(
        0.5,
        "ms",
        "Spread of latency that is expected before the run has been seen.",
        "AMR jitter 0.1-0.6 ms (AMR specification 2)",
        ge=0.05,
        le=10.0,
    )
    probability_min: float = number(
        0.5, "", "Probability from which a sweep counts as present.", OWN, ge=0.01, le=0.999
    )


class CriteriaParameters(Group):
    """What must hold before something is called."""

    present_alpha: float = number(
        0.01,
        "",
        "Corrected p-value below which a response is present.",
        "AMR specification 3.2: exact k of n at P <= 0.01",
        ge=1e-9,
        le=0.2,
    )
    absent_min_n: int = number(
        20, "", "Valid sweeps needed to say absent.", "AMR specification 3.2", ge=3, le=1000
    )
    absent_upper: float = number(
        0.14,
        "",
        "Upper one-sided 95 % bound of persistence that absent allows.",
        "AMR specification 3.2: 0 of 20 excludes 13.9 %",
        ge=0.001,
        le=0.9,
    )
    detectable_max_uv: float = number(
        100.0,
        "uV",
        "Absent is not said where noise hides responses of this size.",
        "100 uV is too high a threshold for AMR (AMR specification 3.1)",
        ge=10.0,
        le=10000.0,
    )
    blind_until_ms: float = number(
        12.0,
        "ms",
        "Absent is not said where volume conduction or the artefact hides responses up to later "
        "than this.",
        "an AMR begins at about 10 ms and lasts 3-10 ms (AMR specification 2)",
        ge=5.0,
        le=1000.0,
    )
    reproducible_from: float = number(
        0.5, "", "Persistence called reproducible.", "AMR specification 3.2", ge=0.1, le=1.0
    )
    amplitude_min_uv: float = number(
        20.0,
        "uV",
        "Customary least amplitude; a smaller response that rests on time-locking alone is said to "
        "be below it.",
        "AMR specification 3.2: 20 uV from the skin, 30 uV from needles",
        ge=0.0,
        le=1000.0,
    )
    noise_multiple: float = number(
        7.0,
        "x RMS",
        "Customary least amplitude in multiples of the noise.",
        "AMR specification 0.10: 7 x RMS is exceeded by 0.6 % of windows of noise",
        ge=1.0,
        le=50.0,
    )
    m_valid_fraction: float = number(
        0.5,
        "",
        "Direct response, against the usual one, below which the stimulus failed.",
        "AMR specification 3.2: 50 % of baseline M",
        ge=0.0,
        le=1.0,
    )
    noise_reject: float = number(
        3.0,
        "",
        "Baseline noise, in multiples of the run's median, from which a sweep is rejected.",
        "AMR specification 7",
        ge=1.5,
        le=100.0,
    )
    reflex_fraction: float = number(
        0.3,
        "",
        "Size of a response on the other side, against this side, from which both are taken for a "
        "reflex; a smaller one only if it comes at another moment.",
        "bilateral = reflex (AMR specification 2); less is volume conduction across the midline",
        ge=0.05,
        le=5.0,
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
