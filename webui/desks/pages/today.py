"""The Today page of a school: what is overdue, what to follow up, missed appointments and what comes next; each row
links to the page where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.meeting.stages import agenda_due_on, minutes_due_on
from coordination.pupil.actions.decide import CompleteAction
from coordination.pupil.referral.missed import FOLLOW_UP
from coordination.sensitivity import Coordinates, Opened
from projections.attendance.queries import MeetingDetails
from projections.attendance.queries import meeting as meeting_query
from projections.case_file.queries import ActionRow, ReferralRow, ReferralSummary
from projections.case_file.queries.meeting_records import meeting_records
from projections.challenges.queries import ChallengeSummary, challenges
from projections.today.queries import Today
from projections.today.queries import today as today_query
from webui.challenge.words import TURNS, own_turns_of
from webui.desks.pages.moves import MOVE_PARTS, SCHOOL_LISTS
from webui.desks.pages.not_arrived import not_arrived_list
from webui.desks.pages.of_age import of_age_list, places_of_age
from webui.desks.pages.school_doubts import own_doubts_list
from webui.forms import Form, FormSchema
from webui.moves.reading import overview
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.referral.status import move_words, open_clock_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, people_names, service_name
from webui.words.text import Words

blueprint = Blueprint("today", __name__)

# rows of one part of the page; the total number is shown with them
SIZE = 8
# rows when only one part is shown
ALL = 200
# the parts that are referrals, by their key in addresses; below, those of clocks without a limit, in words
REFERRAL_PARTS = {
    "overdue": _l("Overdue"),
    "due": _l("Due this week"),
    "ours": _l("Your turn"),
    "not_sent": _l("Decided, not sent yet"),
    "not_received": _l("Sent, not received yet"),
    "no_standard": _l("Waiting, no standard set"),
    "terms_unknown": _l("Waiting, last day not known"),
}
UNLIMITED = {
    "not_sent": _l("The school decided to refer and has not recorded that the referral was sent."),
    "not_received": _l(
        "The service has recorded nothing since the referral was sent. Ask whether it arrived."
    ),
    "no_standard": _l("The service has the referral, and no time limit is set for it."),
    "terms_unknown": _l(
        "The limit is in school days, and the school’s term dates are not known that far. Tell your local authority."
    ),
}
PARTS = ("missed", *REFERRAL_PARTS, "agreements", "actions")


class TodayPage(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the page: the day as read, the opened names, and the tasks of this user."""

    day: Today
    children: Mapping[UUID, PupilIdentity]
    parents: Mapping[UUID, str]
    what: Mapping[UUID, str]
    people: Mapping[UUID, str]
    challenges: tuple[ChallengeSummary, ...]
    next: MeetingDetails | None

    def child(self, pupil: UUID) -> PupilIdentity:
        return self.children.get(pupil) or PupilIdentity(pupil=pupil, hidden=True)


@blueprint.get("/today", endpoint="page")
@signed_in(*SCHOOL_DESK)
def page() -> ResponseReturnValue:
    """Show the whole day, or all rows of one part, in a fixed number of statements."""
    only = request.args.get("only")
    only = only if only in (*PARTS, *MOVE_PARTS, "doubts", "of-age", "not-arrived") else None
    desk = _desk(ALL if only else SIZE)
    lists = [
        found
        for read in (*SCHOOL_LISTS, not_arrived_list, own_doubts_list, of_age_list)
        if (found := read(ALL if only else SIZE)).total
    ]
    on_lists = [item.pupil for one in lists for item in one.items if item.pupil is not None]
    casework.note_shown("today", [*desk.children, *on_lists])
    return render_template(
        "desks/today.html",
        desk=desk,
        day_=runtime().today(),
        only=only,
        lists=[one for one in lists if only in (None, one.key)],
        parts=_referral_parts(desk.day),
        owner=_owner,
        act=lambda seen: Form(FormSchema, seen=seen),
        agenda_due=agenda_due_on,
        minutes_due=minutes_due_on,
        turn_words=lambda challenge: TURNS[own_turns_of(challenge, viewer())[0]],
        missed_days=FOLLOW_UP.days,
        log_position=desk.day.position,
    )


def _desk(size: int) -> TodayPage:
    reader, person = casework.reader(), viewer()
    day = today_query(reader, person, person.today - FOLLOW_UP, size)
    own = challenges(reader, person, directory(), school=person.organisation, ended=False)
    next_one = meeting_query(reader, person, day.next_meeting.meeting) if day.next_meeting else None
    on_agenda = [item.pupil for item in next_one.agenda] if next_one else []
    held = meeting_records(reader, person, next_one.brief.meeting, on_agenda) if next_one else None
    identities = dict(_identities(day)) | (held.identities if held else {})
    contacts = [(a.consent, a.contact_at) for a in day.agreements.rows if a.consent and a.contact_at]
    actions = day.actions.rows
    places = [
        *identities.values(),
        *(place for _consent, place in contacts),
        *(line.action.at for line in actions),
    ]
    _fetch_keys(places)
    opened = iter(casework.open_sealed(places))
    return TodayPage(
        day=day,
        children={pupil: open_identity(pupil, next(opened)) for pupil in identities},
        parents={consent: _word(next(opened), "name") for consent, _place in contacts},
        what={line.action.action: _word(next(opened), "what") for line in actions},
        people=people_names(line.action.owner_person for line in actions),
        challenges=tuple(c for c in own if own_turns_of(c, person)),
        next=next_one,
    )


def _fetch_keys(places: Iterable[Coordinates | None]) -> None:
    """The keys for all parts of the page, looked up together."""
    moves = overview()
    pupils = {place.stream for place in (*places, *places_of_age().values()) if place is not None}
    for rows in (moves.requests, moves.emergencies, moves.records, moves.moves):
        pupils |= {one.pupil for one in rows}
    # and of the school's own people, whose names are shown beside their actions
    casework.fetch_keys(pupils | {viewer().organisation})


def _identities(day: Today) -> Iterator[tuple[UUID, Coordinates]]:
    """The places of the sealed identities of all pupils on the page."""
    rows: Iterable[Any] = (*day.agreements.rows, *day.missed.rows)
    places = [(row.pupil, row.identity) for row in rows]
    places += [(line.action.pupil, line.identity) for line in day.actions.rows]
    for part in REFERRAL_PARTS:
        places += [(line.referral.pupil, line.identity) for line in getattr(day, part).rows]
    yield from ((pupil, place) for pupil, place in places if place is not None)


def _word(opened: Opened, field: str) -> str:
    return str(text_of(opened, field) or _("Erased"))


class ReferralTask(msgspec.Struct, frozen=True):
    """A referral on the page: whose turn it is, and the page for the next step; `challenge` if a delay of the agency
    is challenged; `waited` how long it has waited without a limit, in words."""

    line: ReferralRow
    service: str
    move: str
    address: str
    challenge: str | None
    waited: str


class ReferralPart(msgspec.Struct, frozen=True):
    """A part of the page that is referrals: its key, heading, explanation, number in all, and what is shown."""

    key: str
    heading: Words
    words: Words
    total: int
    rows: Sequence[ReferralTask]


def _referral_parts(day: Today) -> list[ReferralPart]:
    """The parts with a referral in them, in the order of the page."""
    found = [(key, heading, getattr(day, key)) for key, heading in REFERRAL_PARTS.items()]
    return [
        ReferralPart(key, heading, UNLIMITED.get(key, ""), section.total, list(_referrals(section.rows)))
        for key, heading, section in found
        if section.total
    ]


def _referrals(rows: Iterable[ReferralRow]) -> Iterator[ReferralTask]:
    for line in rows:
        found = line.referral
        yield ReferralTask(
            line,
            service_name(found.service),
            move_words(found),
            url_for("referrals.page", pupil=found.pupil, referral=found.referral),
            _challenge(found),
            open_clock_words(found, viewer().today),
        )


def _challenge(late: ReferralSummary) -> str | None:
    if late.due != "overdue" or late.whose_move != "agency" or late.standard is None:
        return None
    return url_for("challenges.raise_delay", service=late.service, standard=late.standard)


def _owner(line: ActionRow, people: Mapping[UUID, str]) -> str:
    action = line.action
    if action.owner_person is not None:
        return people.get(action.owner_person, "")
    return service_name(action.owner_service) or organisation_name(action.owner_organisation)


@blueprint.post("/today/actions/<uuid:pupil>/<uuid:action>/done")
@signed_in(*SCHOOL_DESK)
def done(pupil: UUID, action: UUID) -> ResponseReturnValue:
    """Record that an action was completed today."""
    form = Form(FormSchema)
    form.take(request.form)
    command = CompleteAction(occurred_on=runtime().today(), seen=form.seen, pupil=pupil, action=action)
    casework.perform(command, form.command_id)
    flash(_("The action is recorded as done."))
    return redirect(url_for("today.page", _anchor="actions"), 303)
