"""The case file of a pupil, folded from one stream: one state for each matter."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

import msgspec

from coordination.event import PupilEvent
from coordination.pupil.actions import state as actions
from coordination.pupil.actions.events import ActionEvent, AnyActionEvent
from coordination.pupil.adoption import state as adoption
from coordination.pupil.adoption.events import AdoptionEvent, IdentityReplaced
from coordination.pupil.advice import state as advice
from coordination.pupil.advice.events import AdviceLinked
from coordination.pupil.aln import state as aln
from coordination.pupil.aln.events import AlnEvent, AnyAlnEvent
from coordination.pupil.asking import state as asking
from coordination.pupil.asking.events import AnyAskingEvent, AskingEvent
from coordination.pupil.consent import state as consent
from coordination.pupil.consent.events import AnyConsentEvent, ConsentEvent, DisclosureMade
from coordination.pupil.documents import state as documents
from coordination.pupil.documents.events import AnyFiledDocumentEvent, FiledDocumentEvent
from coordination.pupil.family import state as family
from coordination.pupil.family.events import AnyFamilyEvent, FamilyEvent
from coordination.pupil.joining import state as joining
from coordination.pupil.joining.events import AnyJoiningEvent, JoiningEvent
from coordination.pupil.minutes import state as minutes
from coordination.pupil.minutes.events import AnyMinuteEvent, MinuteEvent
from coordination.pupil.moves import state as moves
from coordination.pupil.moves.events import AnyMoveEvent, MoveEvent
from coordination.pupil.no_roll.events import ChildTakenOn
from coordination.pupil.objections import state as objections
from coordination.pupil.objections.events import AnyObjectionEvent, ObjectionEvent
from coordination.pupil.one_page_profile import state as one_page_profile
from coordination.pupil.one_page_profile.events import OnePageProfileEvent, OnePageProfileWritten
from coordination.pupil.profile import state as profile
from coordination.pupil.profile.events import AnyProfileEvent, ProfileEvent
from coordination.pupil.referral import state as referral
from coordination.pupil.referral.events import ReferralEvent
from coordination.pupil.referral.milestones.opening import Redirected
from coordination.pupil.restriction import state as restriction
from coordination.pupil.restriction.events import AnyRestrictionEvent, InterestEvent, RestrictionEvent
from coordination.pupil.rights import state as rights
from coordination.pupil.rights.events import AnyRightsEvent, RightsEvent
from coordination.pupil.support import state as support
from coordination.pupil.support.events import AnySupportEvent, SupportEvent
from coordination.pupil.transition import state as transition
from coordination.pupil.transition.events import AnyTransitionEvent, TransitionEvent
from coordination.pupil.worse import state as worse
from coordination.pupil.worse.events import WorseAnswered, WorseTold
from coordination.streams import StreamKind, ToOtherPupil, ToPupil

AnyPupilEvent = (
    AnyProfileEvent
    | AnyConsentEvent
    | ReferralEvent
    | AnyMinuteEvent
    | AnyActionEvent
    | AnyMoveEvent
    | AnyJoiningEvent
    | AnyAlnEvent
    | AnyRightsEvent
    | AnyRestrictionEvent
    | AnyObjectionEvent
    | AnyAskingEvent
    | AnyFamilyEvent
    | AnySupportEvent
    | AnyTransitionEvent
    | OnePageProfileWritten
    | AnyFiledDocumentEvent
    | IdentityReplaced
    | ChildTakenOn
    | AdviceLinked
)


class CaseFile(msgspec.Struct, frozen=True):
    """`version` is the number of events on the stream."""

    version: int = 0
    profile: profile.Profile = profile.Profile()
    consents: consent.Consents = consent.Consents()
    referrals: dict[UUID, referral.Referral] = {}
    minutes: minutes.Minutes = minutes.Minutes()
    actions: actions.Actions = actions.Actions()
    moves: moves.Moves = moves.Moves()
    joining: joining.Joining = joining.Joining()
    adoption: adoption.Adoption = adoption.Adoption()
    aln: aln.AlnMatters = aln.AlnMatters()
    rights: rights.Rights = rights.Rights()
    restrictions: restriction.Restrictions = restriction.Restrictions()
    objections: objections.Objections = objections.Objections()
    asking: asking.Asking = asking.Asking()
    family: family.FamilyMatters = family.FamilyMatters()
    support: support.SupportGiven = support.SupportGiven()
    one_page_profiles: one_page_profile.OnePageProfiles = one_page_profile.OnePageProfiles()
    transitions: transition.Transitions = transition.Transitions()
    documents: documents.Documents = documents.Documents()
    advice: dict[UUID, advice.AdviceAbout] = {}
    worse: dict[UUID, worse.WorseRecord] = {}


def evolve(case: CaseFile, event: AnyPupilEvent) -> CaseFile:
    """The case file after one more event. Reads no sealed field."""
    version = case.version + 1
    replace = msgspec.structs.replace
    match event:
        case WorseTold() | WorseAnswered():
            return replace(case, version=version, worse=worse.evolve(case.worse, event, version))
        case ReferralEvent():
            return replace(
                case,
                version=version,
                referrals=referral.evolve(case.referrals, event, version),
                consents=_passed_on(case.consents, event),
            )
        case ProfileEvent():
            return replace(
                case,
                version=version,
                profile=profile.evolve(case.profile, event, version),
                moves=moves.follow_roll(case.moves, event, case.profile.schools(), version),
                asking=asking.follow_profile(case.asking, event, case.profile, version),
                support=support.follow_roll(case.support, event, version),
            )
        case ConsentEvent():
            return replace(
                case,
                version=version,
                consents=consent.evolve(case.consents, event, version, _holder(case, event)),
                asking=asking.follow_consent(case.asking, event, version),
            )
        case ObjectionEvent() | AskingEvent() | FamilyEvent():
            return _about_family(case, event, version)
        case MinuteEvent():
            return replace(case, version=version, minutes=minutes.evolve(case.minutes, event, version))
        case ActionEvent():
            return replace(case, version=version, actions=actions.evolve(case.actions, event, version))
        case FiledDocumentEvent():
            return replace(case, version=version, documents=documents.evolve(case.documents, event))
        case MoveEvent():
            return replace(case, version=version, moves=moves.evolve(case.moves, event, version))
        case AlnEvent():
            return replace(case, version=version, aln=aln.evolve(case.aln, event, version))
        case TransitionEvent():
            transitions = transition.evolve(case.transitions, event, version)
            return replace(case, version=version, transitions=transitions)
        case SupportEvent() | OnePageProfileEvent() | AdviceLinked():
            return _about_support(case, event, version)
        case RightsEvent():
            return replace(case, version=version, rights=rights.evolve(case.rights, event, version))
        case RestrictionEvent() | InterestEvent():
            return replace(case, version=version, restrictions=restriction.evolve(case.restrictions, event))
        case JoiningEvent():
            return replace(case, version=version, joining=joining.evolve(case.joining, event))
        case ChildTakenOn(held_by=authority):
            return replace(case, version=version, profile=replace(case.profile, authority=authority))
        case AdoptionEvent():
            return _with_new_identity(case, event, version)
        case _:
            assert_never(event)


def _with_new_identity(case: CaseFile, event: IdentityReplaced, version: int) -> CaseFile:
    return msgspec.structs.replace(
        case,
        version=version,
        adoption=adoption.evolve(case.adoption, event, version),
        profile=profile.identity_replaced(case.profile, version),
        consents=consent.identity_replaced(case.consents),
    )


def _about_support(
    case: CaseFile, event: AnySupportEvent | OnePageProfileWritten | AdviceLinked, version: int
) -> CaseFile:
    replace = msgspec.structs.replace
    match event:
        case SupportEvent():
            return replace(case, version=version, support=support.evolve(case.support, event, version))
        case OnePageProfileEvent():
            return replace(case, version=version, one_page_profiles=_written(case, event, version))
        case AdviceLinked():
            return replace(case, version=version, advice=advice.evolve(case.advice, event, version))
        case _:
            assert_never(event)


def _about_family(
    case: CaseFile, event: AnyObjectionEvent | AnyAskingEvent | AnyFamilyEvent, version: int
) -> CaseFile:
    replace = msgspec.structs.replace
    match event:
        case ObjectionEvent():
            objected = objections.evolve(case.objections, event, version)
            return replace(case, version=version, objections=objected)
        case AskingEvent():
            return replace(case, version=version, asking=asking.evolve(case.asking, event, version))
        case FamilyEvent():
            return replace(case, version=version, family=family.evolve(case.family, event, version))
        case _:
            assert_never(event)


def _written(case: CaseFile, event: OnePageProfileWritten, version: int) -> one_page_profile.OnePageProfiles:
    return one_page_profile.evolve(case.one_page_profiles, event, version)


def _holder(case: CaseFile, event: AnyConsentEvent) -> UUID | None:
    """Of a disclosure, the service of the agency that has the referral at this point: for one from before access was
    for a service. Of something else, the agency's id: no service has it, so that it is nobody's."""
    if not isinstance(event, DisclosureMade):
        return None
    held = case.referrals.get(event.ground)
    return held.service_at(event.agency) if held is not None else event.agency


def _passed_on(consents: consent.Consents, event: ReferralEvent) -> consent.Consents:
    match event:
        case Redirected(to_service=UUID() as service, to_agency=UUID() as agency):
            return consent.passed_on_from_before(consents, event.referral, agency, service)
        case _:
            return consents


PUPIL_STREAM: StreamKind[CaseFile, AnyPupilEvent, ToPupil] = StreamKind(
    "pupil", PupilEvent, CaseFile(), evolve, lambda command: command.pupil
)

# The second pupil of a command about two.
OTHER_PUPIL_STREAM: StreamKind[CaseFile, AnyPupilEvent, ToOtherPupil] = StreamKind(
    "pupil", PupilEvent, CaseFile(), evolve, lambda command: command.other
)
