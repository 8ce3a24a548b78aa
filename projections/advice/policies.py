"""Who sees an advice conversation: the school that asked and the service that was asked."""

from __future__ import annotations

from projections.policies import (
    HOLDING,
    Policy,
    at,
    held,
    of_the_agency_s_service,
    of_the_party,
    own,
    visible,
)

# The words can tell who the child is: those about a named pupil are read with the pupil, or not at all.
WITH_ITS_PUPIL = f"(not a.named or {visible('advice_pupil', 'p', 'p.advice = a.advice')})"

POLICIES = (
    of_the_party("advice", agency=of_the_agency_s_service()),
    of_the_party("advice_follow", agency=of_the_agency_s_service()),
    Policy("advice_pupil", "of_the_school", f"{own('school')} and {held('advice_pupil')}"),
    Policy(
        "advice_pupil",
        "of_the_service",
        f"{at('agency')} and {of_the_agency_s_service()} and "
        + visible("open_access", "o", "o.pupil = advice_pupil.pupil", f"o.basis not in {HOLDING}"),
    ),
    Policy(
        "advice_words",
        "of_the_party",
        visible("advice", "a", "a.advice = advice_words.advice", WITH_ITS_PUPIL),
    ),
)
