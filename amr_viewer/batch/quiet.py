"""How Dask is told to be quiet and modest, for as long as a batch runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

PARENT_CONFIG: Mapping[str, Any] = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.work-stealing": False,
    # A reader may hold Python's lock for minutes without being dead.
    "distributed.scheduler.worker-ttl": None,
    "distributed.scheduler.http.routes": [],
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.comm.timeouts.connect": "5s",
}
WORKER_CONFIG: Mapping[str, Any] = {
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.use-file-locking": False,
}
LOGGERS = (
    "asyncio", "bokeh", "distributed", "distributed.client", "distributed.gc", "tornado",
    "tornado.application",
)  # fmt: skip


@contextmanager
def configured(config: Mapping[str, Any]) -> Iterator[None]:
    """Hold a configuration of Dask, and its logs silent, while the block runs."""
    import dask

    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    with dask.config.set({"logging": dict.fromkeys(LOGGERS, "critical")}):
        # It sets up its logs when it is loaded, and its defaults, which must outlive the block.
        import distributed  # noqa: F401
    with dask.config.set(config):
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
