"""How many threads one analysis uses; how many recordings run at once is left to `batch`."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

THREADS_VARIABLE = "AMR_VIEWER_THREADS"
DEFAULT_THREADS = 2
"""What the hour-long recordings were measured with."""


def n_threads() -> int:
    """Return the threads of one analysis: AMR_VIEWER_THREADS, else 2.

    Where several recordings are analyzed at once each has a core of its own and one thread.

    Examples
    --------
    >>> n_threads() >= 1
    True
    """
    chosen = os.environ.get(THREADS_VARIABLE, "")
    return max(int(chosen), 1) if chosen.isdecimal() else DEFAULT_THREADS


def thread_pool() -> ThreadPoolExecutor:
    """Return a pool of the threads of one analysis; results never depend on their number."""
    return ThreadPoolExecutor(n_threads(), thread_name_prefix="analysis")
