"""The whole way from several recordings of one patient to a comparison of the visits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amr_viewer.analysis.visit_order import EventNote
from amr_viewer.analysis.visit_points import VisitFacts, visit_facts
from amr_viewer.analysis.visits import compare
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.visits import (
    Comparison,
    Failure,
    Order,
)
from amr_viewer.errors import ParameterError, ReadError
from amr_viewer.workflow import analyze_file, versions


def read_visit(
    path: Path | str,
    protocol: Protocol | None = None,
    progress: Progress = silent,
    *,
    label: str = "",
    use_review: bool = True,
) -> VisitFacts:
    """Analyze one recording, free-running EMG included, and return what it says of the visit.

    Parameters
    ----------
    path : Path or str
    protocol : Protocol, optional
        Otherwise the one under which the recording was reviewed, or the default one.
    progress : callable, optional
        May raise `Cancelled`.
    label : str
        What the user calls the visit.
    use_review : bool
        Whether decisions of a person are applied.

    Raises
    ------
    ReadError
        The recording or its review cannot be used.
    """
    analysis = analyze_file(path, protocol, progress, use_review=use_review, free_running=True)
    return visit_facts(analysis, label)


def compare_visits(
    paths: Sequence[Path | str],
    protocol: Protocol | None = None,
    progress: Progress = silent,
    *,
    labels: Sequence[str] = (),
    events: Sequence[EventNote] = (),
    order: Order = Order.DATE,
    use_review: bool = True,
) -> Comparison:
    """Compare several recordings of one patient.

    Parameters
    ----------
    paths : sequence of Path or str
        Two or more.
    protocol : Protocol, optional
        For all of them; otherwise each one's own, as for `analyze_file`.
    progress : callable, optional
        May raise `Cancelled`.
    labels : sequence of str
        What the user calls the visits, one per path; none or all.
    events : sequence of EventNote
        What happened to the patient.
    order : Order
        What to order by; dates that are missing or equal leave the order as given.
    use_review : bool
        Whether decisions of a person are applied.

    Returns
    -------
    Comparison
        Recordings that cannot be read are in `Comparison.failures`.

    Raises
    ------
    ParameterError
        Fewer than two recordings can be used, the labels are not as many as the paths, or an event
        cannot be placed.

    Examples
    --------
    >>> from amr_viewer.visits import compare_visits  # doctest: +SKIP
    >>> compare_visits(["before.edf", "after.edf"])  # doctest: +SKIP
    """
    if labels and len(labels) != len(paths):
        raise ParameterError(f"{len(labels)} labels for {len(paths)} recordings: give one for each")
    facts: list[VisitFacts] = []
    failures: list[Failure] = []
    for i, path in enumerate(paths):
        name = Path(path).name
        try:
            facts.append(
                read_visit(
                    path,
                    protocol,
                    _part_of(progress, i, len(paths), name),
                    label=labels[i] if labels else "",
                    use_review=use_review,
                )
            )
        except (ReadError, ParameterError) as error:
            failures.append(Failure(name, " ".join(str(error).split())))
    return compare(facts, order=order, events=events, failures=failures, versions=versions())


def _part_of(progress: Progress, index: int, n: int, name: str) -> Progress:
    """Return how one of several recordings tells of its progress."""

    def tell(fraction: float, message: str) -> None:
        progress((index + fraction) / n, f"{name}: {message}")

    return tell
