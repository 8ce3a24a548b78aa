"""Who learns that its sight of a referral ended."""

from __future__ import annotations

from projections.policies import SCHOOL_STAFF, Policy, at, own

POLICIES = (
    Policy("sight_end", "of_the_agency", f"{at('agency')} and {own('organisation')}"),
    Policy("sight_end", "of_the_school", f"{at('school')} and {own('organisation')} and {SCHOOL_STAFF}"),
)
