"""Every number that a result depends on, written once: default, unit, limits, help, source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from amr_viewer.core.declaring import OWN, Group, number
from amr_viewer.core.free_parameters import BurstParameters, PatternParameters
from amr_viewer.errors import ParameterError

__all__ = [
    "OWN",
    "ArtefactParameters",
    "BurstParameters",
    "ConditioningParameters",
    "CriteriaParameters",
    "DetectionParameters",
    "Group",
    "ParameterDescription",
    "Parameters",
    "PatternParameters",
    "StimulusParameters",
    "TrendParameters",
    "explain",
    "number",
]


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
        "default of this program: the search begins at 6.5 ms (docs/criteria.md 5)",
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

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a least blank that is longer than the longest."""
        if self.blank_min_ms > self.blank_max_ms:
            raise PydanticCustomError(
                "out_of_order",
                f"blank_min_ms {self.blank_min_ms:g} is longer than blank_max_ms "
                f"{self.blank_max_ms:g}; set both",
            )
        return self


class ConditioningParameters(Group):
    """Band and mains."""

    low_pass_hz: float = number(
        3000.0,
        "Hz",
        "Low-pass corner.",
        "default of this program: between theatre and laboratory custom (docs/criteria.md 4)",
        ge=200.0,
        le=20000.0,
    )
    mains_hz: Literal["auto", "50", "60", "off"] = number(
        "auto",
        "Hz",
        "Mains frequency that is estimated before the stimulus and subtracted.",
        "default of this program: a notch would ring for tens of ms (docs/criteria.md 4)",
    )


class DetectionParameters(Group):
    """The search window and the statistic."""

    window_start_ms: float = number(
        6.5,
        "ms",
        "Earliest onset of a response.",
        "onset about 10 ms: Ishikawa 1996, Misawa 2006; limit: docs/criteria.md 5",
        ge=2.0,
        le=500.0,
    )
    window_end_ms: float = number(
        20.0,
        "ms",
        "Latest onset of a response.",
        "default of this program: later after facial palsy (docs/criteria.md 5)",
        ge=3.0,
        le=1000.0,
    )
    response_ms: float = number(
        14.0,
        "ms",
        "Longest response that is looked for, from its onset.",
        "default of this program: docs/criteria.md 5",
        ge=2.0,
        le=100.0,
    )
    coherence_ms: float = number(
        1.5,
        "ms",
        "How far the onset of one sweep may lie from that of the run.",
        "default of this program: docs/criteria.md 6",
        ge=0.2,
        le=20.0,
    )
    jitter_ms: float = number(
        0.5,
        "ms",
        "Spread of latency that is expected before the run has been seen.",
        "default of this program: docs/criteria.md 6",
        ge=0.05,
        le=10.0,
    )
    probability_min: float = number(
        0.5, "", "Probability from which a sweep counts as present.", OWN, ge=0.01, le=0.999
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a window that ends before it begins."""
        if self.window_start_ms >= self.window_end_ms:
            raise PydanticCustomError(
                "out_of_order",
                f"window_start_ms {self.window_start_ms:g} is not before window_end_ms "
                f"{self.window_end_ms:g}; set both",
            )
        return self


class CriteriaParameters(Group):
    """What must hold before something is called."""

    present_alpha: float = number(
        0.01,
        "",
        "Corrected p-value below which a response is present.",
        "default of this program: docs/criteria.md 9",
        ge=1e-9,
        le=0.2,
    )
    absent_min_n: int = number(
        20, "", "Valid sweeps needed to say absent.", f"{OWN}: docs/criteria.md 9", ge=3, le=1000
    )
    absent_upper: float = number(
        0.14,
        "",
        "Upper one-sided 95 % bound of persistence that absent allows.",
        "default of this program: 0 of 20 excludes 13.9 % (Clopper-Pearson 1934)",
        ge=0.001,
        le=0.9,
    )
    detectable_max_uv: float = number(
        100.0,
        "uV",
        "Absent is not said where noise hides responses of this size.",
        "default of this program: the event threshold of nerve monitors (NIM Vital manual)",
        ge=10.0,
        le=10000.0,
    )
    blind_until_ms: float = number(
        14.0,
        "ms",
        "Absent is not said where volume conduction or the artefact hides responses up to later "
        "than this.",
        "default of this program: an AMR begins at about 10 ms (Ishikawa 1996, Misawa 2006)",
        ge=5.0,
        le=1000.0,
    )
    reproducible_from: float = number(
        0.5, "", "Persistence called reproducible.", f"{OWN}: docs/criteria.md 9", ge=0.1, le=1.0
    )
    amplitude_min_uv: float = number(
        20.0,
        "uV",
        "Customary least amplitude; a smaller response that rests on time-locking alone is said to "
        "be below it.",
        "default of this program, for electrodes on the skin: docs/criteria.md 9",
        ge=0.0,
        le=1000.0,
    )
    noise_multiple: float = number(
        7.0,
        "x RMS",
        "Customary least amplitude in multiples of the noise.",
        "default of this program: exceeded by 0.6 % of windows of noise (docs/criteria.md 9)",
        ge=1.0,
        le=50.0,
    )
    m_valid_fraction: float = number(
        0.5,
        "",
        "Direct response, against the usual one, below which the stimulus failed.",
        "default of this program: docs/criteria.md 8",
        ge=0.0,
        le=1.0,
    )
    noise_reject: float = number(
        3.0,
        "",
        "Baseline noise, in multiples of the run's median, from which a sweep is rejected.",
        "default of this program: docs/criteria.md 8",
        ge=1.5,
        le=100.0,
    )
    reflex_fraction: float = number(
        0.3,
        "",
        "Size of a response on the other side, against this side, from which both are taken for a "
        "reflex; a smaller one only if it comes at another moment.",
        "default of this program: docs/criteria.md 9",
        ge=0.05,
        le=5.0,
    )


class TrendParameters(Group):
    """The course over a recording, block by block."""

    block_size: int = number(
        10, "", "Stimuli of a block.", "default of this program: docs/criteria.md 15", ge=4, le=500
    )
    pause_s: float = number(
        30.0, "s", "Pause of the stimulation at which a block ends.", OWN, ge=0.5, le=86400.0
    )
    min_valid: int = number(
        5, "", "Valid sweeps that a block needs.", f"{OWN}: docs/criteria.md 15", ge=2, le=100
    )
    baseline_block: int = number(
        -1,
        "",
        "Block, counted from 0, that others are compared with; -1: the first with a response.",
        OWN,
        ge=-1,
        le=100000,
    )
    block_upper: float = number(
        0.15,
        "",
        "Upper one-sided 95 % bound of persistence that an absent block, with its neighbours, "
        "allows.",
        "default of this program: one call by chance in 30 leaves 14.9 % (Clopper-Pearson 1934)",
        ge=0.001,
        le=0.9,
    )
    reduced_fraction: float = number(
        0.5,
        "",
        "Part of the baseline's amplitude or persistence below which a response is reduced.",
        "default of this program: falls by half are what series report (docs/criteria.md 15)",
        ge=0.05,
        le=0.95,
    )


class Parameters(Group):
    """All parameters of an analysis."""

    stimuli: StimulusParameters = StimulusParameters()
    artefact: ArtefactParameters = ArtefactParameters()
    conditioning: ConditioningParameters = ConditioningParameters()
    detection: DetectionParameters = DetectionParameters()
    criteria: CriteriaParameters = CriteriaParameters()
    trend: TrendParameters = TrendParameters()
    bursts: BurstParameters = BurstParameters()
    patterns: PatternParameters = PatternParameters()

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
        + ("" if e["type"] in {"missing", "out_of_order"} else f" (given: {e['input']!r})")
        for e in error.errors()
    ]
    return "; ".join(parts)
