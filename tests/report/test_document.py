"""Reports as files: PDF/A and one-file HTML, both from the same content."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.errors import ExportError
from amr_viewer.report.document import check_target, write_report
from tests.report.builders import FOUR_MUSCLES, PRESENT, make_analysis, make_sweeps

ZL = (Branch.ZYGOMATIC, Side.LEFT)
DAY = date(2026, 11, 20)
HOSTILE = 'E<b>#sys $x$ "q" \\ *Щёчная* µV'
VOID = {"meta", "br", "link", "img", "input"}


@pytest.fixture(scope="module")
def study():
    specs = {(*ZL, "EMG L_Mentalis"): PRESENT}
    channels = (*FOUR_MUSCLES[:1], FOUR_MUSCLES[3], (HOSTILE, None, None))
    return make_analysis((ZL,), channels, specs, n_per_site=12, warnings=(HOSTILE,))


@pytest.fixture(scope="module")
def sweeps(study):
    return make_sweeps(study, 2000.0)


@pytest.fixture(scope="module")
def pdf(study, sweeps, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_report(study, sweeps, path, printed=DAY)
    return path


class Outline(HTMLParser):
    """Collects texts and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def text_of(pdf):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_the_pdf_is_pdf_a_and_holds_the_answer(pdf):
    data = pdf.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    text = text_of(pdf)
    assert "Abnormal muscle response present on the left:" in text
    assert "an aid to the physician, not a diagnosis" in text
    assert "page 1 of" in text
    assert "onset 10." in text
    assert "criteria.present_alpha" in text


def test_text_of_the_file_is_never_markup(pdf):
    assert "E<b>#sys $x$" in text_of(pdf)


def test_the_same_analysis_gives_the_same_bytes(study, sweeps, pdf, tmp_path):
    write_report(study, sweeps, tmp_path / "again.pdf", printed=DAY)
    assert (tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()


def test_html_is_one_sound_file(study, sweeps, tmp_path):
    path = tmp_path / "report.html"
    write_report(study, sweeps, path, printed=DAY)
    source = path.read_text(encoding="utf-8")
    page = Outline()
    page.feed(source)
    assert page.open == []
    assert "script" not in page.tags
    assert page.tags.count("svg") == 1 + 3 + 3
    assert "src=" not in source
    assert HOSTILE in page.text
    assert "<b>#sys" not in source
    for part in ("Responses", "Conclusion", "Methods", "Limits", study.recording.sha256):
        assert part in page.text


@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_russian_reports(study, sweeps, tmp_path, suffix):
    path = tmp_path / f"report{suffix}"
    write_report(study, sweeps, path, language="ru", printed=DAY)
    text = path.read_text(encoding="utf-8") if suffix == ".html" else text_of(path)
    assert "Аномальный мышечный ответ" in text
    assert "Рекомендуется" in text


@pytest.mark.parametrize("amr", ["absent", "indeterminate", "not_assessable", "no_stimuli"])
def test_every_answer_can_be_printed(amr, tmp_path):
    sites = () if amr == "no_stimuli" else (ZL,)
    analysis = make_analysis(sites, FOUR_MUSCLES[:2], amr=amr, headline=amr, n_per_site=4)
    for suffix in (".pdf", ".html"):
        write_report(analysis, {}, tmp_path / f"r{suffix}")
        assert (tmp_path / f"r{suffix}").stat().st_size > 5000


def test_a_laboratory_may_bring_its_own_templates(study, tmp_path):
    typ, html = tmp_path / "lab.typ", tmp_path / "lab.html"
    typ.write_text("#let d = json(bytes(sys.inputs.document))\n"
                   "#set document(date: datetime(year: 2026, month: 1, day: 1))\n"
                   "Lab: #d.headline.strong")  # fmt: skip
    html.write_text("<p>{{ d.headline.strong }} {{ d.warnings[-1] }}</p>")
    write_report(study, {}, tmp_path / "a.pdf", template=typ)
    write_report(study, {}, tmp_path / "a.html", template=html)
    assert "Lab: Abnormal muscle response" in text_of(tmp_path / "a.pdf")
    assert "E&lt;b&gt;" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [("lab.typ", "#nothing-of-that-name"), ("lab.html", "{{ d.nothing }} {% if %}")],
)
def test_a_faulty_template_is_named(study, tmp_path, name, text):
    template = tmp_path / name
    template.write_text(text)
    target = tmp_path / ("out.pdf" if name.endswith("typ") else "out.html")
    with pytest.raises(ExportError, match=f"{name}: .*mend the template"):
        write_report(study, {}, target, template=template)
    assert not target.exists()
    with pytest.raises(ExportError, match="no such template"):
        write_report(study, {}, target, template=tmp_path / "absent.typ")


def test_other_kinds_of_file_are_refused(study, tmp_path):
    with pytest.raises(ExportError, match=r"end the name in \.pdf or \.html"):
        write_report(study, {}, tmp_path / "report.docx")
    with pytest.raises(ExportError, match="language"):
        check_target(tmp_path / "report.pdf", "xx")


def test_control_characters_do_not_stop_a_report(study, tmp_path):
    recording = replace(study.recording, patient={"name": "A\x7f\x01 张"})
    write_report(replace(study, recording=recording), {}, tmp_path / "r.pdf")
    assert (tmp_path / "r.pdf").stat().st_size > 5000


def test_a_place_that_cannot_be_written_is_named(study, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match=r"r\.pdf: cannot be written"):
        write_report(study, {}, tmp_path / "file" / "r.pdf")
