"""People: everyone in the directory, adding a person with an account, recording that a person has left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.authority import ROLES_AT
from coordination.desk.accounts import (
    Account,
    account_for_sign_in,
    accounts_of,
    add_account,
    disable_account,
    move_account,
)
from coordination.directory.commands import AppointPerson, RecordPersonLeft
from coordination.directory.organisation import Appointment, Organisation
from coordination.errors import Refusal
from webui.administration.forms import AppointKnownSchema, AppointSchema, PersonLeftSchema
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    DATED,
    blueprint,
    organisation,
    perform_form,
    today,
    validity,
)
from webui.forms import Form
from webui.parts.paging import Paging, page_number
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name

PAGE_SIZE = 100
# 20 characters of a random token: over 110 bits
PASSWORD_LENGTH = 20


class RoleItem(msgspec.Struct, frozen=True):
    """A role of a person at an organisation."""

    name: str
    appointment: Appointment
    organisation: str


@blueprint.get("/administration/people")
@signed_in(*ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """List everyone with a role today, by name."""
    known, day = directory(), today()
    held = [
        a for o in known.organisations.values() for all_of in o.people.values() for a in all_of
        if validity(a, day) == "current"
    ]  # fmt: skip
    names = people_names(a.person for a in held)
    lines = [RoleItem(names[a.person], a, organisation_name(a.organisation)) for a in held]
    lines.sort(key=lambda line: (line.name.casefold(), line.organisation))
    pages = Paging.of(len(lines), page_number(request.args.get("page")), PAGE_SIZE)
    return render_template(
        "administration/people.html",
        lines=lines[pages.first : pages.past],
        pages=pages,
        address=lambda number: url_for("administration.people", page=number),
    )


def roles_at(found: Organisation) -> frozenset[str]:
    """The codes of the roles that are possible at an organisation of this kind."""
    return ROLES_AT[found.kind]


def fitting_roles(found: Organisation) -> list[tuple[str, str]]:
    """The roles that are possible at an organisation of this kind, with their words."""
    fitting = roles_at(found)
    return [
        (code, code_words("role", code)) for code in directory().codes("role", today()) if code in fitting
    ]


@blueprint.route("/administration/organisations/<uuid:key>/appoint", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def appoint(key: UUID) -> ResponseReturnValue:
    """Add a person with a role and, if a username is given, an account whose password is shown once."""
    found = organisation(key)
    services = [(str(s.id), service_name(s)) for s in directory().services_of(key) if s.is_open(today())]
    form = Form(
        AppointSchema,
        values={"effective_from": today(), "language": "cy" if found.language == "welsh" else "en"},
        choices={"role": fitting_roles(found), "service": services},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        person = casework.new_id(form.command_id, "person")
        if typed["username"] and username_taken(typed["username"], person):
            form.refuse(Refusal("username_taken", "username"))
        elif perform_form(form, [_appointed(found, person, typed)]):
            if not typed["username"]:
                flash(_("The person has been appointed."))
                return redirect(url_for("administration.one_organisation", key=key, _anchor="people"), 303)
            return _opened(found, person, typed, form)
    return form.page("administration/appoint.html", found=found, services=services)


@blueprint.route("/administration/organisations/<uuid:key>/appoint-known", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def appoint_known(key: UUID) -> ResponseReturnValue:
    """Give a person who signs in already a role here too, under the same sign-in."""
    found = organisation(key)
    services = [(str(s.id), service_name(s)) for s in directory().services_of(key) if s.is_open(today())]
    form = Form(
        AppointKnownSchema,
        values={"effective_from": today()},
        choices={"role": fitting_roles(found), "service": services},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        with runtime().desk() as connection:
            held = account_for_sign_in(connection, typed["username"])
        if held is None:
            form.refuse(Refusal("unknown_username", "username"))
        else:
            person = held[0].person
            command = _appointed(found, person, {**typed, "name": held[0].display_name, "email": None})
            if perform_form(form, [command]):
                flash(_("The person has been appointed."))
                return redirect(url_for("administration.one_organisation", key=key, _anchor="people"), 303)
    return form.page("administration/appoint_known.html", found=found, services=services)


def username_taken(username: str, person: UUID) -> bool:
    """Whether an open account of somebody else has the username."""
    with runtime().desk() as connection:
        held = account_for_sign_in(connection, username)
    return held is not None and held[0].person != person


def _appointed(found: Organisation, person: UUID, typed: dict[str, Any]) -> AppointPerson:
    return AppointPerson(
        occurred_on=today(),
        organisation=found.id,
        person=person,
        role=typed["role"],
        effective_from=typed["effective_from"],
        name=typed["name"],
        email=typed["email"],
        service=UUID(typed["service"]) if typed["service"] else None,
    )


def _opened(found: Organisation, person: UUID, typed: dict[str, Any], form: Form) -> ResponseReturnValue:
    """Open the account and show its password once. If the form is sent twice, the account exists and the password is
    no longer shown."""
    account = Account(
        account=casework.new_id(form.command_id, "account"),
        person=person,
        organisation=found.id,
        role=typed["role"],
        username=typed["username"],
        display_name=typed["name"],
        language=typed["language"],
    )
    try:
        password = store_with_first_password(account)
    except Refusal as refused:
        form.refuse(refused)
        return form.page("administration/appoint.html", found=found, services=[])
    return render_template("administration/opened.html", found=found, account=account, password=password)


def store_with_first_password(account: Account) -> str | None:
    """Opens an account and returns its first password; None when the person has an account already. Raises Refusal
    `username_taken`."""
    password = runtime().new_token()[:PASSWORD_LENGTH]
    with runtime().desk() as connection:
        if accounts_of(connection, [account.person]):
            return None
        hashed = runtime().passwords.hash(password)
        add_account(connection, account, password_hash=hashed, created_at=runtime().now())
    return password


@blueprint.route(
    "/administration/organisations/<uuid:key>/people/<uuid:person>/left", methods=["GET", "POST"]
)
@signed_in(*ADMINISTRATOR)
def left(key: UUID, person: UUID) -> ResponseReturnValue:
    """Record that a person has left: their roles at the organisation end, and their accounts there close
    immediately."""
    found = organisation(key)
    if person not in found.people:
        abort(404)
    form = Form(PersonLeftSchema, values={"effective_to": today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordPersonLeft(
            occurred_on=today(), organisation=key, person=person, effective_to=typed["effective_to"]
        )
        if perform_form(form, [command]):
            _close_accounts(key, person)
            flash(_("The person’s roles have ended and the account is closed."))
            return redirect(url_for("administration.one_organisation", key=key, _anchor="people"), 303)
    return form.page(
        "administration/left.html",
        found=found,
        person=person,
        name=people_names([person])[person],
        appointments=found.people[person],
        words=DATED,
        dated=lambda thing: validity(thing, today()),
    )


def _close_accounts(key: UUID, person: UUID) -> None:
    """Closes the person's accounts here. One who still works elsewhere goes on there with the same sign-in."""
    known_person = directory().person(person)
    elsewhere = [a for a in known_person.on(today()) if a.organisation != key] if known_person else []
    with runtime().desk() as connection:
        for known in accounts_of(connection, [person]).get(person, ()):
            if known.account.organisation == key and elsewhere:
                move_account(connection, known.account.account, elsewhere[0].organisation, elsewhere[0].role)
            elif known.account.organisation == key:
                disable_account(connection, known.account.account, runtime().now())
