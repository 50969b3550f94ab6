"""All keys at a glance, and the place to change them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.commands import Commands, native

WHERE = {
    "": "everywhere",
    "traces": "in Traces",
    "sweeps": "in Sweeps",
    "trend": "in Trend",
    "patterns": "in Patterns",
    "report": "in Report",
    "visits": "in Compare visits",
    "batch": "in Analyze a folder",
}


class ShortcutsDialog(QDialog):
    """A table of actions with their keys; the selected one's can be changed, cleared or reset."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self.setWindowTitle("Keyboard")
        self.resize(720, 560)
        self.box = QLineEdit(placeholderText="Search actions or keys")
        self.box.setAccessibleName("Search actions or keys")
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Actions and their keys")
        self.tree.setHeaderLabels(["Action", "Keys", "Works"])
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.editor = QKeySequenceEdit()
        self.editor.setMaximumSequenceLength(1)
        self.editor.setAccessibleName("New keys of the selected action")
        self.assign = QPushButton("Assign")
        self.clear = QPushButton("No keys")
        self.reset = QPushButton("Default")
        self.reset_all = QPushButton("Reset all")
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self._lay_out()
        self.box.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(lambda *_: self._show_current())
        self.assign.clicked.connect(self._assign)
        self.clear.clicked.connect(lambda: self._set(""))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        self._fill()

    def _lay_out(self) -> None:
        """Put everything into place."""
        row = QHBoxLayout()
        label = QLabel("Keys:")
        label.setBuddy(self.editor)
        row.addWidget(label)
        row.addWidget(self.editor, 1)
        for button in (self.assign, self.clear, self.reset, self.reset_all):
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.box)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)
        layout.addWidget(self.fault)
        layout.addWidget(buttons)

    def _fill(self) -> None:
        """List every action; keep what is selected."""
        chosen = self.selected
        keys = self._commands.keys()
        self.tree.clear()
        specs = sorted(self._commands.specs.values(), key=lambda s: (s.menu or "~", s.text))
        for spec in specs:
            menu = spec.menu.replace("/", " › ")
            text = f"{menu} › {spec.text}" if menu else spec.text
            item = QTreeWidgetItem([text, native(keys.get(spec.name, "")), WHERE[spec.scope]])
            item.setData(0, Qt.ItemDataRole.UserRole, spec.name)
            item.setToolTip(0, spec.tip or spec.text)
            self.tree.addTopLevelItem(item)
            if spec.name == chosen:
                self.tree.setCurrentItem(item)
        first = self.tree.topLevelItem(0)
        if self.tree.currentItem() is None and first is not None:
            self.tree.setCurrentItem(first)
        self._filter(self.box.text())

    def _filter(self, text: str) -> None:
        """Hide what does not match."""
        wanted = text.casefold()
        for i in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(i)
            if item is not None:
                words = f"{item.text(0)} {item.text(1)}".casefold()
                item.setHidden(wanted not in words)

    @property
    def selected(self) -> str:
        """Name of the selected action, empty if none is."""
        item = self.tree.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    def select(self, name: str) -> None:
        """Select an action."""
        for i in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(i)
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole) == name:
                self.tree.setCurrentItem(item)

    def _show_current(self) -> None:
        """Show the keys of the selected action."""
        keys = self._commands.keys().get(self.selected, "")
        self.editor.setKeySequence(QKeySequence(keys.split(";")[0]))
        self.fault.setText("")

    def _assign(self) -> None:
        """Give the selected action the keys that were pressed."""
        self._set(self.editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    def _set(self, keys: str) -> None:
        """Give the selected action keys, or say which action has them."""
        if not self.selected:
            return
        clashes = self._commands.set_keys({self.selected: keys})
        if not clashes:
            self._fill()
        self.fault.setText(f"Taken already: {'; '.join(clashes)}" if clashes else "")

    def _reset(self) -> None:
        """Give the selected action its default keys."""
        if self.selected:
            self._set(self._commands.specs[self.selected].shortcut)

    def _reset_all(self) -> None:
        """Give every action its default keys."""
        defaults = {name: spec.shortcut for name, spec in self._commands.specs.items()}
        self._commands.set_keys(defaults)
        self._fill()
