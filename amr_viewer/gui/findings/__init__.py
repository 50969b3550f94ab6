"""The right dock: the answer, the matrix, the face and the numbers of the selected finding."""

from amr_viewer.gui.findings.dock import FindingsDock

__all__ = ["FindingsDock"]
