"""The protocols of a laboratory: TOML files in one folder, under the names that people gave them.

What a file may say is left to `protocol_file`.
"""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ExportError, ParameterError

FOLDER_VARIABLE = "AMR_VIEWER_CONFIG_DIR"
SUFFIX = ".toml"
LAST_USED = "last-protocol.txt"
MOST_BYTES_OF_A_NAME = 120
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def config_folder() -> Path:
    """Return where settings are kept: AMR_VIEWER_CONFIG_DIR, else the platform's place."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    from platformdirs import user_config_dir

    return Path(user_config_dir("amr-viewer", appauthor=False))


@dataclass(frozen=True, slots=True)
class StoredProtocol:
    """A protocol of the laboratory.

    Attributes
    ----------
    name : str
        As people call it; the file's name where the protocol cannot be read.
    path : Path
    protocol : Protocol or None
        None if it cannot be read.
    fault : str
        Why it cannot be read, in one line; empty if it can.
    """

    name: str
    path: Path
    protocol: Protocol | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ProtocolStore:
    """A folder of protocols; `folder` holds ``protocols`` and the name of the one last used."""

    folder: Path

    @classmethod
    def of_person(cls) -> ProtocolStore:
        """Return the protocols of the person who runs the program."""
        return cls(config_folder())

    @property
    def protocols(self) -> Path:
        """The folder that holds the files."""
        return self.folder / "protocols"

    def list(self) -> tuple[StoredProtocol, ...]:
        """Return every protocol, in alphabetical order; a broken one bears its fault."""
        try:
            paths = sorted(self.protocols.glob(f"[!.]*{SUFFIX}"))
        except OSError:
            return ()
        found = [_stored(p) for p in paths if p.is_file()]
        return tuple(sorted(found, key=lambda s: (s.name.casefold(), s.path.name)))

    def find(self, name: str) -> StoredProtocol | None:
        """Return the protocol of a name, without regard to case; None if there is none."""
        wanted = name.strip().casefold()
        listed = self.list()
        named = next((s for s in listed if s.name.strip().casefold() == wanted), None)
        if named is not None or not wanted:
            return named
        file = safe_file_name(name).casefold()
        return next((s for s in listed if s.path.name.casefold() == file), None)

    def load(self, name: str) -> Protocol:
        """Return the protocol of a name.

        Raises
        ------
        ParameterError
            There is none, or it cannot be read.
        """
        stored = self.find(name)
        if stored is None:
            raise ParameterError(f"{name}: there is no lab protocol of this name")
        if stored.protocol is None:
            raise ParameterError(stored.fault)
        return stored.protocol

    def save(self, name: str, protocol: Protocol) -> StoredProtocol:
        """Save a protocol under a name; the one that has it is brought up to date.

        Raises
        ------
        ExportError
            The name is empty, the folder cannot be written, or a broken file stands there.
        """
        from amr_viewer.io.protocol_file import save_protocol

        name = " ".join(name.split())
        if not name:
            raise ExportError("the protocol needs a name")
        known = self.find(name)
        path = known.path if known else self.protocols / safe_file_name(name)
        named = protocol.model_copy(update={"name": name})
        try:
            self.protocols.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or str(error)
            raise ExportError(f"the folder of the protocols cannot be made ({why})") from error
        save_protocol(named, path)
        return StoredProtocol(name, path, named)

    def delete(self, name: str) -> None:
        """Delete the protocol of a name; nothing happens if there is none.

        Raises
        ------
        ExportError
            The file cannot be deleted.
        """
        stored = self.find(name)
        if stored is None:
            return
        try:
            stored.path.unlink(missing_ok=True)
        except OSError as error:
            why = error.strerror or str(error)
            raise ExportError(f"{stored.path.name}: cannot be deleted ({why})") from error

    def remember(self, path: Path | None) -> None:
        """Remember which file was used last, None for the default; a failure is no fault."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            text = str(path.absolute()) if path else ""
            (self.folder / LAST_USED).write_text(text, encoding="utf-8")

    def last_used(self) -> StoredProtocol | None:
        """Return the protocol used last; None for the default; a broken one bears its fault."""
        try:
            text = (self.folder / LAST_USED).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return _stored(Path(text)) if text else None


def safe_file_name(name: str) -> str:
    """Return a name under which a protocol can be kept on every system.

    Examples
    --------
    >>> safe_file_name("Ward 3: left/right"), safe_file_name(" CON ")
    ('Ward 3- left-right.toml', '_CON.toml')
    """
    stem = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", " ".join(name.split())))
    stem = stem.encode("utf-8", "replace")[:MOST_BYTES_OF_A_NAME].decode("utf-8", "ignore")
    stem = stem.rstrip(". ")
    if not stem or stem.startswith(".") or _DEVICES.match(stem):
        stem = f"_{stem.lstrip('.')}"
    return stem + SUFFIX


def _stored(path: Path) -> StoredProtocol:
    """Read one protocol."""
    from amr_viewer.io.protocol_file import load_protocol

    try:
        protocol = load_protocol(path)
    except ParameterError as error:
        return StoredProtocol(path.stem, path, None, str(error))
    is_named = "name" in protocol.model_fields_set and protocol.name.strip()
    return StoredProtocol(protocol.name if is_named else path.stem, path, protocol)
