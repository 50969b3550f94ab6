"""Looks for bursts of free-running EMG once a recording's evoked answer stands; it never waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from amr_viewer.gui.document import Document, Stage

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.editor import Editor
    from amr_viewer.gui.session import Session


def search_lane(key: int) -> str:
    """Return the lane in which bursts of a recording are looked for."""
    return f"bursts {key}"


class FreeRunning(QObject):
    """Adds bursts and patterns to the analyses of a session, one search per analysis."""

    def __init__(self, session: Session, editor: Editor) -> None:
        super().__init__(session)
        self._session, self._editor = session, editor
        self._searched: dict[int, Analysis] = {}
        session.documents_changed.connect(self._follow)

    def _follow(self) -> None:
        """Begin searches for new analyses; end those that nobody waits for any more."""
        documents = self._session.documents
        for key in set(self._searched) - {d.key for d in documents}:
            self._end(key)
        for document in documents:
            if document.stage in (Stage.WAITING, Stage.ANALYZING):
                self._end(document.key)
            elif document.stage is Stage.READY and document.automatic is not None:
                self._begin(document, document.automatic)

    def _end(self, key: int) -> None:
        """Stop the search of a recording: its analysis is made anew, or it was closed."""
        if self._searched.pop(key, None) is not None:
            self._session.tasks.cancel(search_lane(key))

    def _begin(self, document: Document, automatic: Analysis) -> None:
        """Look for bursts, unless that was done for this very analysis."""
        key = document.key
        if self._searched.get(key) is automatic:
            return
        self._searched[key] = automatic

        def work(progress: Progress) -> Analysis:
            from amr_viewer import workflow

            return workflow.with_free_running(automatic, progress)

        self._session.tasks.run(
            search_lane(key),
            f"looking for bursts in {document.path.name}",
            work,
            lambda found: self._found(key, automatic, found),
            self._session.failed.emit,
        )

    def _found(self, key: int, former: Analysis, found: Analysis) -> None:
        """Take bursts and patterns, and apply the decisions of the review to them."""
        document = self._session.document_of(key)
        if document is None or document.automatic is not former:
            return
        self._searched[key] = found
        self._session.change(key, automatic=found)
        self._editor.apply(key)
