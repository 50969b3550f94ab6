"""Reads a passage of a channel, makes it audible and hands it to a loudspeaker; knows no window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.progress import Progress
from amr_viewer.core.recording import Recording
from amr_viewer.gui.sound_device import Loudspeaker
from amr_viewer.io.wav import read_even

PIECE_S = 1.0
STEP_S = 0.05
"""How much is handed to the device at once: stopping takes no longer, and the line moves so."""

PROBES = 20
"""Seconds of a passage, evenly chosen, from which its loudness is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """What is played: samples `first` to `stop`, as `io.wav` counts them, of one channel."""

    recording: Recording
    channel: int
    first: int
    stop: int

    @property
    def sampling_hz(self) -> float:
        """Rate of the channel."""
        return self.recording.channels[self.channel].sampling_hz

    @property
    def label(self) -> str:
        """Label of the channel."""
        return self.recording.channels[self.channel].label

    @property
    def start_s(self) -> float:
        """Start in the recording."""
        return self.first / self.sampling_hz

    @property
    def stop_s(self) -> float:
        """End in the recording."""
        return self.stop / self.sampling_hz


@dataclass(frozen=True, slots=True)
class Played:
    """What was heard: the voltage at full volume, and the part that the limiter bent."""

    full_scale: float
    limited: float


def play(passage: Passage, loudspeaker: Loudspeaker, progress: Progress) -> Played:
    """Play a passage, piece by piece, so that its length costs no memory. Not for the GUI thread.

    Parameters
    ----------
    passage : Passage
    loudspeaker : Loudspeaker
    progress : Progress
        Told the part that was handed over; what it raises cuts the sound off.

    Raises
    ------
    SoundError
        The loudspeaker failed.
    ReadError
        The file can no longer be read.
    """
    from amr_viewer.analysis.audible import audible, gain_for, rates

    rate_hz = loudspeaker.rate_hz()
    ratio = rates(passage.sampling_hz, rate_hz)
    pad, length = ratio.pad(), ratio.piece(PIECE_S)
    gain = gain_for(_probe(passage))
    step = max(1, round(STEP_S * rate_hz))
    total = max(1.0, (passage.stop - passage.first) * ratio.up / ratio.down)
    played, limited = 0, 0.0
    with loudspeaker.open(rate_hz) as stream:
        for start in range(passage.first, passage.stop, length):
            stop = min(start + length, passage.stop)
            values, _ = read_even(passage.recording, passage.channel, start - pad, stop + pad)
            sound, bent = audible(values, ratio, gain, pad)
            limited += bent * len(sound)
            for at in range(0, len(sound), step):
                progress(min(played / total, 1.0), "")
                part = sound[at : at + step]
                stream.write(part)
                played += len(part)
    return Played(1.0 / gain, limited / total)


def _probe(passage: Passage) -> NDArray[np.float32]:
    """Return some seconds of a passage, evenly chosen."""
    length = max(1, round(passage.sampling_hz))
    last = max(passage.stop - length, passage.first)
    starts = np.unique(np.linspace(passage.first, last, PROBES).astype(int)).tolist()
    ends = [min(s + length, passage.stop) for s in starts]
    channel = passage.recording, passage.channel
    return np.concatenate([read_even(*channel, a, b)[0] for a, b in zip(starts, ends, strict=True)])
