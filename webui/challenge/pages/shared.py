"""What the pages of challenges share: one challenge as its page shows it, and who may do what with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from coordination.challenge.decisions.ruling import rulers
from coordination.challenge.ladder import ladder
from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.challenges.queries import Dispute, Dossier, Line, Waited, dossier, identities
from projections.challenges.queries import Step as Happened
from projections.reader import desk
from webui.challenge.words import ANSWERS, RULINGS, UNEXPECTED, said, step_words
from webui.shell import casework
from webui.shell.roles import SCHOOL_DESK
from webui.shell.signed_in import viewer
from webui.shell.world import world
from webui.words.naming import directory

blueprint = Blueprint("challenges", __name__)


@blueprint.record_once
def offer_words(setup: BlueprintSetupState) -> None:
    """The words that the macros of the evidence and the letter use, wherever they are imported."""
    setup.app.jinja_env.globals.update(
        unexpected_words=UNEXPECTED,
        answer_words=ANSWERS,
        ruling_words=RULINGS,
    )


class Event(msgspec.Struct, frozen=True):
    """A step of the timeline in words, with what was written in it."""

    step: Happened
    words: str
    text: str | None


class Contest(msgspec.Struct, frozen=True):
    """A dispute with the words of both sides, the line it is about, and what the line reads by it."""

    dispute: Dispute
    line: Line | None
    why: str | None
    reasons: str | None


class Waiting(msgspec.Struct, frozen=True):
    """A wait of the evidence with the pupil's name, for those who may open it."""

    waited: Waited
    name: str | None


class Whole(msgspec.Struct, frozen=True):
    """A challenge with everything opened that the page shows."""

    dossier: Dossier
    events: list[Event]
    contests: list[Contest]
    waits: list[Waiting]


def found(challenge: UUID) -> Dossier:
    """The challenge; 404 where there is none that the viewer may see."""
    held = dossier(casework.reader(), viewer(), directory(), challenge)
    if held is None:
        abort(404)
    return held


def whole(held: Dossier) -> Whole:
    """Its sealed words and names, opened in one go."""
    erased = _("These words were erased.")
    pupils = [w.pupil for w in held.waits]
    places = identities(casework.reader(), viewer(), pupils) if pupils else {}
    words: list[Coordinates | None] = [step.text for step in held.steps]
    names: list[Coordinates | None] = [places.get(pupil) for pupil in pupils]
    opened = casework.open_sealed([*words, *names])
    texts = {s.version: said(o, erased) for s, o in zip(held.steps, opened, strict=False)}
    called = [
        casework.name_of(o, _("Name erased")) if place else None
        for place, o in zip(names, opened[len(words) :], strict=True)
    ]
    return Whole(
        dossier=held,
        events=[Event(s, step_words(s), texts[s.version]) for s in held.steps],
        contests=[_contest(held, d, texts) for d in held.disputes],
        waits=[Waiting(w, name) for w, name in zip(held.waits, called, strict=True)],
    )


def _contest(held: Dossier, dispute: Dispute, texts: dict[int, str | None]) -> Contest:
    lines = (line for line in held.lines if line.raised.meeting == dispute.meeting)
    return Contest(
        dispute=dispute,
        line=next(lines, None),
        why=texts.get(dispute.why.version) if dispute.why else None,
        reasons=texts.get(dispute.reasons.version) if dispute.reasons else None,
    )


def possible(held: Dossier, who: Viewer) -> list[str]:
    """The steps that this person may take now, in the order in which the page offers them. What is decided when the
    step is taken is decided by the record, not here."""
    c = held.challenge
    at = desk(who)
    if c.closed:
        return []
    if at == "agency" and who.organisation == c.agency:
        return [*_of_the_agency(held), *_asking(held)]
    if who.person in c.rulers:
        return ["rule"] if c.open_disputes else []
    if at == "auditor":
        return ["rule"] if "dispute_to_rule" in c.turns else []
    if at != "school" or who.organisation != c.school or who.role not in SCHOOL_DESK:
        return []
    return [*_of_the_school(held, who), *_asking(held)]


def _asking(held: Dossier) -> list[str]:
    """A party may ask somebody of neither to rule, where there is somebody to ask."""
    return ["name_ruler"] if held.challenge.open_disputes and to_be_asked(held) else []


def to_be_asked(held: Dossier) -> list[tuple[UUID, UUID]]:
    """Who could be asked to rule and was not yet: people with their organisation."""
    c = held.challenge
    about = Challenge(version=1, school=c.school, agency=c.agency, authority=c.authority)
    offered = rulers(about, directory(), world().today())
    return [(person, of) for person, of in offered if person not in c.rulers]


def _of_the_agency(held: Dossier) -> list[str]:
    c = held.challenge
    if c.phase not in WITH_THE_AGENCY:
        return []
    steps = ["acknowledge"] if c.phase == "sent" else []
    steps.append("reply")
    if disputable(held):
        steps.append("dispute")
    return steps


def _of_the_school(held: Dossier, who: Viewer) -> list[str]:
    c = held.challenge
    steps: list[str] = []
    if c.phase == "raised" and who.role == "head":
        steps += ["approve", "decline"]
    if c.phase == "approved":
        steps.append("send")
    if c.phase in WITH_THE_AGENCY:
        settled = not c.open_disputes
        if settled and c.answered:
            steps.append("resolve")
        steps.append("report_reply")
        if settled and not c.answered:
            steps.append("resolve")
        if settled and c.next_level and c.still_met and (c.answered or c.overdue):
            steps.append("escalate")
    # with a dispute open nobody could rule on it afterwards
    return [*steps, *(["withdraw"] if not c.open_disputes else []), "bypass"]


def disputable(held: Dossier) -> list[Line]:
    """The lines of the evidence that nobody has disputed in this challenge."""
    disputed = {(d.meeting, d.mark_version) for d in held.disputes}
    return [line for line in held.lines if (line.raised.meeting, line.raised.version) not in disputed]


def levels(held: Dossier) -> tuple[str, ...]:
    """The ladder of the agency that is challenged."""
    agency = directory().organisation(held.challenge.agency)
    return ladder(agency.agency_kind if agency else None)


def note(held: Dossier) -> None:
    """That somebody looked at the challenge, and at the pupils whose waits it rests on."""
    ids: list[Any] = [held.challenge.challenge, *(w.pupil for w in held.waits)]
    casework.shown("challenge", ids, purpose="audit" if desk(viewer()) == "auditor" else "own_challenge")
