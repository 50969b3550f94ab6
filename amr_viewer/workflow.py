"""The whole way from a recording to an analysis, and the sweeps that a report shows."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from amr_viewer._version import __version__
from amr_viewer.analysis.conclusion import conclude
from amr_viewer.analysis.doubts import doubts
from amr_viewer.analysis.examination import Examination, examine
from amr_viewer.analysis.judgement import judge
from amr_viewer.analysis.presentation import presented
from amr_viewer.analysis.sides import settle_sides
from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.findings import Finding
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.assignment import assign

HASH_BLOCK = 1 << 20


def analyze(
    recording: Recording, protocol: Protocol | None = None, progress: Progress = silent
) -> Analysis:
    """Analyze a recording.

    Parameters
    ----------
    recording : Recording
        As `amr_viewer.io.read_recording` returns it.
    protocol : Protocol, optional
        Names and parameters; the default one otherwise.
    progress : callable, optional
        Called with the fraction done and what is being done; may raise `Cancelled`.

    Returns
    -------
    Analysis

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    protocol = protocol or Protocol()
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(_sha256, recording)
        recording = assign(recording, protocol)
        progress(0.0, "finding stimuli")
        stimuli = find_stimuli(recording, protocol)
        stimuli = settle_sides(recording, stimuli, protocol.parameters)
        examination = examine(recording, stimuli, protocol.parameters, progress)
        responses, findings = judge(examination, protocol.parameters)
        recording = replace(recording, sha256=digest.result())
    amr, headline = conclude(findings, len(stimuli))
    own = _own_warnings(recording, examination, findings)
    warnings = [*recording.warnings, *stimuli.warnings, *own]
    return Analysis(
        recording=recording,
        protocol=protocol,
        stimuli=stimuli,
        responses=responses,
        findings=findings,
        amr=amr,
        headline=headline,
        warnings=tuple(dict.fromkeys(warnings)),
        versions=versions(),
    )


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


def versions() -> dict[str, str]:
    """Return the versions of the program and of what its numbers rest on."""
    libraries = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "mne")}
    return {"amr-viewer": __version__, "python": platform.python_version(), **libraries}


def _sha256(recording: Recording) -> str:
    """Return the hash of the file, empty for a recording that was never a file."""
    path = Path(recording.path)
    if not recording.path or not path.is_file():
        return ""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(HASH_BLOCK):
                digest.update(block)
    except OSError as error:
        raise ReadError(
            f"{recording.name}: cannot be read to its end ({error.strerror})"
        ) from error
    return digest.hexdigest()


def _own_warnings(
    recording: Recording, examination: Examination, findings: tuple[Finding, ...]
) -> list[str]:
    """Say what could not be analyzed."""
    out = [
        f"channel {c.label}: unit unknown, not analyzed; state it in a protocol"
        for c in recording.channels
        if c.kind is ChannelKind.EMG and c.unit is None
    ]
    channels = examination.responses.channels
    off = [f"channel {channels[r.channel].label}: {r.off}" for r in examination.runs if r.off]
    return out + off + doubts(examination.responses, findings)
