"""A school refers a pupil: danger first, then the service, then what goes with it, and all of it as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from coordination.directory.organisation import Service
from coordination.errors import NotFound, Refused
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import OVERRIDES, GiveConsent, RequestConsent
from coordination.pupil.referral.decide import REFERRAL_DATA, OpenReferral, RecordMilestone, SubmitReferral
from projections.case_file import queries
from projections.case_file.queries import Consent, PupilFile, Referral, TimelineAsk
from webui.forms import Form
from webui.pupil.file import OpenedFile, contact_choices, opened
from webui.referral.clocks import allowed
from webui.referral.forms.refer import (
    BeginSchema,
    ReferAndAgreeSchema,
    ReferForm,
    ReferSchema,
    SendAndAgreeSchema,
    SendSchema,
)
from webui.referral.reading import SCHOOL, open_referral
from webui.shell import casework
from webui.shell.drafts import FIELD, keeps_draft, resumed
from webui.shell.signed_in import signed_in, viewer
from webui.shell.world import LONDON, world
from webui.words.codes import milestone_name
from webui.words.formats import clock, day
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name

blueprint = Blueprint("refer", __name__)

# Nobody's to choose: a referral without them would be none.
ALWAYS = REFERRAL_DATA
# What may be shared besides, where it is there.
BESIDES = ("contact", "views")
PURPOSE = "referral"
ROUTES = ("service_request", "s11_school", "s12_to_authority")
"""The routes that are a school's own; the others are the authority's or history (ALN Act s.20(2), s.65)."""


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A service to choose, with what helps to choose it: its standard in words, how much it asks for, the agreement
    in force with its agency, and a referral of this pupil that it holds already."""

    service: Service
    name: str
    agency: str
    standard: str
    asks: int
    agreement: Consent | None
    held: Referral | None


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """The referral that a new one copies: its service, day, and the words and choices taken over."""

    referral: UUID
    service: str
    on: date
    values: dict[str, Any]


@blueprint.route("/pupils/<uuid:pupil>/refer", methods=["GET", "POST"])
@signed_in(*SCHOOL)
@keeps_draft
def page(pupil: UUID) -> Any:
    """Two pages under one address: what was answered on the first travels with the second, so that nothing about a
    danger ever stands in an address."""
    file = queries.pupil(casework.reader(), viewer(), pupil)
    shown = opened(file)
    stage = request.form.get("stage") if request.method == "POST" else None
    if stage is None:
        casework.shown("case_file", [pupil])
    sent = request.form.copy()
    if resumed(sent):
        # a draft comes back to the page of the two on which it was left
        stage = "service" if sent.get("at") == "details" else "back"
        del sent[FIELD]
    begin = _begin_form(shown)
    begun = begin.take(sent) if stage in ("service", "details") else None
    if begun is None or (begun["immediate_risk"] and told_ahead(begin, begun)):
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
        if referral in world().coordination.batch().state(PUPIL_STREAM, pupil).referrals:
            # sent a second time: it is there
            return redirect(url_for("referrals.page", pupil=pupil, referral=referral), 303)
        if typed is not None:
            try:
                return _refer(shown, service, begun, typed, form, earlier)
            except Refused as refused:
                _refused(form, refused)
    elif any(name in request.form for name in form.schema.fields):
        _keep_typed(form)
    return _details_page(shown, service, begun, form, earlier)


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/send", methods=["GET", "POST"])
@signed_in(*SCHOOL)
@keeps_draft
def send(pupil: UUID, referral: UUID) -> Any:
    """Send a referral that was begun and kept until somebody agreed."""
    kept = open_referral(pupil, referral, note=False)
    service = directory().service(kept.held.service)
    where = url_for("referrals.page", pupil=pupil, referral=referral)
    if service is None or kept.sent:
        return redirect(where, 303)
    shown = opened(queries.pupil(casework.reader(), viewer(), pupil))
    agreement = agreement_with(shown.file, service.agency)
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
        except Refused as refused:
            _refused(form, refused)
            if refused.code == "overtaken":
                form.seen = refused.facts["current"]
    return form.page(
        "referral/refer/send.html",
        kept=kept,
        service=service,
        agreement=_agreement_words(shown, agreement),
        shareable=_shareable(shown, agreement),
        found=_found(shown, service, agreement),
        log_position=kept.file.position,
    )


# The danger


def risk_choices() -> list[tuple[str, str]]:
    """Who may be told of a danger."""
    return [(code, code_words("told", code)) for code in directory().codes("told", viewer().today)]


def risk_values() -> dict[str, Any]:
    """Somebody is told now, unless it is said otherwise."""
    return {"told_on": viewer().today, "told_at": clock(world().now())}


def told_instant(typed: dict[str, Any]) -> datetime:
    """When somebody was told, by the clock in Wales."""
    on, at = typed["told_on"], typed["told_at"]
    return datetime(on.year, on.month, on.day, at.hour, at.minute, tzinfo=LONDON)


def told_ahead(form: Form, typed: dict[str, Any]) -> bool:
    """Whether somebody is said to be told at a time that has not come; the form then says so."""
    if told_instant(typed) <= world().now():
        return False
    form.errors["told_at"] = _("That time has not come yet. Say when they were told.")
    return True


def safeguarding_people(school: UUID) -> list[str]:
    """The names of the school's designated safeguarding people."""
    role = "designated_safeguarding_person"
    named = {a.person for a in directory().people_of(school, viewer().today) if a.role == role}
    return sorted(people_names(named).values())


# The first page


def _begin_form(shown: OpenedFile) -> Form:
    services = [(str(one.service.id), one.name) for one in _offered(shown.file)]
    return ReferForm(BeginSchema, values=risk_values(), choices={"told": risk_choices(), "service": services})


def _offered(file: PupilFile) -> list[Offered]:
    """The open services by their names."""
    today, known = viewer().today, directory()
    found = []
    for service in known.services:
        if not service.is_open(today):
            continue
        standard = known.standard(service.id, None, today)
        words = ""
        if standard is not None:
            stop = milestone_name(standard.stop)
            words = _("standard: %(allowed)s to “%(stop)s”", allowed=allowed(standard), stop=stop)
        held = [r for r in file.referrals if r.service == service.id and not r.ended]
        found.append(
            Offered(
                service=service,
                name=service_name(service),
                agency=organisation_name(service.agency),
                standard=words,
                asks=len(service.asks_for(today)),
                agreement=agreement_with(file, service.agency),
                held=held[0] if held else None,
            )
        )
    return sorted(found, key=lambda one: (one.name.casefold(), one.agency))


def _begin_page(shown: OpenedFile, form: Form) -> Any:
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
    """What was typed on the other page, to travel in hidden fields."""
    apart = {"csrf_token", "command_id", "seen", "stage", "at", FIELD}
    own = set(form.schema.fields) | {f"{n}-{p}" for n in form.schema.fields for p in ("day", "month", "year")}
    return [(k, v) for k, v in request.form.items(multi=True) if k not in own | apart][:200]


# The second page


def _details_form(
    shown: OpenedFile, service: Service, begun: dict[str, Any], earlier: Earlier | None
) -> Form:
    agreement = agreement_with(shown.file, service.agency)
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


def _first_values(shown: OpenedFile, service: Service) -> dict[str, Any]:
    """What is known is filled in."""
    agreement = agreement_with(shown.file, service.agency)
    responsible = [c for c in shown.speaking if c.responsible]
    first = str(responsible[0].contact) if responsible else None
    today = viewer().today
    return {
        "supplied": sorted(_found(shown, service, agreement)),
        "shared": [code for code, _words in _shareable(shown, agreement)],
        "sent_on": today,
        "agreed_on": today,
        "giver": first,
        "asked": first,
        "route": "verbal",
    }


def choices(shown: OpenedFile, service: Service) -> dict[str, list[tuple[str, Any]]]:
    """What can be answered to each question, for this pupil and this service."""
    today = viewer().today
    agreement = agreement_with(shown.file, service.agency)
    asks = service.asks_for(today)
    responsible = [c for c in shown.speaking if c.responsible]
    name = shown.child.known_as
    return {
        "supplied": [(code, code_words("requirement", code)) for code in asks],
        "shared": _shareable(shown, agreement),
        "priority": _codes("priority", today)[::-1],
        "legal_route": [
            (code, code_words("legal_route", code)) for code in ROUTES if _current("legal_route", code)
        ],
        "giver": [
            *((str(c.contact), c.described) for c in responsible),
            ("young_person", _("%(name)s, as a young person", name=name)),
            ("competent_child", _("%(name)s, a child whom you judge competent", name=name)),
            ("court", _("A court")),
        ],
        "asked": [*contact_choices(responsible), ("pupil", name)],
        "route": _codes("consent_route", today),
        "override": [(c, w) for c, w in _codes("lawful_basis", today) if c in OVERRIDES],
    }


def _codes(table: str, on: date) -> list[tuple[str, str]]:
    return [(code, code_words(table, code)) for code in directory().codes(table, on)]


def _current(table: str, code: str) -> bool:
    return directory().code(table, code, viewer().today) == "current"


def _found(shown: OpenedFile, service: Service, agreement: Consent | None) -> dict[str, str]:
    """Of what the service asks for, what is on the record already, with where."""
    file, on_record = shown.file, {}
    for whose, code in (("child", "childs_view"), ("parent", "parents_view")):
        said = next((s for s in shown.said if s.whose == whose), None)
        if said is not None and (agreement is None or "views" in _agreed(agreement)):
            on_record[code] = _("on the record, %(day)s", day=day(said.on))
    if shown.wish:
        on_record["language_wish"] = code_words("language", shown.wish)
    if file.pupil.provision in ("idp_school", "idp_la", "idp_fei"):
        on_record["idp_or_one_page_profile"] = code_words("provision", file.pupil.provision)
    if agreement is not None:
        on_record["consent"] = _("in force since %(day)s", day=day(agreement.since))
    asks = service.asks_for(viewer().today)
    return {code: words for code, words in on_record.items() if code in asks}


def agreement_with(file: PupilFile, agency: UUID) -> Consent | None:
    """The newest agreement in force with an agency that a referral may rest on."""
    live = [c for c in file.consents if c.agency == agency and c.purpose == PURPOSE and c.in_force]
    return max(live, key=lambda c: (c.since, c.last_version)) if live else None


def _agreed(agreement: Consent) -> tuple[str, ...]:
    """The data that an agreement is about; one that names none is about all that a referral takes."""
    return agreement.data_classes or (*ALWAYS, *BESIDES)


def _shareable(shown: OpenedFile, agreement: Consent | None) -> list[tuple[str, str]]:
    """What may be shared besides the referral itself: what is there, and no more than was agreed to."""
    there = {"contact": bool(shown.speaking), "views": bool(shown.said)}
    allowed_data = _agreed(agreement) if agreement is not None else BESIDES
    return [(c, code_words("data_class", c)) for c in BESIDES if there[c] and c in allowed_data]


def _agreement_words(shown: OpenedFile, agreement: Consent | None) -> str:
    """Who agreed, and when; empty where nobody has."""
    if agreement is None:
        return ""
    return _("%(who)s agreed on %(day)s.", who=shown.who(agreement.contact), day=day(agreement.since))


def _earlier(file: PupilFile) -> Earlier | None:
    """The newest referral of this pupil that the school began here, opened, for the new one to copy."""
    ours = [r for r in file.referrals if not r.in_error and r.basis == "school_referral"]
    if not ours:
        return None
    newest = max(ours, key=lambda r: (r.opened_on, r.last_version))
    asked = TimelineAsk(pupil=newest.pupil, thing=newest.referral, limit=500)
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
    return Earlier(
        referral=newest.referral, service=service_name(newest.service), on=newest.opened_on, values=values
    )


def _details_page(
    shown: OpenedFile, service: Service, begun: dict[str, Any], form: Form, earlier: Earlier | None
) -> Any:
    agreement = agreement_with(shown.file, service.agency)
    others = [r for r in shown.file.referrals if r.service == service.id and not r.ended]
    return form.page(
        "referral/refer/details.html",
        child=shown.child,
        pupil=shown.file.pupil,
        service=service,
        begun=begun,
        told=[code_words("told", code) for code in begun["told"] or ()],
        told_at=told_instant(begun) if begun["immediate_risk"] else None,
        agreement=_agreement_words(shown, agreement),
        shareable=_shareable(shown, agreement),
        found=_found(shown, service, agreement),
        earlier=earlier,
        others=others,
        carried=_carried(form),
        responsible=[c for c in shown.speaking if c.responsible],
        log_position=shown.file.position,
    )


def _keep_typed(form: Form) -> None:
    """Shows again what was typed before going back to the first page, without telling what is still missing."""
    form.take(request.form)
    form.errors.clear()


# Sending


def _refer(
    shown: OpenedFile,
    service: Service,
    begun: dict[str, Any],
    typed: dict[str, Any],
    form: Form,
    earlier: Earlier | None,
) -> Any:
    """All of it as one: the agreement, the referral, the decision and the sending. Raises Refused: then none of it."""
    casework.perform_all(
        referring(shown, service, begun, typed, form.command_id, earlier.referral if earlier else None),
        form.command_id,
    )
    referral = casework.new_id(form.command_id, "referral")
    flash(_sent_words(service, typed))
    return redirect(url_for("referrals.page", pupil=shown.file.pupil.pupil, referral=referral), 303)


def referring(
    shown: OpenedFile,
    service: Service,
    begun: dict[str, Any],
    typed: dict[str, Any],
    command_id: str,
    copied_from: UUID | None,
) -> list[Command]:
    """What is to be carried out as one; the referral's id rests on the command's."""
    pupil, referral = shown.file.pupil.pupil, casework.new_id(command_id, "referral")
    on = typed["sent_on"]
    risk = begun["immediate_risk"]
    agreement = agreement_with(shown.file, service.agency)
    begin = OpenReferral(
        occurred_on=on,
        pupil=pupil,
        referral=referral,
        service=service.id,
        school=viewer().organisation,
        immediate_risk=risk,
        told=tuple(begun["told"]) if risk else (),
        told_at=told_instant(begun) if risk else None,
        concern=begun["concern"] if risk else None,
        legal_route=typed["legal_route"],
        priority=typed["priority"],
        informed_and_discussed=typed["informed"],
        copied_from=copied_from,
        reason=typed["reason"],
    )
    decided = RecordMilestone(occurred_on=on, pupil=pupil, referral=referral, milestone="decided")
    return [
        *_about_agreement(shown, service, typed, command_id),
        begin,
        decided,
        *_sending(shown, typed, referral, agreement),
    ]


def _send(
    shown: OpenedFile,
    service: Service,
    steps: Sequence[Any],
    referral: UUID,
    typed: dict[str, Any],
    form: Form,
) -> Any:
    commands = sending(shown, service, steps, referral, typed, form.command_id, form.seen)
    casework.perform_all(commands, form.command_id)
    flash(_sent_words(service, typed))
    return redirect(url_for("referrals.page", pupil=shown.file.pupil.pupil, referral=referral), 303)


def sending(
    shown: OpenedFile,
    service: Service,
    steps: Sequence[Any],
    referral: UUID,
    typed: dict[str, Any],
    command_id: str,
    seen: int | None,
) -> list[Command]:
    """What is to be carried out as one to send a referral that was kept; `seen` is its version as shown."""
    pupil, on = shown.file.pupil.pupil, typed["sent_on"]
    agreement = agreement_with(shown.file, service.agency)
    commands = _about_agreement(shown, service, typed, command_id)
    if any(step.name == "decided" for step in steps):
        return [*commands, *_sending(shown, typed, referral, agreement, seen=seen)]
    decided = RecordMilestone(occurred_on=on, pupil=pupil, referral=referral, milestone="decided", seen=seen)
    return [*commands, decided, *_sending(shown, typed, referral, agreement)]


def _about_agreement(
    shown: OpenedFile, service: Service, typed: dict[str, Any], command_id: str
) -> list[Command]:
    """What is said about the agreement in the same step: given now, or asked for."""
    pupil, consent = shown.file.pupil.pupil, casework.new_id(command_id, "consent")
    # they agree to what is shared now, and to what may be once it is there
    data = (*ALWAYS, *(code for code in BESIDES if code in (typed["shared"] or ())))
    language = _their_language(shown, typed)
    match typed.get("agreement"):
        case "given":
            giver = typed["giver"]
            contact = UUID(giver) if giver not in ("young_person", "competent_child", "court") else None
            return [
                GiveConsent(
                    occurred_on=typed["agreed_on"],
                    pupil=pupil,
                    consent=consent,
                    agency=service.agency,
                    authority="parental_responsibility" if contact else giver,
                    data_classes=data,
                    contact=contact,
                    route=typed["route"],
                    language=language,
                    competence_judged_by=viewer().person if giver == "competent_child" else None,
                    evidence=typed["evidence"] if giver == "court" else None,
                    words=typed["words"],
                )
            ]
        case "ask":
            asked = typed["asked"]
            return [
                RequestConsent(
                    occurred_on=viewer().today,
                    pupil=pupil,
                    consent=consent,
                    agency=service.agency,
                    data_classes=data,
                    contact=UUID(asked) if asked != "pupil" else None,
                    language=language,
                )
            ]
        case _:
            return []


def _their_language(shown: OpenedFile, typed: dict[str, Any]) -> str:
    """In which language somebody is asked or answered: the contact's wish, else the pupil's."""
    who = next(
        (c for c in shown.contacts if str(c.contact) in (typed.get("giver"), typed.get("asked"))), None
    )
    return (who.language if who else None) or shown.language_wish or "en"


def _sending(
    shown: OpenedFile,
    typed: dict[str, Any],
    referral: UUID,
    agreement: Consent | None,
    seen: int | None = None,
) -> list[Command]:
    """The sending, unless somebody is to be asked first."""
    if typed.get("agreement") == "ask":
        return []
    without = typed.get("agreement") == "without"
    data = [*ALWAYS, *(typed["shared"] or ())]
    if agreement is not None:
        data = [code for code in data if code in _agreed(agreement)]
    return [
        SubmitReferral(
            occurred_on=typed["sent_on"],
            seen=seen,
            pupil=shown.file.pupil.pupil,
            referral=referral,
            supplied=tuple(typed["supplied"] or ()),
            data_classes=tuple(data),
            override=typed["override"] if without else None,
            override_reason=typed["override_reason"] if without else None,
            note=typed.get("note"),
        )
    ]


def _sent_words(service: Service, typed: dict[str, Any]) -> str:
    if typed.get("agreement") == "ask":
        return _(
            "The referral to %(service)s is kept. It goes once somebody has agreed.",
            service=service_name(service),
        )
    return _("The referral was sent to %(service)s.", service=service_name(service))


def _refused(form: Form, refused: Refused) -> None:
    """Beside the question that can change it; the domain's names of fields are not always the form's."""
    if isinstance(refused, NotFound):
        raise refused
    fields = {"authority": "giver", "contact": "asked", "occurred_on": "sent_on"}
    refused.field = fields.get(refused.field or "", refused.field)
    form.refuse(refused)
