"""Reports with their stamps, for a page, a file or the API; asked once in a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from coordination.permissions import Right, Thing, right
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.stamps.asking import ReportMoment, moment_of, stamp_text, stamped_report
from projections.stamps.kinds import KINDS
from projections.stamps.stamp import decode
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.ledger_heads import head_before
from webui.shell.runtime import runtime
from webui.words.naming import name_as_at


def stamped(kind: str, ask: Any) -> Any:
    """The report of a question with its stamp. Raises Refusal."""
    return casework.once(
        f"{kind} {ask!r}",
        lambda: stamped_report(runtime().coordination, *_looking(kind), KINDS[kind], ask, moment(kind, ask)),
    )


def _looking(kind: str) -> tuple[Reader, Viewer]:
    """Through what, and as whom, a report is made. Somebody who sees published figures only sees those of every
    organisation: no row of a wait is open to them, and the table they are shown holds no exact count."""
    who = viewer()
    if kind == "published" and right(who.role, Thing.WAITING_FIGURES) is Right.PUBLISHED:
        return runtime().reader, msgspec.structs.replace(who, operator=True)
    return casework.reader(), who


def moment(kind: str, ask: Any) -> ReportMoment:
    """The moment that a question is about: what else the page shows of it is read with that directory. Raises
    Refusal."""
    return casework.once(
        f"moment of {kind} {ask!r}",
        lambda: moment_of(runtime().coordination, *_looking(kind), KINDS[kind], ask),
    )


def stamp_alone(kind: str, ask: Any) -> str | None:
    """The stamp of a question without its report: for a list behind it. Raises Refusal."""
    at = moment(kind, ask)
    fixed = msgspec.structs.replace(ask, at=at.position)
    return stamp_text(runtime().coordination, viewer(), KINDS[kind], fixed, at)


def named_as_then(kind: str, ask: Any) -> ReportMoment:
    """As `moment`; for a file, which is the same whenever it is made again: the names in it are those of the
    directory at its position, on the day of the report. Raises Refusal."""
    found = moment(kind, ask)
    day: date = ask.as_of
    name_as_at(found.directory, day)
    return found


def stamp_row(stamp: str | None) -> Mapping[str, str]:
    """The stamp among what a file is based on, and the head of the ledger at its position."""
    if not stamp:
        return {}
    head = head_before(decode(stamp).position)
    return {"stamp": stamp, "ledger_head": head} if head else {"stamp": stamp}
