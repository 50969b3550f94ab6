"""Bring the bursts of all channels together: set aside, name and group them, judge the channels."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import grouped
from amr_viewer.analysis.burst_shape import kinds
from amr_viewer.analysis.channel_bursts import Events, Tally
from amr_viewer.analysis.channel_quality import quality_of
from amr_viewer.analysis.crosstalk import find_conducted
from amr_viewer.analysis.crosstalk_spans import Scene
from amr_viewer.analysis.envelopes import Track
from amr_viewer.analysis.floors import Conducted, below_floor, floors, only_copies
from amr_viewer.analysis.free_marks import read_marks
from amr_viewer.analysis.set_aside import Place, Table, all_blinks, no_muscle
from amr_viewer.analysis.stretches import Stretch
from amr_viewer.core.bursts import BurstChannel, Bursts, Electrode, SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

HUM = 0.5
"""Mains that is more than this part of the quiet power would be taken for what muscles share."""

COPIES = (SetAside.CONDUCTED, SetAside.BELOW_FLOOR)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What one channel gave, stretch by stretch."""

    index: int
    electrode: Electrode
    electrode_reason: str
    tracks: tuple[Track, ...]
    tallies: tuple[Tally, ...]
    events: tuple[Events, ...]

    def levels(self, pick: str, *sigmas: float) -> NDArray[np.float64]:
        """Return the levels of rest of all cells, or levels above it."""
        courses = [t.course for t in self.tallies if t.course]
        parts = [getattr(c, pick)(*sigmas) if sigmas else getattr(c, pick) for c in courses]
        return np.concatenate([np.empty(0), *parts])

    @property
    def start_s(self) -> NDArray[np.float64]:
        """Start of all cells."""
        pairs = [(t.course, k) for t, k in zip(self.tallies, self.tracks, strict=True) if t.course]
        return np.concatenate([np.empty(0), *(k.time_s(c.start) for c, k in pairs)])

    def place(self, recording: Recording) -> Place:
        """Return what setting aside needs to know."""
        channel = recording.channels[self.index]
        mean = self.levels("mean_uv")
        noise = float(np.median(mean)) if len(mean) else nan
        sd = float(np.median(mean * self.levels("spread"))) if len(mean) else nan
        return Place(self.index, channel.muscle, channel.side, self.electrode, noise, sd)


def brought_together(
    recording: Recording,
    found: list[Found],
    stretches: list[Stretch],
    stimuli_s: NDArray[np.float64],
    p: Parameters,
) -> Bursts:
    """Return the bursts of all channels in order of time.

    Parameters
    ----------
    recording : Recording
    found : list of Found
        In the order of the recording.
    stretches : list of Stretch
        Where bursts were looked for.
    stimuli_s : ndarray
    p : Parameters

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    columns = _columns(found)
    places = tuple(f.place(recording) for f in found)
    # What is too weak for a burst may still show, with others, what is the heart, or a blink.
    strong = np.flatnonzero(~columns.pop("weak").astype(np.bool_))
    everything = _table(columns)
    aside_all = no_muscle(everything, stimuli_s, p.bursts)
    columns = {n: a[strong] for n, a in columns.items()}
    table, aside = _table(columns), aside_all[strong]
    free = aside == SetAside.NONE
    scene = Scene(recording, stretches, table, places, stimuli_s, p, _humming(found))
    conducted = find_conducted(scene, free)
    levels = _set_copies_aside(scene, conducted, aside)
    aside_all[strong] = aside
    blinks = all_blinks(everything, places, aside_all == SetAside.NONE, p.bursts)
    aside[blinks[strong]] = SetAside.BLINK
    counted = aside == SetAside.NONE
    salvo, episode = grouped(table.start_s, table.end_s, table.channel, counted, p.bursts)
    copies = only_copies(table, places, free, np.isin(aside, COPIES))
    snr_db = columns.pop("snr_db")
    channels = tuple(
        _channel(recording, f, columns, snr_db, aside, levels[f.index], p) for f in found
    )
    columns.pop("channel")
    reliable = columns.pop("rate_reliable").astype(np.bool_)
    return Bursts(
        channels=channels,
        channel=table.channel,
        kind=kinds(columns["duration_ms"], columns["trough"], p.bursts),
        salvo=salvo,
        episode=episode,
        rate_reliable=reliable,
        set_aside=aside,
        manual=np.zeros(len(aside), np.bool_),
        conducted_from=np.where(conducted.source >= 0, conducted.source, nan),
        duration_s=sum(s.duration_s for s in stretches),
        warnings=tuple(_warnings(channels, copies)),
        **columns,
    )


def _set_copies_aside(
    scene: Scene, conducted: Conducted, aside: NDArray[np.int8]
) -> dict[int, tuple[float, bool]]:
    """Set aside what is conducted, or may be; return the floors."""
    table, p = scene.table, scene.parameters
    aside[conducted.copy] = SetAside.CONDUCTED
    maximal = read_marks(scene.recording, p).maximal
    levels = floors(table, scene.places, aside == SetAside.NONE, maximal, p.bursts)
    small = below_floor(table, scene.places, aside == SetAside.NONE, conducted, levels)
    aside[small] = SetAside.BELOW_FLOOR
    return levels


def _humming(found: list[Found]) -> frozenset[int]:
    """Return the channels with much mains."""
    most = {f.index: max((m for t in f.tallies for m in t.mains), default=0.0) for f in found}
    return frozenset(i for i, m in most.items() if m > HUM)


def _columns(found: list[Found]) -> dict[str, Any]:
    """Return what is known of the events of all channels, in order of time."""
    parts = [(f.index, e) for f in found for e in f.events]

    def joined(pick: str) -> NDArray[np.float64]:
        return np.concatenate([np.asarray(getattr(e, pick), np.float64) for _, e in parts])

    channel = np.concatenate([np.full(len(e.start_s), i, np.intp) for i, e in parts])
    order = np.lexsort((channel, joined("start_s")))
    names = ("start_s", "duration_ms", "peak_uv", "area_uv_s", "frequency_hz", "snr_db", "weak")
    out: dict[str, Any] = {n: joined(n)[order] for n in names}
    for n in ("slope_per_s", "fluctuation", "rise", "trough"):
        out[n] = np.concatenate([e.shape[n] for _, e in parts])[order]
    counts = {
        "n_discharges": "count", "rate_hz": "rate_hz", "rate_reliable": "reliable",
        "isi_cv": "isi_cv",
    }  # fmt: skip
    for n, pick in counts.items():
        out[n] = np.concatenate([getattr(e.discharges, pick) for _, e in parts])[order]
    return out | {"channel": channel[order]}


def _table(columns: dict[str, Any]) -> Table:
    """Return what setting aside needs to know of events."""
    return Table(
        columns["channel"],
        columns["start_s"],
        columns["start_s"] + 1e-3 * columns["duration_ms"],
        columns["peak_uv"],
        columns["frequency_hz"],
    )


def _channel(
    recording: Recording,
    found: Found,
    columns: dict[str, Any],
    snr_db: NDArray[np.float64],
    aside: NDArray[np.int8],
    floor: tuple[float, bool],
    p: Parameters,
) -> BurstChannel:
    """Return a channel with its levels and its quality."""
    channel = recording.channels[found.index]
    mine = columns["channel"] == found.index
    quality = quality_of(
        found.tallies, found.electrode, aside[mine], 1e-3 * columns["duration_ms"][mine],
        snr_db[mine],
    )  # fmt: skip
    return BurstChannel(
        index=found.index,
        label=channel.label,
        muscle=channel.muscle,
        side=channel.side,
        electrode=found.electrode,
        electrode_reason=found.electrode_reason,
        analyzed_s=sum(t.valid_s for t in found.tallies),
        block_start_s=found.start_s,
        baseline_uv=found.levels("mean_uv"),
        on_uv=found.levels("level", p.bursts.on_sigma),
        off_uv=found.levels("level", p.bursts.off_sigma),
        floor_uv=floor[0],
        calibrated=floor[1],
        noise_uv=quality.noise_uv,
        snr_db=quality.snr_db,
        active_fraction=quality.active_fraction,
        clipped_fraction=quality.clipped_fraction,
        mains_fraction=quality.mains_fraction,
        low_fraction=quality.low_fraction,
        artefact_fraction=quality.artefact_fraction,
        flags=quality.flags,
    )


def _warnings(channels: tuple[BurstChannel, ...], copies: list[int]) -> list[str]:
    """Say what was guessed of the channels, and what limits them."""
    out = []
    by_reason: dict[str, list[str]] = {}
    for c in channels:
        words = f"taken as {c.electrode} electrodes: {c.electrode_reason}"
        by_reason.setdefault(words, []).append(c.label)
    out += [
        f"free-running EMG, {', '.join(labels)}: {words}" for words, labels in by_reason.items()
    ]
    for c in channels:
        if c.index in copies:
            out.append(
                f"channel {c.label}: holds nothing but smaller copies of other channels, "
                "which may be volume-conducted; its bursts are set aside"
            )
        if c.flags:
            out.append(f"channel {c.label}, free-running EMG: {', '.join(c.flags)}")
    return out
