"""Opens comparisons, one window each, and lets the main window show their recordings."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.visits.actions import visits_actions
from amr_viewer.gui.visits.plan import Plan, Row

if TYPE_CHECKING:
    from amr_viewer.core.recording import Recording
    from amr_viewer.gui.main_window import MainWindow
    from amr_viewer.gui.session import Session
    from amr_viewer.gui.visits.window import ComparisonWindow

MOST_AT_FIRST = 12
"""More open recordings are hardly visits of one patient: then it begins with the current one."""

BREATH_MS = 30
MODULES = (
    "amr_viewer.report.visits_rows",
    "amr_viewer.report.visits_panels",
    "amr_viewer.gui.visits.chart",
    "amr_viewer.gui.visits.table",
    "amr_viewer.gui.visits.comparing",
    "amr_viewer.gui.visits.side",
    "amr_viewer.gui.visits.window",
)
"""What a comparison needs, in parts that load in a few hundredths of a second each."""


class VisitsRoom(QObject):
    """The comparisons of a main window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._main = window
        self._count = 0
        self.windows: list[ComparisonWindow] = []
        self._former: Plan | None = None
        window.commands.changed.connect(self._assign_keys)
        window.desk.session.ending.connect(self._close_all)
        self._to_load = list(MODULES)
        self._loading = QTimer(self)
        self._loading.setInterval(BREATH_MS)
        self._loading.timeout.connect(self._load_on)
        window.furnished.connect(self._loading.start)

    def _load_on(self) -> None:
        """Load another module, so that the first comparison opens as quickly as the next."""
        if self._to_load:
            import_module(self._to_load.pop(0))
        else:
            self._loading.stop()

    def actions(self) -> tuple[ActionSpec, ...]:
        """Return what a person can do."""
        return visits_actions(self.start, lambda: self.windows[-1] if self.windows else None)

    def start(self) -> ComparisonWindow:
        """Open a comparison of the open recordings that may be of one patient."""
        from amr_viewer.gui.visits.window import ComparisonWindow

        self._count += 1
        session = self._main.desk.session
        window = ComparisonWindow(self._main.desk, str(self._count))
        self.windows.append(window)
        window.recording_wanted.connect(self._show_recording)
        window.activated.connect(lambda: self._used(window))
        window.finished.connect(lambda: self._closed(window))
        window.bar.former = self._former
        self._assign_keys()
        window.resize(1280, 760)
        window.begin(Plan(tuple(Row(p) for p in first_paths(session))))
        window.show()
        return window

    def _used(self, window: ComparisonWindow) -> None:
        """Take note of which window was used last."""
        if window in self.windows:
            self.windows.remove(window)
            self.windows.append(window)
            self._main.commands.refresh_soon()

    def _closed(self, window: ComparisonWindow) -> None:
        """Forget a window."""
        if window in self.windows:
            self.windows.remove(window)
            self._former = window.comparing.plan if window.comparing.plan.rows else self._former
            self._main.commands.refresh_soon()

    def _close_all(self) -> None:
        """Close every comparison: the program ends."""
        self._loading.stop()
        for window in tuple(self.windows):
            window.close()

    def _assign_keys(self) -> None:
        """Give the windows the keys that a person chose."""
        keys = self._main.commands.keys()
        for window in self.windows:
            window.set_keys(keys)

    def _show_recording(self, path: Path) -> None:
        """Open a recording in the main window, or show it if it is open."""
        session = self._main.desk.session
        known = next((d for d in session.documents if d.path.absolute() == path), None)
        if known is not None:
            session.show(known.key)
        else:
            self._main.open([path])
        self._main.raise_()
        self._main.activateWindow()


def first_paths(session: Session) -> tuple[Path, ...]:
    """Return the open recordings to begin with: the current one, and those not of others."""
    current = session.document
    if current is None:
        return ()
    alike = [
        d.path.absolute()
        for d in session.documents
        if d is current or not _differ(current.recording, d.recording)
    ]
    return tuple(alike) if len(alike) <= MOST_AT_FIRST else (current.path.absolute(),)


def _differ(a: Recording | None, b: Recording | None) -> bool:
    """Whether the headers of two recordings name two patients."""
    if a is None or b is None:
        return False
    from amr_viewer.analysis.visit_order import identity_of
    from amr_viewer.core.visits import IdentityState, Visit

    visits = [Visit("", r.name, patient=dict(r.patient)) for r in (a, b)]
    return identity_of(visits).state is IdentityState.DIFFERENT
