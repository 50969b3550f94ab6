"""Bursts by muscle: one lane for each channel, sides one after the other; values only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import BurstChannel, Bursts
from amr_viewer.gui.patterns.words import code_of

MUSCLES = {muscle: i for i, muscle in enumerate(Muscle)}
SIDES = {Side.LEFT: 0, Side.RIGHT: 1, None: 2}
Span = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """The bursts of one channel.

    Attributes
    ----------
    channel : BurstChannel
    rows : ndarray of int, shape (n,)
        Into `Bursts`, in order of time.
    salvos, episodes : (ndarray, ndarray)
        Start and end of those of two bursts and more, seconds.
    """

    channel: BurstChannel
    rows: NDArray[np.intp] = field(repr=False)
    salvos: Span = field(repr=False)
    episodes: Span = field(repr=False)

    @property
    def name(self) -> str:
        """Side and muscle, or the label."""
        return self.channel.name

    @property
    def code(self) -> str:
        """The same in a few letters."""
        c = self.channel
        return code_of(c.muscle, c.side, c.label)


def ordered_channels(bursts: Bursts) -> tuple[BurstChannel, ...]:
    """Return channels from left to right, and from the forehead down."""

    def key(channel: BurstChannel) -> tuple[int, int, int]:
        muscle = MUSCLES[channel.muscle] if channel.muscle else len(MUSCLES)
        return SIDES[channel.side], muscle, channel.index

    return tuple(sorted(bursts.channels, key=key))


def lanes_of(bursts: Bursts) -> tuple[Lane, ...]:
    """Return a lane for every channel in which bursts were looked for."""
    lanes = []
    for channel in ordered_channels(bursts):
        rows = np.flatnonzero(bursts.channel == channel.index)
        salvos, episodes = (groups(bursts, rows, which) for which in (bursts.salvo, bursts.episode))
        lanes.append(Lane(channel, rows, salvos, episodes))
    return tuple(lanes)


def groups(bursts: Bursts, rows: NDArray[np.intp], which: NDArray[np.intp]) -> Span:
    """Return start and end of the groups of two bursts and more among some rows."""
    rows = rows[which[rows] >= 0]
    if not len(rows):
        return np.empty(0), np.empty(0)
    rows = rows[np.argsort(which[rows], kind="stable")]
    first = np.flatnonzero(np.diff(which[rows], prepend=-1))
    n = np.diff(first, append=len(rows))
    start = np.minimum.reduceat(bursts.start_s[rows], first)
    end = np.maximum.reduceat(bursts.end_s[rows], first)
    return start[n >= 2], end[n >= 2]
