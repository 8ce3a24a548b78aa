"""Who of a family may be sent something, or open what was sent, at this moment. Asked at each sending and each opening.

A link, a printed form or a card belongs to one person. The rules, in the order in which they are asked: the file is
held by the school that sends; the pupil is not restricted; no hold (court order, safeguarding, bereavement); the person
still represents the pupil; for a looked-after child the social worker named them; they have parental responsibility.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from coordination.pupil.consent.state import Consent

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile
    from coordination.pupil.referral.state import Referral

NotReceiving = Literal[
    "file_not_held",
    "pupil_restricted",
    "family_hold",
    "contact_not_current",
    "social_worker_decides",
    "no_parental_responsibility",
]
"""Why a person may not be sent anything now: a code with its words for the school. The family is told nothing of it."""

ASKABLE = frozenset({"requested", "given"})


def reason_not_to_send(
    case: CaseFile,
    contact: UUID | None,
    *,
    sender: UUID,
    on: date,
    looked_after: Callable[[], bool | None],
) -> NotReceiving | None:
    """Why the contact (None: the pupil) may not receive or open anything from the sender now; None where they may.

    `looked_after()` opens whether an authority looks after the pupil; None (not known, or erased) is taken for no.
    Restrictions of any organisation count: one that restricts its file knows of a danger that the others may not.
    """
    if sender not in case.profile.holders():
        return "file_not_held"
    if case.restrictions.held:
        return "pupil_restricted"
    if case.family.holds_on(contact, on):
        return "family_hold"
    if contact is None:
        return None
    held = case.profile.contact(contact)
    if held is None:
        return "contact_not_current"
    if looked_after():
        named = case.family.recipients
        return None if named is not None and contact in named else "social_worker_decides"
    return None if held.parental_responsibility else "no_parental_responsibility"


def questions_for(case: CaseFile, contact: UUID | None, on: date) -> tuple[Consent, ...]:
    """What a person is asked, or has agreed to and can withdraw, the oldest first: their own questions only. What a
    competent child agreed to alone is nobody else's, and sharing that a court prevents is not asked for."""
    return tuple(
        held
        for held in case.consents.questions.values()
        if held.contact == contact
        and held.standing in ASKABLE
        and (held.standing == "given" or _may_be_asked(case, held, on))
    )


def referrals_for(case: CaseFile, contact: UUID | None) -> tuple[Referral, ...]:
    """The referrals that the family's pages for this person (None: the pupil) may name: for a contact, none that rests
    on what the child agreed to alone."""
    found = case.referrals.values()
    if contact is None:
        return tuple(found)
    return tuple(r for r in found if not kept_from_parents(case, r))


def kept_from_parents(case: CaseFile, referral: Referral) -> bool:
    """Whether a competent child or young person agreed alone to the referral, so that it stays out of what parents
    receive: it was shared on such an agreement, or would be."""
    cited = {d.consent for d in case.consents.disclosures if d.ground == referral.referral}
    alone = [c for c in case.consents.questions.values() if c.kept_from_parents]
    return any(
        c.consent in cited or (not cited and c.covers(referral.agency, referral.service)) for c in alone
    )


def _may_be_asked(case: CaseFile, held: Consent, on: date) -> bool:
    order = case.objections.order_on(held.agency, held.service, held.purpose, on)
    return order is None or order.effect != "prevents"
