"""What the Traces view holds for itself: cursors, the focused channel, where one came from.

What is visible, the gains and the filters belong to the session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from amr_viewer.core.recording import Recording
from amr_viewer.gui.traces.baseline import Baseline
from amr_viewer.io.pyramid import Pyramid

MOST_FORMER = 50


@dataclass(frozen=True, slots=True, eq=False)
class DocumentState:
    """What belongs to one recording.

    Attributes
    ----------
    cursors_s : (float, float) or None
        Times of cursors A and B; None: not shown.
    focus : int or None
        Channel of the recording that keys act on.
    former : tuple of (float, float)
        Start and span of the windows before each zoom, the latest last.
    recording : Recording or None
        What pyramid and baselines belong to.
    pyramid : Pyramid or None
    baselines : tuple of Baseline
        Empty until they are known.
    """

    cursors_s: tuple[float, float] | None = None
    focus: int | None = None
    former: tuple[tuple[float, float], ...] = ()
    recording: Recording | None = None
    pyramid: Pyramid | None = None
    baselines: tuple[Baseline, ...] = ()

    def baseline(self, channel: int) -> Baseline:
        """Return where a channel rests."""
        return self.baselines[channel] if channel < len(self.baselines) else Baseline()


class TraceState(QObject):
    """The states of all open recordings.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states: dict[int, DocumentState] = {}
        self.is_marking = False
        """Whether the next drag makes a mark."""

    def of(self, key: int | None) -> DocumentState:
        """Return the state of a recording."""
        return self._states.get(key, DocumentState()) if key is not None else DocumentState()

    def change(self, key: int, **values: object) -> None:
        """Change the state of a recording."""
        self._states[key] = replace(self.of(key), **values)  # type: ignore[arg-type]
        self.changed.emit()

    def remember(self, key: int, window: tuple[float, float]) -> None:
        """Keep a window to come back to."""
        former = self.of(key).former
        if not former or former[-1] != window:
            self.change(key, former=(*former, window)[-MOST_FORMER:])

    def set_marking(self, is_on: bool) -> None:
        """Let the next drag make a mark, or not."""
        if is_on != self.is_marking:
            self.is_marking = is_on
            self.changed.emit()

    def keep_only(self, keys: set[int]) -> tuple[int, ...]:
        """Forget recordings that were closed; return their keys."""
        gone = tuple(k for k in self._states if k not in keys)
        for key in gone:
            del self._states[key]
        return gone
