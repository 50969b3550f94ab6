"""The whole way from a recording to an analysis.

What a result rests on is told by `io.provenance`, what is shown of it by `analysis.sweeps`.
"""

from __future__ import annotations

import importlib.metadata
import platform
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer._version import __version__
from amr_viewer.analysis.bursts import find_bursts
from amr_viewer.analysis.conclusion import conclude
from amr_viewer.analysis.doubts import doubts
from amr_viewer.analysis.examination import Examination, examine
from amr_viewer.analysis.judgement import judge
from amr_viewer.analysis.patterns import classify_patterns
from amr_viewer.analysis.reviewing import reviewed
from amr_viewer.analysis.sides import settle_sides
from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.analysis.sweeps import report_sweeps, site_sweeps
from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.bursts import no_bursts
from amr_viewer.core.findings import Finding
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.io import fingerprint, read_recording
from amr_viewer.io.assignment import assign
from amr_viewer.io.provenance import command_of, expected_key, key_for, protocol_of
from amr_viewer.io.review_file import FoundReview, find_review
from amr_viewer.io.writers import write_edf
from amr_viewer.report.annotations import annotated

if TYPE_CHECKING:
    from amr_viewer.io.anonymize import Anonymity

__all__ = [
    "analyze",
    "analyze_file",
    "command_of",
    "expected_key",
    "export_edf",
    "protocol_of",
    "report_sweeps",
    "site_sweeps",
    "versions",
    "with_free_running",
]


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
    StimulusError
        Stimuli leave no time without any.
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
        key=None,
        command="",
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
    before = fingerprint.stamp(path)
    found = find_review(path) if use_review else FoundReview(None, None)
    review = found.review
    of_review = protocol_of(review, Path(path).name) if review else None
    chosen = protocol or of_review or Protocol()
    with ThreadPoolExecutor(1) as pool:
        parts = pool.submit(fingerprint.parts_sha256, path)
        recording = read_recording(path, chosen)
        analysis = analyze(recording, chosen, progress, free_running=free_running)
        parts_sha256 = parts.result()
    if fingerprint.stamp(path) != before:
        raise ReadError(
            f"{recording.name}: was changed while it was analyzed; analyze it again when it is "
            "finished"
        )
    warnings = found.warnings
    if review is not None:
        if protocol is not None and protocol != (of_review or Protocol()):
            text = "the recording was reviewed under another protocol than it is analyzed by"
            warnings += (text,)
        analysis = reviewed(analysis, review)
    key = key_for(path, analysis.recording.sha256, parts_sha256, chosen, found, free_running)
    return replace(
        analysis,
        warnings=tuple(dict.fromkeys(analysis.warnings + warnings)),
        key=key,
        command=command_of(
            path, protocol, use_review=use_review, free_running=free_running, key=key
        ),
    )


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


def versions() -> dict[str, str]:
    """Return the versions of the program and of what its numbers rest on."""
    libraries = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "mne")}
    return {"amr-viewer": __version__, "python": platform.python_version(), **libraries}


def _sha256(recording: Recording) -> str:
    """Return the hash of the file, empty for a recording that was never a file."""
    is_file = recording.path and Path(recording.path).exists()
    return fingerprint.recording_sha256(recording.path) if is_file else ""


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
