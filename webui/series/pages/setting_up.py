"""The series of an organisation, and the form that sets one up or changes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.meeting_series import MeetingSeries, Rhythm, SeriesMember, SetMeetingSeries
from coordination.errors import Refusal
from webui.forms import Form
from webui.meeting.words import PARTS, clock_words
from webui.series.forms import SeriesSchema
from webui.series.pages.shared import blueprint, done, perform_series_form, today
from webui.series.reading import one_series, own_series
from webui.series.words import rhythm_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SERIES_DESK
from webui.words.naming import code_words, directory, people_names, service_name

Choices = list[tuple[str, str]]


@blueprint.get("/meetings/series")
@signed_in(*SERIES_DESK)
def listed() -> ResponseReturnValue:
    """List the series of the user's organisation."""
    return render_template(
        "series/listed.html", series=own_series(), rhythm_words=rhythm_words, today=today()
    )


@blueprint.route("/meetings/series/new", methods=["GET", "POST"])
@signed_in(*SERIES_DESK)
def new() -> ResponseReturnValue:
    """Set up a series."""
    return _set_up(None)


@blueprint.route("/meetings/series/<uuid:series>/change", methods=["GET", "POST"])
@signed_in(*SERIES_DESK)
def change(series: UUID) -> ResponseReturnValue:
    """Change or end a series: a new version from its first day on."""
    return _set_up(one_series(series))


def _set_up(held: MeetingSeries | None) -> ResponseReturnValue:
    form = Form(
        SeriesSchema,
        values=_usual(held),
        choices={"kind": _kinds(), "members": _members(held), "substitutes": _people(_staffed(held))},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        series = held.series if held is not None else casework.new_id(form.command_id, "series")
        try:
            command = series_command(series, typed)
        except Refusal as refused:
            form.refuse(refused)
        else:
            if perform_series_form(form, [command]):
                return done(url_for("series.page", series=series), _("The series is recorded."))
    return form.page("series/set_up.html", held=held)


def _usual(held: MeetingSeries | None) -> dict[str, Any]:
    if held is None:
        usual = {"every": "month", "weekday": "2", "week": "2", "kind": "hwb", "effective_from": today()}
        return usual | {"notice_working_days": 10, "papers_working_days": 5}
    names = ("name", "kind", "quorum", "notice_working_days", "papers_working_days")
    rhythm, own = held.rhythm, viewer().organisation
    return {name: getattr(held, name) for name in (*names, "effective_from", "effective_to")} | {
        "every": rhythm.every,
        "weekday": str(rhythm.weekday),
        "week": str(rhythm.week),
        "starts_at": clock_words(rhythm.starts_at),
        "ends_at": clock_words(rhythm.ends_at),
        "members": [key for member in held.members if (key := _key(member, own))],
        "others": ", ".join(_others(held)),
        "substitutes": [str(person) for member in held.members for person in member.substitutes],
    }


def _key(member: SeriesMember, own: UUID) -> str:
    """The key of a member that is offered as a choice; empty for another organisation as a whole."""
    if member.part is not None:
        return member.part
    if member.person is not None and member.organisation == own:
        return str(member.person)
    return str(member.service or "")


def _others(held: MeetingSeries) -> Iterator[str]:
    for member in held.members:
        if member.service is None and member.person is None and member.part is None:
            organisation = directory().organisation(member.organisation)
            yield organisation.code if organisation else ""


def _kinds() -> Choices:
    return [(code, code_words("meeting_kind", code)) for code in directory().codes("meeting_kind", today())]


def _members(held: MeetingSeries | None) -> Choices:
    """The open services, those with terms for the organisation's meetings first; the organisation's people; seats."""
    known, own = directory(), viewer().organisation
    agreed = {t.service for t in known.terms_for(own, today(), held.kind if held else "hwb")}
    services = [one for one in known.services if one.is_open(today())]
    ordered = sorted(services, key=lambda s: (s.id not in agreed, service_name(s).casefold()))
    seats = [(part, str(words)) for part, words in PARTS.items()]
    return [*((str(s.id), service_name(s)) for s in ordered), *_people({own}), *seats]


def _staffed(held: MeetingSeries | None) -> set[UUID]:
    """The organisations from which substitutes may come: one's own and, once there are members, theirs."""
    members = held.members if held is not None else ()
    return {viewer().organisation, *(member.organisation for member in members)}


def _people(organisations: set[UUID]) -> Choices:
    found = {a.person for one in organisations for a in directory().people_of(one, today())}
    named = people_names(found)
    return sorted(((str(p), named[p]) for p in found), key=lambda one: one[1].casefold())


def series_command(series: UUID, typed: dict[str, Any]) -> SetMeetingSeries:
    """The command for what was typed. Raises Refusal `unknown_organisation` for a number that nobody has, and
    `substitute_elsewhere` for a substitute of an organisation without a member."""
    own = directory().organisation(viewer().organisation)
    members = [*(_member(key) for key in typed["members"]), *_whole_organisations(typed["others"] or "")]
    return SetMeetingSeries(
        occurred_on=today(),
        organisation=viewer().organisation,
        series=series,
        kind=typed["kind"],
        name=typed["name"],
        rhythm=Rhythm(
            every=typed["every"],
            weekday=int(typed["weekday"]),
            week=int(typed["week"]),
            starts_at=typed["starts_at"],
            ends_at=typed["ends_at"],
        ),
        members=with_substitutes(members, [UUID(one) for one in typed["substitutes"] or ()]),
        school=own.id if own is not None and own.kind == "school" else None,
        **{
            name: typed[name]
            for name in (
                *("effective_from", "effective_to", "quorum"),
                *("notice_working_days", "papers_working_days"),
            )
        },
    )


def _member(key: str) -> SeriesMember:
    own = viewer().organisation
    if key in PARTS:
        return SeriesMember(organisation=own, part=key)  # type: ignore[arg-type]
    service = directory().service(UUID(key))
    if service is not None:
        return SeriesMember(organisation=service.agency, service=service.id)
    return SeriesMember(organisation=own, person=UUID(key))


def _whole_organisations(typed: str) -> Iterator[SeriesMember]:
    for code in filter(None, (part.strip() for part in typed.split(","))):
        found = directory().by_code("school", code) or directory().by_code("authority", code)
        if found is None:
            raise Refusal("unknown_organisation", "others")
        yield SeriesMember(organisation=found.id)


def with_substitutes(members: list[SeriesMember], people: list[UUID]) -> tuple[SeriesMember, ...]:
    """The members, each with those substitutes who work for its organisation. Raises Refusal `substitute_elsewhere`."""
    known, left, found = directory(), set(people), []
    for member in members:
        of = {p for p in people if p != member.person and known.roles_of(p, member.organisation, today())}
        left -= of
        mine = tuple(sorted(of, key=str)) if member.part is None else ()
        found.append(
            SeriesMember(
                organisation=member.organisation,
                service=member.service,
                person=member.person,
                part=member.part,
                substitutes=mine,
            )
        )
    if left:
        raise Refusal("substitute_elsewhere", "substitutes")
    return tuple(found)
