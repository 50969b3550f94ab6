"""Which burst comes next: in the same muscle, or in the one above or below."""

from __future__ import annotations

import numpy as np

from amr_viewer.core.bursts import Bursts
from amr_viewer.gui.patterns.picture import Picture


def next_burst(picture: Picture, current: int | None, step: int, start_s: float) -> int | None:
    """Return the next (1) or former (-1) burst that counts; None where there is none.

    In the muscle of the current burst; without one in any muscle, from a time on.
    """
    bursts = picture.bursts
    if current is None:
        rows = np.flatnonzero(bursts.counted)
        later = bursts.start_s[rows] >= start_s
        rows = rows[later] if step > 0 else rows[~later]
    else:
        rows = np.flatnonzero(bursts.counted & (bursts.channel == bursts.channel[current]))
        rows = rows[rows > current] if step > 0 else rows[rows < current]
    return int(rows[0 if step > 0 else -1]) if len(rows) else None


def burst_beside(picture: Picture, current: int, step: int) -> int | None:
    """Return the burst nearest in time in the next lane below (1) or above (-1) that has any."""
    bursts = picture.bursts
    channels = [lane.channel.index for lane in picture.lanes]
    place = channels.index(int(bursts.channel[current]))
    others = picture.lanes[place + 1 :] if step > 0 else picture.lanes[:place][::-1]
    lane = next((x for x in others if len(x.rows)), None)
    if lane is None:
        return None
    far = np.abs(bursts.start_s[lane.rows] - bursts.start_s[current])
    return int(lane.rows[np.argmin(far)])


def next_of_channel(bursts: Bursts, burst: int) -> int | None:
    """Return the burst that follows in the same muscle and counts, None at the last."""
    same = bursts.counted & (bursts.channel == bursts.channel[burst])
    later = np.flatnonzero(same & (bursts.start_s > bursts.start_s[burst]))
    return int(later[0]) if len(later) else None


def nearest_burst(bursts: Bursts, former: Bursts, row: int) -> int | None:
    """Return the burst in the place of one that was there before; None where nothing is."""
    if row >= len(former):
        return None
    start, end = float(former.start_s[row]), float(former.end_s[row])
    same = np.flatnonzero(bursts.channel == former.channel[row])
    there = same[(bursts.start_s[same] < end) & (bursts.end_s[same] > start)]
    if not len(there):
        return None
    return int(there[np.argmin(np.abs(bursts.start_s[there] - start))])


def are_same(bursts: Bursts, former: Bursts) -> bool:
    """Whether two lists hold the same stretches, whatever they are called."""
    return bursts is former or (
        np.array_equal(bursts.start_s, former.start_s)
        and np.array_equal(bursts.channel, former.channel)
        and np.array_equal(bursts.duration_ms, former.duration_ms)
    )
