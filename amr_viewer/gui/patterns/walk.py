"""Which burst comes next: in the same muscle, or in the one above or below."""

from __future__ import annotations

import numpy as np

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
