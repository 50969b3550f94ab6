"""What a pattern is called in a line: as it can be seen in a disease, never the disease."""

from __future__ import annotations

from amr_viewer.core.patterns import CONCLUSION_WORDS, Conclusion, PatternFinding

PLAIN = frozenset({Conclusion.NO_ACTIVITY, Conclusion.INDETERMINATE, Conclusion.INSUFFICIENT})
"""Conclusions with which no pattern is named."""

SEEN_IN = {
    Conclusion.HFS_CLONIC: "hemifacial spasm, clonic",
    Conclusion.HFS_TONIC: "hemifacial spasm, tonic",
    Conclusion.HFS_CLONIC_TONIC: "hemifacial spasm, clonic-tonic",
    Conclusion.BLEPHAROSPASM: "blepharospasm",
    Conclusion.MYOKYMIA: "facial myokymia",
    Conclusion.SYNKINESIS: "post-paralytic synkinesis",
    Conclusion.CORTICAL: "cortical jerks",
    Conclusion.VOLUNTARY: "voluntary contraction",
    Conclusion.FASCICULATION: "fasciculation",
    Conclusion.NEUROMYOTONIA: "neuromyotonia",
    Conclusion.HEMIMASTICATORY: "hemimasticatory spasm",
}
ADDITIONS = {Conclusion.CORTICAL: "EEG recommended"}


def conclusion_words(finding: PatternFinding) -> str:
    """Return a conclusion with its side, as a sentence without its stop."""
    conclusion = finding.conclusion
    if conclusion is Conclusion.NO_ACTIVITY:
        return f"No involuntary activity in {minutes(finding.assessed_s)}"
    if conclusion in PLAIN:
        text = CONCLUSION_WORDS[conclusion]
        return text[0].upper() + text[1:]
    where = {"both": "both sides"}.get(finding.pattern_side, finding.pattern_side)
    parts = [
        f"Pattern as can be seen in {SEEN_IN[conclusion]}",
        where,
        ADDITIONS.get(conclusion, ""),
    ]
    return ", ".join(part for part in parts if part)


def headline(finding: PatternFinding) -> str:
    """Return the conclusion and how well it is supported."""
    text = conclusion_words(finding)
    return f"{text}; confidence {finding.confidence}" if finding.confidence else text


def minutes(seconds: float) -> str:
    """Return a length of time in minutes, in seconds below two.

    Examples
    --------
    >>> minutes(90.0), minutes(400.0)
    ('90 s', '6.7 min')
    """
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min".replace(".0 ", " ")
