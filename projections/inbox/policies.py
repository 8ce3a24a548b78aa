"""Who sees what was reported in an agency's name."""

from __future__ import annotations

from projections.policies import Policy, at, of_the_agency_s_service, of_the_school, opened_for

POLICIES = (
    of_the_school("reported", "by_the_school"),
    Policy(
        "reported",
        "in_the_name_of_the_agency",
        f"{at('agency')} and {of_the_agency_s_service()} and {opened_for('reported', 'referral')}",
    ),
)
