"""Idempotency keys: a request sent twice with the same key is carried out once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import msgspec
from flask import request

from coordination.desk.keyed_requests import (
    KeyReused,
    StoredAnswer,
    answer_request,
    answer_to,
    begin_request,
    digest,
    forget_request,
)
from coordination.desk.tokens import Token
from webui.api.problems import Problem
from webui.shell.runtime import runtime

LONGEST = 100
PATIENCE = 3.0
PATTERN = "^[!-~]([ -~]{0,98}[!-~])?$"


class IdempotencyKey(msgspec.Struct, frozen=True):
    """The key of a request: `command_id` is recorded and reveals nothing of what the program wrote."""

    hashed: bytes
    command_id: str


def idempotency_key(token: Token) -> IdempotencyKey:
    """The key in the header. Raises Problem 400."""
    sent = request.headers.get("Idempotency-Key", "").strip()
    if not sent:
        raise Problem("idempotency_key_missing")
    if len(sent) > LONGEST or not (sent.isascii() and sent.isprintable()):
        raise Problem("idempotency_key_wrong")
    hashed = digest(_secret(), b"key", token.organisation.bytes, sent.encode())
    return IdempotencyKey(hashed, f"api-{hashed.hex()[:40]}")


def perform_once(
    token: Token, key: IdempotencyKey, act: Callable[[], StoredAnswer]
) -> tuple[StoredAnswer, bool]:
    """Perform the request, or return the earlier response (then True). A refused request leaves the key free.

    Raises Problem 422 if the key was used for a different request.
    """
    given: dict[str, Any] = {"organisation": token.organisation, "key": key.hashed}
    try:
        with runtime().desk() as desk:
            before = begin_request(desk, **given, asked=_request_hash(), now=runtime().now())
    except KeyReused:
        raise Problem("idempotency_key_reused") from None
    if before is not None:
        return before, True
    try:
        answered = act()
    except Exception:
        # the same request, sent at the same moment, was faster; this one found the work done
        if _carried_out(token, key):
            if (first := _soon(given)) is not None:
                return first, True
        else:
            with runtime().desk() as desk:
                forget_request(desk, **given)
        raise
    with runtime().desk() as desk:
        answer_request(desk, **given, status=answered.status, answer=answered.answer)
    return answered, False


def _carried_out(token: Token, key: IdempotencyKey) -> bool:
    """Whether the work requested under the key is recorded, as one command or as several."""
    ids = [key.command_id, f"{key.command_id}/0"]
    return bool(runtime().coordination.record.commands(token.organisation, ids))


def _soon(given: dict[str, Any]) -> StoredAnswer | None:
    """The response that the other request is about to store; None if it does not come within PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with runtime().desk() as desk:
            if (first := answer_to(desk, **given)) is not None:
                return first
        if time.monotonic() > deadline:
            return None
        time.sleep(0.02)


def _request_hash() -> bytes:
    """A keyed hash of the request: the address and the body, whatever the layout of its JSON."""
    sent = json.dumps(json.loads(request.get_data()), sort_keys=True).encode()
    return digest(_secret(), request.method.encode(), request.path.encode(), sent)


def _secret() -> bytes:
    return runtime().coordination.record.outer.lookup
