"""Who sees support and one-page profiles.

The named staff of the school that has the pupil on its roll, or the authority that holds a child on no roll; the
class teacher, but for a trace of a referral; a service to which it was disclosed, as a class of data of its own. The
authority counts it without names."""

from __future__ import annotations

from projections.classes.policies import taught
from projections.policies import (
    AT_THE_AUTHORITY,
    SCHOOL_STAFF,
    Policy,
    at,
    disclosed,
    held,
    holds,
    own,
    own_service,
    visible,
)


def _of_the_holder(table: str) -> Policy:
    return Policy(table, "of_the_holder", f"{held(table)} and ({at('caseworker')} or {SCHOOL_STAFF})")


def _of_the_teacher(table: str) -> Policy:
    return Policy(table, "of_the_teacher", taught(table))


def _to_the_agency(table: str, data_class: str, version: str) -> Policy:
    told = disclosed(table, holds(data_class), version=version)
    return Policy(table, "to_the_agency", f"{at('agency')} and {told}")


def _with_the_support(table: str) -> Policy:
    parent = visible("support", "s", f"s.support = {table}.support")
    return Policy(table, "with_the_support", parent)


COUNTED = f"({AT_THE_AUTHORITY} and {own('authority')} or {at('operator')})"

POLICIES = (
    _of_the_holder("support"),
    _of_the_teacher("support"),
    _to_the_agency("support", "support", "first_version"),
    Policy("support", "counted_by_the_authority", COUNTED),
    _with_the_support("support_need"),
    _of_the_holder("support_advice"),
    Policy(
        "support_advice",
        "of_the_service_that_advised",
        f"{at('agency')} and {own_service('advised_by')} and "
        + visible("support", "s", "s.support = support_advice.support"),
    ),
    _with_the_support("support_review"),
    _of_the_holder("support_words"),
    _of_the_teacher("support_words"),
    _to_the_agency("support_words", "support", "version"),
    Policy(
        "support_days",
        "of_the_party",
        f"{at('school')} and {SCHOOL_STAFF} and ("
        + own("given_by")
        + " or "
        + visible("open_access", "a", "a.pupil = support_days.pupil", "a.basis = 'registration'")
        + f") or {COUNTED}",
    ),
    _of_the_holder("one_page_profile"),
    _of_the_teacher("one_page_profile"),
    _to_the_agency("one_page_profile", "one_page_profile", "version"),
)
