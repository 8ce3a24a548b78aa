"""The names of organisations, services and codes in the language of the page, and the names of people.

All names come from the directory. A request reads it once; a page that records something redirects afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask, g
from flask_babel import gettext as _
from psycopg import OperationalError

from coordination.desk.accounts import Account
from coordination.desk.places import places_of
from coordination.desk.tokens import tokens_among
from coordination.directory.organisation import Appointment, Organisation, Service
from coordination.directory.state import Directory
from webui.shell import casework
from webui.shell.authentication import current
from webui.shell.runtime import runtime
from webui.words.codes import milestone_name
from webui.words.formats import short_day
from webui.words.languages import language


def directory() -> Directory:
    """The directory as this request read it."""
    held: Directory | None = g.get("directory")
    if held is None:
        held = g.directory = casework.directory()
    return held


def name_as_at(known: Directory, day: date) -> None:
    """Use the names of an earlier directory and of a day until the end of this request: for a file of figures as they
    were."""
    g.directory, g.naming_day = known, day


def _naming_day() -> date:
    day: date = g.get("naming_day") or runtime().today()
    return day


def organisation_name(organisation: UUID | Organisation | None) -> str:
    """The name of an organisation; an empty text for none."""
    found = organisation if isinstance(organisation, Organisation) else directory().organisation(organisation)
    if found is None:
        return ""
    today = found.on(_naming_day())
    return (today.name_cy if language() == "cy" else None) or today.name


def service_name(service: UUID | Service | None) -> str:
    """The name of a service: its own name, else its profession; an empty text for none. Of a closed one it says since
    when, and which service has taken on its open referrals, so that every list and report does."""
    found = service if isinstance(service, Service) else directory().service(service)
    if found is None:
        return ""
    name = _service_name(found)
    on = _naming_day()
    if not found.closed_by(on):
        return name
    taken_on = directory().taken_on_by(found.id, on)
    if taken_on is None:
        return _("%(service)s (closed on %(day)s, not taken on)", service=name, day=short_day(found.open_to))
    return _(
        "%(service)s (closed on %(day)s, now with %(other)s)",
        service=name,
        day=short_day(found.open_to),
        other=_service_name(taken_on),
    )


def _service_name(found: Service) -> str:
    own = (found.name_cy if language() == "cy" else None) or found.name
    return own or code_words("profession", found.profession)


def code_words(table: str, code: str | None) -> str:
    """The label of a code of a code table; an empty text for none."""
    if code is None:
        return ""
    english, welsh = directory().labels(table, code)
    return welsh if language() == "cy" else english


def people_names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of people of the directory, opened together: call it once for each page and do not keep the result.

    A person without an appointment, or whose name cannot be opened any more, is "A person no longer named"; a system
    that came in with a token is "The organisation’s own system".
    """
    known = directory()
    last: dict[UUID, Appointment] = {}
    wanted = {person for person in people if person is not None}
    for person in wanted:
        found = known.person(person)
        if found is not None:
            last[person] = found.appointments[-1]
    places = [(a.organisation, a.named_at) for a in last.values()]
    ring = casework.fetched_ring(stream for stream, _version in places)
    opened = runtime().coordination.record.opened_at(places, ring) if places else []
    names = {p: o.get("name") for p, o in zip(last, opened, strict=True) if isinstance(o, Mapping)}
    systems = _systems(wanted - set(last))
    unnamed = {True: _("The organisation’s own system"), False: _("A person no longer named")}
    return {person: names.get(person) or unnamed[person in systems] for person in wanted}


def _systems(unknown: set[UUID]) -> set[UUID]:
    """The ids that are tokens and not people; no query is made if everyone is known."""
    if not unknown:
        return set()
    with runtime().desk() as desk:
        return tokens_among(desk, unknown)


def offer_names(app: Flask) -> None:
    """Add the names as filters (`{{ seat.service|service_name }}`, `{{ code|code_words("profession") }}`), and the
    `organisation_name` of the signed-in user for the header of every page."""
    app.jinja_env.filters["organisation_name"] = organisation_name
    app.jinja_env.filters["service_name"] = service_name
    app.jinja_env.filters["milestone_name"] = milestone_name
    app.jinja_env.filters["code_words"] = lambda code, table: code_words(table, code)

    @app.context_processor
    def own_organisation() -> dict[str, Any]:
        session = current()
        if session is None:
            return {}
        try:
            return _desk_of(session.account)
        except OperationalError:  # the page can do without
            return {"organisation_name": None, "several_desks": False, "own_desk": ""}


def _desk_of(account: Account) -> dict[str, Any]:
    """What the header of every page says of the desk: the organisation and, for a person with several places, the role
    and service there."""
    named = organisation_name(account.organisation)
    several = len(places_of(account, directory(), runtime().today())) > 1
    service = directory().service(account.service)
    parts = (named, _service_name(service) if service else "", code_words("role", account.role))
    return {
        "organisation_name": named,
        "several_desks": several,
        "own_desk": ", ".join(part for part in parts if part) if several else "",
    }
