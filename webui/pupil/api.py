"""Pupils: a school's own, and for an agency those disclosed to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from marshmallow import Schema, fields

from coordination.desk.file_requests import AskedPupil
from coordination.errors import NotFound
from coordination.pupil.profile.commands import (
    EndContact,
    EndRegistration,
    RegisterPupil,
)
from projections.case_file import queries
from projections.case_file.queries import (
    PupilCriteria,
    PupilFile,
    PupilSummary,
)
from projections.case_file.queries.version import last_version
from webui.api.narrowing import code_in, ids_in
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, closed_schema, field_problem
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.pupil import commands
from webui.pupil.answers import PupilFileSchema, PupilSchema, contact_out, views_out
from webui.pupil.asking import ask_for_file, own_request
from webui.pupil.bodies import (
    FindBody,
    LeadingSchoolBody,
    PupilsQuery,
    RegisterBody,
    ViewsBody,
    YearBody,
)
from webui.pupil.forms.profile import (
    ContactSchema,
    EndContactSchema,
    IdentitySchema,
    LanguageSchema,
    LeaveSchema,
    LookedAfterSchema,
    NeedsSchema,
    ProvisionSchema,
)
from webui.pupil.identity import PupilIdentity, by_name, open_identity, text_of
from webui.pupil.registration import MissingAnswer, registered_before, registration
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

pupils = Resource("pupils", "A school's pupils, their details and what the school records about them.")


# Reading


@pupils.lists("/pupils", scope="pupils:read", query=PupilsQuery, answers=PupilSchema)
def listed(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the pupils on the roll of the token's school, by name."""
    found = queries.pupils(casework.reader(), viewer(), _criteria(query))
    opened = casework.open_sealed([row.identity for row in found.rows])
    lines = [
        (row, open_identity(row.pupil, identity)) for row, identity in zip(found.rows, opened, strict=True)
    ]
    lines.sort(key=lambda line: by_name(line[1]))
    shown = lines[page.first : page.past]
    return ResourceRows(
        [_line(row, who) for row, who in shown],
        len(lines),
        ReadLogNote("pupil_list", [row.pupil for row, _who in shown]),
    )


def _criteria(query: dict[str, Any]) -> PupilCriteria:
    return PupilCriteria(
        need=code_in(PupilsQuery, query, "need"),
        provision=code_in(PupilsQuery, query, "provision"),
        year=query.get("year"),
        **ids_in(PupilsQuery, query, "service"),
    )


@pupils.shows("/pupils/<uuid:pupil>", scope="pupils:read", answers=PupilFileSchema)
def one(pupil: UUID) -> ResourceView:
    """Get a pupil, with the details that the token's organisation can see."""
    reader, who = casework.reader(), viewer()
    version = last_version(reader, who, pupil)
    file = queries.pupil(reader, who, pupil)
    return ResourceView(_file(file), version, ReadLogNote("case_file", [pupil]))


@pupils.finds("/pupils/find", scope="pupils:read", takes=FindBody, answers=PupilSchema)
def find(typed: dict[str, Any]) -> ResourceView:
    """Find one of your own pupils by unique pupil number; 404 if there is none."""
    found = runtime().coordination.record.pupils_by_upn([typed["upn"]]).get(typed["upn"])
    files = runtime().coordination.record.files_of_children([found])[found] if found else ()
    rows = queries.pupils(casework.reader(), viewer(), PupilCriteria()).rows if found else ()
    row = next((row for row in rows if row.pupil in files), None)
    if row is None:
        raise NotFound
    who = open_identity(row.pupil, casework.open_sealed([row.identity])[0])
    return ResourceView(_line(row, who), noted=ReadLogNote("pupil_search", [row.pupil]))


def _line(row: PupilSummary, who: PupilIdentity) -> dict[str, Any]:
    kept = (
        "pupil",
        "schools",
        "leading_school",
        "year",
        "needs",
        "provision",
        "looked_after",
        "open_referrals",
        "overdue",
    )
    more = ("unconfirmed", "immediate_risk")
    return {name: getattr(row, name) for name in (*kept, *more)} | _who(who)


def _who(who: PupilIdentity) -> dict[str, Any]:
    return {
        "surname": who.surname or None,
        "forename": who.forename or None,
        "preferred_surname": who.preferred_surname or None,
        "preferred_forename": who.preferred_forename or None,
        "upn": who.upn or None,
        "date_of_birth": who.born,
        "sex": who.sex,
    }


def _file(file: PupilFile) -> dict[str, Any]:
    sealed = [file.pupil.identity, file.language_wish, *(c.at for c in file.contacts)]
    opened = casework.open_sealed([*sealed, *(v.at for v in file.views)])
    people = opened[2 : 2 + len(file.contacts)]
    words = opened[2 + len(file.contacts) :]
    who = open_identity(file.pupil.pupil, opened[0])
    return _line(file.pupil, who) | {
        "language_wish": text_of(opened[1], "language") or who.language,
        "registrations": file.registrations,
        "contacts": [contact_out(contact, said) for contact, said in zip(file.contacts, people, strict=True)],
        "views": [views_out(views, said) for views, said in zip(file.views, words, strict=True)],
        "consents": [consent.consent for consent in file.consents],
        "referrals": [referral.referral for referral in file.referrals],
        "joined": list(file.others),
    }


# Registration


@pupils.records("/pupils", scope="pupils:write", takes=RegisterBody, makes=("pupil",), may_ask=("request",))
def register(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Register a pupil at the token's school.

    A pupil whose number another school issued, and who is not on your school's roll, is asked for instead: the response
    is 202 with the id of the request, whether or not the number is known.
    """
    before = registered_before(asked.command_id)
    if before is not None:
        return RecordingResult({"pupil": before}, f"/pupils/{before}")
    command = _registering(typed, asked)
    if isinstance(command, AskedPupil):
        request = ask_for_file(command, asked.command_id)
        return RecordingResult({"request": request}, f"/file-requests/{request}", status=202)
    pupil = asked.perform(command).stream
    return RecordingResult({"pupil": pupil}, f"/pupils/{pupil}")


def _registering(typed: dict[str, Any], asked: RecordRequest) -> RegisterPupil | AskedPupil:
    try:
        return registration(asked.command_id, typed)
    except MissingAnswer as missing:
        raise field_problem(RegisterBody(), missing.field, "missing") from missing


class FileRequestSchema(Schema):
    """Your school's request for a pupil of another school: waiting or answered, and nothing else."""

    request = fields.UUID(required=True)
    state = fields.String(required=True)


@pupils.shows("/file-requests/<uuid:request>", scope="pupils:read", answers=FileRequestSchema, tagged=False)
def file_request(request: UUID) -> ResourceView:
    """Get the state of your school's request for a pupil's file."""
    found = own_request(request)
    state = "answered" if found.answered else "waiting"
    return ResourceView(
        {"request": found.request, "state": state}, noted=ReadLogNote("file_request", [request])
    )


# Changes


def _changes(thing: str, takes: type[ClosedSchema]) -> None:
    rule = f"/pupils/<uuid:pupil>/{thing.replace('_', '-')}"

    def change(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
        command = commands.change(thing, pupil, typed, lambda: _identity(pupil).language)
        asked.perform(msgspec.structs.replace(command, seen=asked.seen))
        return _of(pupil)

    change.__name__ = change.__qualname__ = f"record_{thing}"
    change.__doc__ = f"Record the pupil's current {thing.replace('_', ' ')}."
    pupils.records(rule, scope="pupils:write", takes=takes, makes=("pupil",), thing=one)(change)


_TAKES: dict[str, type[ClosedSchema]] = {
    "needs": closed_schema(NeedsSchema),
    "provision": closed_schema(ProvisionSchema),
    "year": YearBody,
    "language": closed_schema(LanguageSchema),
    "looked_after": closed_schema(LookedAfterSchema),
    "identity": closed_schema(IdentitySchema),
    "leading_school": LeadingSchoolBody,
}
for _thing, _takes in _TAKES.items():
    _changes(_thing, _takes)


@pupils.records(
    "/pupils/<uuid:pupil>/contacts",
    scope="pupils:write",
    takes=closed_schema(ContactSchema),
    makes=("pupil", "contact"),
)
def add_contact(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Add a contact who represents the pupil."""
    return _contact(typed, asked, pupil, asked.new_id("contact"))


@pupils.records(
    "/pupils/<uuid:pupil>/contacts/<uuid:contact>",
    scope="pupils:write",
    takes=closed_schema(ContactSchema),
    makes=("pupil", "contact"),
    thing=lambda pupil, **_path: one(pupil),
)
def change_contact(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, contact: UUID
) -> RecordingResult:
    """Replace the details of a contact. Send all of them."""
    _there(pupil, contact)
    return _contact(typed, asked, pupil, contact)


@pupils.records(
    "/pupils/<uuid:pupil>/contacts/<uuid:contact>/end",
    scope="pupils:write",
    takes=closed_schema(EndContactSchema),
    makes=("pupil", "contact"),
    thing=lambda pupil, **_path: one(pupil),
)
def end_contact(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, contact: UUID) -> RecordingResult:
    """Record that a contact no longer represents the pupil."""
    asked.perform(EndContact(pupil=pupil, contact=contact, seen=asked.seen, **typed))
    return RecordingResult({"pupil": pupil, "contact": contact}, f"/pupils/{pupil}")


@pupils.records("/pupils/<uuid:pupil>/views", scope="pupils:write", takes=ViewsBody, makes=("pupil",))
def add_views(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record the views of the child or a parent in their own words. Earlier views are kept."""
    asked.perform(commands.views(pupil, typed))
    return _of(pupil)


@pupils.records(
    "/pupils/<uuid:pupil>/leave",
    scope="pupils:write",
    takes=closed_schema(LeaveSchema),
    makes=("pupil",),
    thing=one,
)
def leave(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record that a pupil has left your school. Your school can then no longer see the case file."""
    asked.perform(EndRegistration(pupil=pupil, school=viewer().organisation, seen=asked.seen, **typed))
    return _of(pupil)


def _contact(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, contact: UUID) -> RecordingResult:
    asked.perform(msgspec.structs.replace(commands.contact(pupil, contact, typed), seen=asked.seen))
    return RecordingResult({"pupil": pupil, "contact": contact}, f"/pupils/{pupil}")


def _there(pupil: UUID, contact: UUID) -> None:
    """Raises NotFound unless the contact represents the pupil."""
    file = queries.pupil(casework.reader(), viewer(), pupil)
    if not any(c.contact == contact and c.ended_on is None for c in file.contacts):
        raise NotFound


def _identity(pupil: UUID) -> PupilIdentity:
    file = queries.pupil(casework.reader(), viewer(), pupil)
    return open_identity(pupil, casework.open_sealed([file.pupil.identity])[0])


def _of(pupil: UUID) -> RecordingResult:
    return RecordingResult({"pupil": pupil}, f"/pupils/{pupil}")
