"""Findings in the few words that fit the right dock; numbers and names are those of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Muscle, Role, Side
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.gui.document import Site
from amr_viewer.report import numbers
from amr_viewer.report.names import FOUND, count, muscle_name, site_name, tone, verdict_words
from amr_viewer.report.rows import by_site, direct_size
from amr_viewer.report.wording import EN

SIDE_TITLES = {Side.LEFT: "Left face", Side.RIGHT: "Right face", None: "Side unknown"}
ABBREVIATIONS = {
    Muscle.FRONTALIS: "Fro", Muscle.CORRUGATOR: "Cor", Muscle.PROCERUS: "Pro",
    Muscle.ORBICULARIS_OCULI: "OOc", Muscle.NASALIS: "Nas", Muscle.LEVATOR_LABII: "Lev",
    Muscle.ZYGOMATICUS: "Zyg", Muscle.ORBICULARIS_ORIS: "OOr", Muscle.BUCCINATOR: "Buc",
    Muscle.MENTALIS: "Men", Muscle.DEPRESSOR_ANGULI_ORIS: "DAO", Muscle.DEPRESSOR_LABII: "DLI",
    Muscle.PLATYSMA: "Pla", Muscle.MASSETER: "Mas", Muscle.TEMPORALIS: "Tem",
}  # fmt: skip
"""Heads of columns that are too narrow for a name."""

ABBREVIATED = {"present": "pres", "late": "late", "unsure": "?", "absent": "abs", "direct": "M"}
LETTERS = {"present": "P", "late": "L", "unsure": "?", "absent": "A", "direct": "M"}
LEVELS = 4
"""How a cell is written: in full, abbreviated, with letter and count, with the letter alone."""

TONES = ("present", "late", "unsure", "absent", "direct")
"""From the tone that matters most to the one that matters least."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell of the matrix.

    Attributes
    ----------
    finding : Finding
    tone : str
    word : str
        Beside the sign: the verdict, or ``"M"``.
    count : str
        How many sweeps answer, or the size of M.
    lines : tuple of str
        Below: the onset, and what the program found where a person differs.
    """

    finding: Finding
    tone: str
    word: str
    count: str
    lines: tuple[str, ...] = ()

    @property
    def is_manual(self) -> bool:
        """Whether a person decided on the verdict or a sweep."""
        return self.finding.source == "manual"


@dataclass(frozen=True, slots=True)
class Block:
    """The matrix of one side of the face: sites x muscles.

    Attributes
    ----------
    side : Side or None
    channels : tuple of int
        Index into `Responses.channels`, one per column.
    muscles, abbreviations, muscle_tips : tuple of str
        Names of the columns: short, in a few letters and in full.
    sites : tuple of (Branch or None, Side or None)
    site_names, site_tips : tuple of str
        Names of the rows, short and in full.
    cells : tuple of tuple of (Cell or None)
        Row by row.
    """

    side: Side | None
    channels: tuple[int, ...]
    muscles: tuple[str, ...]
    abbreviations: tuple[str, ...]
    muscle_tips: tuple[str, ...]
    sites: tuple[Site, ...]
    site_names: tuple[str, ...]
    site_tips: tuple[str, ...]
    cells: tuple[tuple[Cell | None, ...], ...]

    @property
    def tone(self) -> str:
        """The tone that matters most in the block, leaving direct responses aside."""
        tones = {c.tone for row in self.cells for c in row if c} - {"direct"}
        return next((t for t in TONES if t in tones), "direct")


def blocks(analysis: Analysis | None) -> tuple[Block, ...]:
    """Return the matrix, one block per side of the face that was recorded."""
    if analysis is None or not analysis.findings:
        return ()
    sides = dict.fromkeys(f.muscle_side for f in analysis.findings)
    order = [side for side in (Side.LEFT, Side.RIGHT, None) if side in sides]
    return tuple(_block(analysis, side) for side in order)


def _block(analysis: Analysis, side: Side | None) -> Block:
    """Return the matrix of one side; sites of the same side come first."""
    groups = [(site, {f.channel_index: f for f in fs}) for site, fs in by_site(analysis)]
    groups.sort(key=lambda group: group[0][1] is not side)
    of_side = [f for f in analysis.findings if f.muscle_side is side]
    columns = {f.channel_index: f for f in sorted(of_side, key=lambda f: f.channel_index)}
    cells = tuple(
        tuple(cell(analysis, found[c]) if c in found else None for c in columns)
        for _, found in groups
    )
    return Block(
        side=side,
        channels=tuple(columns),
        muscles=tuple(_short_muscle(f) for f in columns.values()),
        abbreviations=_abbreviations(list(columns.values())),
        muscle_tips=tuple(_muscle_tip(f) for f in columns.values()),
        sites=tuple(site for site, _ in groups),
        site_names=tuple(_short_site(site) for site, _ in groups),
        site_tips=tuple(site_tip(site) for site, _ in groups),
        cells=cells,
    )


def _short_muscle(finding: Finding) -> str:
    """Return the head of a column."""
    return EN.muscle_short[finding.muscle] if finding.muscle else finding.channel


def _abbreviations(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return heads of narrow columns; a muscle that is there twice is counted."""
    short = [ABBREVIATIONS[f.muscle] if f.muscle else f.channel for f in findings]
    short = [
        x if len(x) <= 3 else f"#{f.channel_index + 1}"
        for x, f in zip(short, findings, strict=True)
    ]
    return tuple(
        f"{x[:2]}{short[:i].count(x) + 1}" if short.count(x) > 1 else x for i, x in enumerate(short)
    )


def _muscle_tip(finding: Finding) -> str:
    """Name the muscle of a column in full, with its label in the file."""
    if finding.muscle is None:
        return f"“{finding.channel}” in the file: muscle not known"
    side = EN.sides[finding.muscle_side or ""]
    return f"{EN.muscles[finding.muscle]}, {side} (“{finding.channel}” in the file)"


def _short_site(site: Site) -> str:
    """Return the head of a row."""
    branch = EN.branch_short[site[0]].capitalize() if site[0] else "Branch ?"
    return f"{branch} {EN.side_letters[site[1]] if site[1] else '(side ?)'}"


def site_tip(site: Site) -> str:
    """Name a stimulated branch in full."""
    return f"{EN.branches[site[0] or '']} stimulated, {EN.sides[site[1] or '']}"


def cell(analysis: Analysis, finding: Finding) -> Cell:
    """Return what stands in the cell of a finding."""
    f = finding
    if f.role is Role.DIRECT:
        size, _ = direct_size(analysis, f)
        known = isfinite(size)
        return Cell(f, "direct", "M", f"{numbers.millivolts(size)} mV" if known else "not seen")
    lines = []
    if f.verdict in FOUND and isfinite(f.onset_ms):
        lines.append(f"{f.onset_ms:.1f} ms")
    if differs(f) and f.automatic_verdict is not None:
        lines.append(f"auto: {EN.verdicts[f.automatic_verdict]}")
    return Cell(f, tone(f), _word(f), count(f) if f.n_valid else "0 valid", tuple(lines))


def compact_lines(cell: Cell, level: int) -> tuple[str, ...]:
    """Return what stands below the sign of a cell in a narrow column; see `LEVELS`."""
    f = cell.finding
    if level >= LEVELS - 1:
        return (LETTERS[cell.tone],)
    if f.role is Role.DIRECT:
        size = cell.count.split()
        return ("M", *(size if size[-1] == "mV" else ("–",)))
    if level == 1:
        onset = tuple(x.removesuffix(" ms") for x in cell.lines if x.endswith(" ms"))
        return (ABBREVIATED[cell.tone], f"{f.n_present}/{f.n_valid}", *onset)
    return (LETTERS[cell.tone], f"{f.n_present}", f"/{f.n_valid}")


def _word(finding: Finding) -> str:
    """Return the verdict in one or two words."""
    if finding.verdict is Verdict.PRESENT and finding.label not in ("AMR", ""):
        return EN.labels.get(finding.label, finding.label)
    return EN.verdicts[finding.verdict]


def differs(finding: Finding) -> bool:
    """Whether a person put another verdict in the place of the program's."""
    return finding.automatic_verdict not in (None, finding.verdict)


def finding_title(finding: Finding) -> str:
    """Name a finding: ``Mentalis L on Zygomatic L``."""
    return f"{muscle_name(finding, EN)} on {site_name((finding.site, finding.side), EN)}"


def spoken(finding: Finding) -> str:
    """Return a finding as a screen reader says it and as a tip shows it."""
    parts = [f"{finding_title(finding)}: {direct_or_verdict(finding)}"]
    if finding.n_valid:
        parts.append(f"{count(finding)} sweeps")
    if isfinite(finding.onset_ms):
        parts.append(f"onset {finding.onset_ms:.1f} ms")
    if isfinite(finding.amplitude_uv):
        parts.append(f"{finding.amplitude_uv:.0f} µV")
    if finding.verdict is Verdict.ABSENT and isfinite(finding.detectable_uv):
        parts.append(f"seen from {finding.detectable_uv:.0f} µV")
    if differs(finding) and finding.automatic_verdict is not None:
        parts.append(f"a person's verdict; automatic: {EN.verdicts[finding.automatic_verdict]}")
    return ", ".join(parts)


def direct_or_verdict(finding: Finding) -> str:
    """Return the verdict in words; a direct muscle has none."""
    if finding.role is Role.DIRECT:
        return "direct response (M)"
    return verdict_words(finding, EN)
