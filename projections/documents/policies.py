"""Who sees a document: who holds the pupil's file, the service that attached it, those that were given it."""

from __future__ import annotations

from coordination.permissions import Right, Thing, roles_with
from projections.policies import (
    HIDDEN,
    Policy,
    at,
    held,
    in_roles,
    own,
    own_service,
    visible,
)

OF_IMMEDIATE_RISK = (
    f"(not {in_roles(*roles_with(Thing.REFERRAL_CONTENT, Right.IMMEDIATE_RISK))} or "
    + visible("referral", "r", "r.referral = document.thing", "r.immediate_risk")
    + ")"
)
"""As of the words of a referral: the safeguarding person only where immediate risk was recorded."""

DISCLOSED = visible("open_access", "a", "a.pupil = document.pupil", "a.ground = document.document")
NAMES_NOBODY = "challenge_document.pupils = '{}'"
FOR_ALL_IT_NAMES = (
    "not exists (select from unnest(challenge_document.pupils) as named(pupil) where not "
    + visible("open_access", "a", "a.pupil = named.pupil", "a.ground = challenge_document.document")
    + ")"
)


def _of_the_challenge(*conditions: str) -> str:
    return visible("challenge", "c", "c.challenge = challenge_document.challenge", *conditions)


POLICIES = (
    Policy(
        "document",
        "of_a_referral",
        f"attached_to = 'referral' and {held('document')} and {OF_IMMEDIATE_RISK}",
    ),
    # with the minute: of the named staff of the school that took it
    Policy(
        "document",
        "of_a_minute",
        f"attached_to = 'minute' and {at('school')} and "
        + visible("minute", "m", "m.minute = document.thing"),
    ),
    Policy(
        "document",
        "of_the_service",
        f"{at('agency')} and ({DISCLOSED} or {own('organisation')} and {own_service('document.service')} and "
        + visible("open_access", "a", "a.pupil = document.pupil", "a.ground = document.thing")
        + ")",
    ),
    # One that names pupils is for the school and, as far as it was disclosed for each of them, for the agency; for the
    # authority and whoever rules it is not.
    Policy(
        "challenge_document",
        "of_the_party",
        f"{_of_the_challenge()} and ({NAMES_NOBODY} or {at('school')} and {_of_the_challenge(own('c.school'))}"
        f" or {at('agency')} and ({own('organisation')} and {own_service('challenge_document.service')}"
        f" or {FOR_ALL_IT_NAMES}))",
    ),
    Policy("challenge_document", "not_hidden", f"not challenge_document.pupils && {HIDDEN}", restricts=True),
)
