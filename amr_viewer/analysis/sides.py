"""Settle on which side a stimulus was given where its marker does not say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import condition
from amr_viewer.analysis.direct import measure_direct
from amr_viewer.analysis.windows import sweep_window
from amr_viewer.core.anatomy import Branch, Role, Side, role_of
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.core.stimuli import Stimuli

CLEARLY = 3.0
"""The direct response of the stimulated side exceeds that of the other by at least this factor."""

MAX_SWEEPS = 40


def settle_sides(recording: Recording, stimuli: Stimuli, parameters: Parameters) -> Stimuli:
    """Fill in the side of stimuli whose marker names a branch but no side.

    If all channels lie on one side, it is that side; otherwise the side whose direct muscle answers
    clearly more strongly. What was concluded stands in the warnings; what stays open stays None.

    Parameters
    ----------
    recording : Recording
    stimuli : Stimuli
    parameters : Parameters

    Returns
    -------
    Stimuli
    """
    sides = list(stimuli.side)
    warnings = list(stimuli.warnings)
    open_sites = {s for s, side in zip(stimuli.site, sides, strict=True) if s and side is None}
    emg = [i for i, c in enumerate(recording.channels) if c.kind is ChannelKind.EMG]
    recorded = {recording.channels[i].side for i in emg} - {None}
    for site in sorted(open_sites):
        rows = np.array(
            [k for k, (s, d) in enumerate(zip(stimuli.site, sides, strict=True))
             if s is site and d is None]
        )  # fmt: skip
        side, why = None, "both sides are recorded and neither answers clearly"
        if len(recorded) == 1:
            side, why = next(iter(recorded)), "the only side recorded"
        elif len(recorded) == 2:
            side = _answering_side(recording, emg, stimuli, rows, site, parameters)
            why = "the side whose direct muscle answers" if side else why
        elif not recorded:
            why = "no channel names a side either"
        if side is not None:
            for k in rows:
                sides[k] = side
        warnings.append(
            f"side of {len(rows)} {site.value} stimuli not stated: "
            + (f"taken as {side.value}, {why}" if side else f"unknown, {why}")
        )
    return replace(stimuli, side=tuple(sides), warnings=tuple(warnings))


def _answering_side(
    recording: Recording,
    emg: list[int],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    site: Branch,
    parameters: Parameters,
) -> Side | None:
    """Return the side of the larger direct response, None where it is not clearly larger."""
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), MAX_SWEEPS)).astype(int)]
    window = sweep_window(recording, stimuli.time_s, parameters)
    size = {}
    for side in Side:
        best = 0.0
        for i in emg:
            c = recording.channels[i]
            if (
                c.side is side
                and c.unit == "uV"
                and role_of(c.muscle, side, site, side) is (Role.DIRECT)
            ):
                sweeps = condition(
                    recording, [i], stimuli.time_s[some], np.full(len(some), -np.inf), window,
                    parameters,
                )  # fmt: skip
                best = max(best, measure_direct(sweeps, 0, parameters).multiple)
        size[side] = best
    first, second = sorted(size, key=lambda s: size[s], reverse=True)
    return first if size[first] > CLEARLY * max(size[second], 1.0) else None
