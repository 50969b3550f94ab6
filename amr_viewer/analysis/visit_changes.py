"""What became of a quantity from one visit to the next, with its interval, or why not to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import exp, hypot, inf, isfinite, log, nan

from amr_viewer.core.findings import Verdict
from amr_viewer.core.visit_points import (
    AMPLITUDES,
    AMR_QUANTITIES,
    DIFFERENCES,
    REST_QUANTITIES,
    SHIFT_OF_CURRENT,
    SHIFT_OF_M,
    SHIFT_OF_NOISE,
    Caution,
    Change,
    Conditions,
    Doubt,
    Place,
    Point,
    PointState,
    Quantity,
)

Interval = tuple[float, float, float]


def difference_interval(earlier: Interval, later: Interval) -> Interval:
    """Return later - earlier with its 95 % interval (square-and-add).

    Parameters
    ----------
    earlier, later : tuple of float
        Value with its 95 % interval.

    References
    ----------
    .. [1] Zou GY, Donner A. Stat Med 2008;27:1693-1702.
    .. [2] Newcombe RG. Stat Med 1998;17:873-890, method 10 for proportions.

    Examples
    --------
    >>> [round(v, 2) for v in difference_interval((0.9, 0.7, 0.97), (0.1, 0.03, 0.3))]
    [-0.8, -0.9, -0.52]
    """
    (a, a_low, a_high), (b, b_low, b_high) = earlier, later
    value = b - a
    return value, value - hypot(b - b_low, a_high - a), value + hypot(b_high - b, a - a_low)


def ratio_interval(earlier: Interval, later: Interval) -> Interval:
    """Return later / earlier with its 95 % interval (square-and-add of the logarithms).

    Where one of them is zero only a limit is left: both unfavorable ends at once, which is wider
    than 95 % needs. NaN stands for an end that is not known.

    Examples
    --------
    >>> [round(v, 2) for v in ratio_interval((100.0, 80.0, 120.0), (50.0, 40.0, 60.0))]
    [0.5, 0.37, 0.67]
    >>> [round(v, 2) for v in ratio_interval((20.0, 10.0, 40.0), (0.0, 0.0, 2.0))]
    [0.0, 0.0, 0.2]
    """
    (a, a_low, a_high), (b, b_low, b_high) = earlier, later
    if not (isfinite(a) and isfinite(b)) or (a == 0.0 and b == 0.0):
        return nan, nan, nan
    if b == 0.0:
        return 0.0, 0.0, _part(b_high, a_low)
    if a == 0.0:
        return nan, _part(b_low, a_high), nan
    value = b / a
    down = hypot(_log(b, b_low), _log(a_high, a))
    up = hypot(_log(b_high, b), _log(a, a_low))
    return value, value * exp(-down), value * exp(up) if isfinite(up) else nan


def _log(upper: float, lower: float) -> float:
    """Return the logarithm of a ratio, infinite where the lower end is zero."""
    return inf if lower <= 0.0 else log(upper / lower)


def _part(upper: float, lower: float) -> float:
    """Return a ratio, NaN where it is not known."""
    return upper / lower if lower > 0.0 else nan


def change_between(
    quantity: Quantity, place: Place, points: tuple[Point, ...], reference: int, visit: int
) -> Change | None:
    """Return the change of a quantity between two visits; None where one of them says nothing.

    Parameters
    ----------
    quantity : Quantity
    place : Place
    points : tuple of Point
        One per visit.
    reference, visit : int
        The earlier and the later visit.
    """
    earlier, later = points[reference], points[visit]
    if not (earlier.tells and later.tells):
        return None
    is_ratio = quantity not in DIFFERENCES
    refusal = _refusal(quantity, earlier, later)
    if refusal is not None:
        return Change(reference, visit, is_ratio, refused=refusal)
    value, low, high = _interval(is_ratio, earlier, later)
    cautions = tuple(_cautions(quantity, place, earlier, later))
    return Change(reference, visit, is_ratio, value, low, high, cautions=cautions)


def _interval(is_ratio: bool, earlier: Point, later: Point) -> Interval:
    """Return the change, or the limit that is left where a response was not there."""
    if PointState.NONE in {earlier.state, later.state}:
        if not is_ratio or earlier.state is later.state:
            return nan, nan, nan
        if later.state is PointState.NONE:
            return nan, nan, _part(later.high, _end(earlier.low, earlier.value))
        return nan, _part(_end(later.low, later.value), earlier.high), nan
    ends = ((p.value, p.low, p.high) for p in (earlier, later))
    return (ratio_interval if is_ratio else difference_interval)(*ends)


def _end(end: float, value: float) -> float:
    """Return the end of an interval, the value where there is none."""
    return end if isfinite(end) else value


def _refusal(quantity: Quantity, earlier: Point, later: Point) -> Caution | None:
    """Return why two visits are not compared."""
    a, b = earlier.conditions, later.conditions
    if a.electrode and b.electrode and a.electrode is not b.electrode:
        return Caution(Doubt.ELECTRODE_TYPE, a.electrode.value, b.electrode.value)
    if quantity in REST_QUANTITIES and a.muscles != b.muscles:
        return Caution(Doubt.MUSCLES, ",".join(a.muscles), ",".join(b.muscles))
    if quantity is Quantity.AMR_TO_M and a.m_muscle is not b.m_muscle:
        return Caution(Doubt.M_MUSCLE, a.m_muscle or "", b.m_muscle or "")
    gone = Verdict.ABSENT in {earlier.verdict, later.verdict}
    if quantity in AMR_QUANTITIES and gone and not (isfinite(a.m_uv) and isfinite(b.m_uv)):
        return Caution(Doubt.NO_DIRECT)
    return None


def _cautions(quantity: Quantity, place: Place, earlier: Point, later: Point) -> Iterable[Caution]:
    """Yield what to keep in mind about a comparison."""
    a, b = earlier.conditions, later.conditions
    if quantity in AMPLITUDES:
        yield Caution(Doubt.REPLACED_ELECTRODES)
    if a.electrode is None or b.electrode is None:
        yield Caution(Doubt.ELECTRODE_UNKNOWN)
    if place.muscle is None and place.channel:
        yield Caution(Doubt.LABEL_ONLY)
    if quantity not in REST_QUANTITIES:
        yield from _of_stimulation(a, b)
    else:
        yield from _of_rest(a, b)
    if quantity in AMR_QUANTITIES and (earlier.end_state or later.end_state):
        yield Caution(Doubt.CHANGED_WITHIN)
    same_m = quantity in AMR_QUANTITIES and a.m_muscle is b.m_muscle
    if same_m and _apart(a.m_uv, b.m_uv, 1.0 / SHIFT_OF_M):
        yield Caution(Doubt.M_CHANGED)
    if a.during_operation != b.during_operation:
        yield Caution(Doubt.DURING_OPERATION, *(str(c.during_operation) for c in (a, b)))
    if _apart(a.sampling_hz, b.sampling_hz, 1.0):
        yield Caution(Doubt.SAMPLING, f"{a.sampling_hz:g} Hz", f"{b.sampling_hz:g} Hz")
    if a.filters != b.filters:
        yield Caution(Doubt.FILTERS, a.filters, b.filters)
    if a.parameters_hash != b.parameters_hash:
        yield Caution(Doubt.PARAMETERS)


def _of_stimulation(a: Conditions, b: Conditions) -> Iterable[Caution]:
    """Yield what differs in how the nerve was stimulated."""
    known = isfinite(a.intensity_ma) and isfinite(b.intensity_ma)
    if not known:
        yield Caution(Doubt.INTENSITY_UNKNOWN, _ma(a.intensity_ma), _ma(b.intensity_ma))
    elif _apart(a.intensity_ma, b.intensity_ma, SHIFT_OF_CURRENT):
        yield Caution(Doubt.INTENSITY, _ma(a.intensity_ma), _ma(b.intensity_ma))
    if _apart(a.width_ms, b.width_ms, 1.0):
        yield Caution(Doubt.PULSE_WIDTH, f"{a.width_ms:g} ms", f"{b.width_ms:g} ms")


def _of_rest(a: Conditions, b: Conditions) -> Iterable[Caution]:
    """Yield what differs in the recording of rest."""
    if a.asleep_min > 0.0 or b.asleep_min > 0.0:
        yield Caution(Doubt.SLEEP, f"{a.asleep_min:.1f} min", f"{b.asleep_min:.1f} min")
    if _apart(a.noise_uv, b.noise_uv, SHIFT_OF_NOISE):
        yield Caution(Doubt.NOISE, f"{a.noise_uv:.1f} uV", f"{b.noise_uv:.1f} uV")
    if a.flags or b.flags:
        yield Caution(Doubt.QUALITY, *(",".join(c.flags) for c in (a, b)))
    if a.short_rest or b.short_rest:
        yield Caution(Doubt.SHORT_REST, f"{a.minutes:.1f} min", f"{b.minutes:.1f} min")


def _ma(current: float) -> str:
    """Return a current, empty where it is not known."""
    return f"{current:g} mA" if isfinite(current) else ""


def _apart(a: float, b: float, factor: float) -> bool:
    """Whether two known, positive numbers are further apart than by a factor."""
    if not (isfinite(a) and isfinite(b) and min(a, b) > 0.0):
        return False
    return max(a, b) / min(a, b) > factor + 1e-6


def changes_of(
    quantity: Quantity, place: Place, points: tuple[Point, ...], reference: int
) -> tuple[Change, ...]:
    """Return the changes of each visit from the reference, and from the one before that tells."""
    between: Callable[[int, int], Change | None] = lambda a, b: change_between(  # noqa: E731
        quantity, place, points, a, b
    )
    out: list[Change | None] = []
    for visit in range(1, len(points)):
        before = [i for i in range(visit) if points[i].tells]
        pairs = dict.fromkeys([reference] if 0 <= reference < visit else [])
        pairs |= dict.fromkeys(before[-1:])
        out += [between(i, visit) for i in pairs]
    return tuple(c for c in out if c is not None)
