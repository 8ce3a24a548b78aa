"""Who sees which waits."""

from __future__ import annotations

from projections.policies import Policy, at, of_the_agency_s_service, of_the_party, own, visible, with_the

POLICIES = (
    of_the_party("wait", agency=of_the_agency_s_service(), authority=own("authority")),
    with_the("referral_need", "of_the_party", "wait", "referral"),
    with_the("pupil_language", "of_the_party", "wait", "pupil"),
    # The auditor of the authority, of a wait that they see, and as far as it was this authority's; a desk that has the
    # referral itself reads it there.
    Policy(
        "wait_entry",
        "of_the_auditor",
        f"{at('auditor', 'caseworker')} and "
        + visible(
            "wait",
            "w",
            "w.referral = wait_entry.referral",
            "(w.known_to is null or wait_entry.position <= w.known_to)",
        ),
    ),
    # also of a referral that no wait came from: a contact and no receipt
    Policy("wait_entry", "of_the_operator", at("operator")),
)
