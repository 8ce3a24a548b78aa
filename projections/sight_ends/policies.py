"""Who learns that its sight of a referral ended."""

from __future__ import annotations

from projections.policies import SCHOOL_STAFF, Policy, at, of_the_agency_s_service, own

POLICIES = (
    Policy("sight_end", "of_the_agency", f"{at('agency')} and {of_the_agency_s_service('organisation')}"),
    Policy("sight_end", "of_the_school", f"{at('school')} and {own('organisation')} and {SCHOOL_STAFF}"),
)
