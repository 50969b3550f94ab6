"""What a person chooses before a batch: folders, protocol, how many at once, options."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from amr_viewer.gui.batch.path_box import PathBox
from amr_viewer.gui.batch.protocol_box import ProtocolBox
from amr_viewer.gui.batch.request import BatchRequest, caution_about, default_out
from amr_viewer.gui.batch.words import count_words
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.theme import GAP

MOST_JOBS = 256


class BatchForm(QFrame):
    """The choices.

    Signals
    -------
    place_changed()
        Another folder, of recordings or of results, is chosen.
    changed()
        Any choice is another one.
    folder_wanted(), out_wanted()
        A person wants to choose from the disk.
    failed(text)
    """

    place_changed = Signal()
    changed = Signal()
    folder_wanted = Signal()
    out_wanted = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.has_results = False
        self._place = ("", "")
        self.folder = PathBox("Folder of recordings", "Choose a folder, or drop one here")
        self.out = PathBox("Folder of results", "Beside the folder of recordings")
        self.protocol = ProtocolBox(desk)
        self.jobs, self.scheduler = QSpinBox(), QLineEdit()
        self.review = QCheckBox("Use &reviews")
        self.free_running = QCheckBox("Free-running &EMG")
        self.parquet = QCheckBox("&Parquet table as well")
        self.keep = QRadioButton("C&ontinue: keep results that are current")
        self.anew = QRadioButton("Analyze everything a&new")
        self.caution, self.found = QLabel(), QLabel()
        self.advanced = QToolButton()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_results(0)

    # ------------------------------------------------------------------ building

    def _describe(self) -> None:
        """Give every control its name and tip."""
        self.jobs.setRange(0, MOST_JOBS)
        self.jobs.setSpecialValueText("automatic")
        self.jobs.setAccessibleName("Recordings at once")
        self.jobs.setToolTip("Recordings that are analyzed at once; automatic: one on each core")
        self.scheduler.setAccessibleName("Dask scheduler")
        self.scheduler.setPlaceholderText("tcp://server:8786; empty: this computer")
        self.scheduler.setToolTip(
            "A Dask scheduler that runs already; its workers see both folders under the same paths"
        )
        self.review.setToolTip("Apply what was decided by hand about each recording")
        self.free_running.setToolTip("Look for bursts and patterns of free-running EMG too")
        self.parquet.setToolTip("Write summary.parquet beside summary.csv")
        self.keep.setToolTip("Only what is new, has changed or has failed is analyzed")
        self.anew.setToolTip("Every result is made again; you are asked before any is replaced")
        self.review.setChecked(True)
        self.free_running.setChecked(True)
        self.keep.setChecked(True)
        self.advanced.setText("Advanced")
        self.advanced.setCheckable(True)
        self.advanced.setToolTip("Analyze on a cluster")
        for label in (self.caution, self.found):
            label.setProperty("role", "muted")
        self.caution.setWordWrap(True)

    def _lay_out(self) -> None:
        """Put everything into its place."""
        self.folder_button, self.out_button = QPushButton("Choose..."), QPushButton("Choose...")
        self.folder_button.setAccessibleName("Choose the folder of recordings")
        self.out_button.setAccessibleName("Choose the folder of results")
        self.scheduler_label = _label("&Scheduler", self.scheduler)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, GAP, 12, 2)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(6)
        places = (("&Recordings", self.folder, self.folder_button),
                  ("Re&sults", self.out, self.out_button))  # fmt: skip
        for row, (text, box, button) in enumerate(places):
            button.setAutoDefault(False)
            button.setToolTip(button.accessibleName())
            grid.addWidget(_label(text, box), row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(button, row, 2)
        grid.addWidget(self.caution, 2, 1, 1, 2)
        grid.addLayout(_row(self.found, self.keep, self.anew), 3, 1, 1, 2)
        at_once = _label("At o&nce", self.jobs)
        parts = (self.protocol, at_once, self.jobs, self.review, self.free_running, self.parquet,
                 self.advanced)  # fmt: skip
        grid.addWidget(_label("Pro&tocol", self.protocol), 4, 0)
        grid.addLayout(_row(*parts), 4, 1, 1, 2)
        grid.addWidget(self.scheduler_label, 5, 0)
        grid.addWidget(self.scheduler, 5, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        self._show_advanced(on=False)

    def _connect(self) -> None:
        """Tell of every choice."""
        self.folder_button.clicked.connect(self.folder_wanted)
        self.out_button.clicked.connect(self.out_wanted)
        self.folder.editingFinished.connect(self._folder_typed)
        self.out.editingFinished.connect(self._tell_place)
        self.advanced.toggled.connect(lambda on: self._show_advanced(on=on))
        self.protocol.failed.connect(self.failed)
        self.protocol.chosen.connect(self.changed)
        self.jobs.valueChanged.connect(lambda _: self.changed.emit())
        self.scheduler.textChanged.connect(lambda _: self.changed.emit())
        for button in (self.review, self.free_running, self.parquet, self.keep):
            button.toggled.connect(lambda _: self.changed.emit())

    def _show_advanced(self, *, on: bool) -> None:
        """Show what few people need, or hide it."""
        for part in (self.scheduler_label, self.scheduler):
            part.setVisible(on)

    # ------------------------------------------------------------------ choosing

    @property
    def resume(self) -> bool:
        """Whether results that are current are kept."""
        return self.keep.isChecked()

    @property
    def request(self) -> BatchRequest | None:
        """What is asked for; None while no folder is chosen."""
        if not self.folder.text().strip():
            return None
        folder = Path(self.folder.text().strip()).expanduser()
        typed = self.out.text().strip()
        return BatchRequest(
            folder,
            Path(typed).expanduser() if typed else default_out(folder),
            self.protocol.protocol,
            self.protocol.title,
            jobs=self.jobs.value() or None,
            scheduler=self.scheduler.text().strip() or None,
            resume=self.has_results and self.resume,
            use_review=self.review.isChecked(),
            free_running=self.free_running.isChecked(),
            parquet=self.parquet.isChecked(),
        )

    def choose_folder(self, folder: Path) -> None:
        """Take a folder of recordings; its results lie beside it unless a person says otherwise."""
        self.folder.setText(str(folder))
        self.out.setText(str(default_out(folder)))
        self._tell_place()

    def choose_out(self, out: Path) -> None:
        """Take a folder for the results."""
        self.out.setText(str(out))
        self._tell_place()

    def _folder_typed(self) -> None:
        """Take a folder that was typed."""
        typed = self.folder.text().strip()
        if typed != self._place[0]:
            self.out.setText(str(default_out(Path(typed).expanduser())) if typed else "")
        self._tell_place()

    def _tell_place(self) -> None:
        """Tell that another folder is chosen, if it is."""
        place = (self.folder.text().strip(), self.out.text().strip())
        if place == self._place:
            return
        self._place = place
        request = self.request
        caution = caution_about(request.folder, request.out) if request else ""
        self.caution.setText(caution)
        self.caution.setVisible(bool(caution))
        self.place_changed.emit()

    def settle(self) -> None:
        """Take what is still being typed."""
        self._folder_typed()

    def show_results(self, n: int) -> None:
        """Offer to go on where results are there already; it is the default then."""
        if bool(n) != self.has_results:
            with QSignalBlocker(self.keep):
                self.keep.setChecked(True)
        self.has_results = bool(n)
        self.found.setText(f"{count_words(n)} analyzed before." if n else "")
        self.caution.setVisible(bool(self.caution.text()))
        for part in (self.found, self.keep, self.anew):
            part.setVisible(bool(n))


def _label(text: str, buddy: QWidget) -> QLabel:
    """Return the label of a control, with its key."""
    label = QLabel(text)
    label.setBuddy(buddy)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _row(*parts: QWidget) -> QHBoxLayout:
    """Return controls side by side."""
    row = QHBoxLayout()
    row.setSpacing(12)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row
