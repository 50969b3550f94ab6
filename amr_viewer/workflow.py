"""The whole way from a recording to an analysis, and the sweeps that a report shows."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from amr_viewer._version import __version__
from amr_viewer.analysis.bursts import find_bursts
from amr_viewer.analysis.conclusion import conclude
from amr_viewer.analysis.doubts import doubts
from amr_viewer.analysis.examination import Examination, examine
from amr_viewer.analysis.judgement import judge
from amr_viewer.analysis.patterns import classify_patterns
from amr_viewer.analysis.presentation import all_presented, presented
from amr_viewer.analysis.reviewing import reviewed
from amr_viewer.analysis.sides import settle_sides
from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.bursts import no_bursts
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.findings import Finding
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.core.review import Review
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.io import read_recording
from amr_viewer.io.assignment import assign
from amr_viewer.io.review_file import FoundReview, find_review
from amr_viewer.io.writers import write_edf
from amr_viewer.report.annotations import annotated

if TYPE_CHECKING:
    from amr_viewer.io.anonymize import Anonymity

HASH_BLOCK = 1 << 20


def analyze(
    recording: Recording,
    protocol: Protocol | None = None,
    progress: Progress = silent,
    *,
    free_running: bool = False,
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
    free_running : bool
        Whether free-running EMG is searched for bursts and patterns at once (docs/criteria.md 17
        and 18); `with_free_running` does it afterwards.

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
        bursts = no_bursts()
        if free_running:
            bursts = find_bursts(recording, stimuli, protocol.parameters, progress)
        recording = replace(recording, sha256=digest.result())
    trends = find_trends(responses, findings, protocol.parameters)
    amr, headline = conclude(findings, len(stimuli), trends)
    own = _own_warnings(recording, examination, findings)
    warnings = [*recording.warnings, *stimuli.warnings, *own, *bursts.warnings]
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
        evidence=examination.runs,
        trends=trends,
        bursts=bursts,
        patterns=classify_patterns(bursts, recording, amr, protocol.parameters),
    )


def with_free_running(analysis: Analysis, progress: Progress = silent) -> Analysis:
    """Return an analysis with bursts and patterns, as `analyze` gives it with ``free_running``.

    Parameters
    ----------
    analysis : Analysis
        Not reviewed; its evoked responses stand as they are.
    progress : callable, optional
        May raise `Cancelled`.

    Returns
    -------
    Analysis

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    recording, parameters = analysis.recording, analysis.protocol.parameters
    bursts = find_bursts(recording, analysis.stimuli, parameters, progress)
    return replace(
        analysis,
        bursts=bursts,
        patterns=classify_patterns(bursts, recording, analysis.amr, parameters),
        warnings=tuple(dict.fromkeys((*analysis.warnings, *bursts.warnings))),
    )


def analyze_file(
    path: Path | str,
    protocol: Protocol | None = None,
    progress: Progress = silent,
    *,
    use_review: bool = True,
    free_running: bool = True,
) -> Analysis:
    """Read and analyze a file, and apply what a person decided about it.

    Parameters
    ----------
    path : Path or str
        A recording; its review is looked for beside it and in the user's own folder.
    protocol : Protocol, optional
        Otherwise the one under which the recording was reviewed, or the default one.
    progress : callable, optional
        May raise `Cancelled`.
    use_review : bool
        False leaves the review aside.
    free_running : bool
        As for `analyze`.

    Returns
    -------
    Analysis
        Its warnings say that a review was applied, and what of it could not be.

    Raises
    ------
    ReadError
        The recording cannot be read, or its review cannot be used.
    """
    found = find_review(path) if use_review else FoundReview(None, None)
    review = found.review
    of_review = protocol_of(review, Path(path).name) if review else None
    chosen = protocol or of_review or Protocol()
    recording = read_recording(path, chosen)
    analysis = analyze(recording, chosen, progress, free_running=free_running)
    if review is None:
        return analysis
    warnings = found.warnings
    if protocol is not None and protocol != (of_review or Protocol()):
        warnings += ("the recording was reviewed under another protocol than it is analyzed by",)
    analysis = reviewed(analysis, review)
    return replace(analysis, warnings=tuple(dict.fromkeys(analysis.warnings + warnings)))


def protocol_of(review: Review, name: str) -> Protocol | None:
    """Return the protocol under which a recording was reviewed, None for the default one.

    Raises
    ------
    ReadError
        The review holds one that cannot be used; `name` is that of the recording.
    """
    if review.protocol is None:
        return None
    try:
        return Protocol.model_validate(review.protocol)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ReadError(
            f"{name}: the protocol in its review cannot be used ({where}: {first['msg']}); name "
            "another one with --protocol, or leave the review aside with --ignore-review"
        ) from error


def export_edf(
    analysis: Analysis,
    path: Path | str,
    *,
    overwrite: bool = False,
    anonymize: Anonymity | None = None,
) -> tuple[str, ...]:
    """Write a recording as EDF+ or BDF+, what was found in it as annotations.

    Parameters
    ----------
    analysis : Analysis
    path : Path or str
        Ends in ``.edf`` or ``.bdf``. For an anonymous file it may be a folder, as for
        `amr_viewer.io.anonymize.write_anonymous`, which also tells the name that was chosen.
    overwrite : bool
        Whether an existing file may be replaced; the recording itself never is.
    anonymize : Anonymity, optional
        Removes what identifies the patient.

    Returns
    -------
    tuple of str
        What the format could not keep; of an anonymous file also what was removed and replaced.

    Raises
    ------
    ExportError
        The file exists, its suffix is unknown, or the format cannot hold the recording; an
        anonymous file or its name would tell of the patient.
    """
    if anonymize is not None:
        from amr_viewer.io.anonymize import write_anonymous

        return write_anonymous(analysis, annotated, path, anonymize, overwrite=overwrite).notes
    source = Path(analysis.recording.path) if analysis.recording.path else None
    if source is not None and source.exists() and Path(path).exists() and source.samefile(path):
        raise ExportError(f"{Path(path).name}: is the recording itself; choose another name")
    return write_edf(annotated(analysis), path, overwrite=overwrite)


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
