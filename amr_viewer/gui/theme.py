"""Colors and measures of the window, light and dark; what is drawn with them is left to views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from amr_viewer.core.anatomy import Muscle

STYLE_SHEET = Path(__file__).parent / "theme.qss"

GAP = 8
"""Distance between things, in pixels; half of it within things."""

MUSCLE_SHADES: Mapping[Muscle, tuple[str, str]] = {
    Muscle.MENTALIS: ("#b0517f", "#e08fbb"),
    Muscle.ORBICULARIS_ORIS: ("#007a59", "#2cc79c"),
    Muscle.FRONTALIS: ("#0072b2", "#5cb3ec"),
    Muscle.ORBICULARIS_OCULI: ("#c25100", "#f08a45"),
    Muscle.NASALIS: ("#1a739f", "#7fcbf2"),
    Muscle.PLATYSMA: ("#946300", "#f0bb45"),
    Muscle.ZYGOMATICUS: ("#946300", "#f0bb45"),
    Muscle.LEVATOR_LABII: ("#1a739f", "#7fcbf2"),
}
"""Hues of Okabe and Ito (told apart by the color-blind), in shades that stand out of a light and of
a dark ground."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors of one appearance; every text color reaches 4.5:1 on the grounds it is used on.

    `ground` lies under everything, `surface` under views and panels, `raised` under cards and
    controls; the `_soft` colors are grounds of chips whose text is the color itself.
    """

    name: str
    ground: str
    surface: str
    raised: str
    hover: str
    line: str
    grid: str
    text: str
    muted: str
    accent: str
    on_accent: str
    selected: str
    present: str
    present_soft: str
    absent: str
    absent_soft: str
    unsure: str
    unsure_soft: str
    late: str
    late_soft: str
    direct: str
    direct_soft: str
    stimulus: str
    mark: str
    window_band: str
    sweep_gray: str
    other_trace: str
    cursor_a: str
    cursor_b: str

    @property
    def is_dark(self) -> bool:
        """Whether text is bright on a dark ground."""
        return self.name == "dark"

    def muscle(self, muscle: Muscle | None) -> str:
        """Return the color of a muscle's traces."""
        pair = MUSCLE_SHADES.get(muscle) if muscle else None
        return pair[self.is_dark] if pair else self.other_trace

    def tone(self, tone: str) -> tuple[str, str]:
        """Return text color and ground of a verdict: present, late, absent, unsure or direct."""
        return getattr(self, tone), getattr(self, f"{tone}_soft")


LIGHT = Theme(
    name="light",
    ground="#f3f5f8",
    surface="#ffffff",
    raised="#ffffff",
    hover="#e9edf3",
    line="#d8dee7",
    grid="#e7ebf0",
    text="#18222d",
    muted="#566375",
    accent="#1f5fd0",
    on_accent="#ffffff",
    selected="#e3ecfb",
    present="#b0201a",
    present_soft="#fde9e7",
    absent="#17683a",
    absent_soft="#e6f4eb",
    unsure="#5b468c",
    unsure_soft="#efeaf8",
    late="#8a4f00",
    late_soft="#fdf0dc",
    direct="#46566b",
    direct_soft="#e9eef4",
    stimulus="#845600",
    mark="#6b3fa0",
    window_band="#1f5fd0",
    sweep_gray="#8b95a3",
    other_trace="#33506e",
    cursor_a="#1f5fd0",
    cursor_b="#b0201a",
)
DARK = Theme(
    name="dark",
    ground="#14181d",
    surface="#1b2027",
    raised="#232a33",
    hover="#2c3540",
    line="#364150",
    grid="#2a323d",
    text="#e8edf3",
    muted="#a3afbf",
    accent="#7fb0ff",
    on_accent="#0e1620",
    selected="#283a57",
    present="#ff9d94",
    present_soft="#46211f",
    absent="#7fd8a2",
    absent_soft="#1d3a2a",
    unsure="#c6b3f5",
    unsure_soft="#342c4c",
    late="#f5bd6b",
    late_soft="#432f14",
    direct="#b4c3d6",
    direct_soft="#2b3542",
    stimulus="#f0bb45",
    mark="#cfa9f7",
    window_band="#7fb0ff",
    sweep_gray="#7b8797",
    other_trace="#9db9d6",
    cursor_a="#7fb0ff",
    cursor_b="#ff9d94",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
WISHES = ("system", "light", "dark")


def theme_for(wish: str) -> Theme:
    """Return the appearance for a wish: ``light``, ``dark``, or ``system``."""
    if wish in THEMES:
        return THEMES[wish]
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program an appearance."""
    # Taken off first: to exchange one sheet for another takes Qt twice as long as both.
    app.setStyleSheet("")
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    text = STYLE_SHEET.read_text("utf-8")
    text = text.replace("@icons@", (STYLE_SHEET.parent / "icons").as_posix())
    for name in sorted(Theme.__slots__, key=len, reverse=True):
        text = text.replace(f"@{name}@", str(getattr(theme, name)))
    app.setStyleSheet(text)


def _palette(theme: Theme) -> QPalette:
    """Return Qt's palette of an appearance."""
    role = QPalette.ColorRole
    palette = QPalette()
    colors = {
        role.Window: theme.ground,
        role.Base: theme.surface,
        role.AlternateBase: theme.ground,
        role.Button: theme.raised,
        role.WindowText: theme.text,
        role.Text: theme.text,
        role.ButtonText: theme.text,
        role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Light: theme.raised,
    }
    for which, color in colors.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.muted))
    return palette


def small_font(font: QFont, factor: float = 0.88) -> QFont:
    """Return a font for labels beside what matters, never below 8 points."""
    small = QFont(font)
    small.setPointSizeF(max(font.pointSizeF() * factor, 8.0))
    return small


def contrast(a: str, b: str) -> float:
    """Return the contrast of two colors, 1 to 21 (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    """Return the relative luminance of a color."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
