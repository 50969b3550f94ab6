"""Plays the EMG of the window and saves it as WAV; values are made in `analysis` and `io`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from amr_viewer.core.recording import ChannelKind
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.playback import Passage, Played, play
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.sound_device import NO_MODULE, Loudspeaker, SoundDevice
from amr_viewer.io.wav import WavNote, even_range, write_wav

if TYPE_CHECKING:
    from amr_viewer.core.progress import Progress

LANE = "sound"
DEVICE_LANE = "sound device"
WAV_LANE = "wav"
LOOKING = "looking for an audio device"

Ask = Callable[[QWidget | None, Path], Path | None]


class Listener(QObject):
    """Lets the EMG of the window be heard.

    Signals
    -------
    position_s(time)
        What is heard now, seconds from the start of the recording.
    playing_changed()
        Playing began or ended.

    Attributes
    ----------
    channel_of : callable
        Returns the channel that is selected in Traces, an index into `Recording.channels`, or None:
        then the selected muscle is played.
    """

    position_s = Signal(float)
    playing_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        loudspeaker: Loudspeaker | None = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._window = desk, parent
        self._loudspeaker = loudspeaker or SoundDevice()
        self._ask = ask or ask_where_to_save
        self._passage: Passage | None = None
        self._fault = LOOKING
        self.channel_of: Callable[[], int | None] = lambda: None
        session = desk.session
        session.tasks.progressed.connect(self._follow)
        session.current_changed.connect(self.stop)
        self._look()

    def _look(self) -> None:
        """Find out whether there is a loudspeaker; off the GUI thread, since it may take long."""
        if isinstance(self._loudspeaker, SoundDevice) and not self._loudspeaker.is_installed():
            self._fault = NO_MODULE
            return
        self._desk.session.tasks.run(
            DEVICE_LANE, LOOKING, lambda _: self._loudspeaker.fault(), self._found, self._found
        )

    def _found(self, fault: str) -> None:
        """Take note of the loudspeaker."""
        self._fault = fault

    # ------------------------------------------------------------------ playing

    @property
    def is_playing(self) -> bool:
        """Whether something is heard."""
        return self._passage is not None

    def toggle(self) -> None:
        """Play the window, or stop."""
        if self.is_playing:
            self.stop()
        else:
            self.play()

    def play(self) -> None:
        """Play the window's stretch of the selected channel, to its end."""
        passage = self.passage()
        if passage is None or self.blocked():
            return
        self.stop()
        self._passage = passage
        loudspeaker = self._loudspeaker

        def work(progress: Progress) -> Played:
            return play(passage, loudspeaker, progress)

        span = f"{clock(passage.start_s, 2)} to {clock(passage.stop_s, 2)}"
        title = f"playing {passage.label}, {span}"
        self._desk.session.tasks.run(LANE, title, work, self._ended, self._broke)
        self._desk.session.said.emit(title)
        self.playing_changed.emit()

    def stop(self) -> None:
        """Stop at once."""
        if self.is_playing:
            self._passage = None
            self._desk.session.tasks.cancel(LANE)
            self.playing_changed.emit()

    def _follow(self, lane: str, title: str, fraction: float) -> None:
        """Tell what is heard now."""
        if lane == LANE and self._passage is not None:
            p = self._passage
            self.position_s.emit(p.start_s + fraction * (p.stop_s - p.start_s))

    def _ended(self, played: Played) -> None:
        """Take note that the window was played to its end."""
        passage, self._passage = self._passage, None
        if passage is not None:
            self.position_s.emit(passage.stop_s)
            self._desk.session.said.emit(f"played {passage.label}: {played_words(passage, played)}")
        self.playing_changed.emit()

    def _broke(self, fault: str) -> None:
        """Take note that playing failed."""
        self._passage = None
        self._desk.session.failed.emit(fault)
        self.playing_changed.emit()

    # ------------------------------------------------------------------ what is played

    def passage(self) -> Passage | None:
        """Return what would be played now, None if there is nothing."""
        document = self._desk.session.document
        if document is None or document.recording is None:
            return None
        channel = self.channel_of()
        if channel is None:
            channel = selected_channel(document)
        if channel is None:
            return None
        start = document.selection.start_s
        stretch = start, start + document.selection.span_s
        first, stop = even_range(document.recording, channel, *stretch)
        return Passage(document.recording, channel, first, stop) if stop > first else None

    def nothing(self) -> str:
        """Say why there is nothing to hear or save, empty if there is something."""
        document = self._desk.session.document
        if document is None or document.recording is None:
            return "no recording is open"
        return "" if self.passage() else "no channel is selected that could be heard"

    def blocked(self) -> str:
        """Say why nothing can be played, empty if it can."""
        return "" if self.is_playing else self._fault or self.nothing()

    # ------------------------------------------------------------------ saving

    def save(self) -> None:
        """Ask where to save the window's stretch of the selected channel, and write it."""
        passage, document = self.passage(), self._desk.session.document
        if passage is None or document is None:
            return
        path = self._ask(self._window, document.path.parent / suggested_name(document, passage))
        if path is None:
            return

        def work(progress: Progress) -> WavNote:
            progress(0.0, f"saving {path.name}")
            return write_wav(
                passage.recording, passage.channel, passage.start_s, passage.stop_s, path,
                gaps="silence", overwrite=True,
            )  # fmt: skip

        def done(note: WavNote) -> None:
            seconds = note.n_samples / note.sampling_hz
            said = "; ".join((f"{path.name}: {seconds:.3g} s of {passage.label}", *note.remarks))
            self._desk.session.said.emit(said)

        session = self._desk.session
        session.tasks.run(WAV_LANE, f"saving {path.name}", work, done, session.failed.emit)

    def actions(self) -> tuple[ActionSpec, ...]:
        """Return what can be done."""
        return (
            ActionSpec(
                "sound.play", "Play the window", self.toggle, "Sound", "Space", "traces",
                "mdi6.volume-high", "Play the EMG of the window, selected channel; again: stop",
                self.blocked, lambda: self.is_playing,
            ),
            ActionSpec(
                "sound.save", "Save the window as WAV...", self.save, "Sound",
                tip="Save the EMG of the window, selected channel, as a sound file",
                blocked=self.nothing,
            ),
        )  # fmt: skip


def selected_channel(document: Document) -> int | None:
    """Return the channel of the selected muscle, else the topmost EMG channel that is shown."""
    recording, chosen = document.recording, document.selection.channel
    if recording is None:
        return None
    if document.analysis is not None and chosen is not None:
        from amr_viewer.analysis.examination import analyzed_channels

        analyzed = analyzed_channels(document.analysis.recording)
        if chosen < len(analyzed):
            return analyzed[chosen]
    emg = (c for c in document.layout.visible if recording.channels[c].kind is ChannelKind.EMG)
    return next(emg, None)


def played_words(passage: Passage, played: Played) -> str:
    """Say how loud a passage was made."""
    unit = passage.recording.channels[passage.channel].unit or "(unit unknown)"
    text = f"full volume at {played.full_scale:.3g} {unit.replace('uV', 'µV')}"
    if played.limited > 0:
        return f"{text}; {100 * played.limited:.2g} % of the time limited, as too loud"
    return text


def suggested_name(document: Document, passage: Passage) -> str:
    """Return a name for a sound file."""
    label = re.sub(r"[^\w-]+", "_", passage.label).strip("_") or "channel"
    return f"{document.path.stem}_{label}_{passage.start_s:.3f}s.wav"


def ask_where_to_save(window: QWidget | None, suggestion: Path) -> Path | None:
    """Ask for the place of a sound file; the dialog asks before it replaces one."""
    name, _ = QFileDialog.getSaveFileName(
        window, "Save as WAV", str(suggestion), "Sound files (*.wav)"
    )
    if not name:
        return None
    path = Path(name)
    return path if path.suffix.lower() == ".wav" else path.with_name(f"{path.name}.wav")
