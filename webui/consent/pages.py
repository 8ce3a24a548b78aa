"""The pages of agreement to share, by agency: requested, answered, withdrawn, what was shared, and the lawful
basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.organisation import Service
from coordination.errors import Refusal, StaleVersion
from coordination.pupil.consent.decide import (
    RecordLawfulBasis,
    RefuseConsent,
    RequestConsent,
    WithdrawConsent,
)
from projections.case_file.queries import ConsentSummary
from webui.consent import commands
from webui.consent.commands import AnswerSubject
from webui.consent.forms import (
    CHILD,
    WHOLE_AGENCY,
    BasisSchema,
    ConsentAnswerSchema,
    ConsentRequestSchema,
    ConsentWithdrawalSchema,
    UnaskedConsentSchema,
)
from webui.consent.reading import open_file, open_story, went_to
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.file import OpenedPupilFile, contact_choices
from webui.pupil.recipients import recipient_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name
from webui.words.text import Words

blueprint = Blueprint("consents", __name__)


@blueprint.get("/pupils/<uuid:pupil>/agreements")
@signed_in(*FILE_STAFF)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show all requests and their answers, by agency."""
    shown, agencies = open_story(pupil)
    if shown.file.pupil.pupil != pupil:
        return _back(shown.file.pupil.pupil)
    return render_template(
        "consent/consents.html",
        file=shown.file,
        child=shown.child,
        agencies=agencies,
        log_position=shown.file.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/agreements/ask", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def ask(pupil: UUID) -> ResponseReturnValue:
    """Record a request for agreement; it then waits for an answer."""
    shown = open_file(pupil)
    form = Form(
        ConsentRequestSchema,
        values=_first_values(shown) | {"data_classes": commands.DATA, "agency": request.args.get("agency")},
        choices=_choices(shown),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        consent = casework.new_id(form.command_id, "consent")
        command = RequestConsent(pupil=pupil, consent=consent, **_plain(typed))
        if record(form, command) is None:
            flash(_("It is recorded that you asked."))
            return _back(pupil)
    return _form_page(form, "consent/ask.html", shown)


@blueprint.route("/pupils/<uuid:pupil>/agreements/answer", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def answer(pupil: UUID) -> ResponseReturnValue:
    """Record an answer without a recorded request."""
    shown = open_file(pupil)
    form = Form(
        UnaskedConsentSchema,
        values=_first_values(shown)
        | {
            "data_classes": commands.DATA,
            "authority": "parental_responsibility",
            "agency": request.args.get("agency"),
        },
        choices=_choices(shown),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        consent = casework.new_id(form.command_id, "consent")
        answered = _plain(typed)
        about = commands.take_subject(answered)
        replaces = commands.replaced_by_answer(shown.file.consents, about, answered["contact"])
        if _answered(form, pupil, consent, about, answered, replaces) is None:
            return _back(pupil)
    return _form_page(form, "consent/answer.html", shown, held=None)


@blueprint.route("/pupils/<uuid:pupil>/agreements/<uuid:consent>/answer", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def answer_to(pupil: UUID, consent: UUID) -> ResponseReturnValue:
    """Record the answer to a request, or replace an earlier answer."""
    shown = open_file(pupil)
    held = _question(shown, consent)
    contact = shown.contact(held.contact)
    struck = {"struck_out": [(str(s), service_name(s)) for s in held.also_services]}
    form = Form(
        ConsentAnswerSchema,
        values=_first_values(shown)
        | {
            "who": str(held.contact) if held.contact else CHILD,
            "language": (contact.language if contact else None) or shown.language_wish,
            "authority": "parental_responsibility" if held.contact else None,
        },
        choices=_choices(shown) | struck,
        seen=held.last_version,
    )
    kept = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        answered = _plain(typed)
        if answered["contact"] != held.contact:
            # a request is to one person: another person's answer becomes its own record, so that a conflict shows
            consent = casework.new_id(form.command_id, "consent")
        kept = _answered(form, pupil, consent, _less_struck_out(held, answered), answered)
        if kept is None:
            return _back(pupil)
    return _form_page(form, "consent/answer.html", shown, held=held, kept=kept)


@blueprint.route("/pupils/<uuid:pupil>/agreements/<uuid:consent>/withdraw", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def withdraw(pupil: UUID, consent: UUID) -> ResponseReturnValue:
    """Withdraw an agreement, as easily as it was given: the sharing stops immediately, and the referral ends too
    if that is what the family wants. What was already shared stays listed."""
    form = Form(ConsentWithdrawalSchema)
    kept = None
    if request.method == "POST":
        # the choices of people are needed to read the form; nothing more is read if the form is valid
        shown = open_file(pupil)
        form.choices = dict(_choices(shown))
        if (typed := form.take(request.form)) is not None:
            kept = record(form, WithdrawConsent(pupil=pupil, consent=consent, **_plain(typed)))
            if kept is None:
                flash(
                    _("The agreement is withdrawn, and the referral has ended.")
                    if typed["meaning"] == "end_referral"
                    else _("The agreement is withdrawn. Nothing new is shared with the agency.")
                )
                return _back(pupil)
    else:
        shown = open_file(pupil)
        held = _question(shown, consent)
        form = Form(
            ConsentWithdrawalSchema,
            values={"who": str(held.contact) if held.contact else CHILD, "occurred_on": runtime().today()},
            choices=_choices(shown),
            seen=held.last_version,
        )
    held = _question(shown, consent)
    return _form_page(
        form,
        "consent/withdraw.html",
        shown,
        held=held,
        kept=kept,
        went=[went for went in went_to(shown, held.agency) if went.disclosure.consent == consent],
    )


@blueprint.route("/pupils/<uuid:pupil>/agreements/basis", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def basis(pupil: UUID) -> ResponseReturnValue:
    """Record the lawful basis for sharing with an agency or one of its services, which is separate from agreement."""
    shown = open_file(pupil)
    choices = _choices(shown) | {
        "basis": [(code, code_words("lawful_basis", code)) for code in commands.BASES],
        "service": _choices(shown)["service"][:-1],
    }
    form = Form(
        BasisSchema, values={"agency": request.args.get("agency"), "basis": "public_task"}, choices=choices
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordLawfulBasis(
            occurred_on=runtime().today(), pupil=pupil, **commands.plain_values(typed)
        )
        if record(form, command) is None:
            flash(_("The lawful basis is recorded."))
            return _back(pupil)
    return _form_page(form, "consent/basis.html", shown)


def _less_struck_out(held: ConsentSummary, answered: dict[str, Any]) -> AnswerSubject:
    """What was asked, less the services that the family strikes out."""
    struck = {UUID(one) for one in answered.pop("struck_out", None) or ()}
    about = commands.about_question(held)
    if not struck:
        return about
    return msgspec.structs.replace(
        about, also_services=tuple(s for s in held.also_services if s not in struck)
    )


def _answered(
    form: Form,
    pupil: UUID,
    consent: UUID,
    about: AnswerSubject,
    typed: dict[str, Any],
    replaces: UUID | None = None,
) -> Refusal | None:
    """Record an answer. Returns the refusal, or None when it is recorded."""
    command = commands.answer_command(pupil, consent, about, typed, replaces)
    kept = record(form, command)
    if kept is None:
        flash(
            _("The refusal is recorded.")
            if isinstance(command, RefuseConsent)
            else _("The agreement is recorded.")
        )
    return kept


def _form_page(
    form: Form,
    template: str,
    shown: OpenedPupilFile,
    *,
    kept: Refusal | None = None,
    held: ConsentSummary | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """The form; after a lost race it also shows the current status of the request."""
    now = None
    if isinstance(kept, StaleVersion) and held is not None:
        form.seen = kept.facts["current"]
        now = _now(shown, held)
    return form.page(
        template,
        file=shown.file,
        child=shown.child,
        held=held,
        about=_about(held) if held else None,
        now=now,
        log_position=shown.file.position,
        **more,
    )


def _question(shown: OpenedPupilFile, consent: UUID) -> ConsentSummary:
    """The request about this pupil, or 404."""
    held = next((c for c in shown.file.consents if c.consent == consent), None)
    if held is None:
        abort(404)
    return held


def _now(shown: OpenedPupilFile, held: ConsentSummary) -> str:
    (agreement,) = [
        a for _agency, asked in shown.agreements(runtime().today()) for a in asked if a.consent is held
    ]
    return _("%(state)s: %(who)s, on %(day)s", state=agreement.words, who=agreement.who, day=day(held.since))


def _about(held: ConsentSummary) -> str:
    return f"{recipient_words(held)}: {code_words('consent_purpose', held.purpose)}"


def _choices(shown: OpenedPupilFile) -> dict[str, Sequence[tuple[str, Words]]]:
    known, today = directory(), runtime().today()
    judges = _judges()

    def codes(table: str) -> list[tuple[str, Words]]:
        return [(code, code_words(table, code)) for code in known.codes(table, today)]

    agencies = [(str(o.id), organisation_name(o)) for o in known.of_kind("agency") if o.is_open(today)]
    services = [s for s in known.services if s.is_open(today)]
    listed = dict.fromkeys(one for s in services for one in s.triages_for(today))
    return {
        "agency": sorted(agencies, key=lambda one: str(one[1]).casefold()),
        "service": [
            *sorted(((str(s.id), _of_agency(s)) for s in services), key=lambda one: one[1].casefold()),
            (WHOLE_AGENCY, _("The whole agency, because the family says so")),
        ],
        "struck_out": [(str(one), service_name(one)) for one in listed],
        "purpose": codes("consent_purpose"),
        "data_classes": codes("data_class"),
        "route": codes("consent_route"),
        "language": codes("language"),
        "authority": codes("consent_authority"),
        "who": [*contact_choices(shown.speaking), (CHILD, _("%(name)s, the pupil", name=shown.child.name))],
        "competence_judged_by": judges,
        "decided_by": judges,
        "local_authority": [(str(o.id), organisation_name(o)) for o in known.of_kind("authority")],
    }


def _of_agency(service: Service) -> str:
    return f"{organisation_name(service.agency)}: {service_name(service)}"


def _judges() -> list[tuple[str, Words]]:
    """The staff of the user's school, by name."""
    person = viewer()
    staff = {a.person for a in directory().people_of(person.organisation, runtime().today())}
    names = people_names(staff | {person.person})
    return [(str(one), name) for one, name in sorted(names.items(), key=lambda pair: pair[1].casefold())]


def _first_values(shown: OpenedPupilFile) -> dict[str, Any]:
    """The most likely person to be asked or to answer: the first with parental responsibility."""
    first = next((c for c in shown.speaking if c.responsible), None)
    return {
        "who": str(first.contact) if first else None,
        "language": (first.language if first else None) or shown.language_wish,
        "purpose": "referral",
        "competence_judged_by": str(viewer().person),
        "occurred_on": runtime().today(),
    }


def _plain(typed: dict[str, Any]) -> dict[str, Any]:
    """The typed values, with ids as ids, lists as tuples, and `contact` for the person (None: the pupil)."""
    who = typed.pop("who", CHILD)
    typed = commands.named_services(typed, _listed) if "service" in typed else typed
    return commands.plain_values(typed) | {"contact": None if who == CHILD else UUID(who)}


def _listed(service: UUID) -> tuple[UUID, ...]:
    found = directory().service(service)
    return found.triages_for(runtime().today()) if found is not None else ()


def _back(pupil: UUID) -> ResponseReturnValue:
    return redirect(url_for("consents.page", pupil=pupil), 303)
