"""People from a file: appointed row by row, with the first passwords of those who sign in shown once."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.accounts import Account
from coordination.errors import Refusal
from coordination.intake.people import read_people
from coordination.intake.problems import RowProblem
from webui.administration.forms import PeopleFileSchema
from webui.administration.pages.co_signing import to_be_co_signed
from webui.administration.pages.people import roles_at, store_with_first_password, username_taken
from webui.administration.pages.shared import ADMINISTRATOR, blueprint, today
from webui.administration.people_file import RowAppointment, appointments
from webui.forms import Form
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.shell.upload_limits import accepts_files
from webui.words.naming import directory, organisation_name, people_names
from webui.words.refusals.translated import sentence

TEMPLATE = (
    "name,role,organisation,service,email,username,language\r\n"
    "Gwen Enghraifft,alnco,6601234,,gwen@example.org,gwen.enghraifft,cy\r\n"
)
"""What the page offers to download: one row of a person who does not exist."""


class PersonAdded(msgspec.Struct, frozen=True):
    """A row that was taken: `password` is shown once, None without an account or if it was opened before."""

    row: int
    name: str
    organisation: str
    role: str
    username: str | None
    password: str | None


class RowRefused(msgspec.Struct, frozen=True):
    """A row that was not taken, with every reason."""

    row: int
    name: str
    reasons: tuple[str, ...]


@blueprint.get("/administration/people/template.csv")
@signed_in(*ADMINISTRATOR)
def people_template() -> Response:
    """A file of people to fill in."""
    answer = Response("\ufeff" + TEMPLATE, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


@blueprint.route("/administration/people/import", methods=["GET", "POST"])
@accepts_files
@signed_in(*ADMINISTRATOR)
def import_people() -> ResponseReturnValue:
    """Take a file of people. The sound rows are recorded, the others listed with their reasons."""
    form = Form(PeopleFileSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        sent = request.files.get("file")
        data = sent.read() if sent else b""
        if not data:
            form.errors["file"] = _("Choose a file")
        else:
            try:
                rows, problems = read_people(data, directory().code, today())
            except Refusal as refused:
                form.errors["file"] = sentence(refused)
            else:
                return _taken(form, rows, problems)
    return form.page("administration/people_import.html")


def _taken(form: Form, rows: Any, problems: tuple[RowProblem, ...]) -> ResponseReturnValue:
    added: list[PersonAdded] = []
    refused = _unreadable(problems)
    for one in appointments(
        rows,
        directory(),
        roles_at,
        cache(_names_at),
        lambda row: casework.new_id(form.command_id, f"person/{row}"),
        today(),
    ):
        try:
            added.append(_appointed(form, one))
        except Refusal as no:
            refused.append(RowRefused(one.row.row, one.row.name, (sentence(no),)))
    return render_template(
        "administration/people_imported.html",
        added=added,
        refused=sorted(refused, key=lambda one: one.row),
        passwords=any(one.password for one in added),
    )


def _names_at(key: UUID) -> dict[UUID, str]:
    found = directory().organisation(key)
    return people_names(found.people) if found else {}


def _unreadable(problems: tuple[RowProblem, ...]) -> list[RowRefused]:
    """The rows that could not be read, each with all its reasons."""
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        if problem.severity == "error":
            facts = {name: fact for name, fact in problem.facts.items() if name not in ("code", "field")}
            said = sentence(Refusal(problem.code, problem.field, **facts))
            reasons.setdefault(problem.row, []).append(f"{problem.field}: {said}" if problem.field else said)
    return [RowRefused(row, "", tuple(found)) for row, found in reasons.items()]


def _appointed(form: Form, one: RowAppointment) -> PersonAdded:
    """Records one row. Raises Refusal; the row then leaves no trace."""
    if one.refused is not None or one.command is None or one.organisation is None:
        raise one.refused or Refusal("unknown_organisation", "organisation")
    row, person = one.row, one.command.person
    taken = username_taken(row.username, person) if row.username else None
    if taken is not None:
        raise taken
    order = casework.command_context(f"{form.command_id}/{row.row}")
    with to_be_co_signed(one.organisation, one.command):
        casework.wait_until_readable(runtime().coordination.perform(one.command, order).position)
    password = None
    if row.username:
        own = "cy" if one.organisation.language == "welsh" else "en"
        account = Account(
            account=casework.new_id(form.command_id, f"account/{row.row}"),
            person=person,
            organisation=one.organisation.id,
            role=row.role,
            username=row.username,
            display_name=row.name,
            language=row.language or own,
        )
        password = store_with_first_password(account)
    return PersonAdded(
        row.row, row.name, organisation_name(one.organisation), row.role, row.username, password
    )
