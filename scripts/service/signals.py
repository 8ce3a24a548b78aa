"""Handling of signals: the supervisor waits for them, and they interrupt long work."""

from __future__ import annotations

import selectors
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopRequested(BaseException):
    """A signal to stop arrived during long work."""


class StopSignals:
    """Counts the signals to stop in `to_stop`; one that comes inside `interrupting()` raises `StopRequested` there."""

    def __init__(self) -> None:
        self.to_stop = 0
        self._interrupt = False
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle SIGTERM, SIGINT, SIGHUP (unless it is ignored, as under nohup) and SIGCHLD inside the block; then
        restore."""
        before = signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        heard = {*_STOP, signal.SIGCHLD}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            heard.discard(signal.SIGHUP)
        handlers = {number: signal.signal(number, self._hear) for number in heard}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before)
            self._wake.close()
            self._woken.close()

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """For work that may take long and can be abandoned at any point: a signal to stop interrupts it."""
        if self.to_stop:
            raise StopRequested
        self._interrupt = True
        try:
            yield
        finally:
            self._interrupt = False

    def wait(self, seconds: float) -> None:
        """Return at any signal, or after so many seconds."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            selector.select(seconds)
        with suppress(BlockingIOError):
            self._woken.recv(4096)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return
        self.to_stop += 1
        if self._interrupt:
            self._interrupt = False
            raise StopRequested
