"""Functions that the administration pages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

import msgspec
from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l

from coordination.desk.account_log import ChangedBy
from coordination.directory.dated import is_in_force
from coordination.directory.organisation import (
    Appointment,
    Organisation,
    Service,
    Standard,
    StatutoryStandard,
    TermsOfReference,
)
from coordination.directory.permission import ADMINISTRATORS_AT
from coordination.errors import Refusal
from coordination.event import Command
from webui.forms import Form
from webui.parts.account_changes import changed_by
from webui.shell import casework
from webui.shell.authentication import current
from webui.shell.runtime import runtime
from webui.words.naming import directory

blueprint = Blueprint("administration", __name__)

ADMINISTRATOR = ("administrator",)


@blueprint.before_request
def require_directory_administrator() -> None:
    """Require the directory administrator: an administrator of a school or an agency cannot see these pages."""
    session = current()
    if session is None:
        return
    own = directory().organisation(session.account.organisation)
    if own is None or own.kind not in ADMINISTRATORS_AT:
        abort(404)


KINDS = {
    "authority": _l("Local authorities"),
    "school": _l("Schools"),
    "agency": _l("Agencies"),
}


def organisation(key: UUID) -> Organisation:
    """An authority, school or agency; 404 for any other id."""
    found = directory().organisation(key)
    if found is None or found.kind not in KINDS:
        abort(404)
    return found


def service(key: UUID) -> Service:
    """A service; 404 for any other id."""
    found = directory().service(key)
    return found or abort(404)


def validity(thing: Standard | StatutoryStandard | TermsOfReference | Appointment, on: date) -> str:
    """Whether a dated item is current, in the future or in the past on a day."""
    if is_in_force(thing, on):
        return "current"
    return "coming" if thing.effective_from > on else "past"


DATED = {"current": _l("In force"), "coming": _l("Upcoming"), "past": _l("Past")}


def administrator() -> ChangedBy:
    """The signed-in administrator as the one who changes an account."""
    session = current() or abort(404)
    return changed_by(session)


def today() -> date:
    """Today's date in Wales."""
    return runtime().today()


def perform_form(form: Form, commands: Iterable[Command], *, for_agency: UUID | None = None) -> bool:
    """Perform a form's commands, all or none, if needed on behalf of an agency. Returns False when they are refused;
    the form then shows the refusal."""
    ordered = []
    for number, command in enumerate(commands):
        order = casework.command_context(f"{form.command_id}/{number}")
        ordered.append((command, msgspec.structs.replace(order, on_behalf_of=for_agency)))
    try:
        casework.wait_until_readable(runtime().coordination.perform_all(ordered))
    except Refusal as refused:
        form.refuse(refused)
        return False
    return True


def address_of(recipient: UUID) -> str | None:
    """The mail address of a service or an organisation as it is now; None where there is none."""
    place = directory().mailbox_of(recipient)
    if place is None:
        return None
    opened = runtime().coordination.record.opened_at([place])[0]
    return opened.get("address") if isinstance(opened, Mapping) else None
