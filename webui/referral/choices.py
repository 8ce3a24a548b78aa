"""The choices for the questions about a milestone of a referral, as they are now."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from coordination.pupil.referral.appointments import appointments
from coordination.pupil.referral.milestones import MILESTONES, rules_of
from projections.attendance.queries import meetings
from webui.referral.forms.milestones import NOT_ON_RECORD
from webui.referral.reading import OpenedReferral, offers
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.formats import day, instant
from webui.words.naming import code_words, directory, organisation_name, service_name

PANELS = ("admissions_panel", "pupil_panel")
"""The kinds of meeting that decide on places."""


def choices_of(opened: OpenedReferral, milestone: str) -> dict[str, list[tuple[str, str]]]:
    """The choices for each question about a step now."""
    today = viewer().today
    choices = {
        "priority": codes("priority", today),
        "reported_how": codes("reported_how", today),
        "requirements": _requirements(opened, today),
        "appointment": [
            *((str(s.appointment), _offered_words(s.on, s.for_when)) for s in offers(opened.held)),
            *_not_on_record(milestone),
        ],
        "chosen": [(at.isoformat(), instant(at)) for step in offers(opened.held) for at in step.for_when],
        "to_service": other_services(opened, today),
    }
    if milestone == "panel_decided":
        choices["meeting"] = _panels(today)
    if (table := rules_of(milestone).codes.get("reason")) is not None:
        choices["reason"] = codes(table, today)
    return choices


def likely_appointment(opened: OpenedReferral) -> str | None:
    """The appointment that an entry is probably about: the last one without an outcome; none on record if nothing was
    offered."""
    found = appointments(opened.held.counting())
    if not found:
        return NOT_ON_RECORD
    still_open = [one.offer.appointment for one in found if one.outcome is None and one.offer.appointment]
    return str(still_open[-1]) if still_open else None


def _not_on_record(milestone: str) -> list[tuple[str, str]]:
    """The choice of an appointment that is not on record, for a step that can say so."""
    can_say = "no_appointment_on_record" in MILESTONES[milestone].__struct_fields__
    return [(NOT_ON_RECORD, _("It is not on record"))] if can_say else []


def codes(table: str, on: date) -> list[tuple[str, str]]:
    """The codes of a table on a day, with their words."""
    return [(code, code_words(table, code)) for code in directory().codes(table, on)]


def _panels(today: date) -> list[tuple[str, str]]:
    """The panels held so far that the user may see, the last first."""
    held = [
        one
        for one in meetings(casework.reader(), viewer(), to_on=today)
        if one.kind in PANELS and not one.cancelled
    ]
    return [
        (str(one.meeting), f"{day(one.held_on)}: {code_words('meeting_kind', one.kind)}")
        for one in reversed(held)
    ]


def _requirements(opened: OpenedReferral, today: date) -> list[tuple[str, str]]:
    """The service's requirements first, then all others."""
    service = directory().service(opened.held.service)
    asks = service.asks_for(today) if service else ()
    rest = [code for code in directory().codes("requirement", today) if code not in asks]
    return [(code, code_words("requirement", code)) for code in (*asks, *rest)]


def other_services(opened: OpenedReferral, today: date) -> list[tuple[str, str]]:
    """Open services by agency; the agency's own first, because passing on within it requires no other agreement."""
    own = opened.held.agency
    found = [s for s in directory().services if s.is_open(today) and s.id != opened.held.service]
    named = [(s.agency != own, organisation_name(s.agency), service_name(s), str(s.id)) for s in found]
    return [
        (key, _("%(service)s, %(agency)s", service=name, agency=agency))
        for _o, agency, name, key in sorted(named)
    ]


def _offered_words(sent: date, when: tuple[datetime, ...]) -> str:
    times = _(" or ").join(instant(at) for at in when) or _("day not known")
    return _("%(times)s (offered on %(sent)s)", times=times, sent=day(sent))
