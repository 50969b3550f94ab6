"""What holds where markers do not say, and what each channel then is for each branch."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.anatomy import Role
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.protocol.choices import BRANCHES, SIDES, Choice
from amr_viewer.gui.protocol.understanding import Look, Site
from amr_viewer.gui.theme import GAP
from amr_viewer.report.names import site_name
from amr_viewer.report.wording import EN

WIDTH = 268
UNKNOWN = "not stated"
AUTOMATIC = "found by itself"
ROLES = {
    Role.DIRECT: "direct",
    Role.LATERAL: "lateral",
    Role.CONTRALATERAL: "contralateral",
    Role.OTHER: "no role",
}


class OverallPanel(QScrollArea):
    """Branch, side and trigger channel; roles; what contradicts itself.

    Signals
    -------
    wanted(field, value)
        Of the protocol itself: site, side or trigger.
    """

    wanted = Signal(str, object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.site, self.side, self.trigger = QComboBox(), QComboBox(), QComboBox()
        self._choices: dict[str, tuple[Choice, ...]] = {
            "site": (Choice(UNKNOWN, None), *BRANCHES),
            "side": (Choice(UNKNOWN, None), *SIDES),
            "trigger": (Choice(AUTOMATIC, None),),
        }
        self.needed = QLabel()
        self.needed.setProperty("role", "error")
        self.needed.setWordWrap(True)
        self.roles = QLabel()
        self.roles.setTextFormat(Qt.TextFormat.RichText)
        self.conflicts = QLabel()
        for label in (self.roles, self.conflicts):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.roles.setAccessibleName("Roles of the channels")
        self.conflicts.setAccessibleName("To look at again")
        self.conflicts.setProperty("role", "error")
        self._lay_out()
        for name, box in self._boxes.items():
            box.activated.connect(lambda place, n=name: self._choose(n, place))

    @property
    def _boxes(self) -> dict[str, QComboBox]:
        """The boxes by the fields that they set."""
        return {"site": self.site, "side": self.side, "trigger": self.trigger}

    def _lay_out(self) -> None:
        """Put everything into place."""
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        form = QGridLayout()
        form.setSpacing(GAP)
        form.setColumnStretch(1, 1)
        rows = (
            ("&Branch", self.site, "Branch stimulated, where markers do not say"),
            ("Si&de", self.side, "Side stimulated, where markers do not say"),
            ("&Trigger", self.trigger, "Channel that holds the pulses of the stimulator"),
        )
        for row, (title, box, tip) in enumerate(rows):
            box.setToolTip(tip)
            box.setAccessibleName(tip)
            box.setMinimumContentsLength(10)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            label = QLabel(title)
            label.setBuddy(box)
            form.addWidget(label, row, 0)
            form.addWidget(box, row, 1)
        inside = QFrame()
        inside.setProperty("role", "card")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(GAP * 3 // 2, GAP * 3 // 2, GAP * 3 // 2, GAP * 3 // 2)
        layout.setSpacing(GAP)
        layout.addWidget(_heading("Where markers do not say"))
        layout.addLayout(form)
        layout.addWidget(self.needed)
        layout.addSpacing(GAP)
        layout.addWidget(_heading("What the channels are then"))
        layout.addWidget(self.roles)
        layout.addSpacing(GAP)
        self._conflict_heading = _heading("To look at again")
        layout.addWidget(self._conflict_heading)
        layout.addWidget(self.conflicts)
        layout.addStretch(1)
        self.setWidget(inside)

    def show_look(self, look: Look, conflicts: Sequence[str]) -> None:
        """Show a state and what contradicts itself in it."""
        self._choices["trigger"] = self._trigger_choices(look)
        for name, box in self._boxes.items():
            self._fill(box, self._choices[name], getattr(look.draft, name))
        n = look.n_nowhere
        self.needed.setText(f"{n} stimuli name no branch: choose it here or in Markers.")
        self.needed.setVisible(n > 0)
        self.roles.setText(self._role_words(look))
        self.conflicts.setText("\n".join(f"{c}." for c in conflicts))
        self.conflicts.setVisible(bool(conflicts))
        self._conflict_heading.setVisible(bool(conflicts))

    def _trigger_choices(self, look: Look) -> tuple[Choice, ...]:
        """Return the channels that may hold triggers, and a pattern that the protocol states."""
        labels = list(dict.fromkeys(c.guess.channel.label for c in look.channels))
        stated = look.draft.trigger
        if stated is not None and stated not in labels:
            labels.insert(0, stated)
        return (Choice(AUTOMATIC, None), *(Choice(label, label) for label in labels))

    def _fill(self, box: QComboBox, choices: Sequence[Choice], value: Any) -> None:
        """Show the present value of a box."""
        texts = [c.text for c in choices]
        with QSignalBlocker(box):
            if [box.itemText(i) for i in range(box.count())] != texts:
                box.clear()
                box.addItems(texts)
            box.setCurrentIndex(next(i for i, c in enumerate(choices) if c.value == value))

    def _choose(self, name: str, place: int) -> None:
        """Pass on what was chosen."""
        self.wanted.emit(name, self._choices[name][place].value)

    def _role_words(self, look: Look) -> str:
        """Return a paragraph for each branch that is stimulated."""
        if not look.sites:
            return "No branch is known yet: channels are neither direct nor lateral."
        return "".join(_roles_at(look, site) for site in look.sites)


def _roles_at(look: Look, site: Site) -> str:
    """Return the channels by their role at one branch."""
    lines = []
    roles = look.roles(site)
    for role, name in ROLES.items():
        rows = roles.get(role, ())
        if rows:
            lines.append(f"{name}: {escape(', '.join(_channel_name(look, r) for r in rows))}")
    title = escape(site_name(site, EN))
    return f"<p><b>{title}</b><br>{'<br>'.join(lines) or 'no channel of EMG'}</p>"


def _channel_name(look: Look, row: int) -> str:
    """Return muscle and side of a channel, its label where the muscle is unknown."""
    channel = look.channels[row].guess.channel
    if channel.muscle is None:
        return channel.label
    muscle = EN.muscle_short[channel.muscle]
    return f"{muscle} {EN.side_letters[channel.side or '']}".strip()


def _heading(text: str) -> QLabel:
    """Return a heading."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
