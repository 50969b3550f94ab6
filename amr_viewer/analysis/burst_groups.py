"""Salvos and episodes: bursts that follow each other closely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.parameters import BurstParameters


def grouped(
    start_s: NDArray[np.float64],
    end_s: NDArray[np.float64],
    channel: NDArray[np.intp],
    counted: NDArray[np.bool_],
    p: BurstParameters,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return salvo and episode of each burst, -1 where it is set aside.

    Numbers run over the recording, channel by channel: a salvo or episode belongs to one channel.
    """
    salvo = np.full(len(start_s), -1, dtype=np.intp)
    episode = salvo.copy()
    n_salvos = n_episodes = 0
    for c in np.unique(channel[counted]):
        rows = np.flatnonzero(counted & (channel == c))
        rows = rows[np.argsort(start_s[rows], kind="stable")]
        salvo[rows] = n_salvos + salvos_of(start_s[rows], p)
        episode[rows] = n_episodes + episodes_of(start_s[rows], end_s[rows], p)
        n_salvos, n_episodes = int(salvo[rows[-1]]) + 1, int(episode[rows[-1]]) + 1
    return salvo, episode


def salvos_of(start_s: NDArray[np.float64], p: BurstParameters) -> NDArray[np.intp]:
    """Return the salvo, from 0, of bursts in order of time."""
    return np.asarray(np.cumsum(np.diff(start_s, prepend=start_s[:1]) >= 1e-3 * p.salvo_gap_ms))


def episodes_of(
    start_s: NDArray[np.float64], end_s: NDArray[np.float64], p: BurstParameters
) -> NDArray[np.intp]:
    """Return the episode, from 0, of bursts in order of time."""
    if not len(start_s):
        return np.empty(0, dtype=np.intp)
    latest = np.maximum.accumulate(end_s)
    new = np.zeros(len(start_s), dtype=np.intp)
    new[1:] = start_s[1:] - latest[:-1] >= p.episode_gap_s
    return np.cumsum(new)
