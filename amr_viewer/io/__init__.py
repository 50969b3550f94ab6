"""Files to values and back."""

from amr_viewer.io.readers import formats, read_recording

__all__ = ["formats", "read_recording"]
