"""Prepare sweeps for the eye: conditioned as they were analyzed, on one time axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import condition
from amr_viewer.analysis.examination import analyzed_channels
from amr_viewer.analysis.nuisance import clean_channel
from amr_viewer.analysis.windows import Window
from amr_viewer.core.anatomy import Role
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording
from amr_viewer.core.responses import Rejection, Responses

MAX_SHOWN = 120
BEFORE_MS = 10.0
LEAST_AFTER_MS = 45.0


def presented(
    recording: Recording,
    responses: Responses,
    rows: NDArray[np.intp],
    parameters: Parameters,
) -> Epochs:
    """Return sweeps of some stimuli, at most `MAX_SHOWN`, evenly taken.

    Lateral channels are shown without the artefact's tail, direct ones as they are.

    Parameters
    ----------
    recording : Recording
    responses : Responses
    rows : ndarray of int
        Stimuli of one branch and side.
    parameters : Parameters

    Returns
    -------
    Epochs
        Of the channels of `responses` that have its highest sampling rate.
    """
    if len(rows) > MAX_SHOWN:
        rows = rows[np.linspace(0, len(rows) - 1, MAX_SHOWN).astype(int)]
    rates = [c.sampling_hz for c in responses.channels]
    columns = [j for j, rate in enumerate(rates) if rate == max(rates)]
    analyzed = analyzed_channels(recording)
    channels = [analyzed[j] for j in columns]
    d = parameters.detection
    window = Window(60.0, max(LEAST_AFTER_MS, d.window_end_ms + d.response_ms) + 12.0)
    times_s = responses.stimuli.time_s
    previous = np.where(rows > 0, times_s[np.maximum(rows - 1, 0)], -np.inf)
    sweeps = condition(recording, channels, times_s[rows], previous, window, parameters)
    data = sweeps.data_uv
    for k, j in enumerate(columns):
        good = responses.rejection[rows, j] == Rejection.NONE
        if responses.role_at(int(rows[0]), j) is not Role.DIRECT:
            data[:, k] = clean_channel(sweeps, k, None, good, parameters).data_uv
    shown = (sweeps.times_ms >= -BEFORE_MS) & (sweeps.times_ms <= window.after_ms - 10.0)
    return Epochs(
        data_uv=np.ascontiguousarray(data[..., shown]),
        times_ms=sweeps.times_ms[shown],
        stimuli=rows.astype(np.intp),
        channels=np.array(channels, dtype=np.intp),
        blank_end_ms=sweeps.blank_end_ms,
    )
