"""Reads the sweeps of sites in a thread and keeps those of the last few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.progress import Progress
from amr_viewer.core.stimuli import stimuli_at
from amr_viewer.gui.document import Document, Site
from amr_viewer.gui.session import Session
from amr_viewer.gui.sweeps.sweepset import SweepSet, packed

BEFORE_MS, AFTER_MS = 10.0, 60.0
SHORT_AFTER_MS = 40.0
"""Shown after the stimulus where a site has so many sweeps that more would not fit."""

PIECE_BYTES = 64_000_000
"""Memory for what is read at once, before it is packed."""

SITE_BYTES = 190_000_000
KEPT_BYTES = 240_000_000
KEPT_SITES = 6
LANE = "sweeps"


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Sweeps, and the analysis that they belong to."""

    automatic: Analysis
    sweeps: SweepSet


def read_sweeps(analysis: Analysis, site: Site, progress: Progress) -> SweepSet:
    """Read all sweeps of a site, some channels at a time where there are many.

    Parameters
    ----------
    analysis : Analysis
    site : (Branch or None, Side or None)
    progress : Progress

    Returns
    -------
    SweepSet
        One channel per channel of the responses.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    from amr_viewer import workflow

    channels = analysis.responses.channels
    n = len(stimuli_at(analysis.stimuli, site))
    rates = {c.sampling_hz for c in channels}
    per_channel = 1e-3 * (BEFORE_MS + AFTER_MS) * max(rates, default=1.0) * max(n, 1)
    long = 2 * per_channel * len(channels) > SITE_BYTES
    after = SHORT_AFTER_MS if long else AFTER_MS
    # Channels of several rates share a time axis only when they are read together.
    at_once = len(channels) if len(rates) > 1 else max(int(PIECE_BYTES / (4 * per_channel)), 1)

    def pieces() -> Iterator[Epochs]:
        for first in range(0, len(channels), at_once):
            chosen = list(range(first, min(first + at_once, len(channels))))
            progress(first / len(channels), "reading sweeps")
            yield workflow.site_sweeps(
                analysis, *site, channels=chosen, before_ms=BEFORE_MS, after_ms=after,
                progress=progress,
            )  # fmt: skip

    window_start = analysis.protocol.parameters.detection.window_start_ms
    return packed(site, pieces(), len(channels), window_start)


class Store(QObject):
    """The sweeps of the last few sites.

    Signals
    -------
    arrived()
        Sweeps were read, or could not be.
    """

    arrived = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._kept: dict[tuple[int, Site], Kept] = {}
        self._faults: dict[tuple[int, Site], tuple[Analysis, str]] = {}
        self._wanted: tuple[tuple[int, Site], Analysis] | None = None
        session.documents_changed.connect(self._forget)

    @property
    def n_bytes(self) -> int:
        """Memory held."""
        return sum(kept.sweeps.n_bytes for kept in self._kept.values())

    def get(self, document: Document, site: Site) -> SweepSet | None:
        """Return the sweeps of a site; None until they are read, which begins by this call."""
        automatic = document.automatic or document.analysis
        if automatic is None:
            return None
        key = (document.key, site)
        kept = self._kept.get(key)
        if kept is not None and _same(kept.automatic, automatic):
            self._kept[key] = self._kept.pop(key)
            return kept.sweeps
        if self.fault(document, site) or self._is_coming(key, automatic):
            return None
        self._wanted = (key, automatic)
        self._session.tasks.run(
            LANE,
            "reading sweeps",
            lambda progress: read_sweeps(automatic, site, progress),
            lambda sweeps: self._take(key, automatic, sweeps),
            lambda fault: self._fail(key, automatic, fault),
        )
        return None

    def _is_coming(self, key: tuple[int, Site], automatic: Analysis) -> bool:
        """Whether these sweeps are being read."""
        if self._wanted is None or LANE not in self._session.tasks.running:
            return False
        return self._wanted[0] == key and _same(self._wanted[1], automatic)

    def fault(self, document: Document, site: Site) -> str:
        """Return why the sweeps of a site could not be read, empty if nothing is known."""
        automatic, fault = self._faults.get((document.key, site), (None, ""))
        return fault if _same(automatic, document.automatic or document.analysis) else ""

    def _take(self, key: tuple[int, Site], automatic: Analysis, sweeps: SweepSet) -> None:
        """Keep sweeps; those that were not looked at for longest go first."""
        self._kept[key] = Kept(automatic, sweeps)
        while len(self._kept) > 1 and (len(self._kept) > KEPT_SITES or self.n_bytes > KEPT_BYTES):
            del self._kept[next(iter(self._kept))]
        self.arrived.emit()

    def _fail(self, key: tuple[int, Site], automatic: Analysis, fault: str) -> None:
        """Take note that sweeps could not be read."""
        self._faults[key] = (automatic, fault)
        self.arrived.emit()

    def _forget(self) -> None:
        """Drop the sweeps of recordings that were closed or analyzed again."""
        current = {d.key: d.automatic or d.analysis for d in self._session.documents}
        for key in [k for k, v in self._kept.items() if not _same(current.get(k[0]), v.automatic)]:
            del self._kept[key]
        for key in [k for k, v in self._faults.items() if not _same(current.get(k[0]), v[0])]:
            del self._faults[key]


def _same(a: Analysis | None, b: Analysis | None) -> bool:
    """Whether two analyses have the same sweeps: bursts may have been added to one of them."""
    if a is None or b is None:
        return a is b
    return a.responses is b.responses
