"""People: everyone in the directory, adding a person with an account, recording that a person has left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.authority import ROLES_AT
from coordination.desk.account_log import AccountChange, note_account
from coordination.desk.accounts import (
    Account,
    account_named,
    accounts_of,
    add_account,
    disable_account,
    move_account,
    reopen_account,
)
from coordination.desk.co_signing import handles_cases
from coordination.desk.mail_addresses import mail_address
from coordination.directory.commands import AppointPerson, RecordPersonLeft
from coordination.directory.organisation import Appointment, Organisation
from coordination.errors import Refusal
from webui.administration.forms import AppointKnownSchema, AppointSchema, PersonLeftSchema
from webui.administration.pages.co_signing import perform_appointment
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    DATED,
    administrator,
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
WHOLE_AGENCY = "whole"
"""In place of a service: every service of the agency."""
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
    shown = lines[pages.first : pages.past]
    with runtime().desk() as connection:
        accounts = accounts_of(connection, {line.appointment.person for line in shown})
    return render_template(
        "administration/people.html",
        lines=shown,
        accounts=accounts,
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
    services = service_choices(found)
    form = Form(
        AppointSchema,
        values={"effective_from": today(), "language": "cy" if found.language == "welsh" else "en"},
        choices={"role": fitting_roles(found), "service": services},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        person = casework.new_id(form.command_id, "person")
        taken = username_taken(typed["username"], person) if typed["username"] else None
        if taken is not None:
            form.refuse(taken)
        elif perform_appointment(form, found, _appointed(found, person, typed)):
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
    services = service_choices(found)
    form = Form(
        AppointKnownSchema,
        values={"effective_from": today()},
        choices={"role": fitting_roles(found), "service": services},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        with runtime().desk() as connection:
            held = account_named(connection, typed["username"])
        if held is None:
            form.refuse(Refusal("unknown_username", "username"))
        else:
            known = held.account
            email = mail_address(runtime().coordination, known.person)
            command = _appointed(found, known.person, {**typed, "name": known.display_name, "email": email})
            if perform_appointment(form, found, command):
                if held.disabled_at is not None:
                    return _reopened(found, known, typed["role"])
                note_role(known, found, typed["role"])
                flash(_("The person has been appointed."))
                return redirect(url_for("administration.one_organisation", key=key, _anchor="people"), 303)
    return form.page("administration/appoint_known.html", found=found, services=services)


def service_choices(found: Organisation) -> list[tuple[str, str]]:
    """The open services of an agency, and the whole of it: access to every service's cases is given by name only."""
    services = [(str(s.id), service_name(s)) for s in directory().services_of(found.id) if s.is_open(today())]
    return [*services, (WHOLE_AGENCY, _("The whole agency"))] if services else []


def username_taken(username: str, person: UUID) -> Refusal | None:
    """Why a new person cannot have this username: an account of somebody else, open or closed, has it. None: they
    can."""
    with runtime().desk() as connection:
        held = account_named(connection, username)
    if held is None or held.account.person == person:
        return None
    return Refusal("username_taken" if held.disabled_at is None else "username_closed", "username")


def note_role(account: Account, found: Organisation, role: str) -> None:
    """Note in the log of accounts that somebody who signs in already has a further role."""
    with runtime().desk() as connection:
        note_account(
            connection,
            account.account,
            AccountChange.ROLE_GIVEN,
            by=administrator(),
            at=runtime().now(),
            role=role,
            organisation=str(found.id),
        )


def _reopened(found: Organisation, known: Account, role: str) -> ResponseReturnValue:
    """Open the closed account of somebody who is back, at their new place, and show its new password once."""
    account = msgspec.structs.replace(known, organisation=found.id, role=role)
    password = runtime().new_token()[:PASSWORD_LENGTH]
    hashed = runtime().passwords.hash(password)
    with runtime().desk() as connection:
        reopen_account(connection, account, password_hash=hashed, at=runtime().now(), by=administrator())
    return _shown(found, account, password)


def _appointed(found: Organisation, person: UUID, typed: dict[str, Any]) -> AppointPerson:
    return AppointPerson(
        occurred_on=today(),
        organisation=found.id,
        person=person,
        role=typed["role"],
        effective_from=typed["effective_from"],
        name=typed["name"],
        email=typed["email"],
        service=UUID(typed["service"]) if typed["service"] not in (None, WHOLE_AGENCY) else None,
        whole_agency=typed["service"] == WHOLE_AGENCY,
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
    return _shown(found, account, password)


def _shown(found: Organisation, account: Account, password: str | None) -> str:
    """The page that shows a first password, and says whether the role waits for a co-signature."""
    return render_template(
        "administration/opened.html",
        found=found,
        account=account,
        password=password,
        waits=handles_cases(account.role),
    )


def store_with_first_password(account: Account) -> str | None:
    """Opens an account and returns its first password; None when the person has an account already. Raises Refusal
    `username_taken`."""
    password = runtime().new_token()[:PASSWORD_LENGTH]
    with runtime().desk() as connection:
        if accounts_of(connection, [account.person]):
            return None
        hashed = runtime().passwords.hash(password)
        add_account(
            connection,
            account,
            password_hash=hashed,
            created_at=runtime().now(),
            by=administrator(),
        )
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
                move_account(
                    connection,
                    known.account.account,
                    elsewhere[0].organisation,
                    elsewhere[0].role,
                    at=runtime().now(),
                    by=administrator(),
                )
            elif known.account.organisation == key:
                disable_account(connection, known.account.account, runtime().now(), by=administrator())
