"""A school's meetings from the calendar to the approved minutes, and an agency's answers, on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coordination.calendars import wales
from coordination.directory.commands import AcceptTerms
from coordination.meeting.commands import MarkPresence
from coordination.meeting.events import Party
from coordination.meeting.state import MEETING_STREAM, Meeting
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.service import Coordination
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    HEAD,
    PSYCHOLOGIST,
    PUPIL,
    SCHOOL,
    START,
    THERAPY,
    order,
    register,
)
from tests.projections.casework import SECOND, SECOND_UPN
from tests.webui.county_site import county_on
from tests.webui.looking import counted
from tests.webui.referring import Forms, browser, form_in, send, settled
from tests.webui.service import RunningService

NOBODY = UUID(int=0x999)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    """The county with two pupils; CAMHS accepted terms that ask for ten working days."""
    with county_on(service) as coordination:
        register(coordination)
        register(coordination, SECOND, SECOND_UPN)
        accepted = AcceptTerms(
            occurred_on=START,
            organisation=BOARD,
            terms=UUID(int=0xE901),
            service=CAMHS,
            school=SCHOOL,
            effective_from=START,
            notice_working_days=10,
        )
        coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
        settled(service, coordination)
        yield coordination


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class MeetingDesk:
    """Somebody at their pages."""

    def __init__(self, service: RunningService, coordination: Coordination, username: str = "alnco") -> None:
        self.service = service
        self.coordination = coordination
        self.client: FlaskClient = browser(service, username)

    @property
    def today(self) -> date:
        today: date = self.service.app.extensions["cydlynu"].today()
        return today

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def does(self, path: str, action: str = "", status: int = 303, **typed: Any) -> Any:
        """Sends the form of a page with some of it typed over; `action` where the page has several."""
        form = next(
            f for address, f in Forms(self.get(path)).found if address == action and "command_id" in f
        )
        answer = send(self.client, action or path, form, **typed)
        assert answer.status_code == status, words_of(answer.text)
        return answer

    def schedules(self, on: date, **typed: Any) -> UUID:
        answer = self.does("/meetings/new", held_on=on, **typed)
        return UUID(re.search(r"/meetings/([0-9a-f-]{36})", answer.location)[1])  # type: ignore[index]

    def state(self, meeting: UUID) -> Meeting:
        found: Meeting = self.coordination.batch().state(MEETING_STREAM, meeting)
        return found


@pytest.fixture
def desk(service: RunningService, county: Coordination) -> MeetingDesk:
    return MeetingDesk(service, county)


def invited(desk: MeetingDesk, *parties: UUID, on: date | None = None) -> UUID:
    """A meeting to which these are invited; both pupils are on its agenda."""
    meeting = desk.schedules(on or desk.today, chair=str(ALNCO))
    desk.does(f"/meetings/{meeting}/invite", parties=[str(p) for p in parties])
    for pupil in (PUPIL, SECOND):
        desk.does(f"/meetings/{meeting}/agenda", pupil=str(pupil))
    return meeting


def marks(desk: MeetingDesk, meeting: UUID, **typed: Any) -> Any:
    """The register, saved: marks by the first word of a party's name."""
    parties = {"alnco": ALNCO, "camhs": CAMHS, "therapy": THERAPY}
    named = {}
    for name, value in typed.items():
        field, _, who = name.rpartition("_")
        named[f"{field or 'mark'}_{parties[who].hex}"] = value
    return desk.does(f"/meetings/{meeting}/register", **named)


def items(desk: MeetingDesk, meeting: UUID) -> list[UUID]:
    return list(desk.state(meeting).items)


# Planning


def test_a_meeting_is_scheduled_and_the_next_one_begins_as_it_was(desk: MeetingDesk) -> None:
    held_on = desk.today + timedelta(days=30)
    meeting = desk.schedules(held_on, starts_at="13.30", place="Room 4", chair=str(ALNCO), quorum="3")
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "13:30, Room 4" in page
    assert "Chair: Person a1. Quorum: 3." in page
    assert "Nobody is invited yet." in page
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
    assert desk.state(meeting).expected() == (CAMHS,)
    (item,) = items(desk, meeting)
    desk.does(agenda, action=f"{agenda}/{item}/confirm")
    assert desk.state(meeting).items[item].confirmed
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
    clinician = MeetingDesk(service, desk.coordination, "clinician")
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
    # it can be sent again
    assert "Child and adolescent mental health" in desk.get(f"/meetings/{meeting}/invite")


# The register


def test_the_register_in_one_go(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, THERAPY)
    marks(
        desk,
        meeting,
        _alnco="attended",
        _camhs="late",
        arrived_camhs="1355",
        _therapy="substitute",
        substitute_for_therapy=str(UUID(int=0xA4)),
        authority_therapy="yes",
    )
    register = desk.state(meeting).register
    assert {key: line.mark for key, line in register.items()} == {
        ALNCO: "attended",
        CAMHS: "late",
        THERAPY: "substitute",
    }
    page = words_of(desk.get(f"/meetings/{meeting}"))
    assert "Arrived late (arrived at 13:55)" in page
    assert "Substitute attended, for Person a4, could make decisions" in page
    # only what is another mark now is recorded
    before = desk.coordination.record.last_position()
    nothing = desk.does(f"/meetings/{meeting}/register", status=422)
    assert "No marks have changed." in nothing.text
    marks(desk, meeting, _camhs="attended")
    assert desk.coordination.record.last_position() > before
    page = words_of(desk.get(f"/meetings/{meeting}/register/{CAMHS}"))
    assert page.index("Attended Stands") < page.index("Arrived late (arrived at 13:55) corrected")


def test_a_refused_line_is_said_beside_it_and_nothing_is_half_saved(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, THERAPY)
    desk.does(f"/meetings/{meeting}/invited/{CAMHS}/answer", answer="apologies")
    wrong = desk.does(
        f"/meetings/{meeting}/register",
        status=422,
        **{f"mark_{ALNCO.hex}": "attended", f"mark_{CAMHS.hex}": "absent", f"mark_{THERAPY.hex}": "late",
           f"arrived_{THERAPY.hex}": "25:00"},
    )  # fmt: skip
    assert "enter a time, for example 14:30" in wrong.text
    wrong = send(
        desk.client, f"/meetings/{meeting}/register", form_in(wrong.text), **{f"arrived_{THERAPY.hex}": "14"}
    )
    assert wrong.status_code == 422
    assert f'href="#mark_{CAMHS.hex}"' in wrong.text
    assert "They sent apologies, so they cannot be marked as absent without apologies." in wrong.text
    assert desk.state(meeting).register == {}


def test_two_who_mark_at_once_see_each_others_marks(service: RunningService, desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    path = f"/meetings/{meeting}/register"
    form = form_in(desk.get(path))
    marks(MeetingDesk(service, desk.coordination, "head"), meeting, _camhs="apologies")
    lost = send(desk.client, path, form, **{f"mark_{CAMHS.hex}": "attended"})
    assert lost.status_code == 422
    said = words_of(lost.text)
    assert "This has changed. Check what is new, then send yours again" in said
    assert "Recorded: Apologies, by Person a2." in said
    assert desk.state(meeting).register[CAMHS].mark == "apologies"
    # sent again, knowing: a correction beside what the other one wrote
    assert send(desk.client, path, form_in(lost.text)).status_code == 303
    assert desk.state(meeting).register[CAMHS].mark == "attended"
    assert "Apologies corrected" in words_of(desk.get(f"{path}/{CAMHS}"))


def test_sent_twice_a_register_is_marked_once(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    path = f"/meetings/{meeting}/register"
    form = form_in(desk.get(path))
    typed = {f"mark_{CAMHS.hex}": "attended", f"mark_{ALNCO.hex}": "attended"}
    assert send(desk.client, path, form, **typed).status_code == 303
    position = desk.coordination.record.last_position()
    assert send(desk.client, path, form, **typed).status_code == 303
    assert desk.coordination.record.last_position() == position


def test_somebody_who_was_not_invited_is_marked_present(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    path = f"/meetings/{meeting}/register?with={THERAPY}&with={NOBODY}&with=x&with={HEAD}"
    desk.does(path, **{f"mark_{THERAPY.hex}": "attended", f"mark_{HEAD.hex}": "attended"})
    assert set(desk.state(meeting).register) == {THERAPY, HEAD}
    assert "Attended without an invitation." in desk.get(f"/meetings/{meeting}")


# Minutes and actions


def minuted(desk: MeetingDesk, meeting: UUID, number: int = 0, **typed: Any) -> UUID:
    """The minute of an item of the agenda; the id of the item."""
    item = items(desk, meeting)[number]
    desk.does(f"/meetings/{meeting}/minutes/{item}", **({"discussion": "Sleep and school."} | typed))
    return item


def test_a_minute_begun_is_kept_until_it_is_saved(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    path = f"/meetings/{meeting}/minutes/{items(desk, meeting)[0]}"
    form = form_in(desk.get(path), "discussion")
    typed = {"discussion": "Cwsg a’r ysgol.", "what_2": "Write to the nurse"}
    assert send(desk.client, path, form, draft="keep", **typed).status_code == 303
    begun = form_in(desk.get(path), "csrf_token", action=path)
    on = send(desk.client, path, begun, draft="resume")
    assert on.status_code == 200
    again = form_in(on.text, "discussion")
    assert (again["discussion"], again["what_2"]) == ("Cwsg a’r ysgol.", "Write to the nurse")
    assert send(desk.client, path, again, what_2="").status_code == 303
    assert "You started this on" not in desk.get(path)


def test_a_minute_with_dissent_views_and_actions(service: RunningService, desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS, THERAPY)
    marks(desk, meeting, _alnco="attended", _camhs="attended", _therapy="attended")
    due = desk.today + timedelta(days=14)
    typed: dict[str, Any] = {
        "services_present": [str(CAMHS)],
        "discussion": "He sleeps <b>badly</b>.\nŴythnos wael.",
        "decision": "Wait for the nurse.",
        f"dissent_{CAMHS.hex}": "We would see him sooner.",
        "childs_view": "I am tired.",
        "what_1": "Ring home",
        "owner_1": f"person {HEAD}",
        "due_on_1": due,
        "what_2": "Send the letter",
    }
    item = minuted(desk, meeting, **typed)
    case = desk.coordination.batch().state(PUPIL_STREAM, PUPIL)
    (minute,) = case.minutes.minutes.values()
    assert minute.services_present == (CAMHS,)
    assert {(a.owner is not None, a.due_on) for a in case.actions.actions.values()} == {
        (True, due),
        (False, None),
    }
    page = desk.get(f"/meetings/{meeting}/minute/{minute.minute}")
    for words in (
        "He sleeps &lt;b&gt;badly&lt;/b&gt;.\nŴythnos wael.",
        "Child and adolescent mental health does not agree",
        "We would see him sooner.",
        "I am tired.",
        "Owner: Person a2.",
        "No due date",
    ):
        assert words in page, words
    # the service in the room reads it, the other one of the same board reads nothing that it was not there for
    assert "Wait for the nurse." in MeetingDesk(service, desk.coordination, "clinician").get(
        f"/meetings/{meeting}/minute/{minute.minute}"
    )
    MeetingDesk(service, desk.coordination, "psychologist").get(
        f"/meetings/{meeting}/minute/{minute.minute}", 404
    )
    MeetingDesk(service, desk.coordination, "other-alnco").get(
        f"/meetings/{meeting}/minute/{minute.minute}", 404
    )
    assert "2 actions" in words_of(desk.get(f"/meetings/{meeting}"))
    assert str(item) != str(minute.minute)


def test_a_minute_says_something(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    item = items(desk, meeting)[0]
    empty = desk.does(f"/meetings/{meeting}/minutes/{item}", status=422)
    assert "This cannot be left empty." in empty.text
    wrong = desk.does(
        f"/meetings/{meeting}/minutes/{item}",
        status=422,
        discussion="x",
        what_1="Ring",
        due_on_1=desk.today - timedelta(days=1),
    )
    assert "Enter a due date on or after" in wrong.text
    assert desk.state(meeting).minutes == {}


def test_a_corrected_minute_shows_both_versions(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    item = minuted(desk, meeting, discussion="Sleep.")
    path = f"/meetings/{meeting}/minutes/{item}"
    assert "Enter why you are correcting the minute" in desk.does(path, status=422, discussion="Food.").text
    desk.does(path, discussion="Food.", why="The wrong child.")
    (minute,) = desk.state(meeting).minutes
    page = words_of(desk.get(f"/meetings/{meeting}/minute/{minute}"))
    assert page.index("Food.") < page.index("Earlier version") < page.index("Sleep.")
    assert "Reason for the correction: The wrong child." in page


def test_two_who_minute_the_same_pupil_lose_no_word(service: RunningService, desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    item = items(desk, meeting)[0]
    path = f"/meetings/{meeting}/minutes/{item}"
    form = form_in(desk.get(path))
    minuted(MeetingDesk(service, desk.coordination, "head"), meeting, discussion="What the head wrote.")
    lost = send(desk.client, path, form, discussion="What I wrote.")
    assert lost.status_code == 422
    assert "What the head wrote." in lost.text
    assert "What I wrote." in lost.text
    again = form_in(lost.text)
    assert send(desk.client, path, again, why="Both were there.").status_code == 303
    (minute,) = desk.state(meeting).minutes
    page = words_of(desk.get(f"/meetings/{meeting}/minute/{minute}"))
    assert page.index("What I wrote.") < page.index("What the head wrote.")


def test_a_minute_sent_twice_is_one(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    item = items(desk, meeting)[0]
    path = f"/meetings/{meeting}/minutes/{item}"
    form = form_in(desk.get(path))
    assert send(desk.client, path, form, discussion="Once.", what_1="Ring").status_code == 303
    position = desk.coordination.record.last_position()
    assert send(desk.client, path, form, discussion="Once.", what_1="Ring").status_code == 303
    assert desk.coordination.record.last_position() == position


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


def test_the_printed_minutes_hold_everything(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    agenda = words_of(desk.get(f"/meetings/{desk.schedules(desk.today + timedelta(days=30))}/print"))
    assert "Agenda: Hwb meeting" in agenda
    marks(desk, meeting, _alnco="attended", _camhs="apologies")
    minuted(desk, meeting, decision="Refer.", what_1="Ring home", owner_1=f"person {HEAD}")
    desk.does(f"/meetings/{meeting}/next", next_on=desk.today + timedelta(days=28))
    desk.does(f"/meetings/{meeting}/interest", person=str(HEAD))
    page = words_of(desk.get(f"/meetings/{meeting}/print"))
    for words in (
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
