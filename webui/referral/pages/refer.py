"""The pages for referring a pupil: immediate risk first, then the service, then the details, all sent as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.organisation import Service
from coordination.errors import NotFound, Refusal
from coordination.pupil.casefile import PUPIL_STREAM
from projections.case_file import queries
from projections.case_file.queries import ConsentSummary, PupilFile, ReferralSummary, TimelineCriteria
from webui.forms import Form
from webui.pupil.file import OpenedPupilFile, open_pupil_file
from webui.pupil.safeguarding import safeguarding_people
from webui.referral.clocks import limit_words
from webui.referral.commands import FIELDS, open_at, refer_commands, send_commands, told_instant
from webui.referral.disclosure import agreement_with, choices, on_record, shareable
from webui.referral.forms.refer import (
    BeginSchema,
    ReferAndAgreeSchema,
    ReferForm,
    ReferSchema,
    SendAndAgreeSchema,
    SendSchema,
)
from webui.referral.reading import open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import FIELD, is_resumed_draft, saves_draft
from webui.shell.roles import FILE_STAFF, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.codes import milestone_name
from webui.words.formats import clock, day
from webui.words.naming import code_words, directory, organisation_name, service_name

blueprint = Blueprint("refer", __name__)


class ServiceChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A service to choose, with details for the choice: its standard in words, how much it requires, the agreement in
    force with its agency, and a referral of this pupil that it already holds."""

    service: Service
    name: str
    agency: str
    standard: str
    asks: int
    agreement: ConsentSummary | None
    held: ReferralSummary | None


class CopiedReferral(msgspec.Struct, frozen=True, kw_only=True):
    """The referral that a new one copies: its service, date, and the text and choices taken over."""

    referral: UUID
    service: str
    on: date
    values: dict[str, Any]


@blueprint.route("/pupils/<uuid:pupil>/refer", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
@saves_draft
def page(pupil: UUID) -> ResponseReturnValue:
    """Show two pages under one address: the answers on the first travel in the form of the second, so that nothing
    about immediate risk is ever in an address."""
    file = queries.pupil(casework.reader(), viewer(), pupil)
    if file.pupil.pupil != pupil and request.method == "GET":
        return redirect(url_for("refer.page", pupil=file.pupil.pupil), 303)
    shown = open_pupil_file(file).on_file(pupil)
    stage = request.form.get("stage") if request.method == "POST" else None
    if stage is None:
        casework.note_shown("case_file", [pupil])
    sent = request.form.copy()
    if is_resumed_draft(sent):
        # a draft returns to the page of the two on which it was left
        stage = "service" if sent.get("at") == "details" else "back"
        del sent[FIELD]
    begin = _begin_form(shown)
    begun = begin.take(sent) if stage in ("service", "details") else None
    if begun is None or (begun["immediate_risk"] and refuse_future_told_time(begin, begun)):
        if stage == "back":
            begin.take(sent)
            begin.errors.clear()
        return _begin_page(shown, begin)
    service = directory().service(UUID(begun["service"]))
    if service is None:
        abort(404)
    earlier = _earlier(file)
    form = _details_form(shown, service, begun, earlier)
    form.command_id = begin.command_id
    if stage == "details":
        typed = form.take(request.form)
        referral = casework.new_id(form.command_id, "referral")
        if referral in runtime().coordination.batch().state(PUPIL_STREAM, pupil).referrals:
            # sent a second time: the referral exists
            return redirect(url_for("referrals.page", pupil=pupil, referral=referral), 303)
        if typed is not None:
            try:
                return _refer(shown, service, begun, typed, form, earlier)
            except Refusal as refused:
                _refused(form, refused)
    elif any(name in request.form for name in form.schema.fields):
        _keep_typed(form)
    return _details_page(shown, service, begun, form, earlier)


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/send", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def send(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Send a referral that was saved until a person had agreed."""
    kept = open_referral_page(pupil, referral, note=False)
    service = directory().service(kept.held.service)
    where = url_for("referrals.page", pupil=pupil, referral=referral)
    if service is None or kept.sent:
        return redirect(where, 303)
    shown = open_pupil_file(queries.pupil(casework.reader(), viewer(), pupil)).on_file(pupil)
    agreement = agreement_with(shown.file, service)
    schema = SendSchema if agreement else SendAndAgreeSchema
    form = ReferForm(
        schema,
        values=_known(schema, _first_values(shown, service)),
        choices=choices(shown, service),
        seen=kept.file.referral.last_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            return _send(shown, service, kept.held.steps, referral, typed, form)
        except Refusal as refused:
            _refused(form, refused)
            if refused.code == "overtaken":
                form.seen = refused.facts["current"]
    return form.page(
        "referral/refer/send.html",
        kept=kept,
        service=service,
        agreement=_agreement_words(shown, agreement),
        shareable=shareable(shown, agreement),
        found=on_record(shown, service, agreement),
        others=open_at(shown, service, referral),
        log_position=kept.file.position,
    )


# Immediate risk


def risk_choices() -> list[tuple[str, str]]:
    """The people who may be told of immediate risk."""
    return [(code, code_words("told", code)) for code in directory().codes("told", viewer().today)]


def risk_values() -> dict[str, Any]:
    """The first values: the time of telling is now."""
    return {"told_on": viewer().today, "told_at": clock(runtime().now())}


def refuse_future_told_time(form: Form, typed: dict[str, Any]) -> bool:
    """Refuse a time of telling in the future; the form then shows the error."""
    if told_instant(typed) <= runtime().now():
        return False
    form.errors["told_at"] = _("Enter a time in the past.")
    return True


# The first page


def _begin_form(shown: OpenedPupilFile) -> Form:
    services = [(str(one.service.id), one.name) for one in _offered(shown.file)]
    return ReferForm(BeginSchema, values=risk_values(), choices={"told": risk_choices(), "service": services})


def _offered(file: PupilFile) -> list[ServiceChoice]:
    """The open services by name."""
    today, known = viewer().today, directory()
    found = []
    for service in known.services:
        if not service.is_open(today):
            continue
        standard = known.standard(service.id, None, today)
        words = ""
        if standard is not None:
            stop = milestone_name(standard.stop)
            words = _("limit: %(allowed)s to “%(stop)s”", allowed=limit_words(standard), stop=stop)
        held = [r for r in file.referrals if r.service == service.id and not r.ended]
        found.append(
            ServiceChoice(
                service=service,
                name=service_name(service),
                agency=organisation_name(service.agency),
                standard=words,
                asks=len(service.asks_for(today)),
                agreement=agreement_with(file, service),
                held=held[0] if held else None,
            )
        )
    return sorted(found, key=lambda one: (one.name.casefold(), one.agency))


def _begin_page(shown: OpenedPupilFile, form: Form) -> ResponseReturnValue:
    return form.page(
        "referral/refer/begin.html",
        child=shown.child,
        pupil=shown.file.pupil.pupil,
        offered=_offered(shown.file),
        carried=_carried(form),
        safeguarding_people=safeguarding_people(viewer().organisation),
        log_position=shown.file.position,
    )


def _carried(form: Form) -> list[tuple[str, str]]:
    """The values typed on the other page, for hidden fields."""
    apart = {"csrf_token", "command_id", "seen", "stage", "at", FIELD}
    own = set(form.schema.fields) | {f"{n}-{p}" for n in form.schema.fields for p in ("day", "month", "year")}
    return [(k, v) for k, v in request.form.items(multi=True) if k not in own | apart][:200]


# The second page


def _details_form(
    shown: OpenedPupilFile, service: Service, begun: dict[str, Any], earlier: CopiedReferral | None
) -> Form:
    agreement = agreement_with(shown.file, service)
    schema = ReferSchema if agreement else ReferAndAgreeSchema
    values = _first_values(shown, service) | {
        "priority": "urgent" if begun["immediate_risk"] else "routine",
        "legal_route": "service_request",
        "reason": begun["concern"] or "",
    }
    if earlier is not None:
        values |= {name: value for name, value in earlier.values.items() if value}
    return ReferForm(schema, values=_known(schema, values), choices=choices(shown, service))


def _known(schema: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in schema._declared_fields}


def _first_values(shown: OpenedPupilFile, service: Service) -> dict[str, Any]:
    """The first values, from the record."""
    agreement = agreement_with(shown.file, service)
    responsible = [c for c in shown.speaking if c.responsible]
    first = str(responsible[0].contact) if responsible else None
    today = viewer().today
    return {
        "supplied": sorted(on_record(shown, service, agreement)),
        "shared": [code for code, _words in shareable(shown, agreement)],
        "sent_on": today,
        "agreed_on": today,
        "giver": first,
        "asked": first,
        "route": "verbal",
    }


def _agreement_words(shown: OpenedPupilFile, agreement: ConsentSummary | None) -> str:
    """Who agreed, and when; empty if no one has."""
    if agreement is None:
        return ""
    return _("%(who)s agreed on %(day)s.", who=shown.who(agreement.contact), day=day(agreement.since))


def _earlier(file: PupilFile) -> CopiedReferral | None:
    """The newest referral of this pupil that the school began here, opened, for the new one to copy."""
    ours = [r for r in file.referrals if not r.in_error and r.basis == "school_referral"]
    if not ours:
        return None
    newest = max(ours, key=lambda r: (r.opened_on, r.last_version))
    asked = TimelineCriteria(pupil=newest.pupil, thing=newest.referral, limit=500)
    entries = queries.timeline(casework.reader(), viewer(), asked).entries
    begun = next((e for e in entries if e.topic == "referral.opened"), None)
    if begun is None:
        return None
    said = casework.open_sealed([begun.at if begun.at.sealed else None])[0]
    values = {
        "reason": said.get("reason") if isinstance(said, dict) else None,
        "priority": newest.priority,
        "informed": begun.clear.get("informed_and_discussed"),
    }
    return CopiedReferral(
        referral=newest.referral, service=service_name(newest.service), on=newest.opened_on, values=values
    )


def _details_page(
    shown: OpenedPupilFile,
    service: Service,
    begun: dict[str, Any],
    form: Form,
    earlier: CopiedReferral | None,
) -> ResponseReturnValue:
    agreement = agreement_with(shown.file, service)
    return form.page(
        "referral/refer/details.html",
        child=shown.child,
        pupil=shown.file.pupil,
        service=service,
        begun=begun,
        told=[code_words("told", code) for code in begun["told"] or ()],
        told_at=told_instant(begun) if begun["immediate_risk"] else None,
        agreement=_agreement_words(shown, agreement),
        shareable=shareable(shown, agreement),
        found=on_record(shown, service, agreement),
        earlier=earlier,
        others=open_at(shown, service),
        carried=_carried(form),
        responsible=[c for c in shown.speaking if c.responsible],
        log_position=shown.file.position,
    )


def _keep_typed(form: Form) -> None:
    """Show again the values typed before going back to the first page, without errors for missing ones."""
    form.take(request.form)
    form.errors.clear()


# Sending


def _refer(
    shown: OpenedPupilFile,
    service: Service,
    begun: dict[str, Any],
    typed: dict[str, Any],
    form: Form,
    earlier: CopiedReferral | None,
) -> ResponseReturnValue:
    """Perform the agreement, the referral, the decision and the sending, all or none. Raises Refusal."""
    casework.perform_all(
        refer_commands(shown, service, begun, typed, form.command_id, earlier.referral if earlier else None),
        form.command_id,
    )
    referral = casework.new_id(form.command_id, "referral")
    flash(_sent_words(service, typed))
    return redirect(url_for("referrals.page", pupil=shown.file.pupil.pupil, referral=referral), 303)


def _send(
    shown: OpenedPupilFile,
    service: Service,
    steps: Sequence[Any],
    referral: UUID,
    typed: dict[str, Any],
    form: Form,
) -> ResponseReturnValue:
    commands = send_commands(shown, service, steps, referral, typed, form.command_id, form.seen)
    casework.perform_all(commands, form.command_id)
    flash(_sent_words(service, typed))
    return redirect(url_for("referrals.page", pupil=shown.file.pupil.pupil, referral=referral), 303)


def _sent_words(service: Service, typed: dict[str, Any]) -> str:
    if typed.get("agreement") == "ask":
        return _(
            "The referral to %(service)s is saved. You can send it when a person with authority has agreed.",
            service=service_name(service),
        )
    return _("The referral was sent to %(service)s.", service=service_name(service))


def _refused(form: Form, refused: Refusal) -> None:
    """Show the refusal at the question that can resolve it; the domain's field names are not always those of the
    form."""
    if isinstance(refused, NotFound):
        raise refused
    refused.field = FIELDS.get(refused.field or "", refused.field)
    form.refuse(refused)
