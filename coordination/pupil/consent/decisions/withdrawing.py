"""Withdrawing an agreement: the family stops the sharing, or ends the referral too; and sharing that begins again."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.pupil.casefile import PUPIL_STREAM, AnyPupilEvent, CaseFile
from coordination.pupil.consent.decide import (
    WithdrawConsent,
    require_current_consent,
    withdrawal,
)
from coordination.pupil.consent.disclosing import disclose
from coordination.pupil.consent.state import Consent
from coordination.pupil.family.speaking import require_holder_or_family, require_own_answer
from coordination.pupil.holders import require_holder
from coordination.pupil.referral.decisions.checks import require_possible
from coordination.pupil.referral.milestones.ending import Withdrawn
from coordination.pupil.referral.phase import phase
from coordination.pupil.referral.state import Referral
from coordination.world import World, completed_years

BECAUSE = "agreement_withdrawn"
"""The code of `withdrawal_reason` of a referral that ends because its agreement was withdrawn."""


class ResumeSharing(Command, frozen=True, kw_only=True):
    """A referral is shared again with the service that holds it, on an agreement given since the sharing stopped."""

    pupil: UUID
    referral: UUID


def decide_withdraw(
    case: CaseFile, command: WithdrawConsent, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Withdraws an agreement. To stop sharing hides what is new from the service, whose clock goes on; only
    `end_referral` ends the open referrals that were shared on the agreement, and with them their clocks. Raises
    NotFound; refuses `nothing_to_withdraw`, `before_it_was_given`, and an ending that is not possible on the day."""
    require_holder_or_family(case, header, world, command.contact)
    require_own_answer(case, header, world, consent=command.consent, contact=command.contact)
    require_not_in_future(header, command.occurred_on)
    held = case.consents.questions.get(command.consent)
    if held is None:
        raise NotFound
    if (
        command.route is not None
        and world.directory.code("consent_route", command.route, command.occurred_on) == "unknown"
    ):
        raise Refusal("unknown_code", "route", table="consent_route")
    require_current_consent(case, command.consent, command.seen)
    if held.standing != "given":
        raise Refusal("nothing_to_withdraw", "consent")
    events: list[AnyPupilEvent] = []
    if command.meaning == "end_referral":
        for number, referral in enumerate(referrals_on(case, held), 1):
            events.append(_ended(referral, header, world, case.version + number))
    return [
        *events,
        *withdrawal(
            case,
            held,
            header,
            contact=command.contact,
            words=command.words,
            meaning=command.meaning,
            route=command.route,
            paper_form=command.paper_form,
        ),
    ]


def referrals_on(case: CaseFile, held: Consent) -> list[Referral]:
    """The open referrals that are shared with their holder on an agreement."""
    shared = [d for d in case.consents.disclosures if d.consent == held.consent]
    return [
        referral
        for referral in case.referrals.values()
        if any(d.shown_to(referral.referral, referral.agency, referral.service) for d in shared)
        and not phase(referral.counting()).ended
    ]


def _ended(referral: Referral, header: Header, world: World, version: int) -> Withdrawn:
    event = Withdrawn(
        header=header,
        referral=referral.referral,
        word="own",
        reason=BECAUSE,
        age_years=completed_years(world.about().born, header.occurred_on),
        reported_by=None,
        why=None,
        note=None,
    )
    require_possible(referral, event, version)
    return event


def decide_resume(
    case: CaseFile, command: ResumeSharing, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Shares a referral again: its holder sees all of it, also what was recorded meanwhile. Raises NotFound; refuses
    `sharing_not_stopped`, `disclosure_without_basis`."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    referral = case.referrals.get(command.referral)
    if referral is None:
        raise NotFound
    shown = case.consents.open_disclosure(referral.referral, referral.agency, referral.service)
    if shown is None or shown.receives:
        raise Refusal("sharing_not_stopped", "referral")
    return [
        disclose(
            case,
            header,
            agency=referral.agency,
            service=referral.service,
            ground=referral.referral,
            data_classes=shown.data_classes,
        )
    ]


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(WithdrawConsent, decide_withdraw, PUPIL_STREAM),
        decides(ResumeSharing, decide_resume, PUPIL_STREAM),
    ]
)
