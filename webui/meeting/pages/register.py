"""The register: marks for all parties at once, and the correction of one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal, StaleVersion
from coordination.event import Command
from coordination.meeting.commands import CorrectMark, MarkPresence
from coordination.meeting.events import Party
from projections.attendance.queries import PartyAttendance, RegisterMarking
from webui.forms import Form
from webui.meeting.commands import mark_commands, party_of
from webui.meeting.forms.register import CorrectMarkSchema, register_schema
from webui.meeting.pages.shared import (
    back_to,
    blueprint,
    perform_meeting_form,
    staff_choices,
    today,
)
from webui.meeting.reading import MeetingPage, meeting_before, open_meeting
from webui.meeting.words import ANSWERED, clock_words, expectation_words, marks
from webui.pupil.identity import text_of
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, service_name


class RegisterItem(msgspec.Struct, frozen=True):
    """A party in the register. `seat` None: it was not invited and has no mark yet."""

    party: Party
    name: str
    organisation: str
    seat: PartyAttendance | None

    @property
    def key(self) -> UUID:
        return self.party.key

    @property
    def version(self) -> int:
        """The version of its entry; 0: none yet."""
        return (self.seat.mark_version or 0) if self.seat else 0

    @property
    def standing(self) -> RegisterMarking | None:
        """The current version of the mark."""
        return self.seat.markings[-1] if self.seat and self.seat.markings else None


@blueprint.route("/meetings/<uuid:meeting>/register", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def register(meeting: UUID) -> ResponseReturnValue:
    """Show the whole register on one page; `with` adds a party that attended without an invitation."""
    held = open_meeting(meeting)
    staff = staff_choices(held.brief.school, today())
    lines = _lines(held, request.args.getlist("with"), dict(staff))
    people = staff_choices({line.party.organisation for line in lines}, today())
    form = Form(
        register_schema([line.key for line in lines], marks()),
        values=_standing(lines) | _proposed(lines, held, request.args.get("as")),
        choices=_substituted(lines, people),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        commands = list(_changes(meeting, lines, typed))
        if not commands:
            form.say(_("No marks have changed."))
        elif _recorded(form, commands, lines):
            first = next((i for i in held.found.agenda if held.at.minute_of(i.item) is None), None)
            if "then_minutes" in request.form and first is not None:
                flash(_("The register is saved."))
                return redirect(url_for("meetings.minute", meeting=meeting, item=first.item), 303)
            return back_to(meeting, _("The register is saved."), "invited")
    return form.page(
        "meeting/register/register.html",
        held=held,
        lines=lines,
        more=_others(held, lines, staff),
        unmarked=sum(line.standing is None for line in lines),
        answered=ANSWERED,
        marks=dict(marks()),
        expectation_words=expectation_words,
        people=held.people,
    )


def _lines(held: MeetingPage, more: list[str], staff: Mapping[str, str]) -> list[RegisterItem]:
    """The rows: the chair first, then the school's own staff, then services, expected ones first."""
    seats = [_of_seat(seat, held) for seat in held.found.seats]
    known = {line.key for line in seats}
    chair = held.brief.chair
    extra = [] if chair is None or chair in known else [chair]
    extra += [key for text in more if (key := _uuid(text)) is not None and key not in known]
    added = [_uninvited(key, held, staff) for key in dict.fromkeys(extra)]
    return sorted([line for line in added if line] + seats, key=lambda line: _order(line, chair))


def _order(line: RegisterItem, chair: UUID | None) -> tuple[bool, bool, bool, str]:
    expected = line.seat is not None and line.seat.expected
    return (line.key != chair, line.party.service is not None, not expected, line.name.casefold())


def _of_seat(seat: PartyAttendance, held: MeetingPage) -> RegisterItem:
    party = Party(organisation=seat.organisation, service=seat.service, person=seat.person)
    return RegisterItem(party, held.party_name(seat), organisation_name(seat.organisation), seat)


def _uninvited(key: UUID, held: MeetingPage, staff: Mapping[str, str]) -> RegisterItem | None:
    """A party of the directory; None for an unknown id."""
    party = party_of(key, held.brief.school)
    if party.service is not None:
        return RegisterItem(party, service_name(party.service), organisation_name(party.organisation), None)
    if str(key) not in staff:
        return None
    return RegisterItem(party, staff[str(key)], organisation_name(held.brief.school), None)


def _others(
    held: MeetingPage, lines: list[RegisterItem], staff: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Other parties that may have attended: the school's staff, and open services."""
    here = {str(line.key) for line in lines}
    open_on = [s for s in directory().services if s.is_open(held.brief.held_on)]
    services = sorted(((str(s.id), service_name(s)) for s in open_on), key=lambda one: one[1].casefold())
    return [choice for choice in staff + services if choice[0] not in here]


def _standing(lines: list[RegisterItem]) -> dict[str, Any]:
    """The current value of each entry in the form in which a user would type it."""
    values: dict[str, Any] = {}
    for line in lines:
        key, mark = line.key.hex, line.standing
        values[f"was_{key}"] = line.version
        if mark is not None:
            values |= {
                f"mark_{key}": mark.mark,
                f"arrived_{key}": clock_words(mark.arrived_at),
                f"left_{key}": clock_words(mark.left_at),
                f"substitute_for_{key}": mark.substitute_for or "",
                f"authority_{key}": mark.with_authority,
            }
        elif line.seat is not None and line.seat.answer in ("apologies", "written_contribution"):
            values[f"mark_{key}"] = line.seat.answer
    return values


def _proposed(lines: list[RegisterItem], held: MeetingPage, how: str | None) -> dict[str, Any]:
    """Marks for the entries that have none, to be looked over and saved: `answered`, who said that they would come came
    and the rest of the school's own people too; `before`, as at the last meeting of the series or of the school."""
    unmarked = {line.key: line for line in lines if line.standing is None}
    if how == "answered":
        return {
            f"mark_{key.hex}": ANSWER_AS_MARK.get(line.seat.answer or "", "attended")
            for key, line in unmarked.items()
            if line.seat is not None and (line.seat.answer is not None or line.party.service is None)
        }
    if how == "before":
        found = meeting_before(held)
        return {
            f"mark_{seat.party.hex}": seat.mark
            for seat in (found.seats if found else ())
            if seat.mark is not None and seat.party in unmarked and seat.mark in AS_BEFORE
        }
    return {}


# a substitute is named anew each time, and times are of one day
AS_BEFORE = frozenset({"attended", "apologies", "written_contribution", "absent"})
ANSWER_AS_MARK = {"apologies": "apologies", "written_contribution": "written_contribution"}


def _substituted(
    lines: list[RegisterItem], people: list[tuple[str, str]]
) -> dict[str, list[tuple[str, str]]]:
    """The people a substitute may have replaced: staff of the party's own organisation."""
    known, day = directory(), today()
    choices = {}
    for line in lines:
        own = {str(a.person) for a in known.people_of(line.party.organisation, day)}
        choices[f"substitute_for_{line.key.hex}"] = [c for c in people if c[0] in own]
    return choices


def _changes(meeting: UUID, lines: list[RegisterItem], typed: Mapping[str, Any]) -> Iterator[Command]:
    """A command for each entry that differs from what the user saw."""
    for line in lines:
        said = _said(line, typed)
        if said is None:
            continue
        saw = typed[f"was_{line.key.hex}"] or 0
        known: dict[str, Any] = {"occurred_on": today(), "meeting": meeting, **said}
        if saw == 0:
            yield MarkPresence(party=line.party, **known)
        elif saw != line.version or _differs(line.standing, said):
            yield CorrectMark(party=line.key, supersedes=saw, **known)


def _said(line: RegisterItem, typed: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values typed for an entry; None if it has no mark. Times and substitutes apply to some marks only."""
    key = line.key.hex
    mark = typed[f"mark_{key}"]
    if mark is None:
        return None
    return mark_commands(
        {name: typed[f"{name}_{key}"] for name in ("mark", "arrived", "left", "substitute_for", "authority")}
    )


def _differs(standing: RegisterMarking | None, said: Mapping[str, Any]) -> bool:
    return standing is None or any(getattr(standing, name) != value for name, value in said.items())


def _recorded(form: Form, commands: list[Command], lines: list[RegisterItem]) -> bool:
    """Perform the commands, all or none. A refusal is shown with its entry, and so is an entry that another user
    marked meanwhile: the page shows that mark with the typed one, and sending again corrects it."""
    batch = runtime().coordination.batch()
    wrong = False
    for number, command in enumerate(commands):
        try:
            batch.perform(command, casework.command_context(f"{form.command_id}/{number}"))
        except Refusal as refused:
            wrong = True
            _say(form, command, refused, lines)
    return not wrong and perform_meeting_form(form, commands)


FIELDS = {"arrived_at": "arrived", "left_at": "left", "substitute_for": "substitute_for"}


def _say(form: Form, command: Command, refused: Refusal, lines: list[RegisterItem]) -> None:
    party = getattr(command, "party", None)
    key = party.key if isinstance(party, Party) else party
    line = next(one for one in lines if one.key == key)
    if isinstance(refused, StaleVersion) or refused.code == "already_marked":
        refused = Refusal("overtaken", "mark")
        form.typed[f"was_{line.key.hex}"] = str(line.version)
    field = FIELDS.get(refused.field or "", "mark")
    form.refuse(Refusal(refused.code, f"{field}_{line.key.hex}", **refused.facts))


@blueprint.route("/meetings/<uuid:meeting>/register/<uuid:party>", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def line(meeting: UUID, party: UUID) -> ResponseReturnValue:
    """Show one entry with its history and the form that corrects it."""
    held = open_meeting(meeting)
    seat = held.seat(party)
    if not seat.markings:
        abort(404)
    own = _of_seat(seat, held)
    standing = seat.markings[-1]
    form = Form(
        CorrectMarkSchema,
        values={
            "mark": standing.mark,
            "arrived": clock_words(standing.arrived_at),
            "left": clock_words(standing.left_at),
            "substitute_for": standing.substitute_for,
            "authority": standing.with_authority,
        },
        choices={"mark": marks(), "substitute_for": staff_choices(seat.organisation, today())},
        seen=seat.mark_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = _corrected(meeting, party, typed, form.seen or 0)
        if perform_meeting_form(form, [command], current=seat.mark_version):
            return back_to(meeting, _("The mark is corrected. The earlier mark is kept."), "invited")
    return form.page(
        "meeting/register/line.html",
        held=held,
        line=own,
        marks=dict(marks()),
        reasons=_reasons(seat),
        people=held.people,
        expectation_words=expectation_words,
    )


def _corrected(meeting: UUID, party: UUID, typed: Mapping[str, Any], saw: int) -> CorrectMark:
    return CorrectMark(
        occurred_on=today(),
        meeting=meeting,
        party=party,
        supersedes=saw,
        why=typed["why"],
        **mark_commands(typed),
    )


def _reasons(seat: PartyAttendance) -> dict[int, str]:
    """The reason for each correction, by its version."""
    given = [marking for marking in seat.markings if marking.why is not None]
    opened = casework.open_sealed([marking.why for marking in given])
    return {m.version: str(text_of(words, "why") or "") for m, words in zip(given, opened, strict=True)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
