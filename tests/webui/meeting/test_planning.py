"""Planning a meeting, and the answers of those invited."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from coordination.calendars import wales
from tests.county import (
    ALNCO,
    CAMHS,
    HEAD,
    PSYCHOLOGIST,
    PUPIL,
    THERAPY,
)
from tests.webui.meeting.conftest import NOBODY, MeetingDesk, invited, items, words_of
from tests.webui.referring import form_in, send
from tests.webui.service import RunningService

# Planning


def test_a_meeting_is_scheduled_and_the_next_one_begins_as_it_was(desk: MeetingDesk) -> None:
    held_on = desk.today + timedelta(days=30)
    meeting = desk.schedules(held_on, starts_at="13.30", place="Room 4", chair=str(ALNCO), quorum="3")
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "13:30, Room 4" in page
    assert "Chair: Person a1. Quorum: 3." in page
    assert "No one has been invited yet." in page
    desk.does(f"/meetings/{meeting}/invite", parties=[str(CAMHS), str(THERAPY), str(HEAD)])
    after = form_in(desk.get(f"/meetings/new?after={meeting}"))
    assert (after["starts_at"], after["place"], after["chair"], after["quorum"]) == (
        "13:30",
        "Room 4",
        str(ALNCO),
        "3",
    )
    answer = send(desk.client, f"/meetings/new?after={meeting}", after)
    following = UUID(answer.location.split("/")[-1].split("?")[0])
    first, second = desk.state(meeting), desk.state(following)
    assert second.series == first.series
    assert set(second.invitations) == {CAMHS, THERAPY, HEAD}
    assert second.held_on > first.held_on
    assert "13:30" in desk.get(f"/meetings/{following}")
    listed = words_of(desk.get("/meetings"))
    assert "0 of 3 invitations answered. Send the agenda by" in listed


def test_who_is_expected_is_said_before_and_after_the_invitation(desk: MeetingDesk) -> None:
    soon = desk.schedules(wales().add(desk.today, 5))
    page = words_of(desk.get(f"/meetings/{soon}/invite"))
    assert (
        "Not expected, may attend: 5 working days of notice; its terms of reference require 10 working days."
    ) in page
    assert (
        page.count("Not expected, may attend: it has not agreed to terms of reference for these meetings.")
        == 2
    )
    later = desk.schedules(wales().add(desk.today, 12))
    assert "Expected: 12 working days of notice" in words_of(desk.get(f"/meetings/{later}/invite"))
    desk.does(f"/meetings/{later}/invite", parties=[str(CAMHS)])
    assert "Expected: 12 working days of notice; its terms of reference require 10 working days." in words_of(
        desk.get(f"/meetings/{later}")
    )
    assert desk.state(later).expected() == (CAMHS,)
    nothing = desk.does(f"/meetings/{later}/invite", status=422, parties=[])
    assert "Choose at least one person or service to invite" in nothing.text


def test_the_agenda_takes_pupils_confirms_them_and_lets_them_go(desk: MeetingDesk) -> None:
    meeting = desk.schedules(desk.today + timedelta(days=30))
    agenda = f"/meetings/{meeting}/agenda"
    desk.does(f"/meetings/{meeting}/invite", parties=[str(CAMHS)], asked="items")
    assert desk.state(meeting).expected() == ()
    desk.does(agenda, pupil=str(PUPIL), services=[str(CAMHS)], confirmed="no")
    page = desk.get(agenda)
    assert "Gŵyn-Llŷr" in page
    assert "Proposed" in page
    assert desk.state(meeting).expected() == ()
    assert "no confirmed item on the agenda needs it" in words_of(desk.get(f"/meetings/{meeting}"))
    (item,) = items(desk, meeting)
    desk.does(agenda, action=f"{agenda}/{item}/confirm")
    assert desk.state(meeting).items[item].confirmed
    assert desk.state(meeting).expected() == (CAMHS,)
    assert "Expected: " in words_of(desk.get(f"/meetings/{meeting}"))
    assert "The agenda is recorded as sent." in words_of(
        desk.client.get(desk.does(agenda, action=f"{agenda}/send").location).text
    )
    assert desk.state(meeting).agenda_sent_on == desk.today
    desk.does(agenda, action=f"{agenda}/{item}/remove")
    assert desk.state(meeting).items == {}
    wrong = desk.does(agenda, status=422, pupil=str(NOBODY))
    assert "choose one of the answers offered" in wrong.text
    # a pupil who is on it already is not offered again
    desk.does(agenda, pupil=str(PUPIL))
    assert str(PUPIL) not in form_in(desk.get(agenda)).values()


def test_a_meeting_is_moved_and_cancelled(desk: MeetingDesk) -> None:
    meeting = desk.schedules(desk.today + timedelta(days=30))
    desk.does(f"/meetings/{meeting}/invite", parties=[str(CAMHS)])
    desk.does(f"/meetings/{meeting}/invited/{CAMHS}/answer", answer="apologies")
    assert desk.state(meeting).invitations[CAMHS].answer == "apologies"
    desk.does(f"/meetings/{meeting}/move", held_on=desk.today + timedelta(days=37), why="Snow.")
    assert desk.state(meeting).invitations[CAMHS].answer is None
    desk.does(f"/meetings/{meeting}/cancel", why="More snow.")
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "Cancelled" in page
    assert "“More snow.”" in page
    refused = desk.does(f"/meetings/{meeting}/move", status=422, held_on=desk.today + timedelta(days=40))
    assert "This meeting was cancelled." in refused.text


def test_a_lost_race_keeps_what_was_typed_and_goes_on_from_what_is_new(desk: MeetingDesk) -> None:
    meeting = desk.schedules(desk.today + timedelta(days=30))
    path = f"/meetings/{meeting}/move"
    form = form_in(desk.get(path))
    desk.does(f"/meetings/{meeting}/chair", chair=str(HEAD))
    lost = send(desk.client, path, form, why="The hall is taken.")
    assert lost.status_code == 422
    assert "This has changed. Check what is new, then send yours again" in lost.text
    assert "The hall is taken." in lost.text
    again = form_in(lost.text)
    assert send(desk.client, path, again, held_on=desk.today + timedelta(days=31)).status_code == 303


# Answers


def test_an_agency_finds_its_invitation_and_answers_in_its_own_name(
    service: RunningService, desk: MeetingDesk
) -> None:
    meeting = invited(desk, CAMHS, THERAPY, on=desk.today + timedelta(days=30))
    desk.does(f"/meetings/{meeting}/invited/{CAMHS}/answer", answer="attending", way="telephone")
    clinician = MeetingDesk(service, desk.coordination, "therapist")
    listed = words_of(clinician.get("/meetings?service=all"))
    assert "The school recorded this answer. You can give your own." in listed
    assert "Answer needed" in listed
    page = clinician.get(f"/meetings/{meeting}")
    assert "Gŵyn-Llŷr" not in page
    assert "Ysgol y Bryn" in page
    reply = f"/meetings/{meeting}/reply/{CAMHS}"
    answered = clinician.does(f"/meetings/{meeting}", action=reply, answer="apologies")
    assert "Your answer is recorded." in clinician.get(answered.location)
    invitation = desk.state(meeting).invitations[CAMHS]
    assert (invitation.answer, invitation.own_word) == ("apologies", True)
    # the school cannot say otherwise afterwards
    path = f"/meetings/{meeting}/invited/{CAMHS}/answer"
    assert "Their own answer is used" in desk.does(path, status=422, answer="attending").text
    nothing = clinician.does(f"/meetings/{meeting}", action=reply, status=422, answer=None)
    assert "Choose your answer" in nothing.text


def test_nobody_answers_for_others(service: RunningService, desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, on=desk.today + timedelta(days=30))
    stranger = MeetingDesk(service, desk.coordination, "psychologist")
    stranger.get(f"/meetings/{meeting}", status=404)
    clinician = MeetingDesk(service, desk.coordination, "clinician")
    form = form_in(clinician.get(f"/meetings/{meeting}"), action="reply")
    for who, party in ((stranger, CAMHS), (clinician, PSYCHOLOGIST), (clinician, NOBODY)):
        form["csrf_token"] = form_in(who.get("/meetings"), containing="csrf_token")["csrf_token"]
        sent = send(who.client, f"/meetings/{meeting}/reply/{party}", form, answer="attending")
        assert sent.status_code == 404
    assert desk.state(meeting).invitations[CAMHS].answer is None


def test_an_invitation_that_came_back_asks_nothing(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, on=desk.today + timedelta(days=30))
    desk.does(f"/meetings/{meeting}/invited/{CAMHS}/delivery", arrived="no", way="email")
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "Not expected: the invitation was not delivered." in page
    assert desk.state(meeting).expected() == ()
    # another date does not reach it either
    desk.does(f"/meetings/{meeting}/move", held_on=desk.today + timedelta(days=37), why="Snow.")
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "Not expected: the invitation was not delivered." in page
    assert "Invitation not delivered" in page
    # it can be sent again
    assert "Child and adolescent mental health" in desk.get(f"/meetings/{meeting}/invite")
