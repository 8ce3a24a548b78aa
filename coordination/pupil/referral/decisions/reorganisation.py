"""An open referral follows its service to another agency, or to the service that takes it on."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import command_day, require_not_in_future
from coordination.directory.permission import OPERATORS
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.consent.decide import REFERRAL
from coordination.pupil.consent.events import AgreementFollowed, DisclosureClosed, DisclosureMade
from coordination.pupil.consent.state import Disclosure
from coordination.pupil.referral.commands import MoveReferralService
from coordination.pupil.referral.events import ReferralServiceMoved
from coordination.pupil.referral.phase import phase
from coordination.pupil.referral.state import Referral
from coordination.world import World


def decide_move_referral_service(
    case: CaseFile, command: MoveReferralService, header: Header, world: World
) -> list[AnyPupilEvent]:
    """The referral and what was disclosed for it go to the agency that has its service, or the service that inherits
    it, by the directory. Nothing happens to a referral that has ended, or is there already.

    Agreement to share with a service stays valid when the *service* moves, and the disclosure to the other agency has
    the basis of the earlier one. Where another agency's service inherits a closed service's referrals, that is another
    service: refused `disclosure_without_basis` unless there is agreement with it.
    """
    if header.role != "operator" or header.source not in OPERATORS:
        raise NotFound
    held = case.referrals.get(command.referral)
    if held is None:
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    service = world.directory.service(held.service)
    taken_on = world.directory.taken_on_by(held.service, command.occurred_on)
    if service is None or phase(held.counting()).ended:
        return []
    to_agency = (taken_on or service).agency
    if to_agency == held.agency:
        return []
    inherited = taken_on is not None and taken_on.id != service.id
    moved = ReferralServiceMoved(
        header=header,
        referral=held.referral,
        service=held.service,
        from_agency=held.agency,
        to_agency=to_agency,
        inherited_by=taken_on.id if inherited and taken_on else None,
    )
    shown = case.consents.open_disclosure(held.referral, held.agency, held.service)
    if shown is not None and not shown.receives:
        shown = None  # the sharing has stopped: nothing goes with the service
    if inherited and taken_on is not None:
        return [moved, *_inherited(case, held, moved, shown, taken_on.id)]
    return [moved, *_followed(case, moved, shown), *_disclosed(moved, shown)]


def _followed(case: CaseFile, moved: ReferralServiceMoved, shown: Disclosure | None) -> list[AnyPupilEvent]:
    """The agreement with the agency that had the service covers the service with the other agency too: the one that the
    disclosure cites, or where nothing was disclosed the one in force on the day of recording."""
    agreed = case.consents.agreement(moved.from_agency, moved.service, REFERRAL, command_day(moved.header))
    if shown is not None:
        agreed = case.consents.questions.get(shown.consent) if shown.consent is not None else None
    if agreed is None or moved.to_agency in agreed.followed_to or agreed.agency == moved.to_agency:
        return []
    return [
        AgreementFollowed(
            header=moved.header,
            consent=agreed.consent,
            service=moved.service,
            from_agency=moved.from_agency,
            agency=moved.to_agency,
        )
    ]


def _disclosed(moved: ReferralServiceMoved, shown: Disclosure | None) -> list[AnyPupilEvent]:
    """Sight goes from one agency to the other on the day, on the same basis; none where none was open. What the whole
    of the one agency saw, the service alone sees at the other."""
    if shown is None:
        return []
    return [
        DisclosureMade(
            header=moved.header,
            agency=moved.to_agency,
            service=moved.service,
            ground=moved.referral,
            data_classes=shown.data_classes,
            lawful_basis=shown.lawful_basis,
            consent=shown.consent,
            override_reason=None,
        ),
        _closed(moved, shown),
    ]


def _closed(moved: ReferralServiceMoved, shown: Disclosure) -> DisclosureClosed:
    return DisclosureClosed(
        header=moved.header,
        agency=moved.from_agency,
        service=shown.service,
        whole_agency=shown.service is None,
        ground=moved.referral,
        because="service_moved",
    )


def _inherited(
    case: CaseFile,
    held: Referral,
    moved: ReferralServiceMoved,
    shown: Disclosure | None,
    taken_on_by: UUID,
) -> list[AnyPupilEvent]:
    """Another service sees the referral only by agreement of its own, or where it has sight of it already. It stays a
    referral to the closed service, for which the other one looks as well (`directory.sight`)."""
    if shown is None:
        return []
    if case.consents.disclosed(held.referral, moved.to_agency, taken_on_by):
        return [_closed(moved, shown)]
    agreed = case.consents.agreement(moved.to_agency, taken_on_by, REFERRAL, command_day(moved.header))
    if agreed is None:
        raise Refusal("disclosure_without_basis", "consent")
    made = DisclosureMade(
        header=moved.header,
        agency=moved.to_agency,
        service=moved.service,
        ground=moved.referral,
        data_classes=shown.data_classes,
        lawful_basis=case.consents.lawful_basis(moved.to_agency, taken_on_by),
        consent=agreed.consent,
        override_reason=None,
    )
    return [made, _closed(moved, shown)]
