"""Who sees a meeting, its register and its agenda."""

from __future__ import annotations

from projections.policies import (
    ORGANISATION,
    TODAY,
    Policy,
    at,
    of_the_party,
    own,
    own_among,
    visible,
)

POLICIES = (
    of_the_party("meeting", agency=own_among("organisations"), authority=own("authority")),
    Policy(
        "meeting_step",
        "of_the_party",
        visible("meeting", "m", "m.meeting = meeting_step.meeting")
        + f" and (shared or {at('school', 'operator')})",
    ),
    Policy(
        "meeting_text",
        "of_the_party",
        f"{at('school', 'agency', 'operator')} and "
        + visible("meeting", "m", "m.meeting = meeting_text.meeting")
        + f" and (organisation is null or {own('organisation')} or {at('school', 'operator')})",
    ),
    of_the_party("attendance", agency=own("agency"), authority=own("authority"), authority_if="in_figures"),
    of_the_party("register_line", agency=own("organisation")),
    Policy(
        "item_heard",
        "of_the_party",
        f"{at('school', 'operator')} and "
        + visible("meeting", "m", "m.meeting = item_heard.meeting")
        + f" or {at('agency')} and {own_among('organisations')}",
    ),
    # The agenda names pupils: an agency sees the items that need it or that it was in the room for, and only about
    # pupils for whom it has a recorded basis; an auditor none.
    Policy(
        "agenda_item",
        "of_the_party",
        f"{at('operator')} or ({own('school')} and {at('school')}) or ({at('agency')} and ("
        f"{own_among('organisations')} or "
        + visible(
            "item_heard",
            "h",
            "h.meeting = agenda_item.meeting",
            "h.item = agenda_item.item",
            own_among("h.organisations"),
        )
        + ") and "
        + visible(
            "log.pupil_access",
            "a",
            "a.pupil = agenda_item.pupil",
            f"a.organisation = {ORGANISATION}",
            f"a.opened_on <= {TODAY}",
            f"(a.closed_on is null or a.closed_on > {TODAY})",
        )
        + ")",
    ),
    of_the_party("mark_dispute", agency=own("agency"), authority=own("authority")),
)
