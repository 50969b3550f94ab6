"""What stands in the place of bursts where there are none to see, and what to do then."""

from __future__ import annotations

from amr_viewer.gui.document import Document, Stage

NOTHING_OPEN = "Open a recording (Ctrl+O) to see the bursts of its free-running EMG."
NOT_YET = {
    Stage.READING: "The recording is being read.",
    Stage.WAITING: "The recording waits for its analysis; bursts are looked for after it.",
    Stage.ANALYZING: "The recording is being analyzed; bursts are looked for after it.",
}
SEARCHING = "Bursts of free-running EMG are being looked for..."
STOPPED = "The search for bursts was stopped. F5 analyzes the recording again."
NOT_LOOKED_FOR = "not looked for"
"""The reason that `no_bursts` gives before anybody has looked."""

ONLY_SWEEPS = (
    "No free-running stretch: only sweeps around stimuli were recorded, or stimulation went on "
    "throughout ({reason}).\n\nPatterns need the muscles recorded at rest without stimulation, "
    "three minutes or more, with eyes open. The responses to the stimuli are in Sweeps (2) and "
    "Trend (3)."
)
NOT_ASSESSED = (
    "No bursts were looked for: {reason}.\n\nPatterns need facial EMG recorded at rest without "
    "stimulation. If channels are not recognized as EMG, assign them: Protocol > Assign channels "
    "and markers."
)


def stage_words(document: Document | None, *, is_searching: bool) -> str:
    """Return why there are no bursts to see, and what to do."""
    if document is None:
        return NOTHING_OPEN
    if document.stage is Stage.FAILED:
        return document.fault
    if document.analysis is None or document.stage is not Stage.READY:
        return NOT_YET.get(document.stage, "")
    reason = document.analysis.bursts.not_assessed
    if is_searching:
        return SEARCHING
    if reason == NOT_LOOKED_FOR:
        return STOPPED
    told = ONLY_SWEEPS if len(document.analysis.stimuli) else NOT_ASSESSED
    return told.format(reason=reason)
