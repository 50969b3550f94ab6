"""Words of the Patterns view for bursts and pairs; those for conclusions are in `pattern_words`."""

from __future__ import annotations

from math import isfinite

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import SET_ASIDE_WORDS, BurstKind, Bursts, SetAside
from amr_viewer.core.patterns import Estimate, Spread, Synchrony
from amr_viewer.gui.plot.scale import clock
from amr_viewer.report.wording import EN

KIND_WORDS = {BurstKind.OTHER: "other", BurstKind.CLONIC: "clonic", BurstKind.TONIC: "tonic"}
BY_HAND = ", by hand"
CAUTION = (
    "The program's reading of the EMG; to be correlated clinically. Crosstalk can mimic "
    "synchrony, and the limits are defaults that are not validated on patients."
)
NEGATIVE = "A short recording does not exclude intermittent spasm."


def code_of(muscle: Muscle | None, side: Side | None, label: str) -> str:
    """Return side and muscle in a few letters, the label where they are unknown.

    Examples
    --------
    >>> code_of(None, None, "EMG 4")
    'EMG 4'
    """
    if muscle is None:
        return label
    return f"{EN.side_letters[side or '']} {EN.muscle_short[muscle]}".strip()


def side_words(side: Side | None) -> str:
    """Return which side a finding is about."""
    return "Both sides" if side is None else side.value.capitalize()


def number(value: float, digits: int = 3) -> str:
    """Return a number with a true minus sign, a dash where it is not known."""
    return f"{value:.{digits}g}".replace("-", "−") if isfinite(value) else "–"


def estimate_words(estimate: Estimate, decimals: int = 2) -> str:
    """Return a number with its interval.

    Examples
    --------
    >>> estimate_words(Estimate(0.83, 0.71, 0.92, 40))
    '0.83 (95 % interval 0.71–0.92)'
    """
    if not estimate.known:
        return "not measurable"
    text = f"{estimate.value:.{decimals}f}"
    if isfinite(estimate.low) and isfinite(estimate.high):
        text += f" (95 % interval {estimate.low:.{decimals}f}–{estimate.high:.{decimals}f})"
    return text.replace("-", "−")


def spread_words(spread: Spread, unit: str, decimals: int = 1) -> str:
    """Return a median with its quartiles."""
    if not isfinite(spread.median):
        return "not measurable"
    text = f"{spread.median:.{decimals}f} {unit}"
    if isfinite(spread.q25) and isfinite(spread.q75):
        text += f" (quartiles {spread.q25:.{decimals}f} to {spread.q75:.{decimals}f})"
    return text.replace("-", "−")


def pair_words(pair: Synchrony, a: str, b: str) -> str:
    """Return what is known of a pair of muscles, several lines."""
    lines = [
        f"{a} and {b}",
        f"synchrony index {estimate_words(pair.index)}, {pair.index.n} onsets",
        f"lag {spread_words(pair.lag_ms, 'ms')}, {pair.lag_ms.n} pairs; positive: {b} follows {a}",
    ]
    if isfinite(pair.chance):
        lines.append(f"together by chance: {pair.chance:.2f}")
    if pair.crosstalk:
        lines.append("one may hold only a copy of the other (crosstalk)")
    return "\n".join(lines)


def kind_words(bursts: Bursts, burst: int) -> str:
    """Return the kind of a burst, or why it is set aside."""
    reason = SetAside(int(bursts.set_aside[burst]))
    kind = KIND_WORDS[BurstKind(int(bursts.kind[burst]))]
    if reason is not SetAside.NONE:
        kind = f"set aside: {SET_ASIDE_WORDS[reason]}"
    return f"{kind}{BY_HAND}" if bursts.manual[burst] and reason is not SetAside.DECIDED else kind


def burst_words(bursts: Bursts, burst: int) -> str:
    """Return what is known of a burst, in one line."""
    channel = bursts.channel_of(int(bursts.channel[burst]))
    parts = [
        f"{channel.name}, {clock(float(bursts.start_s[burst]), 3)}",
        kind_words(bursts, burst),
        f"{bursts.duration_ms[burst]:.0f} ms",
        f"peak {number(float(bursts.peak_uv[burst]))} µV",
    ]
    n, rate = float(bursts.n_discharges[burst]), float(bursts.rate_hz[burst])
    if isfinite(n):
        parts.append(f"{n:.0f} discharges")
    if isfinite(rate):
        sure = "" if bursts.rate_reliable[burst] else ", not reliable"
        parts.append(f"{rate:.0f} Hz within{sure}")
    return "; ".join(parts)
