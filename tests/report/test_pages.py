"""Pictures of pages, and drawings that are made once."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.errors import ExportError
from amr_viewer.report import remembered
from amr_viewer.report.content import build
from amr_viewer.report.figures import Sweeps, superimposed
from amr_viewer.report.pages import render_pages
from tests.report.builders import FOUR_MUSCLES, PRESENT, make_analysis, make_sweeps

ZL = (Branch.ZYGOMATIC, Side.LEFT)
A4_INCHES = (8.27, 11.69)


@pytest.fixture(scope="module")
def report():
    specs = {(*ZL, "EMG L_Mentalis"): PRESENT}
    study = make_analysis((ZL,), FOUR_MUSCLES[:1], specs, n_per_site=8)
    return build(study, make_sweeps(study, 2000.0))


def size_of(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


def test_every_page_is_a_png_of_the_resolution_asked_for(report):
    pages = render_pages(report, 40.0)
    assert len(pages) >= 2
    for page in pages:
        assert page.startswith(b"\x89PNG")
        assert size_of(page) == pytest.approx([40 * inch for inch in A4_INCHES], abs=1)


def test_a_single_page_is_a_tuple_too(report, tmp_path):
    template = tmp_path / "short.typ"
    template.write_text("#json(bytes(sys.inputs.document)).headline.strong")
    assert len(render_pages(report, 40.0, template)) == 1


def test_another_word_makes_another_page(report):
    other = replace(report, institution="Department of Clinical Neurophysiology")
    assert render_pages(report, 40.0)[0] != render_pages(other, 40.0)[0]


def test_pages_can_be_svg(report):
    assert all(page.lstrip().startswith(b"<svg") for page in render_pages(report, kind="svg"))


def test_a_broken_template_is_named(report, tmp_path):
    template = tmp_path / "ours.typ"
    template.write_text("#nonsense()")
    with pytest.raises(ExportError, match=r"ours\.typ: .*nonsense.*mend the template"):
        render_pages(report, 40.0, template)


def some_sweeps(seed: int) -> Sweeps:
    data = np.random.default_rng(seed).normal(0, 10, (5, 90)).astype(np.float32)
    return Sweeps(
        times_ms=np.linspace(-5, 40, 90),
        data_uv=data,
        state=np.ones(5, np.int8),
        numbers=np.arange(1, 6),
        color="#0072b2",
        window_ms=(6.5, 20.0),
        blank_ms=1.5,
    )


def test_a_drawing_is_made_once(monkeypatch):
    calls = []
    real = superimposed.__wrapped__

    @remembered.remembered
    def draw(sweeps, width_mm, height_mm, max_lines):
        calls.append(max_lines)
        return real(sweeps, width_mm, height_mm, max_lines)

    first = draw(some_sweeps(1), 60.0, 40.0, 30)
    assert draw(some_sweeps(1), 60.0, 40.0, 30) == first
    assert calls == [30]
    assert draw(some_sweeps(2), 60.0, 40.0, 30) != first
    assert draw(some_sweeps(1), 60.0, 40.0, 3) != first
    assert calls == [30, 30, 3]


def test_drawings_not_asked_for_are_forgotten(monkeypatch):
    monkeypatch.setattr(remembered, "MOST_CHARACTERS", 250)
    monkeypatch.setattr(remembered, "_drawings", type(remembered._drawings)())
    made = []

    @remembered.remembered
    def draw(name):
        made.append(name)
        return name * 100

    for name in ("a", "b", "a", "c", "a", "b"):
        draw(name)
    assert made == ["a", "b", "c", "b"]
