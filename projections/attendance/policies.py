"""Who sees a meeting, its register and its agenda."""

from __future__ import annotations

from projections.policies import (
    HOLDING,
    Policy,
    at,
    of_the_agency_s_service,
    of_the_party,
    own,
    own_among,
    own_party,
    own_services_among,
    party_among,
    visible,
)

PLACE = f"{own('agency')} and {own_party('party')}"
"""A place at a meeting of the viewer's service, of the viewer, or of the agency as a whole."""
EVERY_DESK = at("school", "agency", "auditor", "caseworker", "operator")

POLICIES = (
    of_the_party(
        "meeting",
        agency=f"{own_among('organisations')} and {party_among('parties')}",
        authority=own("authority"),
    ),
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
        + f" and (organisation is null or ({own('organisation')} and {own_party('party')})"
        + f" or {at('school', 'operator')})",
    ),
    of_the_party("attendance", agency=PLACE, authority=own("authority"), authority_if="in_figures"),
    # Times and ids, of no pupil and no school: what is needed to say that a service was asked for elsewhere.
    Policy("engagement", "at_every_desk", EVERY_DESK),
    Policy("capacity", "at_every_desk", EVERY_DESK),
    of_the_party("register_line", agency=f"{own('organisation')} and {own_party('party')}"),
    Policy(
        "item_heard",
        "of_the_party",
        f"{at('school', 'operator')} and "
        + visible("meeting", "m", "m.meeting = item_heard.meeting")
        + f" or {at('agency')} and {own_among('organisations')} and {own_services_among('services')}",
    ),
    # The agenda names pupils. An agency sees the items that were disclosed to its service, and those of minutes that it
    # reads; of items from before disclosures those that need it or that it was in the room for, about pupils for whom
    # its service has a recorded basis. An auditor sees none.
    Policy(
        "agenda_item",
        "of_the_party",
        f"{at('operator')} or ({own('school')} and {at('school')}) or ({at('agency')} and not without_names and ("
        + visible("disclosure", "d", "d.pupil = agenda_item.pupil", "d.ground = agenda_item.item")
        + " or "
        + visible("minute", "m", "m.pupil = agenda_item.pupil", "m.item = agenda_item.item")
        + " or not by_disclosure and ("
        + f"({own_among('organisations')} and {own_services_among('services')}) or "
        + visible(
            "item_heard",
            "h",
            "h.meeting = agenda_item.meeting",
            "h.item = agenda_item.item",
            own_among("h.organisations"),
            own_services_among("h.services"),
        )
        + ") and "
        + visible("open_access", "a", "a.pupil = agenda_item.pupil", f"a.basis not in {HOLDING}")
        + "))",
    ),
    of_the_party("mark_contest", agency=of_the_agency_s_service(), authority=own("authority")),
    of_the_party("mark_dispute", agency=of_the_agency_s_service(), authority=own("authority")),
)
