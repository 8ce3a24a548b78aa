"""Requests, emergency accesses, records and expected moves, as lists of a desk's page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webui.desks.worklists import Worklist, WorklistItem
from webui.moves.reading import (
    OpenedEmergency,
    OpenedMove,
    OpenedRecord,
    OpenedRequest,
    opened_moves,
)
from webui.moves.words import GROUNDS
from webui.shell.authentication import viewer
from webui.words.formats import day, instant, number
from webui.words.naming import organisation_name

MOVE_PARTS = ("file-requests", "emergency-access", "records", "expected-moves")


def requests_list(size: int) -> Worklist:
    """The requests for a file that wait for the viewer's answer, the oldest first."""
    found = opened_moves().requests
    return Worklist(
        key="file-requests",
        heading=_("Requests for a file"),
        items=tuple(_request(one) for one in found[:size]),
        total=len(found),
    )


def _request(one: OpenedRequest) -> WorklistItem:
    asked = one.request
    late = asked.ground is None and viewer().today > asked.due_on
    words = _("%(school)s asked on %(day)s.", school=organisation_name(asked.school), day=day(asked.asked_on))
    due = str(GROUNDS[asked.ground]) if asked.ground else _("Answer by %(day)s.", day=day(asked.due_on))
    return WorklistItem(
        heading=one.child.name,
        words=f"{words} {due}",
        address=url_for("answering.page", pupil=asked.pupil, request_id=asked.request),
        action=_("Answer the request"),
        pupil=asked.pupil,
        tag=_("Overdue") if late else "",
        late=late,
    )


def emergency_list(size: int) -> Worklist:
    """The emergency accesses that the viewer has to know of, the newest first."""
    found = opened_moves().emergencies
    return Worklist(
        key="emergency-access",
        heading=_("Emergency access"),
        items=tuple(_emergency(one) for one in found[:size]),
        total=len(found),
    )


def _emergency(one: OpenedEmergency) -> WorklistItem:
    access = one.access
    reviewing = viewer().role == "la_safeguarding"
    return WorklistItem(
        heading=_("A pupil") if one.child.erased else one.child.name,
        words=_(
            "%(organisation)s sees part of the file until %(instant)s.",
            organisation=organisation_name(access.organisation),
            instant=instant(access.closes_at),
        ),
        lines=(one.why,) if one.why else (),
        address=url_for("emergency.review", access=access.access)
        if reviewing
        else url_for("case_file.page", pupil=access.pupil),
        action=_("Review the emergency access") if reviewing else _("Open the case file"),
        pupil=access.pupil,
        tag="" if access.finding else _("Not reviewed yet"),
    )


def records_list(size: int) -> Worklist:
    """The educational records that the school has to send or to receive, the longest first."""
    found = opened_moves().records
    return Worklist(
        key="records",
        heading=_("Records that follow a pupil"),
        items=tuple(_record(one) for one in found[:size]),
        total=len(found),
    )


def _record(one: OpenedRecord) -> WorklistItem:
    record, left = one.record, one.days_left
    if left is None:
        tag = _("Last day not known")
    elif left < 0:
        tag = ngettext("%(count)s day over", "%(count)s days over", -left, count=number(-left))
    elif left == 0:
        tag = _("Due today")
    else:
        tag = ngettext("%(count)s day left", "%(count)s days left", left, count=number(left))
    sending = record.side == "former"
    other = organisation_name(record.other)
    if sending:
        words = _("Send the record to %(school)s.", school=other) if other else _("Send the record on.")
    elif record.sent_on is not None:
        words = _("%(school)s sent the record on %(day)s.", school=other, day=day(record.sent_on))
    else:
        words = _("%(school)s has not sent the record yet.", school=other)
    if one.due_on is None:
        words += " " + _("The school’s term dates are not recorded that far.")
    return WorklistItem(
        heading=_("A pupil") if one.child.erased else one.child.name,
        words=_("Left on %(day)s.", day=day(record.left_on)) + " " + words,
        address=url_for("records.page", pupil=record.pupil, from_school=record.from_school),
        action=_("Mark as sent") if sending else _("Mark as received"),
        pupil=record.pupil,
        tag=tag if record.sent_on is None else "",
        late=left is not None and left < 0 and record.sent_on is None,
    )


def moves_list(size: int) -> Worklist:
    """The lists of expected moves from or to the school, by day."""
    found = [m for m in opened_moves().moves if m.move.transfer is not None]
    found.sort(key=lambda m: (m.move.expected_on, str(m.move.transfer)))
    lists = [list(moves) for _key, moves in groupby(found, key=lambda m: m.move.transfer)]
    return Worklist(
        key="expected-moves",
        heading=_("Expected moves"),
        items=tuple(_list(moves) for moves in lists[:size]),
        total=len(lists),
    )


def _list(moves: list[OpenedMove]) -> WorklistItem:
    first, count = moves[0].move, len(moves)
    ours = first.to_school == viewer().organisation
    waiting = any(m.move.state == "proposed" for m in moves)
    other = organisation_name(first.from_school if ours else first.to_school)
    return WorklistItem(
        heading=_("From %(school)s", school=other) if ours else _("To %(school)s", school=other),
        words=" ".join(
            (
                ngettext("%(count)s pupil", "%(count)s pupils", count, count=number(count)) + ",",
                day(first.expected_on) + ".",
                _("Not agreed yet.") if waiting else _("Agreed."),
            )
        ),
        address=url_for("transfers.one", transfer=first.transfer),
        action=_("Open the list"),
        tag=_("Your turn") if ours and waiting else "",
    )


SCHOOL_LISTS: tuple[Callable[[int], Worklist], ...] = (
    requests_list,
    emergency_list,
    records_list,
    moves_list,
)
"""The lists on a school's page Today."""
AUTHORITY_LISTS: tuple[Callable[[int], Worklist], ...] = (requests_list, emergency_list)
"""The lists on the page of the authority's caseworker and safeguarding person."""
