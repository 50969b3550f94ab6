"""Say which sweeps, and which channels, say nothing, and why."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.robust import robust_sigma
from amr_viewer.analysis.windows import as_slice, quiet_stretch
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import Rejection
from amr_viewer.core.stimuli import Stimuli

FLAT_UV = 0.02
"""Noise below this is no electrode: the quietest amplifiers have 0.2 uV RMS."""

ZERO_UV = 1e-4
"""Noise below this is nothing at all; above it the unit may be a thousand times too small."""

ENOUGH_SWEEPS = 100

HUM_UV = 40.0
HUM_RATIO = 6.0
"""A baseline that is mains and hardly anything else, and a lot of it, is an open electrode."""


def channel_is_off(sweeps: Sweeps, channel: int, parameters: Parameters) -> str:
    """Say why a channel carries no signal, or return an empty string."""
    quiet = as_slice(quiet_stretch(sweeps.times_ms, parameters))
    some = sweeps.data_uv[:: max(len(sweeps.data_uv) // ENOUGH_SWEEPS, 1), channel][:, quiet]
    noise = robust_sigma(some)
    hum = float(np.median(sweeps.hum_uv[:, channel]))
    if noise < ZERO_UV:
        return "channel is flat"
    if noise < FLAT_UV:
        return f"channel is all but flat (noise {noise:.1g} uV): check its unit and electrode"
    if hum > HUM_UV and hum > HUM_RATIO * noise:
        return f"channel carries mains hum only ({hum:.0f} uV): electrode off"
    return ""


def rejections(
    sweeps: Sweeps,
    channel: int,
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    failed: NDArray[np.bool_],
    off: str,
    parameters: Parameters,
) -> NDArray[np.int8]:
    """Return why each sweep of a channel is rejected, shape (n_stimuli,).

    Parameters
    ----------
    sweeps : Sweeps
    channel : int
        Index into the sweeps.
    stimuli : Stimuli
        All of the recording.
    rows : ndarray of int
        The stimuli of the sweeps.
    failed : ndarray of bool, shape (n_stimuli,)
        Direct response missing.
    off : str
        Why the channel says nothing at all.
    parameters : Parameters
    """
    d = parameters.detection
    times = stimuli.time_s
    after = np.append(times, np.inf)[rows + 1] - times[rows]
    out = np.full(len(rows), Rejection.NONE, dtype=np.int8)
    out[failed] = Rejection.DIRECT_RESPONSE_MISSING
    # A response at the earliest onset needs a few ms of signal free of the amplifier's rail.
    out[sweeps.saturated_ms[:, channel] > d.window_start_ms + 2.0] = Rejection.SATURATION
    out[1e3 * after < d.window_end_ms + 0.5 * d.response_ms] = Rejection.OVERLAP
    out[sweeps.missing[:, channel]] = Rejection.INCOMPLETE
    if off:
        out[:] = Rejection.ELECTRODE
    return out
