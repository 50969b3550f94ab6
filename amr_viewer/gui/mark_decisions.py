"""From what a person says of marks to reviews that hold it; changes nothing, in any thread."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from amr_viewer.core.decisions import MarkDecision
from amr_viewer.core.recording import Mark
from amr_viewer.core.review import Review, mark_columns
from amr_viewer.core.shown_marks import mark_of_file

Who = tuple[str, str]
"""Author and time."""


def mark_decision(name: str, mark: Mark, who: Who) -> MarkDecision:
    """Return the decision that makes a mark."""
    author, at = who
    return MarkDecision(
        name=name,
        time_s=mark.time_s,
        duration_s=mark.duration_s if mark.duration_s > 0 else 0.0,
        text=mark.text,
        channel=mark.channel,
        author=author,
        at=at,
    )


def added(marks: Iterable[Mark], who: Who) -> list[MarkDecision]:
    """Return the decisions that add marks, under names of their own."""
    return [mark_decision(f"mark:{uuid4().hex[:12]}", mark, who) for mark in marks]


def removed(names: Iterable[str], who: Who) -> list[MarkDecision]:
    """Return the decisions that remove marks."""
    author, at = who
    return [MarkDecision(name=name, author=author, at=at) for name in names]


def with_marks(
    of_file: tuple[Mark, ...], decisions: Iterable[MarkDecision], review: Review
) -> Review:
    """Return a review with decisions on the marks of a recording, ready to be shown.

    Parameters
    ----------
    of_file : tuple of Mark
        The marks of the recording.
    decisions : iterable of MarkDecision
    review : Review
    """
    decided = list(decisions)
    known = ((d.name, mark_of_file(d.name, of_file)) for d in decided)
    former = {name: mark_decision(name, mark, ("", "")).phrase for name, mark in known if mark}
    changed = review.with_marks(decided, former)
    mark_columns(of_file, changed)
    return changed
