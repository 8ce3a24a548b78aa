"""End with the supervisor: a child of it watches a pipe that only the supervisor holds open.

On Linux the kernel also ends the children of a killed supervisor (see `children`); this works everywhere, and
ends what the kernel's signal does not reach.
"""

from __future__ import annotations

import os
import signal
import threading

VARIABLE = "CYDLYNU_LIFELINE"


def watch_parent(process: int | None = None) -> threading.Thread | None:
    """Send SIGTERM to `process` (default: this one) once the supervisor is gone; None without one."""
    number = os.environ.get(VARIABLE)
    if number is None:
        return None
    target = (int(number), process or os.getpid())
    thread = threading.Thread(target=_end_after, args=target, name="lifeline", daemon=True)
    thread.start()
    return thread


def _end_after(pipe: int, process: int) -> None:
    while os.read(pipe, 1):  # nothing is ever written: it returns, empty, when the other end is closed
        pass
    os.kill(process, signal.SIGTERM)
