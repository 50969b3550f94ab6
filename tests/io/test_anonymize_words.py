"""What may stand in a de-identified recording: known words only, whoever the patient is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.recording import Channel, ChannelKind
from amr_viewer.io.anonymize_words import (
    is_known_filter,
    is_known_label,
    is_known_remark,
    is_known_unit,
    is_ordinary,
    neutral_label,
    without_quantities,
)
from amr_viewer.io.labels import parse_channel

SURNAMES = (
    "Ivanova", "Petrov", "Левин", "Левченко", "Правдин", "Лобанов", "Носов", "Губин", "Глазунов",
    "Кононов", "Лицов", "Müller", "Schmidt", "O'Neill", "Smith-Jones", "Kim", "Nguyen", "李娜",
    "Chin", "Mark", "Dexter", "Li", "Lang", "Man", "Ast", "Neu", "Stark", "Good", "Prior", "Lev",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Decompression", "decompression done", "Teflon inserted", "Teflon", "Dura open",
        "dura closed", "Stim off", "baseline", "closing", "AMR disappeared", "AMR gone", "incision",
        "spasm left",
        "R orbicularis oculi", "Декомпрессия", "декомпрессия начата", "вскрытие ТМО", "AMR исчез",
        "Impedance check 2", "threshold 8.5 mA", "AICA", "electrode moved", "тефлон",
        "Finding: AMR present, L mentalis, 48/50, zygomatic left, by a person",
        "AMR L mentalis 10.4 ms 182 uV", "M R orbicularis oculi 3.2 ms 2000 uV", "note",
        "response on the other side R mentalis 11.0 ms 31 uV",
    ],
)  # fmt: skip
def test_usual_events_and_own_words_stay(text: str) -> None:
    assert is_known_remark(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Green: decompression", "decompression (Sidorov)", "Anna moves", "pat 123456",
        "decompression 12.03.1960", "decompression 12 03 60", "start 4711", "dura open 1960",
        "decompression\u200b", "tel. 555 0100", "anna@clinic.example", "", "   ", "x" * 200,
        "ID A4711", "C:\\data\\x.edf", "/data/anna/x.edf",
    ],
)  # fmt: skip
def test_anything_else_goes(text: str) -> None:
    assert not is_known_remark(text)


@pytest.mark.parametrize("name", SURNAMES)
@pytest.mark.parametrize("frame", ["{}", "{}: decompression", "dura open, {}", "stim {} off"])
def test_no_surname_passes_in_a_remark(name: str, frame: str) -> None:
    assert not is_known_remark(frame.format(name))


@given(st.text(st.characters(categories=("L",)), min_size=4, max_size=12))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_an_unknown_word_never_passes(word: str) -> None:
    """Whatever is no word of the lists stays out of remarks, labels and filter settings."""
    if not is_ordinary(word.casefold()):
        assert not is_known_remark(f"decompression {word}")
        assert not is_known_filter(f"HP:20Hz {word}")
        assert not is_known_unit(word)


@pytest.mark.parametrize(
    "label",
    [
        "EMG L Mentalis", "L_OrbOculi", "LOOC", "OrisL", "R Men", "MENT-R", "Status", "STI 014",
        "EXG1", "EEG Fpz-Cz", "EOG horizontal", "TTL", "Trigger", "ECG", "Mentalis li", "Ch 3",
        "Круговая", "мышца рта прав.", "C3-A2", "R Frontalis", "zygomaticus maj. (L)", "Mic",
    ],
)  # fmt: skip
def test_usual_labels_stay(label: str) -> None:
    assert is_known_label(label)


@pytest.mark.parametrize(
    "label",
    ["Schmidt L", "Левин", "EMG 4711", "A.P. L", "Lang", "Kim Men", "L Ivanova", "", "12.03.1960"],
)
def test_labels_with_other_words_go(label: str) -> None:
    assert not is_known_label(label)


@pytest.mark.parametrize(("muscle", "side"), [*product((None, *Muscle), (None, *Side))])
def test_a_neutral_label_means_what_the_channel_meant(
    muscle: Muscle | None, side: Side | None
) -> None:
    channel = Channel("Schmidt", "uV", 1e3, 9, muscle, side, ChannelKind.EMG)
    label = neutral_label(channel, 6)
    meaning = parse_channel(label)
    assert (meaning.muscle, meaning.side, meaning.kind) == (muscle, side, ChannelKind.EMG)
    assert len(label) <= 16
    assert label.isascii()
    assert is_known_label(label)


@pytest.mark.parametrize("kind", [ChannelKind.TRIGGER, ChannelKind.OTHER])
def test_a_neutral_label_keeps_the_kind(kind: ChannelKind) -> None:
    label = neutral_label(Channel("Schmidt", "V", 1e3, 9, kind=kind), 11)
    assert parse_channel(label).kind is kind
    assert is_known_label(label)


@pytest.mark.parametrize(
    "text",
    ["HP:20Hz LP:3kHz", "HP:0,02Hz LP:100Hz N:60.0Hz", "HP: DC; LP: 417 Hz", "Notch off",
     "LP:   NaN Hz; HP:   NaN Hz; Notch: NaN", "Butterworth order 4"],
)  # fmt: skip
def test_filter_settings_stay(text: str) -> None:
    assert is_known_filter(text)


@pytest.mark.parametrize("text", ["HP:20Hz Ivanova", "12.03.1960", "1960-03-12", "sn 8812331"])
def test_other_filter_texts_go(text: str) -> None:
    assert not is_known_filter(text)


def test_numbers_with_units_name_nobody() -> None:
    assert without_quantities("8 mA 0.2 ms 1234").split() == ["1234"]
    assert "48/50" in without_quantities("Anna 48/50")
    assert "60" in without_quantities("12.03.60 ms")
