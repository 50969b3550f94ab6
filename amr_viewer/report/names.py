"""How branches, muscles, sides and verdicts are called in a report."""

from __future__ import annotations

from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.report.wording import Wording

SYMBOLS = {
    Verdict.PRESENT: "●",
    Verdict.ABSENT: "○",
    Verdict.INDETERMINATE: "◐",
    Verdict.NOT_ASSESSABLE: "⊘",
}
_TONES = {
    Verdict.PRESENT: "present",
    Verdict.ABSENT: "absent",
    Verdict.INDETERMINATE: "unsure",
    Verdict.NOT_ASSESSABLE: "unsure",
}
AMR = "AMR"
FOUND = frozenset({Verdict.PRESENT, Verdict.INDETERMINATE})

Site = tuple[Branch | None, Side | None]


def is_amr(finding: Finding) -> bool:
    """Whether a finding is an abnormal muscle response that is present."""
    return finding.label == AMR and finding.verdict is Verdict.PRESENT


def tone(finding: Finding) -> str:
    """Return the word that colors a finding: present, late, absent, unsure or direct."""
    if finding.role is Role.DIRECT:
        return "direct"
    if finding.verdict is Verdict.PRESENT and finding.label != AMR:
        return "late"
    return _TONES[finding.verdict]


def site_name(site: Site, words: Wording) -> str:
    """Name a stimulated branch with the letter of its side: ``Zygomatic L``."""
    return f"{words.branches[site[0] or '']} {words.side_letters[site[1] or '']}".strip()


def muscle_name(finding: Finding, words: Wording, *, short: bool = False) -> str:
    """Name the muscle of a finding with the letter of its side; unknown: the channel's label."""
    if finding.muscle is None:
        return finding.channel
    names = words.muscle_short if short else words.muscles
    return f"{names[finding.muscle]} {words.side_letters[finding.muscle_side or '']}".strip()


def verdict_words(finding: Finding, words: Wording) -> str:
    """Return the verdict, and what it is about where this is no abnormal muscle response."""
    verdict = words.verdicts[finding.verdict]
    if finding.overruled:
        verdict = words.sentences["overruled"].format(verdict=verdict)
    about_amr = finding.label in {AMR, ""} or finding.role is Role.DIRECT
    if about_amr or finding.verdict not in FOUND:
        return verdict
    return f"{label(finding, words)}: {verdict}"


def label(finding: Finding, words: Wording) -> str:
    """Return what a verdict is about, in the language of the report where it has a word for it."""
    return words.labels.get(finding.label, finding.label)


def count(finding: Finding) -> str:
    """Return how many of the valid sweeps answer."""
    return f"{finding.n_present}/{finding.n_valid}"
