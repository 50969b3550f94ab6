"""A worker process on this computer, as `cluster` starts it; it ends when its parent does.

``python -m amr_viewer.batch.worker``: the first line of its standard input is the address of the
scheduler and a folder for what libraries leave about; the end of its standard input is its end.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from queue import Queue
from threading import Thread


def main() -> None:
    """Work for a scheduler until the parent process is gone."""
    # Ctrl+C reaches every process of a terminal; what becomes of the workers the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders: Queue[str] = Queue()
    Thread(target=_obey, args=(orders,), daemon=True).start()

    from amr_viewer.batch.quiet import WORKER_CONFIG, configured

    with configured(WORKER_CONFIG):
        # Loaded while the parent still starts its scheduler.
        import distributed  # noqa: F401

        import amr_viewer.batch.work
        import amr_viewer.report.results
        import amr_viewer.workflow  # noqa: F401

        address, folder = json.loads(orders.get())
        asyncio.run(_serve(address, folder))


def _obey(orders: Queue[str]) -> None:
    """Hand on the first line of standard input, and end with its end."""
    orders.put(sys.stdin.readline())
    while sys.stdin.read(1):
        pass
    os._exit(0)


async def _serve(address: str, folder: str) -> None:
    """Work until the scheduler says that it is enough."""
    from distributed import Worker

    async with Worker(
        address, nthreads=1, host="127.0.0.1", local_directory=folder, memory_limit=0
    ) as worker:
        await worker.finished()


if __name__ == "__main__":
    main()
