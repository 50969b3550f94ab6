"""The bar of a comparison: add, order, reference, progress, copy, export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QWidget,
)

from amr_viewer.core.visits import Order
from amr_viewer.gui.theme import GAP
from amr_viewer.gui.visits.plan import BEFORE, FIRST, Plan, Reference

STEPS = 1000
ORDERS = (("By date", Order.DATE), ("As placed by hand", Order.GIVEN))
REFERENCES: tuple[tuple[str, Reference], ...] = (
    ("the first visit", FIRST),
    ("the visit before", BEFORE),
)


class ComparisonBar(QFrame):
    """Buttons and boxes; what they do is the window's.

    Signals
    -------
    order_chosen(order)
    reference_chosen(reference)
    open_wanted(paths)
        Open recordings are to be added.
    former_wanted(plan)
        The comparison that was closed last is to be had back.
    """

    order_chosen = Signal(object)
    reference_chosen = Signal(object)
    open_wanted = Signal(object)
    former_wanted = Signal(object)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.add_menu, self.copy_menu, self.export_menu = QMenu(self), QMenu(self), QMenu(self)
        self.open_recordings: Callable[[], Sequence[Path]] = tuple
        self.former: Plan | None = None
        self.add = _menu_button("Add", "Add recordings: open ones, or files", self.add_menu)
        self.add_event = QPushButton("Add event...")
        self.order, self.reference = QComboBox(), QComboBox()
        self.work = QLabel()
        self.progress = QProgressBar()
        self.stop = QPushButton("Stop")
        self.copy = _menu_button("Copy", "Copy drawings or table", self.copy_menu)
        self.export = _menu_button("Export", "Report as PDF or HTML, or visits.csv",
                                   self.export_menu)  # fmt: skip
        self._describe()
        self._lay_out()
        self.add_event.clicked.connect(lambda: actions["event"].trigger())
        self.stop.clicked.connect(lambda: actions["stop"].trigger())
        self.order.activated.connect(lambda i: self.order_chosen.emit(ORDERS[i][1]))
        self.reference.activated.connect(
            lambda i: self.reference_chosen.emit(self.reference.itemData(i))
        )
        self.add_menu.aboutToShow.connect(self._fill_add)

    def _describe(self) -> None:
        """Give every control its name, its tip and its entries."""
        for text, order in ORDERS:
            self.order.addItem(text, order)
        self.order.setAccessibleName("Order of the visits")
        self.order.setToolTip("Order of the visits; Alt+Up and Alt+Down move one by hand")
        self.reference.setAccessibleName("Changes against")
        self.reference.setToolTip("The visit that changes are told against")
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(110)
        self.progress.setAccessibleName("Progress")
        self.work.setProperty("role", "muted")
        self.add_event.setAutoDefault(False)
        self.stop.setAutoDefault(False)
        for name in ("copy_png", "copy_svg", "copy_table"):
            self.copy_menu.addAction(self._actions[name])
        for name in ("pdf", "html", "csv"):
            self.export_menu.addAction(self._actions[name])
        self.show_references((), FIRST)

    def _lay_out(self) -> None:
        """Put everything into a row."""
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(GAP)
        row.addWidget(self.add)
        row.addWidget(self.add_event)
        for text, box in (("&Order", self.order), ("Changes a&gainst", self.reference)):
            label = QLabel(text)
            label.setBuddy(box)
            row.addSpacing(GAP)
            row.addWidget(label)
            row.addWidget(box)
        row.addStretch(1)
        for part in (self.work, self.progress, self.stop, self.copy, self.export):
            row.addWidget(part)

    def _fill_add(self) -> None:
        """List the open recordings that are not yet in the comparison."""
        self.add_menu.clear()
        self.add_menu.addAction(self._actions["add"])
        paths = list(self.open_recordings())
        if paths:
            self.add_menu.addSection("Open recordings")
        for path in paths:
            entry = self.add_menu.addAction(path.name)
            entry.setToolTip(str(path))
            entry.triggered.connect(lambda _on=False, p=path: self.open_wanted.emit([p]))
        if len(paths) > 1:
            every = self.add_menu.addAction(f"All {len(paths)} open recordings")
            every.triggered.connect(lambda: self.open_wanted.emit(paths))
        if self.former is not None and self.former.rows:
            self.add_menu.addSeparator()
            back = self.add_menu.addAction("As in the comparison closed last")
            names = "\n".join(p.name for p in self.former.paths)
            back.setToolTip(f"Its recordings, names and events:\n{names}")
            back.triggered.connect(lambda: self.former_wanted.emit(self.former))

    def show_order(self, order: Order) -> None:
        """Show the order that is wanted."""
        self.order.setCurrentIndex([o for _, o in ORDERS].index(order))

    def show_references(self, visits: Sequence[tuple[Path, str]], chosen: Reference) -> None:
        """Offer visits as reference."""
        entries = [*REFERENCES, *((f"visit {i + 1}  {name}".rstrip(), path)
                                  for i, (path, name) in enumerate(visits))]  # fmt: skip
        with QSignalBlocker(self.reference):
            known = [self.reference.itemText(i) for i in range(self.reference.count())]
            if known != [text for text, _ in entries]:
                self.reference.clear()
                for text, reference in entries:
                    self.reference.addItem(text, reference)
            values = [reference for _, reference in entries]
            self.reference.setCurrentIndex(values.index(chosen) if chosen in values else 0)

    def show_work(self, text: str, fraction: float, *, is_stopped: bool) -> None:
        """Show what is running, or that it was stopped; empty: nothing."""
        self.work.setText(text)
        for part in (self.work, self.stop):
            part.setVisible(bool(text))
        self.progress.setVisible(bool(text) and not is_stopped)
        self.progress.setValue(round(STEPS * fraction))
        self.stop.setText("Go on" if is_stopped else "Stop")
        self.stop.setToolTip(self._actions["stop"].toolTip())


def _menu_button(text: str, tip: str, menu: QMenu) -> QToolButton:
    """Return a button that opens a menu."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(menu)
    menu.setToolTipsVisible(True)
    return button
