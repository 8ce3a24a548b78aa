"""A pupil's transitions and destinations, the pack, and what a school has to look at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.transition.commands import (
    FollowUpDestination,
    PlanTransition,
    RecordDestination,
    RecordTransitionVisit,
    SendTransitionPack,
)
from projections.transitions.queries import SentPack, destinations, sent_packs, transitions_of
from webui.forms import Form
from webui.forms.base import FormSchema
from webui.forms.recording import record
from webui.papers.paper import Facts, Heading, Paper, Paragraph
from webui.papers.sending import pdf_response
from webui.pupil.identity import open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.support.reading import open_support
from webui.support.words import HEADINGS
from webui.transition.forms import (
    DestinationSchema,
    FollowUpSchema,
    PlanTransitionSchema,
    TransitionPackSchema,
    TransitionVisitSchema,
)
from webui.transition.words import TRANSITIONS
from webui.words.formats import day
from webui.words.languages import language
from webui.words.naming import code_words, directory, organisation_name

blueprint = Blueprint("transition", __name__)

STAFF = (*SCHOOL_DESK, *CASEWORKER_DESK)


@blueprint.get("/pupils/<uuid:pupil>/transition")
@signed_in(*STAFF)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show how a pupil's transitions are prepared, and where they went."""
    opened = open_support(pupil)
    casework.note_shown("transition", [pupil])
    return render_template(
        "transition/page.html",
        pupil=pupil,
        child=opened.child,
        planned=transitions_of(casework.reader(), viewer(), pupil),
        went=destinations(casework.reader(), viewer(), pupil),
        kinds=TRANSITIONS,
    )


@blueprint.get("/transitions")
@signed_in(*SCHOOL_DESK)
def of_school() -> ResponseReturnValue:
    """Show a school the packs that came to it, and the destinations to look at again."""
    who = viewer()
    packs = [one for one in sent_packs(casework.reader(), who) if one.to_school == who.organisation]
    again = [one for one in destinations(casework.reader(), who) if one.follow_up_on is not None]
    opened = casework.open_sealed([*(one.words for one in packs), *(one.identity for one in again)])
    names = [str(words.get("pupil_name") or "") if isinstance(words, dict) else "" for words in opened]
    people = [open_identity(one.pupil, who) for one, who in zip(again, opened[len(packs) :], strict=True)]
    casework.note_shown("transition", [*(one.pupil for one in packs), *(one.pupil for one in again)])
    return render_template(
        "transition/of_school.html",
        packs=list(zip(packs, names, strict=False)),
        again=list(zip(again, people, strict=True)),
        today=runtime().today(),
    )


@blueprint.route("/pupils/<uuid:pupil>/transition/plan", methods=["GET", "POST"])
@signed_in(*STAFF)
def plan(pupil: UUID) -> ResponseReturnValue:
    """Begin to prepare a transition."""
    schools = [(str(s.id), organisation_name(s)) for s in directory().of_kind("school")]

    def command(typed: dict[str, Any], new: UUID) -> Command:
        school = UUID(typed.pop("to_school")) if typed.get("to_school") else None
        return PlanTransition(
            occurred_on=runtime().today(), pupil=pupil, transition=new, **{**typed, "to_school": school}
        )

    return _form(
        pupil, PlanTransitionSchema, _("Prepare a transition"), command, choices={"to_school": schools}
    )


@blueprint.route("/pupils/<uuid:pupil>/transition/<uuid:transition>/visit", methods=["GET", "POST"])
@signed_in(*STAFF)
def visit(pupil: UUID, transition: UUID) -> ResponseReturnValue:
    """Record a visit."""
    return _form(
        pupil,
        TransitionVisitSchema,
        _("Record a visit"),
        lambda typed, _new: RecordTransitionVisit(pupil=pupil, transition=transition, **typed),
        values={"occurred_on": runtime().today()},
    )


@blueprint.route("/pupils/<uuid:pupil>/transition/<uuid:transition>/pack", methods=["GET", "POST"])
@signed_in(*STAFF)
def send_pack(pupil: UUID, transition: UUID) -> ResponseReturnValue:
    """Send the pack to the next school; the profile for a move, or for every day, is there to change."""
    opened, today, known = open_support(pupil), runtime().today(), directory()
    profiles = {one.profile.occasion: one for one in opened.profiles}
    profile = profiles.get("move") or profiles.get("every_day")
    values = {
        "pupil_name": opened.child.name,
        "language": profile.profile.language if profile else opened.child.language or language(),
        **({name: getattr(profile, name) for name in HEADINGS} if profile else {}),
    }

    def command(typed: dict[str, Any], _new: UUID) -> Command:
        fields = {**typed, "needs": tuple(typed["needs"] or ())}
        fields |= {name: typed.get(name) or "" for name in HEADINGS}
        return SendTransitionPack(occurred_on=today, pupil=pupil, transition=transition, **fields)

    return _form(
        pupil,
        TransitionPackSchema,
        _("Send the transition pack"),
        command,
        values=values,
        choices={
            "language": [(code, code_words("language", code)) for code in known.codes("language", today)],
            "needs": [(code, code_words("need", code)) for code in known.codes("need", today)],
        },
    )


@blueprint.route("/pupils/<uuid:pupil>/destination", methods=["GET", "POST"])
@signed_in(*STAFF)
def destination(pupil: UUID) -> ResponseReturnValue:
    """Record where a young person went."""

    def command(typed: dict[str, Any], new: UUID) -> Command:
        fields = {**typed, "at_age": int(typed["at_age"])}
        return RecordDestination(occurred_on=runtime().today(), pupil=pupil, transition=new, **fields)

    return _form(
        pupil, DestinationSchema, _("Record a destination"), command, choices={"destination": _destinations()}
    )


@blueprint.route("/pupils/<uuid:pupil>/destination/<uuid:transition>", methods=["GET", "POST"])
@signed_in(*STAFF)
def follow_up(pupil: UUID, transition: UUID) -> ResponseReturnValue:
    """Record what was found when the school looked again."""
    return _form(
        pupil,
        FollowUpSchema,
        _("Look again"),
        lambda typed, _new: FollowUpDestination(pupil=pupil, transition=transition, **typed),
        values={"occurred_on": runtime().today()},
        choices={"destination": _destinations()},
    )


@blueprint.get("/transitions/<uuid:transition>/pack")
@signed_in(*STAFF)
def pack(transition: UUID) -> ResponseReturnValue:
    """Show the pack, to the school that sent it and to the next school; to be printed."""
    paper = _paper(_sent(transition))
    return render_template(
        "papers/sheet.html",
        paper=paper,
        heading=_("Print the transition pack"),
        to="transition.pack",
        to_pdf="transition.pack_pdf",
        at={"transition": transition},
        at_pdf={"transition": transition},
        back=url_for("transition.of_school") if viewer().role in SCHOOL_DESK else url_for("caseworker.page"),
        log_position=None,
    )


@blueprint.get("/transitions/<uuid:transition>/pack.pdf")
@signed_in(*STAFF)
def pack_pdf(transition: UUID) -> ResponseReturnValue:
    """The pack as PDF/UA."""
    return pdf_response(_paper(_sent(transition)), "transition-pack")


def _sent(transition: UUID) -> SentPack:
    found = sent_packs(casework.reader(), viewer(), transition)
    if not found:
        raise NotFound
    casework.note_shown("transition", [found[0].pupil])
    return found[0]


def _paper(sent: SentPack) -> Paper:
    (opened,) = casework.open_sealed([sent.words])
    words: dict[str, Any] = dict(opened) if isinstance(opened, dict) else {}
    said = str(words.get("language") or language())
    facts = (
        (_("Name"), str(words.get("pupil_name") or "")),
        (_("From"), organisation_name(sent.sent_by)),
        (_("To"), organisation_name(sent.to_school)),
        (_("Moves on"), day(sent.moves_on)),
        (_("Needs"), ", ".join(code_words("need", code) for code in words.get("needs") or ())),
    )
    parts = (
        (_("Moving school, in the child’s own words"), "moving_school"),
        *((str(HEADINGS[name]), name) for name in HEADINGS),
        (_("Key contacts"), "key_contacts"),
    )
    blocks = [
        block
        for heading, name in parts
        if words.get(name)
        for block in (
            Heading(heading),
            Paragraph(str(words[name]), language=said if said in ("en", "cy") else None),
        )
    ]
    return Paper(
        title=_("Transition pack"),
        language=language(),
        author=organisation_name(sent.sent_by),
        blocks=(Facts(tuple((name, value) for name, value in facts if value)), *blocks),
        page=_("Page %(page)s of %(pages)s"),
    )


def _destinations() -> list[tuple[str, str]]:
    return [
        (code, code_words("destination", code))
        for code in directory().codes("destination", runtime().today())
    ]


def _form(
    pupil: UUID, schema: type[FormSchema], title: str, command: Any, **given: Any
) -> ResponseReturnValue:
    """A form about a transition; `command` takes what was typed and a new id."""
    child = open_support(pupil).child
    form = Form(schema, **given)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        new = casework.new_id(form.command_id, "transition")
        if record(form, command(typed, new)) is None:
            flash(_("It is recorded."))
            return redirect(url_for("transition.page", pupil=pupil), 303)
    return form.page("transition/form.html", pupil=pupil, child=child, title=title)
