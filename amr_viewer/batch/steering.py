"""What a person wishes of a batch that runs: pause, go on, stop; obeying is left to `engine`."""

from __future__ import annotations

from threading import Event, Lock


class Steering:
    """Wishes of the user, and what is being done; may be used from any thread.

    Examples
    --------
    >>> steering = Steering()
    >>> steering.pause()
    >>> steering.is_paused
    True
    >>> steering.go_on()
    >>> steering.is_paused
    False
    """

    def __init__(self) -> None:
        self._paused = Event()
        self._stopped = Event()
        self._lock = Lock()
        self._running: tuple[str, ...] = ()

    def pause(self) -> None:
        """Begin no further recording; those that are being analyzed are finished."""
        self._paused.set()

    def go_on(self) -> None:
        """End a pause."""
        self._paused.clear()

    def stop(self) -> None:
        """End the batch at once; what is being analyzed is given up, what is done stays."""
        self._stopped.set()

    @property
    def is_paused(self) -> bool:
        """Whether no further recording is begun."""
        return self._paused.is_set()

    @property
    def is_stopped(self) -> bool:
        """Whether the batch ends, or has ended, before its time."""
        return self._stopped.is_set()

    @property
    def running(self) -> tuple[str, ...]:
        """Names of the recordings that are being analyzed now."""
        with self._lock:
            return self._running

    def report_running(self, names: tuple[str, ...]) -> None:
        """Say what is being analyzed; called by the engine."""
        with self._lock:
            self._running = names
