"""What happens to accounts, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.authority import OPERATOR
from coordination.desk.account_log import AccountEntry, ChangedBy, count_about, entries_about
from coordination.desk.sessions import Session
from webui.parts.paging import Paging, page_number
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name, people_names
from webui.words.text import Words

PAGE_SIZE = 50
CHANGES: Mapping[str, Words] = {
    "opened": _l("Account opened"),
    "reopened": _l("Account opened again"),
    "closed": _l("Account closed"),
    "moved": _l("Account moved to another organisation"),
    "role_given": _l("Further role given"),
    "password_changed": _l("Password changed"),
    "password_reset": _l("New password set with a one-time link"),
    "reset_link_made": _l("One-time link for a new password made"),
    "reset_asked": _l("One-time link for a new password asked for by mail"),
    "totp_added": _l("Authenticator app added"),
    "totp_removed": _l("Authenticator app removed"),
    "recovery_codes_made": _l("New recovery codes made"),
    "recovery_code_used": _l("Signed in with a recovery code"),
    "sessions_ended": _l("Signed out in other browsers"),
    "provider_linked": _l("Sign-in provider linked"),
    "provider_unlinked": _l("Sign-in provider no longer linked"),
    "co_signed": _l("Role co-signed"),
    "co_signature_declined": _l("Role declined by the organisation"),
}


class ChangeLine(msgspec.Struct, frozen=True):
    """A line of the log in words: when, what, whose account, and who did it."""

    at: datetime
    what: str
    whose: str
    by: str


def lines_about(people: Collection[UUID]) -> tuple[list[ChangeLine], Paging]:
    """The page of the log about these people that the address asks for."""
    with runtime().desk() as conn:
        pages = Paging.of(count_about(conn, people), page_number(request.args.get("page")), PAGE_SIZE)
        entries = entries_about(conn, people, first=pages.first, most=PAGE_SIZE)
    return change_lines(entries), pages


def change_lines(entries: list[AccountEntry]) -> list[ChangeLine]:
    """Rows of the log in words."""
    people = {person for entry in entries for person in (entry.person, entry.by_person)}
    names = people_names(people - {OPERATOR, None})
    return [ChangeLine(entry.at, _what(entry), names[entry.person], _by(entry, names)) for entry in entries]


def _what(entry: AccountEntry) -> str:
    words = str(CHANGES[entry.what])
    organisation = entry.detail.get("organisation")
    parts = (
        code_words("role", str(entry.detail["role"])) if "role" in entry.detail else "",
        organisation_name(UUID(str(organisation))) if organisation else "",
    )
    about = ", ".join(part for part in parts if part)
    return f"{words}: {about}" if about else words


def _by(entry: AccountEntry, names: dict[UUID, str]) -> str:
    if entry.by_person is None:
        return _("The service itself")
    if entry.by_person == OPERATOR:
        return _("The command line")
    if entry.by_person == entry.person:
        return _("The person themselves")
    where = organisation_name(entry.by_organisation)
    return f"{names[entry.by_person]}, {where}" if where else names[entry.by_person]


def changed_by(session: Session) -> ChangedBy:
    """The signed-in user as the one who changes an account."""
    return ChangedBy(session.account.person, session.account.organisation)
