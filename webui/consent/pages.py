"""Agreement to share, by agency: asked, answered, withdrawn, what already went where, and the lawful basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from coordination.errors import Overtaken
from coordination.pupil.consent.decide import (
    GiveConsent,
    RecordLawfulBasis,
    RefuseConsent,
    RequestConsent,
    WithdrawConsent,
)
from projections.case_file import queries
from projections.case_file.queries import Consent, Disclosure, TimelineAsk
from webui.consent.forms import CHILD, AnswerSchema, AskSchema, BasisSchema, FreshAnswerSchema, WithdrawSchema
from webui.forms import Form
from webui.forms.recording import record
from webui.parts.timeline import Line, lines, recorders
from webui.pupil.file import Agreement, OpenedFile, contact_choices, opened
from webui.shell import casework
from webui.shell.drafts import keeps_draft
from webui.shell.roles import SCHOOL_STAFF
from webui.shell.signed_in import signed_in, viewer
from webui.shell.world import world
from webui.words.formats import day
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name

blueprint = Blueprint("consents", __name__)

DATA = ("identity", "needs", "referral")
"""What a referral tells; offered first."""
ALL = 500
QUESTIONS = ("consent.requested", "consent.given", "consent.refused", "consent.withdrawn")
# what a school can rest a disclosure on; a history file alone says historical_record, agreement has its own form
BASES = ("public_task", "legal_obligation", "vital_interests", "safeguarding")


class Went(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went to an agency."""

    disclosure: Disclosure
    what: str
    of: str
    address: str | None
    rests_on: str


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """All about sharing with one agency: each question with its story, what went there, the basis beside it."""

    id: UUID
    name: str
    questions: tuple[tuple[Agreement, tuple[Line, ...]], ...]
    went: tuple[Went, ...]
    basis: str

    @property
    def conflict(self) -> bool:
        """One person with authority agrees while another does not."""
        return any(agreement.consent.conflict for agreement, _story in self.questions)


@blueprint.get("/pupils/<uuid:pupil>/agreements")
@signed_in(*SCHOOL_STAFF)
def page(pupil: UUID) -> Any:
    """Every question and its answers, by agency."""
    reader, who = casework.reader(), viewer()
    file = queries.pupil(reader, who, pupil)
    found = queries.timeline(reader, who, TimelineAsk(pupil=pupil, matters=("consent",), limit=ALL))
    entries = [entry for entry in found.entries if entry.topic in QUESTIONS]
    shown = opened(file, [entry.at if entry.at.sealed else None for entry in entries])
    told = lines(entries, shown.also, shown.names | people_names(recorders(entries)))
    casework.shown("agreements", [pupil])
    return render_template(
        "consent/consents.html",
        file=file,
        child=shown.child,
        agencies=_agencies(shown, told),
        log_position=file.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/agreements/ask", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
@keeps_draft
def ask(pupil: UUID) -> Any:
    """A question goes to somebody: from then on it waits for an answer."""
    shown = _file(pupil)
    form = Form(
        AskSchema,
        values=_first_values(shown) | {"data_classes": DATA, "agency": request.args.get("agency")},
        choices=_choices(shown),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        who = typed.pop("who")
        command = RequestConsent(
            pupil=pupil,
            consent=casework.new_id(form.command_id, "consent"),
            contact=_contact(who),
            **_ids(typed),
        )
        if record(form, command) is None:
            flash(_("It is recorded that you asked."))
            return _back(pupil)
    return _form_page(form, "consent/ask.html", shown)


@blueprint.route("/pupils/<uuid:pupil>/agreements/answer", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
@keeps_draft
def answer(pupil: UUID) -> Any:
    """An answer that came without a question on the record."""
    shown = _file(pupil)
    form = Form(
        FreshAnswerSchema,
        values=_first_values(shown)
        | {
            "data_classes": DATA,
            "authority": "parental_responsibility",
            "agency": request.args.get("agency"),
        },
        choices=_choices(shown),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        consent = casework.new_id(form.command_id, "consent")
        about = {name: typed.pop(name) for name in ("agency", "purpose", "data_classes")}
        if _answered(form, pupil, consent, _ids(about), typed) is None:
            return _back(pupil)
    return _form_page(form, "consent/answer.html", shown, held=None)


@blueprint.route("/pupils/<uuid:pupil>/agreements/<uuid:consent>/answer", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
@keeps_draft
def answer_to(pupil: UUID, consent: UUID) -> Any:
    """The answer to a question that was asked, or a new one in place of an earlier."""
    shown = _file(pupil)
    held = _question(shown, consent)
    contact = shown.contact(held.contact)
    form = Form(
        AnswerSchema,
        values=_first_values(shown)
        | {
            "who": str(held.contact) if held.contact else CHILD,
            "language": (contact.language if contact else None) or shown.language_wish,
            "authority": "parental_responsibility" if held.contact else None,
        },
        choices=_choices(shown),
        seen=held.last_version,
    )
    kept = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        about = {
            "agency": held.agency,
            "purpose": held.purpose,
            "data_classes": held.data_classes or DATA,
        }
        if _contact(typed["who"]) != held.contact:
            # a question is to one person: another's answer stands beside it, so that a conflict shows
            consent = casework.new_id(form.command_id, "consent")
        kept = _answered(form, pupil, consent, about, typed)
        if kept is None:
            return _back(pupil)
    return _form_page(form, "consent/answer.html", shown, held=held, kept=kept)


@blueprint.route("/pupils/<uuid:pupil>/agreements/<uuid:consent>/withdraw", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
@keeps_draft
def withdraw(pupil: UUID, consent: UUID) -> Any:
    """Taken back as easily as given: the agency's access closes at once, what already went stays listed."""
    form = Form(WithdrawSchema)
    kept = None
    if request.method == "POST":
        # the choices of who: needed to read the form, and no more is read when all is well
        shown = _file(pupil)
        form.choices = dict(_choices(shown))
        if (typed := form.take(request.form)) is not None:
            contact = _contact(typed.pop("who"))
            kept = record(form, WithdrawConsent(pupil=pupil, consent=consent, contact=contact, **typed))
            if kept is None:
                flash(
                    _("The agreement is withdrawn. What the agency could see because of it is closed to it.")
                )
                return _back(pupil)
    else:
        shown = _file(pupil)
        held = _question(shown, consent)
        form = Form(
            WithdrawSchema,
            values={"who": str(held.contact) if held.contact else CHILD, "occurred_on": world().today()},
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
        went=[went for went in _went(shown, held.agency) if went.disclosure.consent == consent],
    )


@blueprint.route("/pupils/<uuid:pupil>/agreements/basis", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
@keeps_draft
def basis(pupil: UUID) -> Any:
    """The lawful basis of sharing with an agency: a fact of its own beside agreement."""
    shown = _file(pupil)
    choices = _choices(shown) | {"basis": [(code, code_words("lawful_basis", code)) for code in BASES]}
    form = Form(
        BasisSchema, values={"agency": request.args.get("agency"), "basis": "public_task"}, choices=choices
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordLawfulBasis(occurred_on=world().today(), pupil=pupil, **_ids(typed))
        if record(form, command) is None:
            flash(_("The lawful basis is recorded."))
            return _back(pupil)
    return _form_page(form, "consent/basis.html", shown)


def _answered(form: Form, pupil: UUID, consent: UUID, about: dict[str, Any], typed: dict[str, Any]) -> Any:
    """Records an answer; the refusal, or None when it is on the record."""
    who = _contact(typed.pop("who"))
    given = typed.pop("answer") == "given"
    common = {
        "occurred_on": typed["occurred_on"],
        "pupil": pupil,
        "consent": consent,
        "agency": about["agency"],
        "purpose": about["purpose"],
        "authority": typed["authority"],
        "contact": who,
        "words": typed["words"],
    }
    if not given:
        kept = record(form, RefuseConsent(**common))
        if kept is None:
            flash(_("The refusal is recorded."))
        return kept
    judge = typed["competence_judged_by"] if typed["authority"] == "competent_child" else None
    command = GiveConsent(
        **common,
        data_classes=tuple(about["data_classes"]),
        route=typed["route"],
        language=typed["language"],
        expires_on=typed["expires_on"],
        competence_judged_by=UUID(judge) if judge else None,
        evidence=typed["evidence"],
    )
    kept = record(form, command)
    if kept is None:
        flash(_("The agreement is recorded."))
    return kept


def _form_page(
    form: Form,
    template: str,
    shown: OpenedFile,
    *,
    kept: Any = None,
    held: Consent | None = None,
    **more: Any,
) -> Any:
    """The form; after a lost race with where the question stands now beside what was typed."""
    now = None
    if isinstance(kept, Overtaken) and held is not None:
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


def _file(pupil: UUID) -> OpenedFile:
    shown = opened(queries.pupil(casework.reader(), viewer(), pupil))
    casework.shown("agreements", [pupil])
    return shown


def _question(shown: OpenedFile, consent: UUID) -> Consent:
    """The question of this pupil, or 404."""
    held = next((c for c in shown.file.consents if c.consent == consent), None)
    if held is None:
        abort(404)
    return held


def _now(shown: OpenedFile, held: Consent) -> str:
    (agreement,) = [
        a for _agency, asked in shown.agreements(world().today()) for a in asked if a.consent is held
    ]
    return _("%(state)s: %(who)s, on %(day)s", state=agreement.words, who=agreement.who, day=day(held.since))


def _about(held: Consent) -> str:
    return f"{organisation_name(held.agency)}: {code_words('consent_purpose', held.purpose)}"


def _agencies(shown: OpenedFile, told: Sequence[Line]) -> list[Agency]:
    """Every agency that was asked about, or to which something went, by name."""
    today = world().today()
    bases = {b.agency: b.basis for b in shown.file.lawful_bases}
    asked = {
        a.consent.agency: (a, agreements) for _name, agreements in shown.agreements(today) for a in agreements
    }
    ids = {*asked, *bases, *(d.agency for d in shown.file.disclosures)}
    return [
        Agency(
            id=agency,
            name=organisation_name(agency),
            questions=tuple(
                (agreement, tuple(line for line in told if line.entry.thing == agreement.consent.consent))
                for agreement in (asked[agency][1] if agency in asked else ())
            ),
            went=tuple(_went(shown, agency)),
            basis=code_words("lawful_basis", bases.get(agency, "public_task")),
        )
        for agency in sorted(ids, key=lambda a: organisation_name(a).casefold())
    ]


def _went(shown: OpenedFile, agency: UUID) -> list[Went]:
    """What went to an agency, in the order in which it went."""
    referrals = {r.referral: r for r in shown.file.referrals}
    consents = {c.consent: c for c in shown.file.consents}
    found = []
    for made in shown.file.disclosures:
        if made.agency != agency:
            continue
        of = referrals.get(made.ground)
        rests_on = code_words("lawful_basis", made.lawful_basis)
        given = consents.get(made.consent) if made.consent else None
        if given is not None:
            rests_on = _(
                "%(basis)s, with the agreement of %(who)s", basis=rests_on, who=shown.who(given.contact)
            )
        found.append(
            Went(
                disclosure=made,
                what="; ".join(code_words("data_class", code) for code in made.data_classes),
                of=service_name(of.service) if of else "",
                address=url_for("referrals.page", pupil=of.pupil, referral=of.referral) if of else None,
                rests_on=rests_on,
            )
        )
    return found


def _choices(shown: OpenedFile) -> dict[str, list[tuple[str, Any]]]:
    known, today = directory(), world().today()

    def codes(table: str) -> list[tuple[str, Any]]:
        return [(code, code_words(table, code)) for code in known.codes(table, today)]

    agencies = [(str(o.id), organisation_name(o)) for o in known.of_kind("agency") if o.is_open(today)]
    return {
        "agency": sorted(agencies, key=lambda one: one[1].casefold()),
        "purpose": codes("consent_purpose"),
        "data_classes": codes("data_class"),
        "route": codes("consent_route"),
        "language": codes("language"),
        "authority": codes("consent_authority"),
        "who": [*contact_choices(shown.speaking), (CHILD, _("%(name)s, the pupil", name=shown.child.name))],
        "competence_judged_by": _judges(),
    }


def _judges() -> list[tuple[str, Any]]:
    """The staff of the own school, by name."""
    person = viewer()
    staff = {a.person for a in directory().people_of(person.organisation, world().today())}
    names = people_names(staff | {person.person})
    return [(str(one), name) for one, name in sorted(names.items(), key=lambda pair: pair[1].casefold())]


def _first_values(shown: OpenedFile) -> dict[str, Any]:
    """Who is most likely to be asked or to answer: the first with parental responsibility."""
    first = next((c for c in shown.speaking if c.responsible), None)
    return {
        "who": str(first.contact) if first else None,
        "language": (first.language if first else None) or shown.language_wish,
        "purpose": "referral",
        "competence_judged_by": str(viewer().person),
        "occurred_on": world().today(),
    }


def _contact(who: str) -> UUID | None:
    return None if who == CHILD else UUID(who)


def _ids(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, with the agency as an id and lists as tuples."""
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in typed.items()
    }
    return plain | {"agency": UUID(plain["agency"])}


def _back(pupil: UUID) -> Any:
    return redirect(url_for("consents.page", pupil=pupil), 303)
