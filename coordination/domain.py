"""Every kind of stream and every decision of the service."""

from __future__ import annotations

from coordination.advice.decide import DECISIONS as ADVICE
from coordination.advice.state import ADVICE_STREAM
from coordination.challenge.decide import DECISIONS as CHALLENGE
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.decisions import AnyStream, Decision
from coordination.directory.decide import DECISIONS as DIRECTORY
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.event import Command, CommandContext, Event
from coordination.link_reach import require_reach
from coordination.meeting.decide import DECISIONS as MEETING
from coordination.meeting.state import MEETING_STREAM
from coordination.place.decide import DECISIONS as PLACE
from coordination.place.state import PLACE_STREAM
from coordination.pupil.actions.decide import DECISIONS as ACTIONS
from coordination.pupil.adoption.decide import DECISIONS as ADOPTION
from coordination.pupil.aln.decide import DECISIONS as ALN
from coordination.pupil.asking.decide import DECISIONS as ASKING
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import DECISIONS as CONSENT
from coordination.pupil.consent.decisions.basis_requests import DECISIONS as BASIS_REQUESTS
from coordination.pupil.consent.decisions.withdrawing import DECISIONS as WITHDRAWING
from coordination.pupil.documents.attaching import DECISIONS as DOCUMENTS
from coordination.pupil.documents.state import DOCUMENT_STREAM
from coordination.pupil.family.decide import DECISIONS as FAMILY
from coordination.pupil.joining.decide import DECISIONS as JOINING
from coordination.pupil.minutes.decide import DECISIONS as MINUTES
from coordination.pupil.moves.decide import DECISIONS as MOVES
from coordination.pupil.no_roll.decide import DECISIONS as NO_ROLL
from coordination.pupil.objections.decide import DECISIONS as OBJECTIONS
from coordination.pupil.one_page_profile.decide import DECISIONS as ONE_PAGE_PROFILE
from coordination.pupil.profile.decide import DECISIONS as PROFILE
from coordination.pupil.referral.decide import DECISIONS as REFERRAL
from coordination.pupil.restriction.decide import DECISIONS as RESTRICTION
from coordination.pupil.rights.decide import DECISIONS as RIGHTS
from coordination.pupil.rights.decide_requests import DECISIONS as RIGHTS_REQUESTS
from coordination.pupil.support.decide import DECISIONS as SUPPORT
from coordination.pupil.transition.decide import DECISIONS as TRANSITION
from coordination.pupil.worse.decide import DECISIONS as WORSE

STREAMS: tuple[AnyStream, ...] = (
    PUPIL_STREAM,
    MEETING_STREAM,
    CHALLENGE_STREAM,
    DOCUMENT_STREAM,
    ADVICE_STREAM,
    PLACE_STREAM,
    ORGANISATION_STREAM,
)

DECISIONS: dict[type[Command], Decision] = {
    **PROFILE,
    **JOINING,
    **ADOPTION,
    **NO_ROLL,
    **ALN,
    **SUPPORT,
    **WORSE,
    **TRANSITION,
    **ONE_PAGE_PROFILE,
    **RIGHTS,
    **RIGHTS_REQUESTS,
    **CONSENT,
    **WITHDRAWING,
    **BASIS_REQUESTS,
    **OBJECTIONS,
    **ASKING,
    **FAMILY,
    **REFERRAL,
    **MINUTES,
    **MOVES,
    **RESTRICTION,
    **ACTIONS,
    **DOCUMENTS,
    **MEETING,
    **CHALLENGE,
    **ADVICE,
    **PLACE,
    **DIRECTORY,
}


def stream_kind(event: Event) -> AnyStream:
    """The kind of stream on which an event is recorded."""
    return next(kind for kind in STREAMS if isinstance(event, kind.event))


def decision_of(command: Command, order: CommandContext) -> Decision:
    """The decision about a command. Raises NotFound for one that the order's one-time link does not reach."""
    require_reach(command, order)
    return DECISIONS[type(command)]
