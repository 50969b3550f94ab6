"""The numbers that bursts and patterns of free-running EMG depend on."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from amr_viewer.core.declaring import OWN, Group, number

HERE_BURSTS = f"{OWN}: docs/criteria.md 17"
HERE_PATTERNS = f"{OWN}: docs/criteria.md 18"


class BurstParameters(Group):
    """Finding bursts in free-running EMG, and naming their shape."""

    high_pass_hz: float = number(
        20.0, "Hz", "High-pass corner.", "van Boxtel 2001: 15-25 Hz", ge=1.0, le=200.0
    )
    surface_low_pass_hz: float = number(
        500.0,
        "Hz",
        "Low-pass corner of surface electrodes.",
        "van Boxtel 2001: 400-500 Hz",
        ge=100.0,
        le=5000.0,
    )
    needle_from_hz: float = number(
        10000.0,
        "Hz",
        "Sampling rate from which a channel whose label does not say counts as a needle's.",
        HERE_BURSTS,
        ge=0.0,
        le=1000000.0,
    )
    window_ms: float = number(
        10.0, "ms", "Width of the RMS envelope.", HERE_BURSTS, ge=2.0, le=100.0
    )
    block_s: float = number(
        60.0,
        "s",
        "Time that a much higher level of rest must last to be believed.",
        HERE_BURSTS,
        ge=5.0,
        le=3600.0,
    )
    quiet_fraction: float = number(
        0.15,
        "",
        "Part of the 30 ms windows around a moment, the quietest, that shows the level of rest.",
        HERE_BURSTS,
        ge=0.02,
        le=0.9,
    )
    on_sigma: float = number(
        5.0,
        "",
        "A burst is what rises above rest by this many standard deviations of the envelope.",
        HERE_BURSTS,
        ge=2.0,
        le=30.0,
    )
    off_sigma: float = number(
        2.5,
        "",
        "It begins and ends at this level, in the same measure.",
        HERE_BURSTS,
        ge=0.5,
        le=30.0,
    )
    noise_per_min: float = number(
        0.2,
        "1/min",
        "Bursts that noise alone may make in a channel; events too weak for that are dropped.",
        HERE_BURSTS,
        ge=0.001,
        le=1000.0,
    )
    gap_ms: float = number(
        20.0, "ms", "Shorter gaps do not part bursts.", HERE_BURSTS, ge=0.0, le=200.0
    )
    min_ms: float = number(
        8.0, "ms", "Shorter events are no bursts.", HERE_BURSTS, ge=0.0, le=200.0
    )
    floor: float = number(
        0.4,
        "",
        "Part of the usual burst peak, or of a maximal contraction, that a burst beside a larger "
        "one must reach where the signals cannot tell whether it is conducted.",
        HERE_BURSTS,
        ge=0.0,
        le=1.0,
    )
    clonic_max_ms: float = number(
        250.0, "ms", "Longest clonic burst.", HERE_BURSTS, ge=20.0, le=2000.0
    )
    tonic_min_ms: float = number(
        500.0, "ms", "Shortest tonic burst.", HERE_BURSTS, ge=50.0, le=10000.0
    )
    salvo_gap_ms: float = number(
        250.0,
        "ms",
        "Bursts whose onsets lie closer belong to one salvo.",
        HERE_BURSTS,
        ge=20.0,
        le=2000.0,
    )
    episode_gap_s: float = number(
        1.0, "s", "Bursts parted by less belong to one episode.", HERE_BURSTS, ge=0.1, le=60.0
    )
    stimulus_before_ms: float = number(
        5.0, "ms", "Bursts so long before a stimulus are set aside.", HERE_BURSTS, ge=0.0, le=100.0
    )
    stimulus_after_ms: float = number(
        60.0, "ms", "Bursts so long after a stimulus are set aside.", HERE_BURSTS, ge=0.0, le=2000.0
    )
    blink_lag_ms: float = number(
        10.0,
        "ms",
        "Most that the two eyes differ in the onset of a blink.",
        HERE_BURSTS,
        ge=0.0,
        le=100.0,
    )
    blink_max_ms: float = number(200.0, "ms", "Longest blink.", HERE_BURSTS, ge=50.0, le=1000.0)
    muscle_min_hz: float = number(
        40.0,
        "Hz",
        "Slower bursts on surface electrodes are movement or heart.",
        HERE_BURSTS,
        ge=0.0,
        le=200.0,
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse levels and durations that contradict each other."""
        pairs = (
            ("off_sigma", "on_sigma"),
            ("clonic_max_ms", "tonic_min_ms"),
            ("high_pass_hz", "surface_low_pass_hz"),
        )
        for low, high in pairs:
            a, b = getattr(self, low), getattr(self, high)
            if a > b:
                raise PydanticCustomError(
                    "out_of_order", f"{low} {a:g} is more than {high} {b:g}; set both"
                )
        return self


class PatternParameters(Group):
    """What must hold before a pattern is named."""

    min_rest_s: float = number(
        180.0,
        "s",
        "Time that a pattern should rest on; with less the confidence is low, with less than a "
        "third nothing is said.",
        HERE_PATTERNS,
        ge=3.0,
        le=36000.0,
    )
    min_clonic: int = number(
        10,
        "",
        "Clonic bursts that a pattern needs, if it has no tonic ones.",
        HERE_PATTERNS,
        ge=2,
        le=10000,
    )
    min_tonic: int = number(3, "", "Tonic bursts that it needs.", HERE_PATTERNS, ge=1, le=10000)
    sync_ms: float = number(
        10.0, "ms", "Onsets that differ by less are together.", HERE_PATTERNS, ge=1.0, le=100.0
    )
    synchronous: float = number(
        0.5, "", "Synchrony index from which muscles burst together.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    asynchronous: float = number(
        0.2, "", "Synchrony index below which they do not.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    envelope_together: float = number(
        0.5,
        "",
        "Correlation of envelopes (30 ms, what is slower than 0.5 s taken off) from which muscles "
        "rise and fall together.",
        f"{HERE_PATTERNS}; as the synchrony index",
        ge=0.0,
        le=1.0,
    )
    envelope_apart: float = number(
        0.2, "", "Correlation below which they do not.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    lag_surface_ms: float = number(
        10.0,
        "ms",
        "Largest lag between muscles of one spasm, surface electrodes.",
        HERE_PATTERNS,
        ge=0.5,
        le=100.0,
    )
    lag_needle_ms: float = number(
        5.0, "ms", "The same, needle electrodes.", HERE_PATTERNS, ge=0.5, le=100.0
    )
    unilateral: float = number(
        0.8,
        "",
        "Lateralization from which a pattern is on one side.",
        HERE_PATTERNS,
        ge=0.1,
        le=1.0,
    )
    bilateral: float = number(
        0.2, "", "Lateralization up to which it is on both.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    babinski_ms: float = number(
        20.0,
        "ms",
        "Largest difference of onset of the two muscles of the other Babinski sign.",
        HERE_PATTERNS,
        ge=1.0,
        le=200.0,
    )
    babinski_present: float = number(
        0.5, "", "Index from which that sign is present.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    babinski_absent: float = number(
        0.1, "", "Index up to which it is absent.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    rate_hfs_low_hz: float = number(
        150.0,
        "Hz",
        "Least rate of discharges within a burst of hemifacial spasm.",
        "Nielsen 1984: 250-350 Hz; 150 is usual (docs/criteria.md 18)",
        ge=10.0,
        le=1000.0,
    )
    rate_hfs_high_hz: float = number(
        400.0, "Hz", "Highest such rate.", HERE_PATTERNS, ge=10.0, le=1000.0
    )
    rate_myokymia_low_hz: float = number(
        2.0, "Hz", "Least rate within a myokymic burst.", HERE_PATTERNS, ge=0.1, le=1000.0
    )
    rate_myokymia_high_hz: float = number(
        60.0, "Hz", "Highest rate within a myokymic burst.", HERE_PATTERNS, ge=1.0, le=1000.0
    )
    rate_neuromyotonia_low_hz: float = number(
        150.0, "Hz", "Least rate of a neuromyotonic discharge.", HERE_PATTERNS, ge=10.0, le=1000.0
    )
    rate_voluntary_high_hz: float = number(
        50.0, "Hz", "Highest rate of a voluntary contraction.", HERE_PATTERNS, ge=5.0, le=1000.0
    )
    rhythmic: float = number(
        0.4, "", "Rhythm index from which bursts are rhythmic.", HERE_PATTERNS, ge=0.0, le=1.0
    )
    regular_cv: float = number(
        0.3,
        "",
        "Variation of intervals below which they are regular.",
        HERE_PATTERNS,
        ge=0.0,
        le=2.0,
    )
    irregular_cv: float = number(
        0.5,
        "",
        "Variation of intervals from which they are irregular.",
        HERE_PATTERNS,
        ge=0.0,
        le=5.0,
    )
    jerk_max_ms: float = number(
        75.0, "ms", "Longest cortical jerk.", HERE_PATTERNS, ge=10.0, le=500.0
    )
    contingent: float = number(
        0.9,
        "",
        "Part of the blinks or cued movements with a partner from which activity is synkinetic.",
        HERE_PATTERNS,
        ge=0.1,
        le=1.0,
    )
    partner_ms: float = number(
        50.0, "ms", "How late such a partner may come.", HERE_PATTERNS, ge=5.0, le=1000.0
    )
    rest_rate_max: float = number(
        1.0,
        "",
        "Bursts per minute at rest that synkinesis, and no activity, allow.",
        HERE_PATTERNS,
        ge=0.0,
        le=1000.0,
    )
    least_points: float = number(
        3.0,
        "",
        "Points that a pattern needs to be named; a point is about a factor of e in likelihood.",
        HERE_PATTERNS,
        ge=0.0,
        le=100.0,
    )
    least_lead: float = number(
        1.0,
        "",
        "Points by which it must lead the next one.",
        HERE_PATTERNS,
        ge=0.0,
        le=100.0,
    )
    cue_s: float = number(
        3.0,
        "s",
        "How long after its mark a movement that was asked for is expected, where the mark has no "
        "duration.",
        HERE_PATTERNS,
        ge=0.2,
        le=60.0,
    )
    surgical_marks: int = number(
        2,
        "",
        "Marks of an operation from which a recording is intra-operative; 0: always.",
        HERE_PATTERNS,
        ge=0,
        le=1000,
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse limits that contradict each other."""
        pairs = (
            ("asynchronous", "synchronous"),
            ("envelope_apart", "envelope_together"),
            ("bilateral", "unilateral"),
            ("babinski_absent", "babinski_present"),
            ("rate_hfs_low_hz", "rate_hfs_high_hz"),
            ("rate_myokymia_low_hz", "rate_myokymia_high_hz"),
        )
        for low, high in pairs:
            a, b = getattr(self, low), getattr(self, high)
            if a > b:
                raise PydanticCustomError(
                    "out_of_order", f"{low} {a:g} is more than {high} {b:g}; set both"
                )
        return self
