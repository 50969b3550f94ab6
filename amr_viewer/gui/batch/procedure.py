"""From the choices to the table: the folder is looked at, checked, analyzed, and done once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from amr_viewer.core.batch import BatchItem, BatchPlan
from amr_viewer.gui.batch.conducting import Conductor, Stage
from amr_viewer.gui.batch.request import BatchRequest, fault_in
from amr_viewer.gui.batch.rows import RowState, planned_rows
from amr_viewer.gui.batch.telling import faults_of

if TYPE_CHECKING:
    from amr_viewer.gui.batch.form import BatchForm
    from amr_viewer.gui.batch.model import BatchModel
    from amr_viewer.gui.notice import Notice


class Procedure(QObject):
    """Leads a person through a batch.

    Signals
    -------
    changed()
        Rows or choices are others.
    begun()
        Recordings are being analyzed.
    failed()
        The batch as a whole cannot begin or go on; the notice says why.
    """

    changed = Signal()
    begun = Signal()
    failed = Signal()

    def __init__(
        self,
        conductor: Conductor,
        form: BatchForm,
        model: BatchModel,
        notice: Notice,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._conductor, self._form = conductor, form
        self._model, self._notice = model, notice
        self.is_checked = False
        self._is_start_due = False
        conductor.planned.connect(self._show_plan)
        conductor.begun.connect(model.begin)
        conductor.arrived.connect(self._take)
        conductor.ran.connect(self._ran)
        conductor.failed.connect(self._fail)
        form.place_changed.connect(self.look)
        form.changed.connect(self._forget_check)

    # ------------------------------------------------------------------ planning

    def look(self) -> None:
        """Look for the recordings of the folder that is chosen now."""
        request = self._form.request
        self._notice.hide()
        self._model.put(())
        self._form.show_results(0)
        self.is_checked = False
        possible = self._possible_request()
        if request is None or possible is None:
            self._conductor.forget()
        else:
            self._conductor.look(possible)
        self.changed.emit()

    def check(self) -> None:
        """Say what would be done."""
        request = self._possible_request()
        if request is not None:
            self._conductor.check(request)

    def _possible_request(self) -> BatchRequest | None:
        """Return what is asked for, if it can be done; else say why not."""
        request = self._form.request
        fault = fault_in(request.folder, request.out) if request else ""
        if fault:
            self._notice.say(fault, "present")
        return None if fault else request

    def _show_plan(self, plan: BatchPlan, is_checked: bool) -> None:
        """Fill the table with what was found."""
        from amr_viewer.batch.resuming import NO_RESULT

        self.is_checked = is_checked
        self._model.put(planned_rows(plan, is_checked=is_checked))
        if not is_checked:
            self._form.show_results(sum(r.reason != NO_RESULT for r in plan.recordings))
            for line in faults_of(plan):
                self._notice.add(line, "late")
        self.changed.emit()
        if self._is_start_due:
            self._is_start_due = False
            QTimer.singleShot(0, self, self.start)

    def _forget_check(self) -> None:
        """Take back what a check said: it was asked under other choices."""
        plan = self._conductor.plan
        if self.is_checked and plan is not None and not self._conductor.is_busy:
            self.is_checked = False
            self._model.put(planned_rows(plan, is_checked=False))
        self.changed.emit()

    # ------------------------------------------------------------------ running

    def start(self) -> None:
        """Begin; before results of an earlier run are replaced, ask."""
        self._form.settle()
        if self._conductor.stage is Stage.LOOKING:
            self._is_start_due = True
            return
        request = self._possible_request()
        if request is None or not self._model.rows:
            return
        if self._form.has_results and not request.resume:
            self._notice.say(
                f"Results of an earlier run lie in {request.out}. Analyzing everything anew "
                "replaces them.", "late", "Replace them", self._replace,
            )  # fmt: skip
            self._notice.button.setFocus()
        else:
            self._begin(request)

    def _replace(self) -> None:
        """Begin, since results may be replaced."""
        request = self._possible_request()
        if request is not None:
            self._begin(request)

    def retry(self) -> None:
        """Analyze what failed once more, as in the last run."""
        names, last = self._model.failed(), self._conductor.last
        if names and last is not None:
            self._begin(replace(last, only=names, resume=False))

    def _begin(self, request: BatchRequest) -> None:
        """Begin."""
        self._notice.hide()
        self.is_checked = False
        self._conductor.start(request)
        self.begun.emit()

    def _take(self, items: list[BatchItem]) -> None:
        """Take what has finished."""
        self._model.take(items, self._conductor.running)
        self.changed.emit()

    def _ran(self) -> None:
        """Show what became of the run."""
        self._model.take((), ())
        counts = self._model.counts()
        self._form.show_results(counts[RowState.DONE] + counts[RowState.KEPT])
        self.changed.emit()

    def _fail(self, text: str) -> None:
        """Say why the batch as a whole cannot go on."""
        self._is_start_due = False
        self._notice.say(text, "present")
        self.failed.emit()
