"""The forms for a pupil's personal details: one short form for each kind of change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from coordination.errors import StaleVersion
from coordination.pupil.profile.commands import (
    EndContact,
    EndRegistration,
)
from projections.case_file import queries
from projections.case_file.queries.version import last_version
from webui.forms import Form, FormSchema
from webui.forms.recording import record
from webui.pupil import commands
from webui.pupil.commands import Typed
from webui.pupil.file import ContactView, OpenedPupilFile, open_pupil_file
from webui.pupil.forms.profile import (
    ContactSchema,
    EndContactSchema,
    IdentitySchema,
    IdentityWithoutNumberSchema,
    LanguageSchema,
    LeadingSchoolSchema,
    LeaveSchema,
    LookedAfterSchema,
    NeedsSchema,
    ProvisionSchema,
    ViewsSchema,
    YearSchema,
)
from webui.pupil.identity import MORE_NAMES, year_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import FILE_STAFF, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, directory, organisation_name
from webui.words.text import Words

blueprint = Blueprint("profile", __name__)


class ProfileForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form for one kind of change: its words, its first values, and the recorded values (shown if another user was
    faster). Its command has the same name in webui/pupil/commands.py."""

    schema: type[FormSchema]
    heading: Words
    done: Words
    values: Callable[[OpenedPupilFile, date], Typed]
    now: Callable[[OpenedPupilFile], str]
    tables: dict[str, str] = {}
    why: Words | None = None


CHANGES: dict[str, ProfileForm] = {
    "needs": ProfileForm(
        schema=NeedsSchema,
        heading=_l("Needs"),
        done=_l("The needs are recorded."),
        tables={"needs": "need"},
        values=lambda file, today: {"needs": file.file.pupil.needs, "occurred_on": today},
        now=lambda file: (
            ", ".join(code_words("need", n) for n in file.file.pupil.needs) or _("None recorded")
        ),
    ),
    "provision": ProfileForm(
        schema=ProvisionSchema,
        heading=_l("Provision"),
        done=_l("The provision is recorded."),
        tables={"provision": "provision"},
        values=lambda file, today: {"provision": file.file.pupil.provision, "occurred_on": today},
        now=lambda file: code_words("provision", file.file.pupil.provision) or _("None recorded"),
    ),
    "year": ProfileForm(
        schema=YearSchema,
        heading=_l("Year"),
        done=_l("The year is recorded."),
        values=lambda file, _today: {"year": file.file.pupil.year},
        now=lambda file: year_words(file.file.pupil.year) or _("Not known"),
    ),
    "language": ProfileForm(
        schema=LanguageSchema,
        heading=_l("Preferred language"),
        done=_l("The preferred language is recorded."),
        tables={"language": "language"},
        values=lambda file, _today: {"language": file.language_wish},
        now=lambda file: code_words("language", file.language_wish) or _("Not asked yet"),
    ),
    "looked_after": ProfileForm(
        schema=LookedAfterSchema,
        heading=_l("Looked after"),
        done=_l("The pupil’s looked-after status is recorded."),
        values=lambda file, today: {"looked_after": file.file.pupil.looked_after, "occurred_on": today},
        now=lambda file: (
            _("Not known")
            if file.file.pupil.looked_after is None
            else (pgettext("is it?", "Yes") if file.file.pupil.looked_after else pgettext("is it?", "No"))
        ),
    ),
    "identity": ProfileForm(
        schema=IdentitySchema,
        heading=_l("Name, number and date of birth"),
        done=_l("The name, number and date of birth are recorded."),
        tables={"sex": "sex"},
        why=_l("Enter all of these details as they are now. The earlier details are kept."),
        values=lambda file, _today: {
            "forename": file.child.forename,
            "surname": file.child.surname,
            **{name: getattr(file.child, name) for name in MORE_NAMES},
            "upn": file.child.upn,
            "date_of_birth": file.child.born,
            "sex": file.child.sex,
        },
        now=lambda file: ", ".join([file.child.legal_name, day(file.child.born), file.child.upn]),
    ),
    "leading_school": ProfileForm(
        schema=LeadingSchoolSchema,
        heading=_l("Leading school"),
        done=_l("The leading school is recorded."),
        values=lambda file, today: {"school": str(file.file.pupil.leading_school), "occurred_on": today},
        now=lambda file: organisation_name(file.file.pupil.leading_school),
    ),
}
YEARS = [(str(year), year) for year in range(-2, 15)]


def _change(thing: str, pupil: UUID) -> ResponseReturnValue:
    change = CHANGES[thing]
    seen, file = seen_file(pupil)
    if file.file.pupil.pupil != pupil and request.method == "GET":
        return redirect(url_for(f"profile.{thing}", pupil=file.file.pupil.pupil), 303)
    numberless = thing == "identity" and not file.child.upn and not file.child.erased
    form = Form(
        IdentityWithoutNumberSchema if numberless else change.schema,
        values=change.values(file, runtime().today()),
        choices=_choices(change.tables) | _more_choices(thing, file),
        seen=seen,
    )
    now = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = commands.change(thing, pupil, typed, lambda: file.child.language)
        if (kept := record(form, command, commands.FIELDS)) is None:
            flash(str(change.done))
            return redirect(url_for("case_file.page", pupil=pupil), 303)
        if isinstance(kept, StaleVersion):
            form.seen, now = kept.facts["current"], change.now(file)
    return form.page(
        "pupil/profile/change.html",
        file=file.file,
        child=file.child,
        heading=change.heading,
        why=change.why,
        fields=list(form.schema.fields),
        now=now,
        log_position=file.file.position,
    )


def seen_file(pupil: UUID) -> tuple[int, OpenedPupilFile]:
    """A pupil's file for a form: the version that the form sends back, and the opened file. Raises NotFound."""
    reader, who = casework.reader(), viewer()
    seen = last_version(reader, who, pupil)
    file = open_pupil_file(queries.pupil(reader, who, pupil))
    casework.note_shown("case_file", [pupil])
    return seen, file


def _choices(tables: dict[str, str]) -> dict[str, Sequence[tuple[str, Words]]]:
    """Today's codes for each field."""
    today = runtime().today()
    return {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in tables.items()
    }


def _more_choices(thing: str, file: OpenedPupilFile) -> dict[str, Sequence[tuple[str, Words]]]:
    """The choices of a form that are in no code table."""
    match thing:
        case "year":
            return {"year": year_choices()}
        case "leading_school":
            return {"school": [(str(s), organisation_name(s)) for s in file.file.pupil.schools]}
        case _:
            return {}


def year_choices() -> list[tuple[str, Words]]:
    """The years from nursery to year 14."""
    return [(code, year_words(year)) for code, year in YEARS]


def _route(thing: str) -> None:
    # only schools are on a roll: which of two leads is no matter of the authority's
    @signed_in(*(SCHOOL_DESK if thing == "leading_school" else FILE_STAFF))
    def view(pupil: UUID) -> ResponseReturnValue:
        return _change(thing, pupil)

    rule = f"/pupils/<uuid:pupil>/{thing.replace('_', '-')}"
    blueprint.add_url_rule(rule, endpoint=thing, view_func=view, methods=["GET", "POST"])


for _thing in CHANGES:
    _route(_thing)


# Contacts

CONTACT_TABLES = {"relationship": "relationship", "language": "language"}


@blueprint.route("/pupils/<uuid:pupil>/contacts/add", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def add_contact(pupil: UUID) -> ResponseReturnValue:
    """Add a contact who represents the pupil."""
    return _contact_form(pupil, None)


@blueprint.route("/pupils/<uuid:pupil>/contacts/<uuid:contact>", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def change_contact(pupil: UUID, contact: UUID) -> ResponseReturnValue:
    """Change the details of a contact."""
    return _contact_form(pupil, contact)


def _contact_form(pupil: UUID, contact: UUID | None) -> ResponseReturnValue:
    seen, file = seen_file(pupil)
    # another user ended the contact meanwhile: the typed values are shown with that, and not recorded
    sent = request.method == "POST"
    held = _held(file, contact, ended=sent) if contact else None
    form = Form(
        ContactSchema,
        values=_contact_values(held),
        choices=_choices(CONTACT_TABLES),
        seen=seen if held else None,
    )
    now = None
    if held is not None and held.ended_on is not None:
        form.take(request.form)
        form.refuse(StaleVersion(form.seen or 0, seen))
        form.seen, now = seen, _contact_now(held)
    elif sent and (typed := form.take(request.form)) is not None:
        who = contact or casework.new_id(form.command_id, "contact")
        kept = record(form, commands.contact(pupil, who, typed))
        if kept is None:
            flash(_("The contact is recorded."))
            return redirect(url_for("case_file.page", pupil=pupil, _anchor="contacts"), 303)
        if isinstance(kept, StaleVersion):
            form.seen, now = kept.facts["current"], _contact_now(held)
    return form.page(
        "pupil/profile/contact.html",
        file=file.file,
        child=file.child,
        held=held,
        now=now,
        log_position=file.file.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/contacts/<uuid:contact>/end", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def end_contact(pupil: UUID, contact: UUID) -> ResponseReturnValue:
    """Record that a contact no longer represents the pupil; agreements that the contact gave must be requested
    again."""
    form = Form(EndContactSchema, values={"occurred_on": runtime().today()})
    kept = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        # before anything is read: if the form is sent twice, the contact has ended already
        kept = record(form, EndContact(pupil=pupil, contact=contact, **typed))
        if kept is None:
            flash(_("The record now shows that this person no longer represents the pupil."))
            return redirect(url_for("case_file.page", pupil=pupil, _anchor="contacts"), 303)
    seen, file = seen_file(pupil)
    held = _held(file, contact, ended=isinstance(kept, StaleVersion))
    if form.seen is None or isinstance(kept, StaleVersion):
        form.seen = seen
    given = [c for c in file.file.consents if c.contact == contact and c.in_force]
    return form.page(
        "pupil/profile/end_contact.html",
        file=file.file,
        child=file.child,
        held=held,
        given=len(given),
        now=_contact_now(held) if isinstance(kept, StaleVersion) else None,
        log_position=file.file.position,
    )


def _held(file: OpenedPupilFile, contact: UUID | None, *, ended: bool = False) -> ContactView:
    """The contact who represents the pupil now (`ended`: or did), or 404."""
    held = file.contact(contact)
    if held is None or (held.ended_on is not None and not ended):
        abort(404)
    return held


def _contact_values(held: ContactView | None) -> Typed:
    if held is None:
        return {}
    return {
        "name": held.name,
        "relationship": held.relationship_code,
        "parental_responsibility": held.responsible,
        "language": held.language,
        "telephone": held.telephone,
        "email": held.email,
        "address": held.address,
    }


def _contact_now(held: ContactView | None) -> str:
    if held is None:
        return ""
    responsible = _("Parental responsibility") if held.responsible else _("No parental responsibility")
    language = code_words("language", held.language)
    over = (
        _("no longer represents the pupil (since %(day)s)", day=day(held.ended_on)) if held.ended_on else ""
    )
    reached = (held.telephone, held.email, held.address)
    return "; ".join(part for part in (held.described, over, responsible, language, *reached) if part)


# Views


@blueprint.route("/pupils/<uuid:pupil>/views", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def views(pupil: UUID) -> ResponseReturnValue:
    """Record the views of the child or a parent in their own words; earlier views are kept."""
    _seen, whole = seen_file(pupil)
    file = whole.on_file(pupil)
    form = Form(
        ViewsSchema,
        values={"whose": "child", "language": file.language_wish, "occurred_on": runtime().today()},
        choices=_choices({"language": "language"})
        | {"contact": [(str(c.contact), c.described) for c in file.speaking]},
    )
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and record(form, commands.views(pupil, typed)) is None:
        flash(_("The words are recorded."))
        return redirect(url_for("case_file.page", pupil=pupil), 303)
    return form.page(
        "pupil/profile/views.html", file=file.file, child=file.child, log_position=file.file.position
    )


# The roll


@blueprint.route("/pupils/<uuid:pupil>/leave", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def leave(pupil: UUID) -> ResponseReturnValue:
    """Record that the pupil has left the user's school, which then loses access."""
    form = Form(LeaveSchema, values={"occurred_on": runtime().today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = EndRegistration(pupil=pupil, school=viewer().organisation, **typed)
        if record(form, command) is None:
            flash(_("The record now shows that the pupil has left the school."))
            return redirect(url_for("pupils.page"), 303)
    _seen, file = seen_file(pupil)
    return form.page(
        "pupil/profile/leave.html",
        file=file.file,
        child=file.child,
        under_way=sum(1 for r in file.file.referrals if not r.ended),
        log_position=file.file.position,
    )
