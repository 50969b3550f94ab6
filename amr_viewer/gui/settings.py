"""What the window remembers between runs: a readable file in the platform's place for settings.

Science (parameters, protocols) is never kept here. `AMR_VIEWER_CONFIG_DIR` names another place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtCore import QObject, Signal

from amr_viewer.atomic import whole_file
from amr_viewer.errors import ExportError

FILE = "settings.json"
MOST_RECENT = 12


class Values(BaseModel):
    """The remembered values; unknown ones survive saving."""

    model_config = ConfigDict(frozen=True, extra="allow")

    theme: str = "system"
    author: str = ""
    negative_up: bool = True
    recent: tuple[str, ...] = ()
    last_folder: str = ""
    shortcuts: Mapping[str, str] = Field(default_factory=dict)
    window: str = ""
    docks: str = ""


def config_dir() -> Path:
    """Return the folder of settings; it need not exist."""
    override = os.environ.get("AMR_VIEWER_CONFIG_DIR")
    if override:
        return Path(override)
    from platformdirs import user_config_path

    return user_config_path("amr-viewer", appauthor=False)


class Settings(QObject):
    """Remembered values and their file.

    A file that cannot be read or written is no fault: defaults hold, and the window works.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = (folder or config_dir()) / FILE
        self.values = _read(self.path)

    def set(self, **values: Any) -> None:
        """Remember values, on disk too."""
        new = self.values.model_copy(update=values)
        if new == self.values:
            return
        self.values = new
        self._write()
        self.changed.emit()

    def add_recent(self, path: Path) -> None:
        """Put a recording at the head of the recent ones."""
        place = str(path.absolute())
        others = [p for p in self.values.recent if p != place]
        self.set(recent=(place, *others)[:MOST_RECENT], last_folder=str(path.absolute().parent))

    @property
    def recent(self) -> tuple[Path, ...]:
        """Recent recordings that are still there."""
        return tuple(path for path in map(Path, self.values.recent) if path.exists())

    def _write(self) -> None:
        """Write the file aside and put it into place."""
        text = json.dumps(self.values.model_dump(mode="json"), ensure_ascii=False, indent=1)
        with suppress(ExportError), whole_file(self.path) as aside:
            aside.write_text(text + "\n", encoding="utf-8", errors="replace")


def _read(path: Path) -> Values:
    """Return the remembered values; defaults for a file that is broken or not there."""
    try:
        return Values.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Values()
