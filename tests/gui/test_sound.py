from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from scipy.io import wavfile

from amr_viewer.core.progress import silent
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.playback import Passage, play
from amr_viewer.gui.sound import Listener, selected_channel
from amr_viewer.gui.sound_device import NO_DEVICE, NO_LIBRARY, NO_MODULE, SoundDevice, SoundError


@dataclass
class Loudspeaker:
    """A loudspeaker that keeps what it is given; one piece at a time where it is `held`."""

    said: str = ""
    broken_after: int = 10**9
    heard: list[np.ndarray] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    begun: bool = False
    go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go.set()

    def fault(self) -> str:
        return self.said

    def rate_hz(self) -> int:
        return 48000

    def open(self, rate_hz: int) -> Self:
        assert rate_hz == 48000
        return self

    def __enter__(self) -> Self:
        self.begun = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ends.append(kind.__name__ if kind else "to the end")

    def write(self, sound: np.ndarray) -> None:
        assert self.go.wait(20)
        if len(self.heard) >= self.broken_after:
            raise SoundError("the audio device failed (unplugged)")
        self.heard.append(sound)

    @property
    def samples(self) -> int:
        return sum(len(s) for s in self.heard)


@pytest.fixture
def listening(opened: Callable[..., Desk], qtbot: QtBot) -> Callable[..., Listener]:
    """A function that returns a listener on an analyzed sample, its loudspeaker found."""

    def listen(loudspeaker: Loudspeaker, **more: Any) -> Listener:
        desk = opened()
        listener = Listener(desk, loudspeaker=loudspeaker, **more)
        qtbot.waitUntil(lambda: "sound device" not in desk.session.tasks.running)
        desk.session.set_window(1.0, 2.0)
        return listener

    return listen


def spec(listener: Listener, name: str) -> Any:
    return next(s for s in listener.actions() if s.name == name)


def test_the_window_is_played_to_its_end(listening: Callable[..., Listener], qtbot: QtBot) -> None:
    loudspeaker = Loudspeaker()
    listener = listening(loudspeaker)
    places: list[float] = []
    said: list[str] = []
    listener.position_s.connect(places.append)
    listener._desk.session.said.connect(said.append)
    assert spec(listener, "sound.play").blocked() == ""
    spec(listener, "sound.play").run()
    assert listener.is_playing
    assert spec(listener, "sound.play").checked()
    qtbot.waitUntil(lambda: not listener.is_playing)
    assert loudspeaker.ends == ["to the end"]
    assert loudspeaker.samples == pytest.approx(2 * 48000, abs=2)
    assert places == sorted(places)
    assert places[0] == pytest.approx(1.0)
    assert places[-1] == pytest.approx(3.0)
    label = listener.passage().label  # type: ignore[union-attr]
    assert said[0] == f"playing {label}, 0:01.00 to 0:03.00"
    assert said[-1].startswith(f"played {label}: full volume at ")
    assert "µV" in said[-1]
    loud = np.abs(np.concatenate(loudspeaker.heard))
    assert 0.05 < loud.max() <= 1.0


def test_the_same_action_stops_at_once(listening: Callable[..., Listener], qtbot: QtBot) -> None:
    loudspeaker = Loudspeaker()
    loudspeaker.go.clear()
    listener = listening(loudspeaker)
    listener.toggle()
    assert listener.is_playing
    qtbot.waitUntil(lambda: loudspeaker.begun)
    listener.toggle()
    assert not listener.is_playing
    loudspeaker.go.set()
    qtbot.waitUntil(lambda: loudspeaker.ends == ["Cancelled"])
    assert loudspeaker.samples < 10000


def test_another_recording_ends_the_sound(listening: Callable[..., Listener], qtbot: QtBot) -> None:
    loudspeaker = Loudspeaker()
    loudspeaker.go.clear()
    listener = listening(loudspeaker)
    listener.play()
    qtbot.waitUntil(lambda: loudspeaker.begun)
    session = listener._desk.session
    session.close(session.document.key)  # type: ignore[union-attr]
    assert not listener.is_playing
    loudspeaker.go.set()
    qtbot.waitUntil(lambda: loudspeaker.ends == ["Cancelled"])
    assert listener.blocked() == "no recording is open"


def test_a_device_that_fails_is_told(listening: Callable[..., Listener], qtbot: QtBot) -> None:
    listener = listening(Loudspeaker(broken_after=2))
    with qtbot.waitSignal(listener._desk.session.failed) as failed:
        listener.play()
    assert failed.args == ["the audio device failed (unplugged)"]
    assert not listener.is_playing


def test_without_a_device_the_action_says_why(listening: Callable[..., Listener]) -> None:
    listener = listening(Loudspeaker(said=NO_DEVICE))
    assert spec(listener, "sound.play").blocked() == "no audio device found"
    listener.play()
    assert not listener.is_playing
    assert spec(listener, "sound.save").blocked() == ""


def test_without_a_recording_nothing_can_be_heard_or_saved(desk: Desk, qtbot: QtBot) -> None:
    listener = Listener(desk, loudspeaker=Loudspeaker())
    qtbot.waitUntil(lambda: not desk.session.tasks.running)
    assert listener.blocked() == "no recording is open"
    assert spec(listener, "sound.save").blocked() == "no recording is open"


def test_the_channel_of_traces_goes_before_the_selected_muscle(
    listening: Callable[..., Listener],
) -> None:
    listener = listening(Loudspeaker())
    session = listener._desk.session
    document = session.document
    assert document is not None
    assert document.analysis is not None
    wanted = document.selection.channel
    assert wanted is not None
    passage = listener.passage()
    assert passage is not None
    assert passage.label == document.analysis.responses.channels[wanted].label
    listener.channel_of = lambda: 0
    passage = listener.passage()
    assert passage is not None
    assert passage.channel == 0
    assert (passage.start_s, passage.stop_s) == pytest.approx((1.0, 3.0))
    assert selected_channel(document) != 0


def test_the_window_is_saved_as_wav_where_the_person_says(
    listening: Callable[..., Listener], qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "mine.wav"
    asked: list[Path] = []

    def ask(window: object, suggestion: Path) -> Path:
        asked.append(suggestion)
        return target

    listener = listening(Loudspeaker(said=NO_DEVICE), ask=ask)
    with qtbot.waitSignal(listener._desk.session.said) as said:
        spec(listener, "sound.save").run()
    passage = listener.passage()
    assert passage is not None
    rate, samples = wavfile.read(target)
    assert rate == passage.sampling_hz
    assert len(samples) == passage.stop - passage.first
    stored = passage.recording.source.read(passage.channel, passage.first, passage.stop)
    scale = np.abs(stored).max() / 32767
    np.testing.assert_allclose(samples * scale, stored, atol=scale)
    assert said.args[0].startswith(f"mine.wav: 2 s of {passage.label}; full scale ")  # type: ignore[index]
    assert asked[0].name.startswith("hfs_left_preop_EMG_L_")
    assert asked[0].name.endswith("_1.000s.wav")


def test_nothing_is_saved_where_the_person_thinks_better_of_it(
    listening: Callable[..., Listener], tmp_path: Path
) -> None:
    listener = listening(Loudspeaker(), ask=lambda window, suggestion: None)
    spec(listener, "sound.save").run()
    assert not list(tmp_path.glob("*.wav"))
    assert "wav" not in listener._desk.session.tasks.running


def test_a_long_passage_is_read_piece_by_piece(listening: Callable[..., Listener]) -> None:
    listener = listening(Loudspeaker())
    listener._desk.session.set_window(0.0, 1e6)
    passage = listener.passage()
    assert passage is not None
    largest: list[int] = []
    source = passage.recording.source

    class Counting:
        def read(self, channel: int, start: int, stop: int) -> np.ndarray:
            largest.append(stop - start)
            return source.read(channel, start, stop)

    from dataclasses import replace

    counted = Passage(
        replace(passage.recording, source=Counting()),
        passage.channel,
        passage.first,
        passage.stop,
    )
    loudspeaker = Loudspeaker()
    played = play(counted, loudspeaker, silent)
    assert loudspeaker.samples == pytest.approx((passage.stop - passage.first) * 4.8, abs=2)
    assert max(largest) <= 1.3 * passage.sampling_hz
    assert played.full_scale > 0
    assert 0 <= played.limited < 0.2


# ------------------------------------------------------------------ the real device


class PortAudioError(Exception):
    pass


def module(**values: Any) -> ModuleType:
    made = ModuleType("sounddevice")
    made.__spec__ = __import__("importlib.machinery").machinery.ModuleSpec("sounddevice", None)
    made.PortAudioError = PortAudioError  # type: ignore[attr-defined]
    for name, value in values.items():
        setattr(made, name, value)
    return made


def use(monkeypatch: pytest.MonkeyPatch, made: ModuleType | None) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", made)


def raising(error: Exception) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        raise error

    return call


def test_a_missing_package_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SoundDevice, "is_installed", staticmethod(lambda: False))
    assert SoundDevice().fault() == NO_MODULE
    assert "pip install 'amr-viewer[sound]'" in NO_MODULE


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, module(query_devices=raising(OSError("PortAudio library not found"))))
    assert SoundDevice().fault() == NO_LIBRARY


@pytest.mark.parametrize("error", [PortAudioError("Error querying device -1"), ValueError("none")])
def test_a_missing_device_is_told(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    use(monkeypatch, module(query_devices=raising(error)))
    assert SoundDevice().fault() == "no audio device found"


def test_the_rate_is_one_that_the_device_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(*, samplerate: int, **other: Any) -> None:
        if samplerate == 48000:
            raise PortAudioError("Invalid sample rate")

    use(monkeypatch, module(check_output_settings=check))
    assert SoundDevice().rate_hz() == 44100
    use(monkeypatch, module(check_output_settings=raising(PortAudioError("no"))))
    with pytest.raises(SoundError, match=r"neither 48 nor 44\.1 kHz"):
        SoundDevice().rate_hz()


class OutputStream:
    calls: list[Any]

    def __init__(self, **wanted: Any) -> None:
        type(self).calls = [wanted]

    def start(self) -> None:
        self.calls.append("start")

    def write(self, frames: np.ndarray) -> None:
        if frames.shape[0] == 0:
            raise PortAudioError("gone")
        self.calls.append(frames.shape)

    def stop(self) -> None:
        self.calls.append("stop")

    def abort(self) -> None:
        self.calls.append("abort")

    def close(self) -> None:
        self.calls.append("close")


def test_a_stream_plays_to_the_end_or_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, module(OutputStream=OutputStream, query_devices=lambda kind: {"name": kind}))
    device = SoundDevice()
    assert device.fault() == ""
    with device.open(44100) as stream:
        stream.write(np.zeros(12, dtype=np.float32))
    asked = {"samplerate": 44100, "channels": 1, "dtype": "float32"}
    assert OutputStream.calls == [asked, "start", (12, 1), "stop", "close"]
    with (
        pytest.raises(SoundError, match=r"the audio device failed \(gone\)"),
        device.open(48000) as stream,
    ):
        stream.write(np.zeros(0, dtype=np.float32))
    assert OutputStream.calls[1:] == ["start", "abort", "close"]
