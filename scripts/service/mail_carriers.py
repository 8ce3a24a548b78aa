"""Where messages are handed over: the operator's mail server, or a folder of .eml files when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from webui.shell.mail_server import MailNotSent, connected
from webui.shell.sign_in_settings import MailSettings

SERVER_PROBLEMS = frozenset({"server_unreachable", "server_refused_login"})
"""Problems that every other message would have too."""


class Carrier(Protocol):
    """What takes messages. Raises MailNotSent."""

    def send(self, message: EmailMessage) -> None: ...


class Folder:
    """Messages as files, for a service without a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message as `<its id>.eml`, complete or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        draft = self._folder / f".{name}"
        draft.write_bytes(message.as_bytes(policy=SMTP))
        draft.chmod(0o600)
        draft.replace(self._folder / f"{name}.eml")


class _Lazy:
    """Connects with the first message."""

    def __init__(self, settings: MailSettings, open_until: ExitStack) -> None:
        self._settings, self._open_until = settings, open_until
        self._link: Carrier | None = None

    def send(self, message: EmailMessage) -> None:
        if self._link is None:
            self._link = self._open_until.enter_context(connected(self._settings))
        try:
            self._link.send(message)
        except MailNotSent as problem:
            if problem.problem == "server_unreachable":
                self._link = None  # the next message tries a new connection
            raise


@contextmanager
def carrier(mail: MailSettings | None, folder: Path) -> Iterator[Carrier]:
    """The mail server, or without one the folder, for several messages."""
    if mail is None:
        yield Folder(folder)
        return
    with ExitStack() as open_until:
        yield _Lazy(mail, open_until)
