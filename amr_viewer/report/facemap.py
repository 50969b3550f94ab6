"""The face, seen from the front: branches that were stimulated, and what the muscles answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from amr_viewer.core.anatomy import Branch, Muscle, Side

TONES = {
    "present": "#b3261e",
    "late": "#a15c00",
    "unsure": "#5d4a8a",
    "absent": "#1b6e3c",
    "direct": "#4b5f78",
}
STIMULATED, LINE, SKIN, MUTED, INK = "#e69f00", "#bcc5d2", "#fbf8f5", "#6b7a8f", "#1b2733"

MIDLINE = 190.0
OUTLINE: tuple[tuple[str, bool], ...] = (
    ("M146,270 C146,290 138,304 116,312 M234,270 C234,290 242,304 264,312", False),
    ("M97,140 C86,134 82,146 86,160 C89,172 94,180 100,178", True),
    ("M283,140 C294,134 298,146 294,160 C291,172 286,180 280,178", True),
    (
        "M190,14 C250,14 286,58 284,122 C283,176 268,232 228,270 "
        "C212,284 202,287 190,287 C178,287 168,284 152,270 C112,232 97,176 96,122 "
        "C94,58 130,14 190,14 Z",
        True,
    ),
    (
        "M186,132 C184,150 178,162 177,168 C178,174 186,175 190,175 C194,175 202,174 "
        "203,168 C202,162 196,150 194,132",
        False,
    ),
    (
        "M160,214 C172,208 184,209 190,211 C196,209 208,208 220,214 C208,222 172,222 "
        "160,214 Z M160,214 C175,216 205,216 220,214",
        False,
    ),
    ("M127,124 Q149,107 171,124 Q149,138 127,124 Z", False),
    ("M172,104 Q149,92 124,106", False),
    ("M209,124 Q231,107 253,124 Q231,138 209,124 Z", False),
    ("M208,104 Q231,92 256,106", False),
)
"""Head, ears, neck, nose, mouth, eyes and brows as the `d` of SVG paths; whether filled as skin."""

# Places on the patient's left half, from the midline and from the top; the other half mirrors them.
MUSCLE_PLACES: dict[Muscle, tuple[float, float]] = {
    Muscle.FRONTALIS: (40, 62),
    Muscle.CORRUGATOR: (20, 96),
    Muscle.PROCERUS: (7, 110),
    Muscle.ORBICULARIS_OCULI: (41, 124),
    Muscle.NASALIS: (17, 160),
    Muscle.LEVATOR_LABII: (32, 178),
    Muscle.ZYGOMATICUS: (56, 180),
    Muscle.ORBICULARIS_ORIS: (25, 214),
    Muscle.BUCCINATOR: (58, 208),
    Muscle.MENTALIS: (14, 260),
    Muscle.DEPRESSOR_ANGULI_ORIS: (42, 238),
    Muscle.DEPRESSOR_LABII: (22, 240),
    Muscle.PLATYSMA: (44, 304),
    Muscle.MASSETER: (76, 204),
    Muscle.TEMPORALIS: (80, 82),
}
BRANCH_PATHS: dict[Branch, str] = {
    Branch.TEMPORAL: "M{0},168 Q{1},118 {2},78",
    Branch.ZYGOMATIC: "M{0},168 Q{1},142 {2},132",
    Branch.BUCCAL: "M{0},168 Q{1},184 {2},202",
    Branch.MANDIBULAR: "M{0},168 Q{1},236 {2},252",
    Branch.CERVICAL: "M{0},168 Q{1},246 {2},292",
    Branch.TRUNK: "M{1},172 Q{0},170 {2},166",
    Branch.SUPRAORBITAL: "M{0},104 Q{1},84 {2},66",
}
BRANCH_X: dict[Branch, tuple[float, float, float]] = {
    Branch.TEMPORAL: (97, 88, 52),
    Branch.ZYGOMATIC: (97, 86, 58),
    Branch.BUCCAL: (97, 82, 66),
    Branch.MANDIBULAR: (97, 84, 28),
    Branch.CERVICAL: (97, 88, 56),
    Branch.TRUNK: (97, 108, 92),
    Branch.SUPRAORBITAL: (30, 29, 26),
}
LABEL_Y = {
    Branch.SUPRAORBITAL: 52.0,
    Branch.TEMPORAL: 84.0,
    Branch.ZYGOMATIC: 116.0,
    Branch.TRUNK: 196.0,
    Branch.BUCCAL: 214.0,
    Branch.MANDIBULAR: 236.0,
    Branch.CERVICAL: 274.0,
}
STIMULUS_AT: dict[Branch, tuple[float, float]] = {
    Branch.TEMPORAL: (83, 121),
    Branch.ZYGOMATIC: (82, 146),
    Branch.BUCCAL: (82, 184),
    Branch.MANDIBULAR: (73, 223),
    Branch.CERVICAL: (82, 238),
    Branch.TRUNK: (97, 170),
    Branch.SUPRAORBITAL: (29, 84),
}


@dataclass(frozen=True, slots=True)
class StimulatedBranch:
    """A branch that was stimulated and what is written beside it."""

    branch: Branch
    side: Side
    name: str
    current: str


def face_map(
    stimulated: Sequence[StimulatedBranch],
    muscles: Mapping[tuple[Muscle, Side], str],
    words: Mapping[str, str],
) -> str:
    """Return the face as SVG, the patient's right on the left of the picture.

    Parameters
    ----------
    stimulated : sequence of StimulatedBranch
    muscles : mapping of (Muscle, Side) to str
        ``"present" | "late" | "unsure" | "absent" | "direct"`` for each muscle recorded.
    words : mapping
        ``right, left, legend_present...``.
    """
    legend, n_entries = _legend(set(muscles.values()), bool(stimulated), words)
    height = 312 + 26 * ((n_entries + 1) // 2)
    parts = [_outline(), *(_branch(b, side) for b in QUIET for side in Side)]
    parts += [_stimulated(s) for s in stimulated]
    parts += [_muscle(m, side, tone) for (m, side), tone in muscles.items()]
    letter = f'<text y="298" text-anchor="middle" font-size="17" fill="{MUTED}" '
    parts += [
        f'{letter}x="84">{escape(words["right"])}</text>',
        f'{letter}x="296">{escape(words["left"])}</text>',
        legend,
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 6 380 {height}" width="380" '
        f'height="{height}" '
        f'font-family="DejaVu Sans, sans-serif">{_DEFINITIONS}{"".join(parts)}</svg>'
    )


QUIET = (Branch.TEMPORAL, Branch.ZYGOMATIC, Branch.BUCCAL, Branch.MANDIBULAR, Branch.CERVICAL)
_DEFINITIONS = (
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="4" height="4" fill="#ffffff"/>'
    f'<rect width="1.6" height="4" fill="{TONES["unsure"]}"/></pattern></defs>'
)


def place_x(side: Side, distance: float) -> float:
    """Return the place across the picture; the patient's left is on the right."""
    return MIDLINE + distance if side is Side.LEFT else MIDLINE - distance


def _outline() -> str:
    """Draw head, ears, neck, eyes, nose and mouth."""
    parts = [
        f'<g fill="none" stroke="{LINE}" stroke-width="1.6" stroke-linecap="round" '
        'stroke-linejoin="round">'
    ]
    for path, is_skin in OUTLINE:
        fill = f'fill="{SKIN}" ' if is_skin else ""
        parts.append(f'<path {fill}d="{path}"/>')
    return "".join(parts) + "</g>"


def branch_path(branch: Branch, side: Side) -> str:
    """Return the course of a branch, as the `d` of an SVG path."""
    return BRANCH_PATHS[branch].format(*(f"{place_x(side, d):g}" for d in BRANCH_X[branch]))


def _branch(branch: Branch, side: Side) -> str:
    """Draw a branch that is only there."""
    return f'<path d="{branch_path(branch, side)}" fill="none" stroke="#d5dbe4" stroke-width="2"/>'


def _stimulated(site: StimulatedBranch) -> str:
    """Draw a branch that was stimulated, with its name in the margin."""
    x, y = STIMULUS_AT[site.branch]
    x, label_y = place_x(site.side, x), LABEL_Y[site.branch]
    edge = place_x(site.side, 112)
    anchor = "start" if site.side is Side.LEFT else "end"
    return (
        f'<path d="{branch_path(site.branch, site.side)}" fill="none" stroke="{STIMULATED}" '
        'stroke-width="3.6" stroke-linecap="round"/>'
        f'<path d="M{x:g},{y:g} L{edge:g},{label_y - 4:g}" stroke="{STIMULATED}" '
        'stroke-width="1" stroke-dasharray="2 2" fill="none"/>'
        f'<path d="M{x + 2:g},{y - 8:g} l-6,9 h5 l-3,8 l8,-10 h-5 l3,-7 Z" fill="{INK}" '
        'stroke="#ffffff" stroke-width="0.8"/>'
        f'<text y="{label_y:g}" text-anchor="{anchor}" font-size="16.5" fill="#8a5a00">'
        f'<tspan x="{place_x(site.side, 115):g}" font-weight="bold">{escape(site.name)}</tspan>'
        f'<tspan x="{place_x(site.side, 115):g}" dy="18">{escape(site.current)}</tspan></text>'
    )


def _muscle(muscle: Muscle, side: Side, tone: str) -> str:
    """Draw the answer of a muscle."""
    distance, y = MUSCLE_PLACES[muscle]
    return _disc(place_x(side, distance), y, tone, 9.5)


def _disc(x: float, y: float, tone: str, radius: float) -> str:
    """Draw a disc: full, hollow, hatched or gray."""
    color = TONES[tone]
    fill = {"absent": "#ffffff", "unsure": "url(#hatch)", "direct": "#c3cdda"}.get(tone, color)
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{color}" '
        'stroke-width="2"/>'
    )


def _legend(tones: set[str], stimulated: bool, words: Mapping[str, str]) -> tuple[str, int]:
    """Explain the signs that were used, two to a line; return the drawing and how many they are."""
    entries = [(tone, words[f"legend_{tone}"]) for tone in TONES if tone in tones]
    if stimulated:
        entries.append(("site", words["legend_site"]))
    parts = []
    for i, (tone, word) in enumerate(entries):
        x, y = 26 + 186 * (i % 2), 336 + 26 * (i // 2)
        mark = (
            f'<path d="M{x - 9},{y} h18" stroke="{STIMULATED}" stroke-width="4"/>'
            if tone == "site"
            else _disc(x, y, tone, 8.0)
        )
        parts.append(
            f'{mark}<text x="{x + 17}" y="{y + 6}" font-size="16.5" fill="{INK}">'
            f"{escape(word)}</text>"
        )
    return "".join(parts), len(entries)
