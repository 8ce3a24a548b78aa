"""Corrections: an entry struck out, and who may see the referral after a correction."""

from __future__ import annotations

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
    held = held_referral(case, command.referral, header, command.seen)
    require_correctable(held, command.entry, header, command.why)
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
    return [
        DisclosureClosed(
            header=header,
            agency=agency,
            ground=before.referral,
            because="recorded_in_error" if in_error else "not_passed_on",
        )
        for agency in sorted(before.path() - after.path())
        if case.consents.disclosed(before.referral, agency)
    ]


def sharing_passed_on(
    case: CaseFile, before: Referral, after: Referral, header: Header
) -> list[AnyConsentEvent]:
    """Who passed the referral on to another agency receives nothing new of it from here on."""
    shown = case.consents.open_disclosure(before.referral, before.agency)
    if before.agency == after.agency or before.agency not in after.path():
        return []
    if shown is None or not shown.receives:
        return []
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
    shown = case.consents.open_disclosure(before.referral, after.agency)
    if before.agency == after.agency or shown is None or shown.receives:
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
            override_reason=None,
        )
    ]


def _disclosures_reopened(
    case: CaseFile, before: Referral, after: Referral, header: Header
) -> list[AnyConsentEvent]:
    """That it was recorded in error, or never passed on, was itself an error: what was closed for it is open again, as
    far as what it rested on still holds."""
    found: list[AnyConsentEvent] = []
    for agency in sorted(after.path() - before.path()):
        gone = case.consents.closed_in_error(before.referral, agency)
        if gone is not None:
            found.extend(_made_again(case, gone, header))
    return found
