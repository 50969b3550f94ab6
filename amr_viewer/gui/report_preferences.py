"""What a person wishes of every report: language, template, the folder that was exported to last.

Kept as a readable file in the platform's place for settings, like those of the window.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from PySide6.QtCore import QObject, Signal

from amr_viewer.gui.settings import config_dir

FILE = "report.json"


class ReportValues(BaseModel):
    """The wishes; unknown ones survive saving."""

    model_config = ConfigDict(frozen=True, extra="allow")

    language: str = "en"
    template: str = ""
    folder: str = ""
    kind: str = "pdf"


class ReportPreferences(QObject):
    """Wishes and their file; a file that cannot be read or written is no fault.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = (folder or config_dir()) / FILE
        try:
            self.values = ReportValues.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            self.values = ReportValues()

    def set(self, **values: Any) -> None:
        """Remember wishes, on disk too."""
        new = self.values.model_copy(update=values)
        if new != self.values:
            self.values = new
            self._write()
            self.changed.emit()

    def _write(self) -> None:
        """Write the file aside and put it into place."""
        text = json.dumps(self.values.model_dump(mode="json"), ensure_ascii=False, indent=1)
        aside = self._path.with_name(f".{FILE}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(text + "\n", encoding="utf-8", errors="replace")
            aside.replace(self._path)
        except OSError:
            aside.unlink(missing_ok=True)


def preferences_of(session: QObject) -> ReportPreferences:
    """Return the one set of wishes that belongs to a session."""
    known = session.findChild(ReportPreferences)
    return known or ReportPreferences(parent=session)
