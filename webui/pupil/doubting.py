"""Doubts about pupils for a page: what is recorded beside what was given, what may be answered, and the answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from coordination.calendars import local_date
from coordination.desk.doubts import WaitingDoubt, delete_doubt, doubts_of, find_doubt
from coordination.errors import NotFound
from coordination.intake.pupils import ImportedContact
from coordination.intake.recording.arriving import described
from coordination.intake.recording.deciding import (
    ABOUT_CONTACTS,
    DoubtAnswer,
    OpenedDoubt,
    decide_doubt,
    open_doubt,
)
from coordination.intake.recording.recorded_profiles import RecordedContact
from coordination.pupil.matching import IdentityDetails
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, organisation_name
from webui.words.text import Words

SHOWN = 100
"""Doubts that the list shows at once: each is compared with the record of now."""
KINDS: dict[str, Words] = {
    "another_number": _l("The same names and date of birth, another number"),
    "birth_date_changed": _l("Another date of birth"),
    "names_changed": _l("Other names"),
    "number_of_another": _l("The number of a pupil with other names and another date of birth"),
    "exchanged_numbers": _l("The number of one pupil, the names of another"),
    "two_files": _l("The number and the former number belong to two pupils"),
    "alike_elsewhere": _l("The same names and date of birth at two schools"),
    "contact_missing": _l("A contact no longer in the school’s file"),
    "contact_renamed": _l("A contact under another name"),
}
ANSWERS: dict[DoubtAnswer, Words] = {
    "file_is_right": _l("It is the same child, and the file is right: change our record"),
    "record_is_right": _l("The record is right: keep it and leave the file’s details out"),
    "exchange_numbers": _l("The children have each other’s number in our record: exchange the numbers"),
    "another_child": _l("It is another child: register this child too"),
    "one_child": _l("They are one child: join the two records"),
    "two_children": _l("They are two children: keep both records"),
    "contact_ended": _l("This person no longer represents the pupil"),
    "contact_still_there": _l("This person still represents the pupil"),
    "contact_same_person": _l("It is the same person: change the name"),
    "contact_replaced": _l("The recorded person no longer represents the pupil, and the other one does"),
    "contact_two_people": _l("They are two people, and both represent the pupil"),
}


class DoubtLine(msgspec.Struct, frozen=True):
    """A doubt in the list: the recorded name, the kind in words, and since when it has waited."""

    doubt: UUID
    pupil: UUID
    name: str
    words: str
    since: date


class ComparedDetail(msgspec.Struct, frozen=True):
    """A row of the comparison: what it is, its values in order, and whether they differ."""

    label: str
    values: tuple[str, ...]
    differs: bool


class DoubtView(msgspec.Struct, frozen=True):
    """A doubt as its page shows it: the columns' headings and the details side by side."""

    opened: OpenedDoubt
    name: str
    words: str
    columns: tuple[str, ...]
    details: tuple[ComparedDetail, ...]
    digest: str
    pupils: tuple[UUID, ...]

    @property
    def may_join(self) -> bool:
        """Whether two recorded files on the own roll may be of one child, and can be joined instead."""
        return self.opened.doubt.kind == "two_files" and len(self.pupils) == 2

    @property
    def answers(self) -> list[tuple[str, Words]]:
        """The answers offered, with their words."""
        return [(answer, ANSWERS[answer]) for answer in self.opened.answers]


def waiting_lines(size: int = SHOWN) -> list[DoubtLine]:
    """The oldest doubts that the user's organisation decides, in order. One that no longer applies is deleted."""
    service = runtime().coordination
    lines = []
    with service.record.desk() as conn:
        for held in doubts_of(conn, viewer().organisation)[:size]:
            opened = open_doubt(service, conn, held)
            if opened is None:
                delete_doubt(conn, held.doubt)
            else:
                since = local_date(held.raised_at)
                name = _name(opened.known.details())
                lines.append(DoubtLine(held.doubt, held.pupil, name, str(KINDS[held.kind]), since))
    return lines


def waiting_doubts() -> list[WaitingDoubt]:
    """The doubts that wait for the user's organisation, the oldest first, also those that no longer apply."""
    with runtime().desk() as conn:
        return doubts_of(conn, viewer().organisation)


def waiting_count() -> int:
    """How many doubts wait for the user's organisation."""
    return len(waiting_doubts())


def view_doubt(doubt: UUID) -> DoubtView | None:
    """A doubt that the user's organisation decides; None when it no longer applies (it is then deleted). Raises
    NotFound."""
    service = runtime().coordination
    with service.record.desk() as conn:
        held = find_doubt(conn, doubt)
        if held is None or not held.is_for(viewer().organisation):
            raise NotFound
        opened = open_doubt(service, conn, held)
        if opened is None:
            delete_doubt(conn, doubt)
            return None
    return _viewed(held, opened)


def decide(doubt: UUID, digest: str, answer: str, why: str | None, command_id: str) -> None:
    """Records the user's answer; the next page shows its result. Raises NotFound and Refusal as `decide_doubt`."""
    try:
        seen = bytes.fromhex(digest)
    except ValueError:
        seen = b""
    decided = decide_doubt(
        runtime().coordination,
        doubt,
        seen,
        answer,
        why,
        casework.command_context(command_id),
        new=casework.new_id(command_id, "pupil"),
    )
    casework.wait_until_readable(decided.position)


def _viewed(held: WaitingDoubt, opened: OpenedDoubt) -> DoubtView:
    contacts = held.kind in ABOUT_CONTACTS
    pupils = (held.pupil, *((held.other,) if held.other is not None and not contacts else ()))
    columns, details = _contacts(opened) if contacts else _identities(opened)
    return DoubtView(
        opened=opened,
        name=_name(opened.known.details()),
        words=str(KINDS[held.kind]),
        columns=columns,
        details=details,
        digest=held.digest.hex(),
        pupils=pupils,
    )


def _identities(opened: OpenedDoubt) -> tuple[tuple[str, ...], tuple[ComparedDetail, ...]]:
    compared = [opened.known.details()]
    columns = [_("Recorded")]
    match opened.doubt.kind:
        case "exchanged_numbers":
            columns = [_("Recorded with this number"), _("Recorded with these names"), _("In the file")]
        case "two_files":
            columns = [_("Recorded with the number"), _("Recorded with the former number"), _("In the file")]
        case "alike_elsewhere":
            columns = [
                _("New at %(school)s", school=organisation_name(opened.doubt.school)),
                _("Recorded before"),
            ]
        case _:
            columns.append(_("In the file"))
    if opened.other is not None:
        compared.append(opened.other.details())
    if opened.doubt.kind != "alike_elsewhere":
        compared.append(described(opened.given.row))
    rows = [
        (_("Unique pupil number"), [d.upn for d in compared]),
        (_("First name"), [d.forename for d in compared]),
        (_("Surname"), [d.surname for d in compared]),
        (_("Preferred first name"), [d.preferred_forename or "" for d in compared]),
        (_("Preferred surname"), [d.preferred_surname or "" for d in compared]),
        (_("Former surname"), [d.former_surname or "" for d in compared]),
        (_("Date of birth"), [day(d.date_of_birth) for d in compared]),
    ]
    return tuple(columns), _details(rows)


def _contacts(opened: OpenedDoubt) -> tuple[tuple[str, ...], tuple[ComparedDetail, ...]]:
    assert opened.doubt.other is not None
    held, given = opened.known.contacts[opened.doubt.other], opened.given.contact
    both: list[RecordedContact | ImportedContact | None] = [held, given]
    rows = [
        (_("Name"), [one.name if one else "" for one in both]),
        (
            _("Relationship to the pupil"),
            [code_words("relationship", one.relationship) if one else "" for one in both],
        ),
        (_("Parental responsibility"), [_responsible(one) for one in both]),
    ]
    return (_("Recorded"), _("In the file")), _details(rows)


def _responsible(one: RecordedContact | ImportedContact | None) -> str:
    if one is None or one.parental_responsibility is None:
        return ""
    return pgettext("is there?", "Yes") if one.parental_responsibility else pgettext("is there?", "No")


def _details(rows: list[tuple[str, list[str]]]) -> tuple[ComparedDetail, ...]:
    """The rows that say anything."""
    said = [(label, values) for label, values in rows if any(values)]
    return tuple(ComparedDetail(label, tuple(values), len(set(values)) > 1) for label, values in said)


def _name(details: IdentityDetails) -> str:
    return f"{details.preferred_forename or details.forename} {details.surname}".strip()
