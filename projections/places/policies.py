"""Who sees the places of a base, and who has one.

What an authority arranged names no pupil and may be read by everyone. A referral for a place is seen by the school that
has the pupil, by whoever runs the base, and by the caseworkers of the base's authority and of the authority that placed
the pupil; the latter read the reviews (Estyn 2008, paragraph 54)."""

from __future__ import annotations

from projections.policies import (
    SCHOOL_STAFF,
    Policy,
    at,
    held,
    of_the_agency_s_service,
    own,
    visible,
)

OF_ITS_AUTHORITIES = f"({own('authority')} or {own('placing_authority')})"
POLICIES = (
    Policy("base_entry", "of_everyone", "true"),
    Policy(
        "placement",
        "of_the_parties",
        f"{held('placement')} and ({at('caseworker')} or {SCHOOL_STAFF})"
        f" or {at('agency')} and {of_the_agency_s_service('authority')}"
        f" or {at('caseworker')} and {OF_ITS_AUTHORITIES}"
        f" or {at('operator')}",
    ),
    Policy("placement", "counted_by_the_authority", f"{at('auditor')} and {own('authority')}"),
    Policy(
        "placement_words",
        "with_the_place",
        f"{at('school', 'agency', 'caseworker')} and "
        + visible("placement", "p", "p.referral = placement_words.referral"),
    ),
    Policy(
        "identity",
        "of_the_authority_of_a_place",
        f"{at('caseworker')} and kind = 'identity' and "
        + visible(
            "placement",
            "p",
            "p.pupil = identity.pupil",
            "p.state not in ('ended', 'refused')",
            f"({own('p.authority')} or {own('p.placing_authority')})",
        ),
    ),
    Policy("short_notice", "of_the_service", f"{at('agency')} and {of_the_agency_s_service()}"),
    Policy("short_notice", "of_the_school", f"{held('short_notice')} and {SCHOOL_STAFF}"),
)
