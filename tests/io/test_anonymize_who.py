"""Whom a recording names: not in the name of a de-identified file, not in its code or bytes."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import nan
from pathlib import Path

import pytest

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.recording import Mark, Recording
from amr_viewer.core.review import Review
from amr_viewer.errors import ExportError
from amr_viewer.io import read_recording
from amr_viewer.io.anonymize import Anonymity, write_anonymous
from amr_viewer.io.anonymize_who import fault_of_name, spellings, who_is
from amr_viewer.report.annotations import annotated
from amr_viewer.workflow import analyze_file, export_edf
from tests.io.anonymous_builder import (
    named,
    of,
    plain,
    texts_of,
    written,
)

# ---------------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    "stem",
    [
        "Ivanova", "ivanova_emg", "anna", "AnnaIvanova", "xivanovax", "x-4711", "471108",
        "12031960", "12.03.1960", "600312", "emg_1960-03-12", "12-mar-1960", "a_2024-03-04",
        "case17", "visit_case17",
    ],
)  # fmt: skip
def test_a_name_that_tells_is_refused_without_quoting_it(tmp_path: Path, stem: str) -> None:
    analysis = named(name="case17.edf")
    with pytest.raises(ExportError, match="the name of the file holds") as fault:
        written(analysis, tmp_path / f"{stem}.edf")
    assert stem.casefold() not in str(fault.value).casefold().replace("the name of", "")
    assert "name a folder" in str(fault.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "stem", ["anonymous", "P07", "hfs-study-3", "a", "emg_left_pre", "mentalis"]
)
def test_neutral_names_are_taken(tmp_path: Path, stem: str) -> None:
    path, _ = written(named(name="emg_left_case17.edf"), tmp_path / f"{stem}.edf")
    assert path.is_file()


def test_russian_names_are_known_in_latin_letters() -> None:
    who = who_is(of(plain(), patient={"name": "Щукина Юлия Андрей"}))
    for stem in ("shchukina", "Schukina", "andrei", "iuliia", "yuliya", "щукина"):
        assert fault_of_name(who, plain().recording, stem) == "a part of the patient's name"
    assert fault_of_name(who, plain().recording, "julia") == ""


def test_a_folder_gets_a_name_from_the_content(tmp_path: Path) -> None:
    path, notes = written(named(), tmp_path)
    assert path.parent == tmp_path
    assert path.name in notes[0]
    assert path.stem.startswith("anonymous-")
    other = named(patient={"name": "Somebody Else"}, start="2020-01-01T00:00:00")
    (tmp_path / "other").mkdir()
    assert written(other, tmp_path / "other")[0].name == path.name
    with pytest.raises(ExportError, match="exists already"):
        written(named(), tmp_path)
    bdf = named(format="BDF+C")
    assert written(bdf, tmp_path)[0].suffix == ".bdf"


def test_a_date_is_known_however_it_is_spelled() -> None:
    spelled = spellings(date(1960, 3, 2))
    assert {"2.3.1960", "02/03/60", "03/02/1960", "1960_03_02", "19600302", "2-mar-1960"} <= spelled


# ---------------------------------------------------------------------- the last look


def leaking(where: str, text: str) -> Callable[[Analysis], Recording]:
    """What a program with a fault would put into the file."""

    def annotate(analysis: Analysis) -> Recording:
        recording = annotated(analysis)
        first, *others = recording.channels
        if where == "mark":
            return replace(recording, marks=(*recording.marks, Mark(0.3, nan, f"so {text} said")))
        if where == "patient":
            return replace(recording, patient={"name": text})
        if where == "equipment":
            return replace(recording, equipment=text)
        if where == "start":
            return replace(recording, start=text)
        return replace(recording, channels=(replace(first, **{where: text}), *others))

    return annotate


@pytest.mark.parametrize(
    ("where", "text"),
    [
        *(("mark", t) for t in ("Ivanova", "anna", "4711", "12.03.60", "1960-03-12", "20240304",
                                "Sidorova", "Cadwell", "8812", "ANNA_IVANOVA", "secretfolder",
                                "wardcomputer")),
        ("label", "Ivanova"), ("filters", "HP Anna"), ("unit", "4711"), ("patient", "Nobody"),
        ("equipment", "amplifier"), ("start", "2024-03-04T09:00:00"),
        ("start", "1985-01-01T09:00:00"),
    ],
)  # fmt: skip
def test_a_leak_is_found_before_the_file_gets_its_name(
    tmp_path: Path, where: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "wardcomputer")
    analysis = named(path=str(tmp_path / "secretfolder" / "case17.edf"))
    with pytest.raises(ExportError, match="not written") as fault:
        write_anonymous(analysis, leaking(where, text), tmp_path / "a.edf", Anonymity())
    assert text not in str(fault.value)
    assert list(tmp_path.iterdir()) == []


def test_hospital_and_technician_of_the_header_are_looked_for(tmp_path: Path) -> None:
    source = tmp_path / "case17.edf"
    export_edf(of(plain(), start="2024-03-04T09:00:00"), source)
    raw = bytearray(source.read_bytes())
    raw[88:168] = b"Startdate 04-MAR-2024 KB17 Petrov_P Cadwell".ljust(80)
    source.write_bytes(raw)
    analysis = analyze_file(source, free_running=False)
    for text in ("KB17", "petrov"):
        with pytest.raises(ExportError, match="an annotation holds a part of the"):
            write_anonymous(analysis, leaking("mark", text), tmp_path / "a.edf", Anonymity())
    path, _ = written(analysis, tmp_path / "a.edf")
    assert "petrov" not in texts_of(path)


@pytest.mark.parametrize(("name", "text"), [("Li Na", "with li na"), ("李娜", "李娜术后")])
def test_short_names_are_found_as_a_whole(tmp_path: Path, name: str, text: str) -> None:
    analysis = of(plain(), patient={"name": name})
    with pytest.raises(ExportError, match="an annotation holds a part of the name"):
        write_anonymous(analysis, leaking("mark", text), tmp_path / "a.edf", Anonymity())


def test_a_number_that_is_an_amplitude_refuses_nothing(tmp_path: Path) -> None:
    analysis = of(plain(), patient={"id": "182"})
    own = "AMR L mentalis 10.4 ms 182 uV"
    made = write_anonymous(
        analysis, lambda a: replace(annotated(a), marks=(Mark(0.1, nan, own),)), tmp_path,
        Anonymity(),
    )  # fmt: skip
    assert [m.text for m in read_recording(made.path).marks] == [own]
    with pytest.raises(ExportError, match="a part of the number"):
        write_anonymous(analysis, leaking("mark", "182"), tmp_path / "a.edf", Anonymity())


def test_what_a_person_filled_in_is_looked_for(tmp_path: Path) -> None:
    review = Review(fields={"name": "Orlova", "examiner": "Dr. Belov"})
    review = review.with_field("referred", "x", "", "Zaitseva", "2024-03-04T10:00:00")
    analysis = replace(plain(), review=review)
    for text in ("Orlova", "Belov", "Zaitseva"):
        with pytest.raises(ExportError, match="holds a part of the"):
            write_anonymous(analysis, leaking("mark", text), tmp_path / "a.edf", Anonymity())
    with pytest.raises(ExportError, match="the patient's name"):
        written(analysis, tmp_path / "orlova.edf")


# ---------------------------------------------------------------------- refusals


@pytest.mark.parametrize("code", ["Ivanova", "4711", "P-Anna", "12031960", "Cadwell"])
def test_a_code_that_tells_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(ExportError, match="the code holds a part of the") as fault:
        written(named(), tmp_path / "a.edf", code)
    assert code not in str(fault.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", ["a b", "é", "x" * 21, "-a", "a\x14b"])
def test_a_code_that_no_header_holds_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(ExportError, match="takes 1 to 20 letters"):
        written(named(), tmp_path / "a.edf", code)


def test_a_code_is_no_part_of_the_name_of_the_recording(tmp_path: Path) -> None:
    analysis = of(plain(), path=str(tmp_path / "Orlova_left_emg.edf"))
    with pytest.raises(ExportError, match="the code holds a part of the name of the file"):
        written(analysis, tmp_path / "a.edf", "Orlova")
    assert written(analysis, tmp_path / "a.edf", "left-emg")[0].is_file()


def test_a_code_may_be_the_name_of_a_folder(tmp_path: Path) -> None:
    analysis = named(path=str(tmp_path / "HFS07" / "x.edf"))
    path, _ = written(analysis, tmp_path / "a.edf", "HFS07")
    assert read_recording(path).patient == {"id": "HFS07"}


def test_files_that_stand_there_are_kept(tmp_path: Path) -> None:
    there = tmp_path / "a.edf"
    there.write_bytes(b"precious")
    with pytest.raises(ExportError, match="exists already"):
        written(named(), there)
    assert there.read_bytes() == b"precious"
    with pytest.raises(ExportError, match="unknown suffix"):
        written(named(), tmp_path / "a.txt")
    with pytest.raises(ExportError, match="cannot be written"):
        written(named(), tmp_path / "none" / "a.edf")
    source = tmp_path / "b.edf"
    export_edf(plain(), source)
    linked = tmp_path / "c.edf"
    linked.hardlink_to(source)
    with pytest.raises(ExportError, match="is the recording itself"):
        write_anonymous(named(path=str(source)), annotated, linked, Anonymity(), overwrite=True)
    assert write_anonymous(named(), annotated, there, Anonymity(), overwrite=True).path == there
