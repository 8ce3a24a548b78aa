"""Who sees a missed appointment."""

from __future__ import annotations

from projections.policies import Policy, at, of_the_school, still_shared

POLICIES = (
    of_the_school("missed"),
    of_the_school("basis_request"),
    Policy("missed", "of_the_agency", f"{at('agency')} and {still_shared('missed', 'referral')}"),
)
