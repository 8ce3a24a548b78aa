"""A series in words."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from coordination.directory.meeting_series import Rhythm, SeriesMember
from webui.meeting.words import PARTS
from webui.series.forms import EVERY, WEEKDAYS, WEEKS
from webui.words.naming import organisation_name, service_name

SKIPPED = {"bank_holiday": lambda: _("Bank holiday"), "holidays": lambda: _("School holidays")}


def rhythm_words(rhythm: Rhythm) -> str:
    """Every month: Wednesday, second; 13:30 to 15:00."""
    weekday = dict(WEEKDAYS)[str(rhythm.weekday)]
    hours = _(
        "%(start)s to %(end)s",
        start=rhythm.starts_at.strftime("%H:%M"),
        end=rhythm.ends_at.strftime("%H:%M"),
    )
    which = [str(dict(WEEKS)[str(rhythm.week)])] if rhythm.every in ("month", "term") else []
    return ", ".join([str(dict(EVERY)[rhythm.every]), str(weekday), *which, hours])


def member_words(member: SeriesMember, people: dict[UUID, str]) -> str:
    """The name of a member: its service, person, seat or organisation."""
    if member.service is not None:
        return service_name(member.service)
    if member.person is not None:
        return people.get(member.person, "")
    if member.part is not None:
        return str(PARTS[member.part])
    return organisation_name(member.organisation)


def skipped_words(why: str) -> str:
    """Why no meeting can be on a date."""
    return SKIPPED[why]()
