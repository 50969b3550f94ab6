"""A Dask scheduler and its workers, on this computer or elsewhere, behind one face."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from amr_viewer.batch.faults import BatchError, said
from amr_viewer.batch.local import LocalWorkers
from amr_viewer.batch.quiet import PARENT_CONFIG, configured

REACH_S = 5.0
"""How long a scheduler is waited for before it counts as not there."""

ANSWER_S = 1.0
SILENCE_S = 20.0
"""How long a scheduler that was there may be silent; a busy one answers late."""

WAIT_S = 0.1
CLOSE_S = 0.5


class Crew:
    """Workers that can be given work one by one.

    Parameters
    ----------
    client : distributed.Client
    local : LocalWorkers or None
        The processes, where they are those of this computer.
    """

    def __init__(self, client: Any, local: LocalWorkers | None) -> None:
        self._client = client
        self._local = local
        self._run = uuid.uuid4().hex
        self._n_submitted = 0
        self._present: frozenset[str] = frozenset()
        self._answered = time.monotonic()

    @property
    def is_local(self) -> bool:
        """Whether the workers were started by this program."""
        return self._local is not None

    def present(self) -> frozenset[str]:
        """Return the addresses of the workers that are there now; dead local ones are replaced.

        Raises
        ------
        BatchError
            The scheduler no longer answers, or workers cannot be started.
        """
        if self._local is not None:
            self._local.replace_dead()
        try:
            answer = self._client.sync(self._client.scheduler.ncores, callback_timeout=ANSWER_S)
        except TimeoutError as error:
            if time.monotonic() - self._answered > SILENCE_S:
                raise scheduler_lost() from error
            return self._present
        except (OSError, AttributeError) as error:
            raise scheduler_lost() from error
        self._answered = time.monotonic()
        self._present = frozenset(answer)
        return self._present

    def submit(self, work: Callable[..., Any], *what: Any, to: str) -> Any:
        """Give work to one worker, and to no other should it die; return Dask's future."""
        self._n_submitted += 1
        # Names of files may hold what cannot be sent as a key.
        key = f"amr-viewer-{self._run}-{self._n_submitted}"
        return self._client.submit(
            work, *what, key=key, workers=[to], allow_other_workers=False, pure=False
        )

    def result(self, future: Any) -> Any:
        """Return what finished work has returned; raises what it has raised."""
        return future.result(timeout=REACH_S)

    def cancel(self, futures: list[Any]) -> None:
        """Let work go that is no longer wanted."""
        with suppress(OSError, TimeoutError):
            self._client.sync(
                self._client._cancel, futures, reason="", force=True, callback_timeout=CLOSE_S
            )

    def is_connected(self) -> bool:
        """Whether the scheduler is still there."""
        return str(self._client.status) == "running"

    def know(self, pid: int) -> None:
        """Take note that a worker has begun to work."""
        if self._local is not None:
            self._local.know(pid)

    def kill(self, pid: int) -> None:
        """Kill a local worker; those of others are left alone."""
        if self._local is not None:
            self._local.kill(pid)


def scheduler_lost() -> BatchError:
    """Say that the scheduler is gone."""
    return BatchError("the scheduler no longer answers; start it again, then use --resume")


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


@contextmanager
def local_crew(n_workers: int) -> Iterator[Crew]:
    """Give a scheduler in this process and workers on this computer, gone after the block.

    Raises
    ------
    BatchError
        They cannot be started.
    """
    workers = LocalWorkers(n_workers)
    try:
        config = {**PARENT_CONFIG, "temporary-directory": str(workers.folder)}
        with (
            configured(config),
            _scheduler() as cluster,
            _closing(_client(cluster)) as client,
        ):
            workers.connect(cluster.scheduler_address)
            try:
                yield Crew(client, workers)
            finally:
                workers.close()
    finally:
        workers.close()


def _scheduler() -> Any:
    """Return a scheduler in this process that only this computer can reach."""
    from distributed import Scheduler, SpecCluster

    options = {
        "host": "127.0.0.1",
        "port": 0,
        "protocol": "tcp://",
        "dashboard": False,
        # Without an address it takes a fixed port, which is taken where two batches run.
        "dashboard_address": "127.0.0.1:0",
    }
    try:
        return SpecCluster(  # type: ignore[no-untyped-call]
            workers={}, scheduler={"cls": Scheduler, "options": options}
        )
    except (OSError, RuntimeError) as error:
        raise BatchError(
            f"the processes cannot be connected ({said(error)}); look at the network settings of "
            "this computer"
        ) from error


@contextmanager
def remote_crew(address: str, is_stopped: Callable[[], bool]) -> Iterator[Crew]:
    """Give the workers of a scheduler that runs already.

    Parameters
    ----------
    address : str
    is_stopped : callable
        Asked while the scheduler is waited for.

    Raises
    ------
    BatchError
        There is no scheduler at that address.
    """
    with configured(PARENT_CONFIG):
        try:
            _knock(address, is_stopped)
            client = _client(address)
        except ValueError as error:
            raise BatchError(
                f"--scheduler {address}: is no address; write it like tcp://server:8786"
            ) from error
        except OSError as error:
            raise BatchError(
                f"{address}: no Dask scheduler answers there; start one with `dask scheduler`, or "
                "leave --scheduler out to use this computer"
            ) from error
        with _closing(client):
            yield Crew(client, None)


def _knock(address: str, is_stopped: Callable[[], bool]) -> None:
    """Raise OSError where no scheduler answers, ValueError where that is no address."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    scheme, location = parse_address(address)
    get_backend(scheme)
    if scheme not in {"tcp", "tls"}:
        return
    parse_host_port(location)
    # A thread of its own: the caller's may have a loop that runs.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _shake_hands(address, is_stopped)).result()


async def _shake_hands(address: str, is_stopped: Callable[[], bool]) -> None:
    """Connect to a scheduler and part again; raises OSError where none answers."""
    from distributed.comm.core import connect

    until = time.monotonic() + REACH_S
    attempt = asyncio.ensure_future(connect(address, timeout=REACH_S))  # type: ignore[no-untyped-call]
    while not attempt.done():
        if is_stopped() or time.monotonic() > until:
            attempt.cancel()
            raise OSError("no answer")
        await asyncio.wait([attempt], timeout=WAIT_S)
    if (error := attempt.exception()) is not None:
        # What answers may be another kind of server, whose words mean anything.
        raise OSError("no answer of a scheduler") from error
    await attempt.result().close()


def _client(where: Any) -> Any:
    """Connect to a scheduler."""
    from distributed import Client

    return Client(where, timeout=REACH_S, set_as_default=False)  # type: ignore[no-untyped-call]


@contextmanager
def _closing(client: Any) -> Iterator[Any]:
    """Close a client after the block, however it goes."""
    try:
        yield client
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=CLOSE_S)
