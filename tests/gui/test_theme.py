"""Colors that can be read, in both appearances."""

from __future__ import annotations

import re

import pytest

from amr_viewer.core.anatomy import Muscle
from amr_viewer.gui.theme import STYLE_SHEET, THEMES, Theme, contrast

READABLE = 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_every_text_can_be_read_on_every_ground(theme: Theme) -> None:
    grounds = ("ground", "surface", "raised", "hover", "selected")
    texts = ("text", "muted", "accent", "present", "absent", "unsure", "late", "direct", "stimulus")
    weak = [
        f"{text} on {ground}"
        for text in texts
        for ground in grounds
        if contrast(getattr(theme, text), getattr(theme, ground)) < READABLE
    ]
    assert not weak


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_chips_and_traces_can_be_read(theme: Theme) -> None:
    for tone in ("present", "late", "absent", "unsure", "direct"):
        assert contrast(*theme.tone(tone)) >= READABLE, tone
    for muscle in (*Muscle, None):
        assert contrast(theme.muscle(muscle), theme.surface) >= READABLE, muscle
    assert contrast(theme.on_accent, theme.accent) >= READABLE


def test_the_style_sheet_names_only_colors_of_the_theme() -> None:
    names = set(re.findall(r"@(\w+)@", STYLE_SHEET.read_text("utf-8")))
    assert names - {"icons"} <= set(Theme.__slots__)


@pytest.mark.parametrize("theme", THEMES)
def test_every_picture_that_the_style_sheet_names_is_there(theme: str) -> None:
    text = STYLE_SHEET.read_text("utf-8").replace("@name@", theme)
    pictures = re.findall(r'url\("@icons@/([^"]+)"\)', text)
    assert pictures
    assert not [p for p in pictures if not (STYLE_SHEET.parent / "icons" / p).is_file()]
