"""Saves reviews by itself, soon after a change and before the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer

from amr_viewer.core.decisions import RecordingIdentity
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.review import Review

if TYPE_CHECKING:
    from amr_viewer.gui.document import Document
    from amr_viewer.gui.editor import Editor
    from amr_viewer.gui.session import Session
    from amr_viewer.io.review_file import StoredReview

PATIENCE_S = 10.0
DELAY_MS = 500
"""A burst of decisions is written once; a crash loses no more than this."""


class Saver(QObject):
    """Writes the reviews of a session to their files."""

    def __init__(self, session: Session, editor: Editor) -> None:
        super().__init__(session)
        self._session = session
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.save_all)
        editor.reviewed.connect(self._due)

    def _due(self, _key: int) -> None:
        """Save soon; further decisions do not put it off."""
        if not self._timer.isActive():
            self._timer.start()

    def save_all(self) -> None:
        """Save every review that is not on disk, in a thread."""
        for document in self._session.documents:
            if not document.is_saved:
                self._save(document)

    def _save(self, document: Document) -> None:
        """Save one review."""
        lane = f"save {document.key}"
        if lane in self._session.tasks.running:
            self._timer.start()
            return
        review = document.review
        work = _writer(document)
        self._session.tasks.run(
            lane,
            "saving the review",
            lambda progress: work(),
            lambda stored: self._saved(document.key, review, stored),
            lambda fault: self._not_saved(document.key, fault),
        )

    def _saved(self, key: int, review: Review, stored: StoredReview) -> None:
        """Take note of what is on disk."""
        for warning in stored.warnings:
            self._session.failed.emit(warning)
        document = self._session.document_of(key)
        if document is None:
            return
        if document.review is review:
            self._session.change(key, is_saved=True)
        elif not self._timer.isActive():
            self._timer.start()
        self._session.said.emit(f"saved in {stored.path.name}")
        self._session.documents_changed.emit()

    def _not_saved(self, key: int, fault: str) -> None:
        """Say that a review could not be saved; it is tried again with the next decision."""
        self._session.failed.emit(f"The review could not be saved: {fault}")

    def save_now(self) -> list[str]:
        """Save what is not on disk, here and now; return what went wrong."""
        from amr_viewer.errors import AmrViewerError

        self._await_decisions()
        self._timer.stop()
        faults = []
        for document in self._session.documents:
            if document.is_saved:
                continue
            try:
                _writer(document)()
                self._session.change(document.key, is_saved=True)
            except (AmrViewerError, OSError) as error:
                faults.append(f"{document.path.name}: {error}")
        return faults

    def _await_decisions(self) -> None:
        """Wait for decisions on thousands of sweeps or marks that are still being made."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and any(
            lane.startswith("decide ") for lane in self._session.tasks.running
        ):
            loop = QEventLoop()
            QTimer.singleShot(5, loop.quit)
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def _writer(document: Document) -> Callable[[], StoredReview]:
    """Return what writes the review of a recording as it stands now."""
    path, review, analysis = document.path, document.review, document.automatic
    recording = analysis.recording if analysis else document.recording
    if recording is not None:
        known = review.recording.sha256
        identity = RecordingIdentity(
            name=recording.name,
            size_bytes=recording.size_bytes,
            sha256=recording.sha256 or known,
        )
        review = review.model_copy(update={"recording": identity})

    if review.protocol is None and document.protocol != Protocol():
        # Without the window's lab protocol the commands would analyze under the default one.
        stated = document.protocol.model_dump(mode="json", exclude_defaults=True)
        review = review.model_copy(update={"protocol": stated})

    def write() -> StoredReview:
        from amr_viewer.io.review_file import store_review

        return store_review(review, path)

    return write
