"""One panel with its head and the line below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.chips import Chip
from amr_viewer.gui.sweeps.canvas import Canvas
from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.paint import is_cut
from amr_viewer.gui.sweeps.panels import Panel
from amr_viewer.gui.sweeps.verdicts import Verdicts
from amr_viewer.gui.sweeps.words import (
    gain_words,
    muscle_words,
    panel_chip_words,
    run_wordings,
    short_sweep_words,
    sweep_words,
)
from amr_viewer.gui.theme import small_font
from amr_viewer.report.wording import EN


class Name(QWidget):
    """Muscle, side and role in one line; where there is no room the name is cut short first."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.names: tuple[str, str] = ("", "")
        self.role = ""
        self.sign = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the short name."""
        return QSize(120, self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the short name."""
        return QSize(60, self.fontMetrics().height() + 6)

    def shown(self) -> tuple[str, str, str]:
        """Return what fits: name, role, sign of cut traces."""
        bold = self.font()
        bold.setBold(True)
        wide, plain = QFontMetrics(bold).horizontalAdvance, self.fontMetrics().horizontalAdvance
        long, short = self.names
        role, sign = self.role, self.sign
        for name, beside, last in (
            (long, role, sign), (short, role, sign), (short, role, ""), (long, "", sign),
            (short, "", sign), (short, "", ""),
        ):  # fmt: skip
            if wide(name) + 8 + plain(beside) + 10 + plain(last) <= self.width():
                return name, beside, last
        return short, "", ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what fits."""
        theme = self._appearance.theme
        name, role, sign = self.shown()
        painter = QPainter(self)
        area = QRectF(self.rect())
        middle = Qt.AlignmentFlag.AlignVCenter
        bold = self.font()
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        wide = painter.fontMetrics().horizontalAdvance(name)
        text = painter.fontMetrics().elidedText(
            name, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, middle, text)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.muted))
        painter.drawText(area.adjusted(wide + 8, 0, 0, 0), middle, role)
        beside = wide + 8 + painter.fontMetrics().horizontalAdvance(role) + 10
        painter.setPen(QColor(theme.late))
        painter.drawText(area.adjusted(beside, 0, 0, 0), middle, sign)


class Line(QWidget):
    """One line of text: of several wordings the longest that fits."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.wordings: list[str] = [""]
        self.is_strong = False
        self.setFont(small_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_text(self, wordings: list[str], *, strong: bool) -> None:
        """Show one of these, the longest first."""
        if wordings != self.wordings or strong != self.is_strong:
            self.wordings, self.is_strong = wordings, strong
            self.setToolTip(wordings[0])
            self.setAccessibleName(wordings[0])
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for one line."""
        return QSize(100, self.fontMetrics().height() + 2)

    def shown(self) -> str:
        """Return the wording that fits."""
        metrics = self.fontMetrics()
        fits = (w for w in self.wordings if metrics.horizontalAdvance(w) <= self.width())
        last = metrics.elidedText(self.wordings[-1], Qt.TextElideMode.ElideRight, self.width())
        return next(fits, last)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the wording that fits."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setPen(QColor(theme.text if self.is_strong else theme.muted))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter, self.shown())


class Card(QFrame):
    """A muscle: what it is and its verdict, its sweeps, and the selected one in words."""

    def __init__(self, model: Model, verdicts: Verdicts, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._is_selected = False
        appearance = model.desk.appearance
        self.setProperty("role", "card")
        self.name = Name(appearance, self)
        self.chip = Chip(appearance, self)
        self.canvas = Canvas(model, verdicts, panel, self)
        self.line = Line(appearance, self)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.chip)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 6)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self.canvas, 1)
        box.addWidget(self.line)
        appearance.changed.connect(self.update)
        self.show_panel(panel)

    @property
    def panel(self) -> Panel:
        """What is shown."""
        return self.canvas.panel

    def show_panel(self, panel: Panel) -> None:
        """Show a panel."""
        finding = panel.finding
        self.canvas.show_panel(panel)
        name, role = muscle_words(finding)
        short = EN.muscle_short[finding.muscle] if finding.muscle else finding.channel
        self.name.names, self.name.role = (name, short), role
        self.chip.show_verdict(*panel_chip_words(panel))
        told = f"{name}, {role}. {finding.channel}. {finding.reason}"
        self.name.setToolTip(told)
        self.chip.setToolTip(finding.reason)
        self.setAccessibleName(f"{name}, {role}: {self.chip.text}")
        self.refresh()

    def refresh(self) -> None:
        """Show what is selected."""
        panel, row = self.panel, self._model.row
        if row is None:
            self.line.show_text(run_wordings(panel), strong=False)
        else:
            long = sweep_words(panel, row, where=True)
            short = sweep_words(panel, row, where=False)
            self.line.show_text([long, short, short_sweep_words(panel, row)], strong=True)
        self.refresh_sign()
        selected = self._model.panel is panel and len(self._model.panels) > 1
        if selected != self._is_selected:
            self._is_selected = selected
            self.update()

    def refresh_sign(self) -> None:
        """Say beside the name a direct muscle's gain, and whether traces are cut."""
        panel = self.panel
        role = muscle_words(panel.finding)[1]
        if panel.is_direct:
            role += f" · {gain_words(self._model.gain_of(True))}"
        sign = "▲ cut" if is_cut(self.canvas.scene()) else ""
        if (role, sign) != (self.name.role, self.name.sign):
            self.name.role, self.name.sign = role, sign
            self.name.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card, with the accent around the selected one."""
        super().paintEvent(event)
        if self._is_selected:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._model.desk.theme.accent), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
