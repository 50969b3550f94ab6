"""Errors that a user can act on; each message names file or channel, fault and remedy."""

from __future__ import annotations


class AmrViewerError(Exception):
    """Base of everything that this program raises on purpose."""


class ReadError(AmrViewerError):
    """A file cannot be read, or cannot be trusted."""


class UnsupportedFormatError(ReadError):
    """No reader knows this file, or the library that its reader needs is not installed."""


class StimulusError(AmrViewerError):
    """Stimuli cannot be found or placed."""


class ParameterError(AmrViewerError):
    """A parameter or a protocol holds a value that is not allowed."""


class ExportError(AmrViewerError):
    """A result cannot be written."""


class Cancelled(AmrViewerError):  # noqa: N818 - it is the user's wish and no error
    """The user asked to stop."""
