"""Whether a party is expected at a meeting.

A service is *expected* only under terms of reference that it accepted for this school's meetings of this kind, in
force on the day of the meeting, with the notice that they require, and only if the meeting or an item needs it. Other
parties may attend but are not expected.
"""

from __future__ import annotations

from datetime import date

from coordination.calendars import wales
from coordination.directory.state import Directory, TermsOfReference
from coordination.event import Header
from coordination.meeting.events import Expectation, ExpectationChanged, Party, Unexpected
from coordination.meeting.state import Invitation, Meeting


def expectation(
    meeting: Meeting,
    party: Party,
    directory: Directory,
    *,
    whole_meeting: bool,
    notice_from: date,
    undelivered: bool = False,
) -> Expectation:
    """Whether a party is expected at the meeting now. Notice is in working days: those after `notice_from` up to and
    including the day of the meeting."""
    days = wales()
    items = meeting.items_needing(party.service)
    terms = _terms(meeting, party, directory)
    notice = days.ordinal(meeting.held_on) - days.ordinal(notice_from)
    because = _because(whole_meeting or bool(items), terms, undelivered, notice)
    return Expectation(
        expected=because is None,
        notice_from=notice_from,
        notice=notice,
        because=because,
        terms=terms.id if terms else None,
        notice_required=terms.notice_working_days if terms else None,
        items=items,
    )


def _terms(meeting: Meeting, party: Party, directory: Directory) -> TermsOfReference | None:
    if party.service is None:
        return None
    return directory.terms(party.service, meeting.school, meeting.held_on, meeting.kind)


def _because(
    needed: bool, terms: TermsOfReference | None, undelivered: bool, notice: int
) -> Unexpected | None:
    if not needed:
        return "not_needed"
    if terms is None:
        return "no_terms"
    if undelivered:
        return "not_delivered"
    return "short_notice" if notice < terms.notice_working_days else None


def notice_from(invitation: Invitation, asked_on: date) -> date:
    """The first day of notice when a party is asked for more on `asked_on`. A party that already knew it was needed
    keeps its earlier notice."""
    needed = invitation.whole_meeting or bool(invitation.expectation.items)
    if needed and not invitation.undelivered:
        return invitation.expectation.notice_from
    return max(asked_on, invitation.invited_on)  # notice cannot start before the invitation


def changed_expectations(
    before: Meeting, after: Meeting, header: Header, directory: Directory, *, anew: bool = False
) -> list[ExpectationChanged]:
    """The expectations that differ after a change. `anew`: notice starts again on the day of the change (another
    date)."""
    changes = []
    for key, invitation in after.invitations.items():
        on = header.occurred_on
        since = max(on, invitation.invited_on) if anew else notice_from(before.invitations[key], on)
        now = expectation(
            after,
            invitation.party,
            directory,
            whole_meeting=invitation.whole_meeting,
            notice_from=since,
            undelivered=invitation.undelivered,
        )
        if _differs(now, invitation.expectation):
            changes.append(ExpectationChanged(header=header, party=invitation.party, expectation=now))
    return changes


def _differs(now: Expectation, was: Expectation) -> bool:
    """A later `notice_from` alone matters only where the party is needed."""
    if now.because == was.because == "not_needed":
        return False
    return now != was
