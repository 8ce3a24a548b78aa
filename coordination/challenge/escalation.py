"""The levels to which a challenge is escalated, by the agency's kind; codes of the table `escalation_level`.

Health boards: the service manager, then the DECLO (Additional Learning Needs and Education Tribunal (Wales) Act 2018,
section 61). Other agencies follow a published local protocol: managers, senior liaison officers, a meeting with an
independent chair. The caller sets how many days each level has.
"""

from __future__ import annotations

HEALTH = frozenset({"local_health_board", "nhs_trust"})
LOCAL_AUTHORITY = frozenset({"la_education", "la_social_services"})

_HEALTH = ("service_manager", "declo")
_OTHERS = ("service_manager", "senior_officer", "independent_chair")


def escalation_levels(agency_kind: str | None) -> tuple[str, ...]:
    """The levels for an agency kind, lowest first."""
    return _HEALTH if agency_kind in HEALTH else _OTHERS
