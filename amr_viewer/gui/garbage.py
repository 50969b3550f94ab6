"""Looks for garbage in the GUI thread only, where windows may be taken down."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
THRESHOLDS = (20_000, 20, 50)
"""Objects made before the young are looked at; looks at them before the older ones. Fewer looks
than Python's own: decisions and marks come by the thousand, and a look at all of them is a pause.
"""


class GarbageCollector(QObject):
    """Takes the place of the interpreter's own looks for garbage.

    Those happen in whichever thread makes an object. Where a thread that computes comes upon a
    cycle that holds a widget, Qt would take it down in the wrong thread, which crashes or hangs.

    Parameters
    ----------
    parent : QObject
        While it lives, garbage is looked for here.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._looks = [0, 0]
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY_MS)

    def settle(self) -> None:
        """Leave out what stands now: walking through it is a pause."""
        gc.collect()
        gc.freeze()

    def look(self) -> None:
        """Collect the generation that is due, if one is."""
        made = gc.get_count()[0]
        if made < THRESHOLDS[0]:
            return
        young, middle = self._looks
        if young < THRESHOLDS[1]:
            self._looks = [young + 1, middle]
            gc.collect(0)
        elif middle < THRESHOLDS[2]:
            self._looks = [0, middle + 1]
            gc.collect(1)
        else:
            self._looks = [0, 0]
            gc.collect()

    def end(self) -> None:
        """Let the interpreter look for garbage itself again."""
        self._timer.stop()
        gc.enable()
