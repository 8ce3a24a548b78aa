"""To whom a challenge goes when it is not answered: levels of the code table `escalation_level`, by agency
kind.

Health boards: the service manager, then the DECLO (ALN Act section 61). The others after a published local
protocol (managers, senior liaison officers, an independently chaired meeting). How many days each level has
is a setting of the edge.
"""

from __future__ import annotations

HEALTH = frozenset({"local_health_board", "nhs_trust"})
LOCAL_AUTHORITY = frozenset({"la_education", "la_social_services"})

_HEALTH = ("service_manager", "declo")
_OTHERS = ("service_manager", "senior_officer", "independent_chair")


def ladder(agency_kind: str | None) -> tuple[str, ...]:
    """The levels of an agency kind, lowest first."""
    return _HEALTH if agency_kind in HEALTH else _OTHERS
