"""The command palette: every action by a few letters of its name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.commands import Commands, native

WIDTH, HEIGHT = 560, 420


class CommandPalette(QDialog):
    """A box to type into and the actions that match, the possible ones first."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._commands, self._window = commands, parent
        self.setAccessibleName("Command palette")
        self.setFixedSize(WIDTH, HEIGHT)
        self.box = QLineEdit(placeholderText="Type what you want to do")
        self.box.setAccessibleName("Search commands")
        self.box.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Matching commands")
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.box)
        layout.addWidget(self.list)
        self.box.textChanged.connect(self._fill)
        self.box.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self._run())
        self.list.itemClicked.connect(lambda _item: self._run())
        self._fill("")

    def popup(self) -> None:
        """Show the palette in the upper middle of the window."""
        corner = self._window.mapToGlobal(self._window.rect().topLeft())
        self.move(corner.x() + (self._window.width() - WIDTH) // 2, corner.y() + 56)
        self.show()
        self.box.setFocus()

    def _fill(self, text: str) -> None:
        """List the actions that match."""
        keys = self._commands.keys()
        self.list.clear()
        for spec in self._matches(text):
            reason = spec.blocked()
            key = f"    {native(keys[spec.name])}" if spec.name in keys else ""
            menu = spec.menu.replace("/", " › ")
            words = f"{menu} › {spec.text}" if menu else spec.text
            item = QListWidgetItem(f"{words}{key}" + (f"    ({reason})" if reason else ""))
            item.setData(Qt.ItemDataRole.UserRole, spec.name)
            item.setToolTip(spec.tip or spec.text)
            if reason:
                item.setForeground(self.palette().placeholderText())
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _matches(self, text: str) -> list[ActionSpec]:
        """Return the actions that match, the best first."""
        ranked = []
        for spec in self._commands.specs.values():
            rank = match(text, f"{spec.text} {spec.menu}")
            if rank is not None:
                ranked.append(((bool(spec.blocked()), rank, spec.text), spec))
        return [spec for _, spec in sorted(ranked, key=lambda pair: pair[0])]

    def _run(self) -> None:
        """Do what is chosen."""
        item = self.list.currentItem()
        if item is None:
            return
        name = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        self._commands.run(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Move in the list and choose while the box has the focus."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 10,
                Qt.Key.Key_PageUp: -10,
            }
            step = steps.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)


def match(typed: str, text: str) -> int | None:
    """Return how well words that were typed fit a text: 0 is best, None not at all.

    Every word must stand in the text; words at the beginning of words fit better, and letters that
    merely follow each other fit least.

    Examples
    --------
    >>> match("exp rep", "Export report"), match("port", "Export report"), match("xyz", "Export")
    (0, 1, None)
    """
    low = text.casefold()
    words = typed.casefold().split()
    starts = low.split()
    if all(any(start.startswith(word) for start in starts) for word in words):
        return 0
    if all(word in low for word in words):
        return 1
    rest = iter(low)
    return 2 if all(letter in rest for letter in "".join(words)) else None
