"""Meaning of channels and markers, parameters, and the protocols of the laboratory."""

from amr_viewer.gui.protocol.chooser import ProtocolChooser, restore_last

__all__ = ["ProtocolChooser", "restore_last"]
