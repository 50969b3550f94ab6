"""The tests that would support or refute a pattern, and were not done."""

from __future__ import annotations

from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.core.bursts import Electrode
from amr_viewer.core.patterns import Conclusion


def missing_tests(face: FaceFacts, conclusion: Conclusion, amr: str) -> tuple[str, ...]:
    """Return the tests that would support or refute, and were not done."""
    units = face.units
    out = []
    if amr in {"no_stimuli", "not_assessable"}:
        out.append("abnormal muscle response")
    if not face.both_sides:
        out.append("muscles of the other side")
    if all(c.electrode is Electrode.SURFACE for c in units.bursts.channels):
        out.append("discharge rate within bursts (needle electrode; surface resolves up to 200 Hz)")
    if not any(e.known for e in face.babinski.values()):
        out.append("other Babinski sign (frontalis and orbicularis oculi of one side)")
    if not len(units.marks.cues):
        out.append("cued movements (synkinesis)")
    if not len(units.marks.asleep):
        out.append("sleep")
    if not any(c.calibrated for c in units.bursts.channels):
        out.append("maximal contraction (floor against volume conduction)")
    if not units.masticatory:
        out.append("masseter (hemimasticatory spasm)")
    if conclusion is Conclusion.CORTICAL:
        out.insert(0, "EEG")
    return tuple(out)
