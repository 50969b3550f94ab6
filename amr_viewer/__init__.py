"""AMR Viewer: detects and shows the abnormal muscle response in facial EMG."""

from __future__ import annotations

from amr_viewer._version import __version__

__all__ = ["__version__"]
