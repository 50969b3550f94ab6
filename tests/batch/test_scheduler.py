"""Batches on a Dask scheduler that runs already."""

from __future__ import annotations

import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from amr_viewer import analyze_folder
from amr_viewer.batch import BatchError, Steering, dispatch
from amr_viewer.batch import crew as crew_module
from tests.batch.conftest import tree

Folder = Callable[..., Path]


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "distributed.cli." + words[0], *words[1:]],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def scheduler() -> Iterator[str]:
    """Address of a scheduler that was started by hand."""
    with started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard") as run:
        assert run.stderr is not None
        for line in run.stderr:
            if "Scheduler at:" in line:
                yield line.split()[-1]
                return
        pytest.fail("the scheduler did not start")


def worker(address: str, place: Path) -> tuple[str, ...]:
    place.mkdir()
    return (
        "dask_worker", address, "--nthreads", "2", "--no-nanny", "--no-dashboard", "--host",
        "127.0.0.1", "--local-directory", str(place),
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="process groups as POSIX has them")
def test_workers_elsewhere_do_the_same(
    scheduler: str, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder(*(f"{i}.edf" for i in range(6)))
    there, here = tmp_path / "there", tmp_path / "here"
    with (
        started(*worker(scheduler, tmp_path / "w1")) as first,
        started(*worker(scheduler, tmp_path / "w2")) as second,
    ):
        assert len(list(analyze_folder(place, there, scheduler=scheduler))) == 6
        assert len(list(analyze_folder(place, here, jobs=1))) == 6
        assert tree(there) == tree(here)

        steering = Steering()
        batch = analyze_folder(place, there, scheduler=scheduler, steering=steering)
        next(batch)
        steering.stop()
        assert list(batch) == []
        assert not [name for name in tree(there) if name.startswith(".")]

        monkeypatch.setattr(dispatch, "__version__", "0.0.0")
        with pytest.raises(BatchError, match="install the same version"):
            list(analyze_folder(place, there, scheduler=scheduler))
        monkeypatch.undo()

        monkeypatch.setattr(dispatch, "NOBODY_S", 0.1)
        batch = analyze_folder(place, there, scheduler=scheduler)
        next(batch)
        for process in (first, second):
            os.killpg(process.pid, signal.SIGKILL)
        with pytest.raises(BatchError, match="has no workers"):
            list(batch)
    assert not [name for name in tree(there) if name.startswith(".")]


@pytest.mark.parametrize("address", ["nonsense", "tcp://nonsense", "foo://here:1", ""])
def test_what_is_no_address_is_refused(folder: Folder, tmp_path: Path, address: str) -> None:
    with pytest.raises(BatchError, match="is no address"):
        list(analyze_folder(folder("a.edf"), tmp_path / "out", scheduler=address))
    assert not (tmp_path / "out").exists()


class Talkative(socketserver.BaseRequestHandler):
    """A server of another kind, which speaks first."""

    def handle(self) -> None:
        self.request.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")


def test_what_does_not_answer_as_a_scheduler_is_told_of(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew_module, "REACH_S", 0.3)
    place, out = folder("a.edf"), tmp_path / "out"
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talkative) as other,
    ):
        thread = threading.Thread(target=other.serve_forever, args=(0.01,))
        thread.start()
        for port in (silent.getsockname()[1], other.server_address[1], 1):
            with pytest.raises(BatchError, match="no Dask scheduler answers there"):
                list(analyze_folder(place, out, scheduler=f"tcp://127.0.0.1:{port}"))
        other.shutdown()
        thread.join()
    assert not out.exists()
