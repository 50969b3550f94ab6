"""What the window remembers between runs: a readable file in the platform's place for settings.

Science (parameters, protocols) is never kept here. `AMR_VIEWER_CONFIG_DIR` names another place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from amr_viewer.atomic import whole_file
from amr_viewer.errors import ExportError

FILE = "settings.json"
MOST_RECENT = 12


@dataclass(frozen=True, slots=True)
class Values:
    """The remembered values; `others` are those of a later version, which survive saving."""

    theme: str = "system"
    author: str = ""
    negative_up: bool = True
    recent: tuple[str, ...] = ()
    last_folder: str = ""
    shortcuts: Mapping[str, str] = field(default_factory=dict)
    window: str = ""
    docks: str = ""
    others: Mapping[str, Any] = field(default_factory=dict)


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
        new = replace(self.values, **values)
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
        values = asdict(self.values)
        text = json.dumps(values.pop("others") | values, ensure_ascii=False, indent=1)
        with suppress(ExportError), whole_file(self.path) as aside:
            aside.write_text(text + "\n", encoding="utf-8", errors="replace")


def _read(path: Path) -> Values:
    """Return the remembered values; defaults for a file that is broken or not there."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return Values()
    if not isinstance(found, dict):
        return Values()
    known = {f.name: f for f in fields(Values) if f.name != "others"}
    default = Values()
    own = {}
    for name in known.keys() & found.keys():
        value, usual = found[name], getattr(default, name)
        value = tuple(map(str, value)) if isinstance(value, list) else value
        if isinstance(value, type(usual)):
            own[name] = value
    others = {name: value for name, value in found.items() if name not in known}
    return replace(default, others=others, **own)
