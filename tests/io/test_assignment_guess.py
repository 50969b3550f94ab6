"""Guesses for labels and markers that nobody knows: shown, never applied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording, Segment, StimulusLabel
from amr_viewer.io.assignment import assign
from amr_viewer.io.assignment_guess import Sureness, guess_channels, unknowns
from amr_viewer.io.guess_words import corrected_channel, corrected_marker
from amr_viewer.io.marker_guess import guess_markers, marker_kinds

NAN = float("nan")
M, S = Muscle, Side


class Silence:
    def read(self, channel: int, start: int, stop: int) -> np.ndarray:
        return np.zeros(stop - start, dtype=np.float32)


def recording(
    labels: Sequence[str], texts: Sequence[str] = (), protocol: Protocol | None = None
) -> Recording:
    channels = tuple(Channel(x, "uV", 1000.0, 10_000, file_unit="uV") for x in labels)
    marks = tuple(Mark(0.1 * i, NAN, t) for i, t in enumerate(texts))
    raw = Recording("x.edf", "", "EDF", channels, (Segment(0.0, 10.0, 0.0),), marks, Silence())
    return assign(raw, protocol or Protocol())


def guesses(labels: Sequence[str], lab: dict[str, Protocol] | None = None) -> list[tuple]:
    found = guess_channels(recording(labels), Protocol(), lab)
    return [(g.muscle, g.side, g.sureness) for g in found]


def test_known_labels_are_read():
    assert guesses(["EMG L Mentalis", "OOc sin", "ECG"]) == [
        (M.MENTALIS, S.LEFT, Sureness.READ),
        (M.ORBICULARIS_OCULI, S.LEFT, Sureness.READ),
        (None, None, Sureness.READ),
    ]


@pytest.mark.parametrize(
    ("label", "muscle", "side"),
    [
        ("Mtls L", M.MENTALIS, S.LEFT),
        ("Fornt R", M.FRONTALIS, S.RIGHT),
        ("Orbicul. Orsi li", M.ORBICULARIS_ORIS, S.LEFT),
        ("nsls dx", M.NASALIS, S.RIGHT),
    ],
)
def test_misspelled_labels_are_guessed_and_not_applied(label: str, muscle: Muscle, side: Side):
    [guess] = guess_channels(recording([label]), Protocol())
    assert (guess.muscle, guess.side, guess.sureness) == (muscle, side, Sureness.POSSIBLE)
    assert "like" in guess.why
    assert guess.channel.muscle is None


@pytest.mark.parametrize("label", ["Ch 3", "Channel A", "EMG_7", "Kanal 3", "Trial", "Facial 2"])
def test_labels_that_say_nothing_are_not_guessed_from_words(label: str):
    assert corrected_channel(label)[1] == ""
    assert guesses([label])[0][0] is None


def test_the_same_label_in_another_protocol_is_likely():
    lab = {"ward": Protocol(channels={"Ch 3": ChannelRule(muscle=M.NASALIS, side=S.RIGHT)})}
    [guess] = guess_channels(recording(["Ch 3"]), Protocol(), lab)
    assert (guess.muscle, guess.side, guess.sureness) == (M.NASALIS, S.RIGHT, Sureness.LIKELY)
    assert 'protocol "ward"' in guess.why


def test_what_this_protocol_states_is_stated():
    protocol = Protocol(channels={"Ch *": ChannelRule(muscle=M.NASALIS, side=S.RIGHT)})
    made = recording(["Ch 3"], protocol=protocol)
    [guess] = guess_channels(made, protocol)
    assert (guess.muscle, guess.sureness) == (M.NASALIS, Sureness.STATED)


def test_as_many_unknown_channels_as_known_ones_are_the_other_side():
    labels = ["L Frontalis", "L Mentalis", "Ch 3", "Ch 4"]
    assert guesses(labels)[2:] == [
        (M.FRONTALIS, S.RIGHT, Sureness.POSSIBLE),
        (M.MENTALIS, S.RIGHT, Sureness.POSSIBLE),
    ]
    assert guesses([*labels, "Ch 5"])[2][0] is None


def test_a_missing_side_is_that_of_the_pair_or_of_all_others():
    assert guesses(["L Mentalis", "Mentalis"])[1][1] is S.RIGHT
    assert guesses(["L Mentalis", "L Frontalis", "Nasalis"])[2][1] is S.LEFT
    assert guesses(["L Mentalis", "R Frontalis", "Nasalis"])[2][1] is None


def test_the_order_of_another_protocol_is_a_guess():
    rules = {
        "A1": ChannelRule(muscle=M.MENTALIS, side=S.LEFT),
        "A2": ChannelRule(muscle=M.NASALIS, side=S.LEFT),
    }
    lab = {"two": Protocol(channels=rules)}
    assert guesses(["Ch 1", "Ch 2"], lab)[1] == (M.NASALIS, S.LEFT, Sureness.POSSIBLE)
    assert guesses(["Ch 1", "L Frontalis"], lab)[0][0] is None


def test_a_channel_without_a_unit_is_asked_for():
    raw = recording(["Mentalis L"])
    bare = Channel("Mentalis L", None, 1000.0, 10_000)
    made = assign(Recording("x", "", "CSV", (bare,), raw.segments, (), raw.source), Protocol())
    assert unknowns(made) == "unit of Mentalis L unknown"


def test_markers_that_differ_in_currents_are_one_kind_and_codes_are_not():
    texts = ["Stim ZYG L 8.0 mA", "Stim ZYG L 8,5 mA", "S  1", "S  2", "S  1"]
    kinds = {k.text: (k.count, k.n_texts) for k in marker_kinds(recording([], texts).marks)}
    assert kinds == {"Stim ZYG L * mA": (2, 2), "S  1": (2, 1), "S  2": (1, 1)}
    many = marker_kinds(recording([], [f"Sweep {i}" for i in range(20)]).marks)
    assert [(k.text, k.count) for k in many] == [("Sweep *", 20)]


def test_a_kind_of_markers_matches_all_of_its_texts():
    texts = [f"Stim {i} at {i / 2} mA (x)" for i in range(12)]
    [kind] = marker_kinds(recording([], texts).marks)
    protocol = Protocol(markers={kind.text: MarkerRule(site=Branch.BUCCAL)})
    assert all(protocol.marker_rule(t) for t in texts)


def test_markers_are_read_guessed_or_not_understood():
    texts = ["Stim ZYG L"] * 3 + ["Mndblr L"] * 6 + ["Reiz"] * 9 + ["Thing"] * 7 + ["Incision"]
    made = {g.kind.text: g for g in guess_markers(recording([], texts).marks, Protocol())}
    zygomatic, mandibular = made["Stim ZYG L"], made["Mndblr L"]
    assert (zygomatic.site, zygomatic.side, zygomatic.certain) == (Branch.ZYGOMATIC, S.LEFT, True)
    assert (mandibular.site, mandibular.certain) == (Branch.MANDIBULAR, False)
    assert mandibular.kind.sites == frozenset()
    assert (made["Reiz"].is_stimulus, made["Reiz"].site) == (True, None)
    assert made["Thing"].is_stimulus is None
    assert made["Incision"].is_stimulus is False


def test_another_protocol_may_know_a_marker():
    lab = {"ward": Protocol(markers={"Thing": MarkerRule(site=Branch.BUCCAL)})}
    [guess] = guess_markers(recording([], ["Thing"] * 9).marks, Protocol(), lab)
    assert (guess.site, guess.certain, guess.why) == (
        Branch.BUCCAL, False, 'same text in protocol "ward"',
    )  # fmt: skip


@pytest.mark.parametrize("text", ["Patient speaks", "Event 4", "Comment 3"])
def test_remarks_are_not_corrected_into_stimuli(text: str):
    assert corrected_marker(text)[1] == ""


def test_unknowns_are_named_in_one_line():
    texts = ["Reiz"] * 3 + ["Thing"] * 7
    made = recording(["Ch 1", "Ch 2", "L Mentalis"], texts)
    assert unknowns(made) == (
        "muscle of Ch 1, Ch 2 unknown; 3 stimuli without a branch; "
        'markers "Thing" (7) not understood'
    )
    assert unknowns(recording(["L Mentalis"], ["Stim ZYG L"])) == ""


def test_a_mark_that_the_reader_understood_counts():
    made = recording(["L Mentalis"])
    mark = Mark(1.0, NAN, "x", stimulus=StimulusLabel(site=Branch.BUCCAL))
    known = Recording("x", "", "EDF", made.channels, made.segments, (mark,), made.source)
    assert unknowns(known) == ""
    assert made.channels[0].kind is ChannelKind.EMG
