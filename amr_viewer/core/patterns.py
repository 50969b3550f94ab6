"""What the bursts of a recording say about its pattern; what decides it is in `analysis`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite, nan

from amr_viewer.core.anatomy import Muscle, Side


class Conclusion(StrEnum):
    """The pattern of a recording."""

    NO_ACTIVITY = "no_activity"
    HFS_CLONIC = "hfs_clonic"
    HFS_TONIC = "hfs_tonic"
    HFS_CLONIC_TONIC = "hfs_clonic_tonic"
    BLEPHAROSPASM = "blepharospasm"
    MYOKYMIA = "myokymia"
    SYNKINESIS = "synkinesis"
    CORTICAL = "cortical"
    VOLUNTARY = "voluntary"
    FASCICULATION = "fasciculation"
    NEUROMYOTONIA = "neuromyotonia"
    HEMIMASTICATORY = "hemimasticatory"
    INDETERMINATE = "indeterminate"
    INSUFFICIENT = "insufficient"


HFS = frozenset({Conclusion.HFS_CLONIC, Conclusion.HFS_TONIC, Conclusion.HFS_CLONIC_TONIC})
"""The patterns of hemifacial spasm."""

CONCLUSION_WORDS = {
    Conclusion.NO_ACTIVITY: "no involuntary activity",
    Conclusion.HFS_CLONIC: "hemifacial-spasm pattern, clonic",
    Conclusion.HFS_TONIC: "hemifacial-spasm pattern, tonic",
    Conclusion.HFS_CLONIC_TONIC: "hemifacial-spasm pattern, clonic-tonic",
    Conclusion.BLEPHAROSPASM: "blepharospasm-type pattern",
    Conclusion.MYOKYMIA: "myokymia-type pattern",
    Conclusion.SYNKINESIS: "synkinesis-type pattern",
    Conclusion.CORTICAL: "cortical-type rhythmic jerks",
    Conclusion.VOLUNTARY: "voluntary-like activity",
    Conclusion.FASCICULATION: "fasciculation-type activity",
    Conclusion.NEUROMYOTONIA: "neuromyotonia-type discharges",
    Conclusion.HEMIMASTICATORY: "hemimasticatory-spasm-type pattern",
    Conclusion.INDETERMINATE: "indeterminate",
    Conclusion.INSUFFICIENT: "too little activity or time to say",
}


class Confidence(StrEnum):
    """How well a conclusion is supported, in a word: no probability is claimed."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval and what it rests on; NaN: could not be measured.

    Attributes
    ----------
    value, low, high : float
    n : int
        Bursts, pairs, episodes or trials that it rests on.
    """

    value: float = nan
    low: float = nan
    high: float = nan
    n: int = 0

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return isfinite(self.value)


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with its quartiles; NaN: could not be measured."""

    median: float = nan
    q25: float = nan
    q75: float = nan
    n: int = 0

    @property
    def iqr(self) -> float:
        """Interquartile range."""
        return self.q75 - self.q25


@dataclass(frozen=True, slots=True)
class Synchrony:
    """How far two channels burst together.

    Attributes
    ----------
    a, b : int
        Indices into ``Recording.channels``.
    index : Estimate
        Chance-corrected fraction of onsets with a partner (0: as by chance, 1: always), 95 %
        bootstrap interval; `index.n` onsets of the channel with fewer.
    chance : float
        Fraction with a partner after circular shifts.
    lag_ms : Spread
        Onset in `b` after onset in `a`, over the pairs.
    envelope_r : float
        Highest correlation of the two envelopes, lags up to 10 ms, while one of them bursts; NaN
        where it was not asked.
    envelope_lag_ms : float
        Lag of their highest correlation within 80 ms.
    ratio_sd : float
        Standard deviation of ln(peak b / peak a) over the pairs.
    crosstalk : bool
        One channel may hold nothing but a copy of the other.
    """

    a: int
    b: int
    index: Estimate
    chance: float = nan
    lag_ms: Spread = field(default_factory=Spread)
    envelope_r: float = nan
    ratio_sd: float = nan
    crosstalk: bool = False
    envelope_lag_ms: float = nan


@dataclass(frozen=True, slots=True)
class MuscleActivity:
    """The activity of one channel at rest, set-aside bursts left out; NaN: not measurable.

    Attributes
    ----------
    channel : int
        Index into ``Recording.channels``.
    label : str
    muscle, side : Muscle, Side or None
    n_bursts, n_clonic, n_tonic, n_other, n_salvos, n_episodes, n_set_aside : int
    bursts_per_min : Estimate
        95 % interval of a Poisson count.
    duration_ms : Spread
    load_percent : float
        Part of the time in bursts.
    load_uv_s_min : float
        Integral of the envelope above its baseline, per minute.
    discharges, rate_hz : Spread
        Per burst, of needle electrodes; NaN on surface electrodes.
    rate_reliable : float
        Fraction of the rated bursts whose rate is reliable.
    rhythm_cv : float
        Coefficient of variation of the intervals between onsets of groups.
    """

    channel: int
    label: str
    muscle: Muscle | None
    side: Side | None
    n_bursts: int = 0
    n_clonic: int = 0
    n_tonic: int = 0
    n_other: int = 0
    n_salvos: int = 0
    n_episodes: int = 0
    n_set_aside: int = 0
    bursts_per_min: Estimate = field(default_factory=Estimate)
    duration_ms: Spread = field(default_factory=Spread)
    load_percent: float = nan
    load_uv_s_min: float = nan
    discharges: Spread = field(default_factory=Spread)
    rate_hz: Spread = field(default_factory=Spread)
    rate_reliable: float = nan
    rhythm_cv: float = nan


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How regularly bursts, or groups of them, recur; NaN: too few.

    Attributes
    ----------
    cv, cv2 : Estimate
        Of the intervals from onset to onset of episodes: coefficient of variation over all, and
        from one to the next.
    salvo_cv : Estimate
        Of the intervals between bursts within salvos.
    index : float
        Highest peak of the autocorrelation of onsets above what shuffled intervals reach.
    peak_hz : float
        Rate at which that peak lies.
    """

    cv: Estimate = field(default_factory=Estimate)
    cv2: Estimate = field(default_factory=Estimate)
    salvo_cv: Estimate = field(default_factory=Estimate)
    index: float = nan
    peak_hz: float = nan


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against the conclusion.

    Attributes
    ----------
    rule : str
        Short name of the rule ("synchrony", "lateralization", "AMR").
    words : str
        One phrase with its numbers.
    weight : int
        +1 for the conclusion, -1 against it, 0 said for the reader.
    points : float
        How much it weighs in the scorecard of the pattern; 0 for what is no matter of degree.
    """

    rule: str
    words: str
    weight: int
    points: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class PatternFinding:
    """The pattern of one side, or of both together.

    Attributes
    ----------
    side : Side or None
        None: both sides together, which is the answer of the recording.
    conclusion : Conclusion
    confidence : Confidence or None
        None where there is nothing to be confident about (indeterminate, insufficient).
    runner_up : Conclusion or None
    pattern_side : str
        ``left | right | both`` or empty: where the pattern is.
    summary : str
        The answer in one or two sentences.
    evidence : tuple of Evidence
    missing : tuple of str
        Tests that would support or refute the conclusion and were not done.
    assessed_s : float
        Seconds of rest that were judged.
    muscles : tuple of MuscleActivity
    n_bursts, n_clonic, n_tonic, n_other, n_salvos, n_episodes, n_clonic_tonic, n_set_aside : int
        Over all channels of the side; episodes and salvos of a side count once over its muscles.
    bursts_per_min, clonic_per_min, tonic_per_min, episodes_per_min : Estimate
        Per minute and side, 95 % interval of a Poisson count.
    duration_ms, clonic_duration_ms, tonic_duration_ms : Spread
    load_percent, load_uv_s_min : float
        Part of the time in which any muscle bursts; mean of the muscles.
    synchrony : tuple of Synchrony
        Every pair of channels that is asked about: within the side, or all pairs for both.
    synchrony_index : Estimate
        Of the pair that stands for the side.
    lag_ms : Spread
        Size of the lag in that pair.
    lateralization : Estimate
        (left - right) / (left + right) of bursts; +1 only left. Bootstrap of episodes.
    lateralization_area : float
        The same of burst area.
    rhythm : Rhythm
    rate_hz : Spread
    rate_reliable : float
    other_babinski : Estimate
        Fraction of bursts of the orbicularis oculi with frontalis of the same side alone (Wilson).
    cue_contingency, blink_contingency : Estimate
        Fraction of cues, of blinks, that another muscle of the side answers (Wilson).
    sleep_persistence : Estimate
        Episodes per hour asleep as part of those awake.
    flags : tuple of str
        What limits trust in the channels of the side.
    """

    side: Side | None
    conclusion: Conclusion
    confidence: Confidence | None = None
    runner_up: Conclusion | None = None
    pattern_side: str = ""
    summary: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    assessed_s: float = 0.0
    muscles: tuple[MuscleActivity, ...] = ()
    n_bursts: int = 0
    n_clonic: int = 0
    n_tonic: int = 0
    n_other: int = 0
    n_salvos: int = 0
    n_episodes: int = 0
    n_clonic_tonic: int = 0
    n_set_aside: int = 0
    bursts_per_min: Estimate = field(default_factory=Estimate)
    clonic_per_min: Estimate = field(default_factory=Estimate)
    tonic_per_min: Estimate = field(default_factory=Estimate)
    episodes_per_min: Estimate = field(default_factory=Estimate)
    duration_ms: Spread = field(default_factory=Spread)
    clonic_duration_ms: Spread = field(default_factory=Spread)
    tonic_duration_ms: Spread = field(default_factory=Spread)
    load_percent: float = nan
    load_uv_s_min: float = nan
    synchrony: tuple[Synchrony, ...] = ()
    synchrony_index: Estimate = field(default_factory=Estimate)
    lag_ms: Spread = field(default_factory=Spread)
    lateralization: Estimate = field(default_factory=Estimate)
    lateralization_area: float = nan
    rhythm: Rhythm = field(default_factory=Rhythm)
    rate_hz: Spread = field(default_factory=Spread)
    rate_reliable: float = nan
    other_babinski: Estimate = field(default_factory=Estimate)
    cue_contingency: Estimate = field(default_factory=Estimate)
    blink_contingency: Estimate = field(default_factory=Estimate)
    sleep_persistence: Estimate = field(default_factory=Estimate)
    flags: tuple[str, ...] = ()

    def evidence_for(self) -> tuple[Evidence, ...]:
        """Return what speaks for the conclusion."""
        return tuple(e for e in self.evidence if e.weight > 0)

    def evidence_against(self) -> tuple[Evidence, ...]:
        """Return what speaks against the conclusion."""
        return tuple(e for e in self.evidence if e.weight < 0)
