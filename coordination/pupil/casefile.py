"""The case file of a pupil, folded from one stream: one state for each matter."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

import msgspec

from coordination.event import PupilEvent
from coordination.pupil.actions import state as actions
from coordination.pupil.actions.events import ActionEvent, AnyActionEvent
from coordination.pupil.consent import state as consent
from coordination.pupil.consent.events import AnyConsentEvent, ConsentEvent
from coordination.pupil.minutes import state as minutes
from coordination.pupil.minutes.events import AnyMinuteEvent, MinuteEvent
from coordination.pupil.moves import state as moves
from coordination.pupil.moves.events import AnyMoveEvent, MoveEvent
from coordination.pupil.profile import state as profile
from coordination.pupil.profile.events import AnyProfileEvent, ProfileEvent
from coordination.pupil.referral import state as referral
from coordination.pupil.referral.events import ReferralEvent
from coordination.streams import StreamKind, ToPupil

AnyPupilEvent = (
    AnyProfileEvent | AnyConsentEvent | ReferralEvent | AnyMinuteEvent | AnyActionEvent | AnyMoveEvent
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


def evolve(case: CaseFile, event: AnyPupilEvent) -> CaseFile:
    """The case file after one more event. Reads no sealed field."""
    version = case.version + 1
    replace = msgspec.structs.replace
    match event:
        case ReferralEvent():
            return replace(case, version=version, referrals=referral.evolve(case.referrals, event, version))
        case ProfileEvent():
            return replace(
                case,
                version=version,
                profile=profile.evolve(case.profile, event, version),
                moves=moves.follow_roll(case.moves, event, case.profile.schools()),
            )
        case ConsentEvent():
            return replace(case, version=version, consents=consent.evolve(case.consents, event, version))
        case MinuteEvent():
            return replace(case, version=version, minutes=minutes.evolve(case.minutes, event, version))
        case ActionEvent():
            return replace(case, version=version, actions=actions.evolve(case.actions, event, version))
        case MoveEvent():
            return replace(case, version=version, moves=moves.evolve(case.moves, event, version))
        case _:
            assert_never(event)


PUPIL_STREAM: StreamKind[CaseFile, AnyPupilEvent, ToPupil] = StreamKind(
    "pupil", PupilEvent, CaseFile(), evolve, lambda command: command.pupil
)
