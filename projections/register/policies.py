"""Who sees the register: the named staff of the school, also of those who left; the authority counts without names."""

from __future__ import annotations

from projections.policies import AT_THE_AUTHORITY, SCHOOL_STAFF, Policy, at, own, visible

POLICIES = (
    Policy(
        "register_roll",
        "of_the_party",
        f"{at('school')} and {SCHOOL_STAFF} and {own('school')} or {AT_THE_AUTHORITY} and {own('authority')}"
        f" or {at('operator')}",
    ),
    *(
        Policy(table, "with_the_roll", visible("register_roll", "r", f"r.pupil = {table}.pupil"))
        for table in ("register_provision", "register_plan")
    ),
)
