"""The sweeps that a report and a window show of an analysis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amr_viewer.analysis.presentation import all_presented, presented
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.progress import Progress, silent


def report_sweeps(analysis: Analysis) -> dict[tuple[Branch | None, Side | None], Epochs]:
    """Return the sweeps that a report shows, for every branch and side stimulated.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    dict
        (site, side) -> Epochs of at most some hundred sweeps, conditioned as they were analyzed.
    """
    # What a person decided on does not change the picture that was decided on.
    analysis = analysis.automatic or analysis
    stimuli = analysis.stimuli
    if not analysis.responses.channels:
        return {}
    keys = list(zip(stimuli.site, stimuli.side, strict=True))
    return {
        key: presented(
            analysis.recording,
            analysis.responses,
            np.array([i for i, k in enumerate(keys) if k == key]),
            analysis.protocol.parameters,
        )
        for key in dict.fromkeys(keys)
    }


def site_sweeps(
    analysis: Analysis,
    site: Branch | None,
    side: Side | None,
    channels: Sequence[int] | None = None,
    before_ms: float = 10.0,
    after_ms: float = 60.0,
    progress: Progress = silent,
) -> Epochs:
    """Return all sweeps of one branch and side as they were judged.

    Parameters
    ----------
    analysis : Analysis
        Reviewed or not: sweeps are shown as the program saw them.
    site, side : Branch, Side or None
    channels : sequence of int, optional
        Indices into `Responses.channels`, as `Finding.channel_index`; all if not given.
    before_ms, after_ms : float
        Time shown before and after the stimulus, as far as the analysis looked.
    progress : callable, optional
        May raise `Cancelled`.

    Returns
    -------
    Epochs
        float32, in order of the stimuli; `Epochs.channels` index into the recording.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    automatic = analysis.automatic or analysis
    return all_presented(
        automatic.recording,
        automatic.responses,
        (site, side),
        automatic.protocol.parameters,
        channels,
        (before_ms, after_ms),
        progress,
    )
