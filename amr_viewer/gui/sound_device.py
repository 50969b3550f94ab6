"""The loudspeaker: whether there is one, and a stream of sound to it."""

from __future__ import annotations

import importlib
import importlib.util
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from amr_viewer.errors import AmrViewerError

MODULE = "sounddevice"
NO_MODULE = "sound needs the package sounddevice: pip install 'amr-viewer[sound]'"
NO_LIBRARY = "sound needs the library PortAudio (package libportaudio2, or portaudio)"
NO_DEVICE = "no audio device found"
RATES_HZ = (48000, 44100)


class SoundError(AmrViewerError):
    """A loudspeaker that cannot be used."""


class Stream(Protocol):
    """A stream of sound that is open; leaving it plays what was written, an error cuts it off."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Play what was written; cut it off where an error ends the stream."""
        ...

    def write(self, sound: NDArray[np.float32]) -> None:
        """Play sound (one channel, -1 to 1); returns when there is room for more."""
        ...


class Loudspeaker(Protocol):
    """What sound is played through."""

    def fault(self) -> str:
        """Return why no sound can be played, empty if it can; may take a while."""
        ...

    def rate_hz(self) -> int:
        """Return the rate that it plays at."""
        ...

    def open(self, rate_hz: int) -> Stream:
        """Open a stream."""
        ...


class SoundDevice:
    """The system's default output, through PortAudio."""

    @staticmethod
    def is_installed() -> bool:
        """Whether the module is there; quick."""
        return importlib.util.find_spec(MODULE) is not None

    def fault(self) -> str:
        """Return why no sound can be played, empty if it can."""
        if not self.is_installed():
            return NO_MODULE
        try:
            module = self._module()
            module.query_devices(kind="output")
        except OSError:
            return NO_LIBRARY
        except SoundError as error:
            return str(error)
        except ValueError:  # what the module raises where there is no default output
            return NO_DEVICE
        except self._port_audio_error():
            return NO_DEVICE
        return ""

    def rate_hz(self) -> int:
        """Return 48 or 44.1 kHz, whichever the device takes."""
        module = self._module()
        for rate in RATES_HZ:
            try:
                module.check_output_settings(channels=1, samplerate=rate, dtype="float32")
            except (ValueError, self._port_audio_error()):
                continue
            return rate
        raise SoundError("the audio device takes neither 48 nor 44.1 kHz")

    def open(self, rate_hz: int) -> Stream:
        """Open a stream."""
        try:
            stream = self._module().OutputStream(samplerate=rate_hz, channels=1, dtype="float32")
        except (ValueError, self._port_audio_error()) as error:
            raise SoundError(f"the audio device cannot be used ({error})") from error
        return _PortAudioStream(stream, self._port_audio_error())

    def _module(self) -> Any:
        """Return the module; its import looks for devices, which takes a while."""
        try:
            return importlib.import_module(MODULE)
        except ImportError as error:
            raise SoundError(NO_MODULE) from error

    def _port_audio_error(self) -> type[Exception]:
        """Return what the module raises for a device that fails."""
        error: type[Exception] = self._module().PortAudioError
        return error


class _PortAudioStream:
    """A stream of the module."""

    def __init__(self, stream: Any, fault: type[Exception]) -> None:
        self._stream, self._fault = stream, fault

    def __enter__(self) -> Self:
        """Begin."""
        try:
            self._stream.start()
        except self._fault as error:
            self._stream.close()
            raise SoundError(f"the audio device cannot be used ({error})") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Play to the end, or cut off."""
        try:
            if kind is None:
                self._stream.stop()
            else:
                self._stream.abort()
        finally:
            self._stream.close()

    def write(self, sound: NDArray[np.float32]) -> None:
        """Play sound."""
        try:
            self._stream.write(np.ascontiguousarray(sound[:, None]))
        except self._fault as error:
            raise SoundError(f"the audio device failed ({error})") from error
