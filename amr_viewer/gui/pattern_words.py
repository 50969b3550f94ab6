"""The tone in which the window shows a pattern."""

from __future__ import annotations

from amr_viewer.core.pattern_words import PLAIN
from amr_viewer.core.patterns import HFS, Conclusion, PatternFinding


def tone_of(finding: PatternFinding) -> str:
    """Return the tone of a conclusion's sign; see `chips.TONES`."""
    if finding.conclusion in HFS:
        return "present"
    if finding.conclusion is Conclusion.NO_ACTIVITY:
        return "absent"
    return "unsure" if finding.conclusion in PLAIN else "late"
