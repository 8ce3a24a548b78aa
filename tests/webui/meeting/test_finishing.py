"""The end of a meeting, and bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.commands import AcceptTerms
from coordination.meeting.commands import MarkPresence
from coordination.meeting.events import Party
from tests.county import (
    ADMINISTRATOR,
    BOARD,
    CAMHS,
    HEAD,
    SCHOOL,
    START,
    THERAPY,
    order,
)
from tests.webui.looking import counted
from tests.webui.meeting.conftest import NOBODY, MeetingDesk, invited, marks, minuted, words_of
from tests.webui.referring import form_in, send, settled
from tests.webui.service import RunningService

# The end


def test_the_gaps_lead_to_where_they_are_filled(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, on=desk.today)
    # expected in spite of no notice: terms that ask for none
    accepted = AcceptTerms(
        occurred_on=START,
        organisation=BOARD,
        terms=UUID(int=0xE902),
        service=THERAPY,
        school=SCHOOL,
        effective_from=START,
        notice_working_days=0,
    )
    desk.coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
    desk.does(f"/meetings/{meeting}/invite", parties=[str(THERAPY)])
    item = minuted(desk, meeting, what_1="Ring home")
    path = f"/meetings/{meeting}/finish"
    page = desk.get(path)
    said = words_of(page)
    assert "4 things to fix" in said
    for words in (
        "No one is marked as present.",
        "Speech and language therapy was expected but is not marked.",
        "An action for Siân Gŵyn-Llŷr has no owner: Ring home",
        "An action for Siân Gŵyn-Llŷr has no due date: Ring home",
    ):
        assert words in said, words
    assert "1 pupil on the agenda has no minute." in said
    assert "No next meeting is set." in said
    refused = desk.does(path, status=422)
    assert "The meeting cannot be finalised yet" in refused.text
    assert f"/meetings/{meeting}/register#party-{THERAPY.hex}" in page
    marks(desk, meeting, _alnco="attended", _therapy="attended")
    (action,) = desk.state(meeting).actions
    assert f"/meetings/{meeting}/actions/{action}" in page
    settle = f"/meetings/{meeting}/actions/{action}"
    desk.does(settle, action=settle, owner=f"service {THERAPY}", due_on=desk.today + timedelta(days=9))
    assert "Ready to finalise." in desk.get(path)
    done = desk.does(path)
    assert "The minutes are final." in desk.get(done.location)
    assert desk.state(meeting).finalised
    assert item in desk.state(meeting).items


def test_an_action_is_dropped_before_the_end(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    minuted(desk, meeting, what_1="Ring home")
    (action,) = desk.state(meeting).actions
    page = f"/meetings/{meeting}/actions/{action}"
    assert "Enter why it is cancelled" in desk.does(page, action=f"{page}/drop", status=422).text
    desk.does(page, action=f"{page}/drop", why="Done already.")
    assert desk.state(meeting).actions == {}
    assert "Cancelled on" in desk.get(f"/meetings/{meeting}")


def test_what_is_corrected_afterwards_is_a_new_version_to_approve(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    marks(desk, meeting, _alnco="attended", _camhs="absent")
    item = minuted(desk, meeting)
    desk.does(f"/meetings/{meeting}/finish")
    desk.does(f"/meetings/{meeting}/approve")
    assert "Approved" in words_of(desk.get(f"/meetings/{meeting}"))
    line = f"/meetings/{meeting}/register/{CAMHS}"
    assert "This cannot be left empty." in desk.does(line, status=422, mark="apologies").text
    desk.does(line, mark="apologies", why="The office had the call.")
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "The minutes are final (version 2) and need approval." in page
    assert "after the minutes were final. Reason: The office had the call." in words_of(desk.get(line))
    desk.does(f"/meetings/{meeting}/minutes/{item}", discussion="Better words.", why="Unclear.")
    assert desk.state(meeting).minutes_version == 3
    # approving what one did not see is refused
    form = form_in(desk.get(f"/meetings/{meeting}/approve"))
    desk.does(line, mark="attended", why="No, she came.")
    lost = send(desk.client, f"/meetings/{meeting}/approve", form)
    assert lost.status_code == 422
    assert send(desk.client, f"/meetings/{meeting}/approve", form_in(lost.text)).status_code == 303
    assert desk.state(meeting).approved_version == 4


def test_the_schools_own_record_holds_everything(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    planned = desk.schedules(desk.today + timedelta(days=30))
    agenda = words_of(desk.get(f"/meetings/{planned}/print/{SCHOOL}"))
    assert "Agenda: Hwb meeting" in agenda
    marks(desk, meeting, _alnco="attended", _camhs="apologies")
    minuted(desk, meeting, decision="Refer.", what_1="Ring home", owner_1=f"person {HEAD}")
    desk.does(f"/meetings/{meeting}/next", next_on=desk.today + timedelta(days=28))
    desk.does(f"/meetings/{meeting}/interest", person=str(HEAD))
    page = words_of(desk.get(f"/meetings/{meeting}/print/{SCHOOL}"))
    for words in (
        "The school’s own record. Do not hand it out.",
        "Minutes: Hwb meeting",
        "Draft, not final",
        "Present Person a1",
        "Apologies Child and adolescent mental health",
        "Decided: Refer.",
        "Ring home: Person a2",
        "Next meeting",
    ):
        assert words in page, words


# Bad input


@pytest.mark.parametrize(
    "where", ["", "/agenda", "/register", "/finish", "/print", "/move", "/invite", "/approve"]
)
def test_a_wrong_or_foreign_meeting_tells_nothing(
    where: str, service: RunningService, desk: MeetingDesk
) -> None:
    meeting = invited(desk, CAMHS)
    other = MeetingDesk(service, desk.coordination, "other-alnco")
    assert words_of(other.get(f"/meetings/{meeting}{where}", 404)) == words_of(
        other.get(f"/meetings/{NOBODY}{where}", 404)
    )


def test_what_is_typed_wrong_is_said_and_kept(desk: MeetingDesk) -> None:
    form = form_in(desk.get("/meetings/new"))
    typed: dict[str, Any] = {"held_on__day": "30", "held_on__month": "2", "held_on__year": "2027"}
    for name, value, words in (
        ("starts_at", "soon", "enter a time, for example 14:30"),
        ("place", "x" * 121, "use 120 characters or fewer"),
        ("quorum", "many", "enter a whole number"),
        ("quorum", "0", "enter 1 or more"),
    ):
        wrong = send(desk.client, "/meetings/new", form, **typed, **{name: value})
        assert wrong.status_code == 422
        assert words in wrong.text
        assert "enter a real date" in wrong.text
        assert value in wrong.text
    nobody = send(desk.client, "/meetings/new", form, held_on=desk.today, chair=str(NOBODY))
    assert "choose one of the answers offered" in nobody.text
    odd = send(desk.client, "/meetings/new", form, held_on=desk.today, command_id="not an id")
    assert odd.status_code == 303
    assert desk.client.get("/meetings/new?after=nonsense").status_code == 404
    assert desk.client.get(f"/meetings/new?after={NOBODY}").status_code == 404
    assert desk.client.get("/meetings?page=1000000000").status_code == 200


def test_a_register_is_not_for_a_day_that_has_not_come(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, on=desk.today + timedelta(days=3))
    early = desk.does(f"/meetings/{meeting}/register", status=422, **{f"mark_{CAMHS.hex}": "attended"})
    assert "Record this on or after that date." in early.text


def test_the_number_of_statements_does_not_grow(service: RunningService, desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    marks(desk, meeting, _camhs="attended")
    minuted(desk, meeting, what_1="Ring")
    pages = (
        "/meetings",
        f"/meetings/{meeting}",
        f"/meetings/{meeting}/register",
        f"/meetings/{meeting}/agenda",
    )
    for path in pages:
        desk.get(path)  # what is prepared once
    few = {}
    for path in pages:
        with counted() as few[path]:
            desk.get(path)
    desk.does(f"/meetings/{meeting}/invite", parties=[str(THERAPY), str(HEAD)])
    marks(desk, meeting, _therapy="attended", _alnco="attended")
    minuted(desk, meeting, 1, what_1="Ring", what_2="Write")
    desk.schedules(desk.today + timedelta(days=3))
    for path in pages:
        desk.get(path)
        with counted() as many:
            desk.get(path)
        assert many.statements == few[path].statements, path


def test_who_came_late_to_the_record_is_in_it_too(service: RunningService, desk: MeetingDesk) -> None:
    """A mark given by another way (an import) shows on the page."""
    meeting = invited(desk, CAMHS)
    party = Party(organisation=BOARD, service=CAMHS)
    command = MarkPresence(occurred_on=desk.today, meeting=meeting, party=party, mark="attended")
    desk.coordination.perform(command, order(HEAD, desk.today))
    settled(service, desk.coordination)
    assert "Attended" in words_of(desk.get(f"/meetings/{meeting}"))
