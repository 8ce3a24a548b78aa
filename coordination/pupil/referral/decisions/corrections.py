"""Corrections: an entry struck out, and who may see the referral after a correction."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Header
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.consent.events import (
    AnyConsentEvent,
    DisclosureClosed,
    DisclosureMade,
    SharingStopped,
)
from coordination.pupil.consent.state import Disclosure
from coordination.pupil.referral.commands import StrikeEntry
from coordination.pupil.referral.decisions.checks import held_referral, require_correctable
from coordination.pupil.referral.events import EntryStruck, ReferralEvent
from coordination.pupil.referral.phase import check_order, in_order
from coordination.pupil.referral.state import Referral, evolve
from coordination.world import World


def decide_strike(case: CaseFile, command: StrikeEntry, header: Header, world: World) -> list[AnyPupilEvent]:
    """Refuses when the rest, without the entry, could not have happened either."""
    held = held_referral(case, command.referral, header, command.seen, world)
    require_correctable(held, command.entry, header, command.why, world)
    check_order(in_order(s for s in held.counting() if s.version != command.entry))
    struck = EntryStruck(header=header, referral=held.referral, supersedes=command.entry, why=command.why)
    after = after_event(case, held, struck)
    return [
        struck,
        *disclosures_closed(case, held, after, header),
        *_disclosures_reopened(case, held, after, header),
        *_sharing_resumed(case, held, after, header),
    ]


def after_event(case: CaseFile, held: Referral, event: ReferralEvent) -> Referral:
    """The referral as the event leaves it."""
    return evolve({held.referral: held}, event, case.version + 1)[held.referral]


def disclosures_closed(
    case: CaseFile, before: Referral, after: Referral, header: Header
) -> list[AnyConsentEvent]:
    """Who sees the referral only because of what no longer counts (a passing on that was struck or corrected, a
    referral recorded in error) sees it no longer."""
    in_error = any(s.name == "recorded_in_error" for s in after.counting())
    remaining, path = after.path(), before.path()
    agencies = {agency for agency, _ in remaining}
    gone: dict[tuple[UUID, UUID | None], None] = {}
    for agency, service in sorted(path - remaining):
        shown = case.consents.open_disclosure(before.referral, agency, service)
        # what the whole agency sees stays open while one of its services has a part in it
        if shown is not None and (shown.service is not None or agency not in agencies):
            gone[agency, shown.service] = None
    return [
        DisclosureClosed(
            header=header,
            agency=agency,
            service=service,
            whole_agency=service is None,
            ground=before.referral,
            because="recorded_in_error" if in_error else "not_passed_on",
        )
        for agency, service in gone
    ]


def sharing_passed_on(
    case: CaseFile, before: Referral, after: Referral, header: Header
) -> list[AnyConsentEvent]:
    """The service that passed the referral on to another receives nothing new of it from here on."""
    shown = case.consents.open_disclosure(before.referral, before.agency, before.service)
    passed_by, passed_to = (before.agency, before.service), (after.agency, after.service)
    if passed_by == passed_to or passed_by not in after.path() or shown is None or not shown.receives:
        return []
    if shown.service is None and before.agency == after.agency:
        return []  # the whole agency sees it, by the agreement
    return [
        SharingStopped(
            header=header,
            agency=before.agency,
            service=shown.service,
            grounds=(before.referral,),
            because="passed_on",
        )
    ]


def _sharing_resumed(
    case: CaseFile, before: Referral, after: Referral, header: Header
) -> list[AnyConsentEvent]:
    """That it was passed on was an error: who has it after all receives it again, as far as the basis holds."""
    shown = case.consents.open_disclosure(before.referral, after.agency, after.service)
    same = (before.agency, before.service) == (after.agency, after.service)
    if same or shown is None or shown.receives:
        return []
    return _made_again(case, shown, header)


def _made_again(case: CaseFile, shown: Disclosure, header: Header) -> list[AnyConsentEvent]:
    if not case.consents.rests(shown, header.occurred_on):
        return []
    return [
        DisclosureMade(
            header=header,
            agency=shown.agency,
            ground=shown.ground,
            data_classes=shown.data_classes,
            lawful_basis=shown.lawful_basis,
            consent=shown.consent,
            service=shown.service,
            whole_agency=shown.service is None,
            override_reason=None,
        )
    ]


def _disclosures_reopened(
    case: CaseFile, before: Referral, after: Referral, header: Header
) -> list[AnyConsentEvent]:
    """That it was recorded in error, or never passed on, was itself an error: what was closed for it is open again, as
    far as what it rested on still holds."""
    found: dict[tuple[UUID, UUID | None], list[AnyConsentEvent]] = {}
    for agency, service in sorted(after.path() - before.path()):
        gone = case.consents.closed_in_error(before.referral, agency, service)
        if gone is not None:
            found[agency, gone.service] = _made_again(case, gone, header)
    return [event for made in found.values() for event in made]
