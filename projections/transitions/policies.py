"""Who sees a transition: who holds the file; of the next school the pack
alone."""

from __future__ import annotations

from projections.policies import SCHOOL_STAFF, Policy, at, held, own

POLICIES = (
    Policy("transition", "of_the_holder", f"{held('transition')} and ({at('caseworker')} or {SCHOOL_STAFF})"),
    Policy(
        "transition_pack",
        "of_the_two_schools",
        f"{held('transition_pack')} and ({at('caseworker')} or {SCHOOL_STAFF})"
        f" or {at('school')} and {SCHOOL_STAFF} and {own('to_school')}",
    ),
    Policy(
        "destination", "of_the_holder", f"{held('destination')} and ({at('caseworker')} or {SCHOOL_STAFF})"
    ),
    Policy(
        "destination",
        "of_the_school_that_recorded",
        f"{at('school')} and {SCHOOL_STAFF} and {own('recorded_by')}",
    ),
)
