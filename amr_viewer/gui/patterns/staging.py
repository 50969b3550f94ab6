"""Limits that are looked at before they count: for each recording, once they differ."""

from __future__ import annotations

from amr_viewer.core.bursts import Bursts
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.patterns.limits import Limits, limits_of, recounted


class Staging:
    """Limits under which the bursts of the current recording are looked at."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._limits: dict[int, Limits] = {}

    @property
    def _document(self) -> Document | None:
        """The current recording, if it is analyzed."""
        document = self._desk.session.document
        return document if document and document.analysis else None

    @property
    def report(self) -> Limits | None:
        """The limits that the report rests on."""
        document = self._document
        if document is None or document.analysis is None:
            return None
        return limits_of(document.analysis.protocol.parameters.bursts)

    @property
    def limits(self) -> Limits | None:
        """The limits that are looked at."""
        document = self._document
        return self._limits.get(document.key) or self.report if document else None

    @property
    def differs(self) -> bool:
        """Whether other limits are looked at than the report rests on."""
        document = self._document
        return document is not None and document.key in self._limits

    def forget_idle(self) -> None:
        """Drop limits that the protocol has taken over, and those of closed recordings."""
        open_keys = {d.key for d in self._desk.session.documents}
        self._limits = {k: v for k, v in self._limits.items() if k in open_keys}
        document = self._document
        if document and self._limits.get(document.key) == self.report:
            del self._limits[document.key]

    def named(self, bursts: Bursts) -> Bursts:
        """Return bursts as they are named under the limits that are looked at."""
        document, limits = self._document, self.limits
        if document is None or document.analysis is None or limits in (None, self.report):
            return bursts
        assert limits is not None
        return recounted(bursts, limits, document.analysis.protocol.parameters.bursts)

    def set(self, name: str, value: float) -> bool:
        """Look at another limit; return whether there was anything to look at."""
        document, limits = self._document, self.limits
        if document is None or limits is None:
            return False
        self._limits[document.key] = limits.changed(name, value)
        self.forget_idle()
        return True

    def keep(self) -> None:
        """Put the limits that are looked at into the protocol."""
        document, limits = self._document, self.limits
        if document and limits and self.differs:
            self._desk.editor.set_protocol(limits.protocol(document.protocol))

    def discard(self) -> bool:
        """Look at the limits of the report again; return whether that differs."""
        document = self._document
        return document is not None and self._limits.pop(document.key, None) is not None
