"""Worker processes on this computer: started by command, replaced when they die, gone at the end.

They are started by command and not by `multiprocessing`, so that a script needs no guard around its
main part, and any thread may start them. What they run is said in `worker`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from amr_viewer.analysis.threads import THREADS_VARIABLE
from amr_viewer.batch.faults import BatchError
from amr_viewer.batch.lock import lock_folder

PREFIX = "amr-viewer-batch-"
MOST_FALSE_STARTS = 3
THREAD_VARIABLES = (
    THREADS_VARIABLE, "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
)  # fmt: skip

KEPT_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(64 << 20),
}
"""glibc's own habit is to give large arrays back and to have the system clear them anew: a tenth of
the time of an analysis (measured), and two processes then wait for each other in the system."""


class LocalWorkers:
    """The worker processes of one batch.

    Parameters
    ----------
    n_workers : int

    Attributes
    ----------
    folder : Path
        Temporary, for what libraries leave about.

    Raises
    ------
    BatchError
        The system cannot start them.
    """

    def __init__(self, n_workers: int) -> None:
        _remove_abandoned()
        self.folder, self._lock = _own_folder()
        self._address: str | None = None
        self._n_false_starts = 0
        self._processes: list[subprocess.Popen[bytes]] = []
        self._known: set[int] = set()
        try:
            for _ in range(n_workers):
                self._processes.append(self._started())
        except BaseException:
            self.close()
            raise

    def connect(self, address: str) -> None:
        """Tell the workers where their scheduler is."""
        self._address = address
        for process in self._processes:
            self._instruct(process)

    def know(self, pid: int) -> None:
        """Take note that a worker has begun to work."""
        self._known.add(pid)
        self._n_false_starts = 0

    def replace_dead(self) -> None:
        """Start a worker for each that is dead.

        Raises
        ------
        BatchError
            One after the other dies before it has begun to work.
        """
        for i, process in enumerate(self._processes):
            if process.poll() is None:
                continue
            self._n_false_starts += process.pid not in self._known
            if self._n_false_starts >= MOST_FALSE_STARTS:
                raise BatchError(f"worker processes cannot be started ({self._last_words()})")
            _close_pipe(process)
            self._processes[i] = self._started()
            self._instruct(self._processes[i])

    def kill(self, pid: int) -> None:
        """Kill one worker."""
        for process in self._processes:
            if process.pid == pid:
                process.kill()
                process.wait()

    def close(self) -> None:
        """Kill all workers, and remove what they left about."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            _close_pipe(process)
        self._processes.clear()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(self) -> subprocess.Popen[bytes]:
        """Start one worker; it loads its modules until it is told where its scheduler is."""
        with (self.folder / "errors").open("ab") as errors:
            try:
                return subprocess.Popen(
                    [sys.executable, "-P", "-W", "ignore", "-m", "amr_viewer.batch.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    env=self._environment(),
                )
            except OSError as error:
                raise BatchError(
                    f"worker processes cannot be started ({error.strerror}); use fewer --jobs"
                ) from error

    def _environment(self) -> dict[str, str]:
        """Return the environment of a worker: one thread, this program, a folder of its own."""
        path = os.pathsep.join(p for p in sys.path if p)
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder))
        return {
            **KEPT_MEMORY,
            **os.environ,
            "PYTHONPATH": path,
            **dict.fromkeys(THREAD_VARIABLES, "1"),
            **temporary,
        }

    def _instruct(self, process: subprocess.Popen[bytes]) -> None:
        """Tell one worker where its scheduler is."""
        order = json.dumps([self._address, str(self.folder)]).encode() + b"\n"
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.write(order)
            process.stdin.flush()

    def _last_words(self) -> str:
        """Return the last line that a worker wrote to its standard error."""
        text = (self.folder / "errors").read_text(encoding="utf-8", errors="replace")
        lines = text.strip().splitlines()
        return lines[-1] if lines else "they end at once"


def _close_pipe(process: subprocess.Popen[bytes]) -> None:
    """Close this end of the standard input of a process."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _own_folder() -> tuple[Path, int | None]:
    """Make a temporary folder and lock it, so that no other batch takes it for abandoned."""
    new = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
    lock = lock_folder(new)
    # It gets the name under which others look for it when it is locked, not before.
    folder = new.with_name(new.name.removeprefix("."))
    new.rename(folder)
    return folder, lock


def _remove_abandoned() -> None:
    """Remove the temporary folders of batches that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = lock_folder(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
