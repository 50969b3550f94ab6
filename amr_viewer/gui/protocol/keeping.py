"""Saves a protocol among those of the laboratory, asking before one is replaced."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ExportError
from amr_viewer.gui.protocol import asking
from amr_viewer.gui.session import Session
from amr_viewer.io.protocol_store import ProtocolStore, StoredProtocol

UNNAMED = Protocol().name


def save_as_lab_protocol(
    parent: QWidget, session: Session, store: ProtocolStore, protocol: Protocol
) -> StoredProtocol | None:
    """Ask for a name and save; recordings opened from now on are read under the protocol.

    Returns
    -------
    StoredProtocol or None
        None if nothing was saved; a fault is told through the session.
    """
    present = "" if protocol.name == UNNAMED else protocol.name
    name = asking.asked_name(parent, present)
    if not name:
        return None
    known = store.find(name)
    question = f'There is a lab protocol "{name}". Replace it?'
    if known is not None and not asking.agreed(parent, "Replace?", question, "Replace"):
        return None
    try:
        stored = store.save(name, protocol)
    except ExportError as error:
        session.failed.emit(str(error))
        return None
    if stored.protocol is not None:
        session.protocol = stored.protocol
    store.remember(stored.path)
    session.said.emit(f'saved as lab protocol "{stored.name}"; used for recordings opened next')
    return stored
