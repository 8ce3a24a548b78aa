"""The next steps that are possible for a challenge, and those open to the user."""

from __future__ import annotations

from uuid import UUID

from coordination.challenge.decisions.ruling import may_rule, rulers
from coordination.challenge.escalation import escalation_levels
from coordination.challenge.open_steps import OpenQuestion, Side, open_steps
from coordination.viewer import Viewer
from projections.challenges.queries import Dossier, MeetingEvidence
from projections.reader import AUTHORITY_DESKS, desk
from webui.shell.roles import SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.words.naming import directory


def possible_steps(held: Dossier, who: Viewer) -> list[str]:
    """The steps that this user may take now, in the order of the page. The decision checks again when one is taken."""
    c, side = held.challenge, _side(held, who)
    if side is None:
        return []
    about = OpenQuestion(
        phase=c.phase,
        closed=c.closed,
        answered=c.answered,
        overdue=c.overdue,
        still_met=c.still_met,
        next_level=c.next_level,
        open_disputes=bool(c.open_disputes),
        lines_to_dispute=bool(disputable_marks(held)),
        rulers_to_ask=bool(possible_rulers(held)),
    )
    return open_steps(about, side)


def _side(held: Dossier, who: Viewer) -> Side | None:
    c, at = held.challenge, desk(who)
    if at == "agency" and who.organisation == c.agency:
        return "agency"
    asked = who.person in c.rulers or (at in AUTHORITY_DESKS and "dispute_to_rule" in c.turns)
    if asked and may_rule(c, who.person, who.organisation, who.role, directory(), who.today):
        return "ruler"
    if at != "school" or who.organisation != c.school or who.role not in SCHOOL_COORDINATION:
        return None
    return "head" if who.role == "head" else "school"


def possible_rulers(held: Dossier) -> list[tuple[UUID, UUID]]:
    """People who could make a ruling and have not been named yet, with their organisation."""
    c = held.challenge
    offered = rulers(c, directory(), runtime().today())
    return [(person, of) for person, of in offered if person not in c.rulers]


def disputable_marks(held: Dossier) -> list[MeetingEvidence]:
    """The marks in the evidence that have not been disputed in this challenge."""
    disputed = {(d.meeting, d.mark_version) for d in held.disputes}
    return [line for line in held.lines if (line.raised.meeting, line.raised.version) not in disputed]


def levels_of_challenge(held: Dossier) -> tuple[str, ...]:
    """The escalation levels of the challenged agency."""
    agency = directory().organisation(held.challenge.agency)
    return escalation_levels(agency.agency_kind if agency else None)
