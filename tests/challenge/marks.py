"""Lines of the register as evidence, a meeting a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from coordination.challenge.rule import MarkEvidence
from tests.meeting.hwb import CAMHS_TERMS

FIRST = date(2025, 6, 2)


def line(n: int, how: Any, **more: Any) -> MarkEvidence:
    """The line of the n-th monthly meeting, at which the service was expected unless said otherwise."""
    usual: dict[str, Any] = {"expected": True, "terms": CAMHS_TERMS, "version": 7, "position": 1000 + n}
    return MarkEvidence(
        meeting=UUID(int=0x500 + n),
        held_on=FIRST + timedelta(days=28 * n),
        mark=how,
        **{**usual, **more},
    )


def lines(how: Iterable[Any], **more: Any) -> tuple[MarkEvidence, ...]:
    return tuple(line(n, one, **more) for n, one in enumerate(how))
