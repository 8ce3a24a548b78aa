"""Who sees a challenge. Until it is sent it is the school's own matter."""

from __future__ import annotations

from projections.policies import (
    PERSON,
    SCHOOL_STAFF,
    Policy,
    at,
    of_the_agency_s_service,
    of_the_party,
    own,
    visible,
    with_the,
)

SENT = "sent_on is not null"

POLICIES = (
    of_the_party(
        "challenge",
        agency=of_the_agency_s_service(),
        agency_if=SENT,
        authority=own("authority"),
        authority_if=SENT,
    ),
    # A person who was asked to rule sees this one, at whichever desk; they read what the parties say, and no waits of
    # pupils.
    Policy(
        "challenge",
        "of_the_ruler",
        f"{PERSON} = any (rulers) and {SENT} and {at('agency', 'auditor', 'caseworker')}",
    ),
    # A suggestion is the school's own matter, whatever becomes of it.
    Policy(
        "challenge_suggestion",
        "of_the_school",
        f"{at('operator')} or {at('school')} and {own('school')} and {SCHOOL_STAFF}",
    ),
    with_the("challenge_step", "of_the_party", "challenge", "challenge"),
    with_the("challenge_mark", "of_the_party", "challenge", "challenge"),
    # The waits name pupils: for the school and the agency only.
    Policy(
        "challenge_wait",
        "of_the_party",
        f"{at('school', 'agency', 'operator')} and "
        + visible(
            "challenge",
            "c",
            "c.challenge = challenge_wait.challenge",
            f"({at('operator')} or {own('c.school')} or {of_the_agency_s_service('c.agency', 'c.service')})",
        ),
    ),
)
