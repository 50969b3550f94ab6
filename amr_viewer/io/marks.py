"""Which marks are stimuli, and of what: the words of their texts, weighed against the protocol."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from amr_viewer.core.protocol import MarkerRule, Protocol
from amr_viewer.core.recording import Mark, StimulusLabel
from amr_viewer.io.marker_labels import MarkerMeaning, read_marker
from amr_viewer.io.words import in_a_row

OWN = re.compile(
    r"(?:AMR|M|reflex|late response|response on the other side) \S.* uV$|Finding: ", re.IGNORECASE
)
"""Annotations that this program writes into a file that it exports."""

MANY = 5
"""Markers that are not understood are mentioned from this number on: single ones are remarks."""


def assign_marks(
    marks: Sequence[Mark], protocol: Protocol, warnings: list[str]
) -> tuple[Mark, ...]:
    """Return the marks with their stimuli, and warn of what was not understood.

    Parameters
    ----------
    marks : sequence of Mark
        As read.
    protocol : Protocol
    warnings : list of str
        Takes a line for each kind of doubt.
    """
    texts = Counter(m.text for m in marks)
    readings = {t: (read_marker(t), protocol.marker_rule(t)) for t in texts}
    made: dict[tuple[str, StimulusLabel | None], StimulusLabel | None] = {}
    assigned = []
    for mark in marks:
        key = mark.text, mark.stimulus
        if key not in made:
            made[key] = _stimulus(mark.stimulus, *readings[mark.text], protocol)
        assigned.append(mark if made[key] == mark.stimulus else replace(mark, stimulus=made[key]))
    _warn_of_markers(marks, assigned, readings, protocol, warnings)
    return tuple(assigned)


def _stimulus(
    known: StimulusLabel | None,
    meaning: MarkerMeaning,
    rule: MarkerRule | None,
    protocol: Protocol,
) -> StimulusLabel | None:
    """Return what a mark says of a stimulus, None if it is none; `known`: what the reader knew."""
    if rule is not None and rule.ignore:
        return None
    if rule is None and known is None and not meaning.is_stimulus:
        return None
    default = StimulusLabel(site=protocol.site, side=protocol.side)
    sources = [s for s in (rule, known, meaning.label, default) if s is not None]
    return StimulusLabel(
        site=next((s.site for s in sources if s.site is not None), None),
        side=next((s.side for s in sources if s.side is not None), None),
        intensity_ma=next((s.intensity_ma for s in sources if s.intensity_ma is not None), None),
        width_ms=next((s.width_ms for s in sources if s.width_ms is not None), None),
    )


def _warn_of_markers(
    marks: Sequence[Mark],
    assigned: Sequence[Mark],
    readings: dict[str, tuple[MarkerMeaning, MarkerRule | None]],
    protocol: Protocol,
    warnings: list[str],
) -> None:
    """Say which markers were not understood, name no branch, or name it by a muscle only."""
    strange: Counter[str] = Counter()
    nowhere: Counter[str] = Counter()
    guessed: dict[str, str] = {}
    for before, mark in zip(marks, assigned, strict=True):
        meaning, rule = readings[mark.text]
        if mark.stimulus is None:
            if rule is None and not meaning.is_remark and not OWN.match(mark.text):
                strange[_without_numbers(mark.text)] += 1
        elif mark.stimulus.site is None:
            nowhere[_without_numbers(mark.text)] += 1
        elif (
            meaning.from_muscle
            and not (rule and rule.site)
            and not (before.stimulus and before.stimulus.site)
        ):
            guessed[_without_numbers(mark.text)] = mark.stimulus.site.value
    often = {kind: n for kind, n in strange.items() if n >= MANY}
    if often:
        warnings.append(
            f"markers {_counted(often)} not understood: if they are stimuli, say so in the "
            f'protocol: [markers."{next(iter(often))}*"] site = "zygomatic"'
        )
    if nowhere:
        warnings.append(
            f"stimuli marked {_counted(nowhere)} name no branch; state it in the protocol: "
            'site = "zygomatic"'
        )
    for kind, site in guessed.items():
        warnings.append(
            f'stimuli marked "{kind}" name a muscle: the branch is taken as {site}; if it is '
            f'another one, state it in the protocol: [markers."{kind}*"] site = ...'
        )


def _without_numbers(text: str) -> str:
    """Return what markers that only differ in their numbers have in common."""
    common = re.sub(r"\W*\d[\d.,]*(?:\s*(?:[munµμ]?a|[munµμ]?s)\b)?", "", text, flags=re.IGNORECASE)
    return common.strip() or text.strip()


def _counted(counts: dict[str, int]) -> str:
    """Write kinds of markers with their numbers, the commonest first."""
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return in_a_row([f'"{kind}" ({n})' for kind, n in ranked])
