"""How often what was found: tables of verdicts, groups and patterns, and what they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from amr_viewer.core.agreement import Proportion
from amr_viewer.core.cohort import Cohort, Outcome, Remark, RemarkKind, Share
from amr_viewer.core.patterns import HFS
from amr_viewer.report.cohort_figures import share_figure
from amr_viewer.report.cohort_model import CohortRow, CohortTable
from amr_viewer.report.cohort_words import (
    SYMBOLS,
    TONES,
    Words,
    listed,
    pattern_name,
    percents,
)
from amr_viewer.report.model import Field
from amr_viewer.report.visits_model import Alert

ALERTS = (
    RemarkKind.NO_SUMMARY, RemarkKind.NO_FOLDER, RemarkKind.NOT_IN_SUMMARY, RemarkKind.DIFFERS,
    RemarkKind.FAILED_WITH_FOLDER,
    RemarkKind.VERSIONS, RemarkKind.PROTOCOLS, RemarkKind.FREE_RUNNING, RemarkKind.SAME_SIGNAL,
    RemarkKind.ROWS_LEFT, RemarkKind.NO_ROW, RemarkKind.CONFLICT,
)  # fmt: skip
SIDES = ("left", "right", "both")
CONFIDENCES = ("high", "moderate", "low")
HFS_PATTERNS = frozenset(c.value for c in HFS)


def count_tables(cohort: Cohort, words: Words) -> tuple[CohortTable, ...]:
    """Return the tables of page 1."""
    tables = [_verdicts(cohort, words)]
    by_group = [s for s in cohort.verdicts if s.group is not None and s.share.n]
    if by_group:
        tables.append(_by_group(by_group, words))
    tables.append(_patterns(cohort, words))
    return tuple(tables)


def _verdicts(cohort: Cohort, words: Words) -> CohortTable:
    """Return how often each verdict occurs."""
    shares = [s for s in cohort.verdicts if s.group is None]
    rows = [
        _share_row(
            (words.own.outcomes[s.value],), s.share, TONES[Outcome(s.value)],
            SYMBOLS[Outcome(s.value)],
        )
        for s in shares
    ]  # fmt: skip
    note = words["verdicts_note"].format(
        n=len(cohort.recordings), interval=words.own.intervals[shares[0].share.method]
    )
    columns = (words["verdict"], words["count"], words["share"], "")
    return CohortTable(words["verdicts_title"], columns, (4.2, 1.2, 2.8, 3.4), tuple(rows), (note,))


def _by_group(shares: Iterable[Share], words: Words) -> CohortTable:
    """Return how often an AMR is present in each group."""
    rows = [
        _share_row((s.group or words["no_group"],), s.share, "present", "", of_n=True)
        for s in shares
    ]
    columns = (words["group"], words["count"], words["share"], "")
    return CohortTable(words["by_group_title"], columns, (4.2, 1.2, 2.8, 3.4), tuple(rows))


def _share_row(
    names: tuple[str, ...], share: Proportion, tone: str, symbol: str, *, of_n: bool = False
) -> CohortRow:
    """Return one result, how often it occurs, and its bar."""
    count = f"{share.k}/{share.n}" if of_n else str(share.k)
    figure = share_figure(share.value, share.low, share.high, tone)
    return CohortRow((*names, count, percents(share)), tone, symbol, figure)


def _patterns(cohort: Cohort, words: Words) -> CohortTable:
    """Return how often each pattern occurs, on which sides and how surely."""
    if not cohort.patterns:
        return CohortTable(words["patterns_title"], (), (), (), (words["patterns_none"],))
    rows = []
    for s in cohort.patterns:
        found = [r for r in cohort.recordings if r.pattern == s.value]
        cells = (
            pattern_name(s.value, words),
            str(s.share.k),
            percents(s.share),
            _split([r.pattern_side for r in found], SIDES),
            _split([r.confidence for r in found], CONFIDENCES),
        )
        tone = "present" if s.value in HFS_PATTERNS else "direct"
        figure = share_figure(s.share.value, s.share.low, s.share.high, tone)
        rows.append(CohortRow(cells, tone, "", figure))
    n = cohort.patterns[0].share.n
    note = words["patterns_note"].format(
        n=n,
        without=len(cohort.recordings) - n,
        interval=words.own.intervals[cohort.patterns[0].share.method],
    )
    columns = (
        words["pattern"], words["count"], words["share"], words["sides"], words["confidences"], "",
    )  # fmt: skip
    weights = (4.4, 0.8, 2.2, 1.9, 2.9, 2.6)
    return CohortTable(words["patterns_title"], columns, weights, tuple(rows), (note,))


def _split(found: Iterable[str], names: tuple[str, ...]) -> str:
    """Return how often each name occurs; empty where none does."""
    counts = Counter(found)
    return " / ".join(str(counts[n]) for n in names) if any(counts[n] for n in names) else ""


def alerts(cohort: Cohort, words: Words) -> Iterator[Alert]:
    """Yield what must be seen before the counts are read."""
    for remark in cohort.remarks:
        if remark.kind in ALERTS:
            yield Alert("late", *_told(remark, words))


def rests_on(cohort: Cohort, words: Words) -> Iterator[Field]:
    """Yield what else limits the counts."""
    for remark in cohort.remarks:
        if remark.kind not in ALERTS:
            yield Field(*_told(remark, words))


def _told(remark: Remark, words: Words) -> tuple[str, str]:
    """Return title and text of a remark."""
    title, text = words.own.remarks[remark.kind]
    pair = (*remark.names, "", "")[:2]
    values = {
        "n": remark.n,
        "list": listed([name or "–" for name in remark.names], words),
        "a": pair[0],
        "b": pair[1],
    }
    return title.format(**values), text.format(**values)
