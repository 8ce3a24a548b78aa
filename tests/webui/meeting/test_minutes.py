"""Minutes about pupils, and the actions agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from coordination.calendars import wales
from coordination.pupil.casefile import PUPIL_STREAM
from tests.county import (
    CAMHS,
    HEAD,
    PUPIL,
    THERAPY,
)
from tests.webui.meeting.conftest import MeetingDesk, invited, items, marks, minuted, words_of
from tests.webui.referring import form_in, send
from tests.webui.service import RunningService


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
    # a draft is the school's alone
    for other in ("clinician", "psychologist", "other-alnco"):
        where = f"/meetings/{meeting}/minute/{minute.minute}"
        MeetingDesk(service, desk.coordination, other).get(where, 404)
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
    now, earlier = page.split("Earlier version", 1)
    # both are in the minute as it stands, and the earlier version is kept beside it
    assert now.index("What the head wrote.") < now.index("What I wrote.")
    assert "What the head wrote." in earlier


def test_what_another_types_is_seen_before_it_is_recorded_and_stays_until_it_is_dealt_with(
    service: RunningService, desk: MeetingDesk
) -> None:
    meeting = invited(desk, CAMHS)
    item = items(desk, meeting)[0]
    path = f"/meetings/{meeting}/minutes/{item}"
    head = MeetingDesk(service, desk.coordination, "head")
    theirs = form_in(head.get(path), "discussion")
    typed = {"discussion": "Cwsg <b>gwael</b>.", "what_2": "Ask the nurse"}
    assert send(head.client, path, theirs, draft="keep", **typed).status_code == 303
    page = desk.get(path)
    assert "Cwsg &lt;b&gt;gwael&lt;/b&gt;." in page
    assert "Ask the nurse" in page
    # the script's fragment says the same, and one's own text is not shown as another's
    assert "Cwsg" in desk.get(f"{path}/texts?showing=x")
    assert "Cwsg" not in head.get(f"{path}/texts?showing={theirs['command_id']}")
    # the other minute is recorded: the head's text is in no minute, and finalising says so
    minuted(desk, meeting, discussion="Mine.")
    marks(desk, meeting, _alnco="attended", _camhs="attended")
    assert "that is in no minute" in desk.get(f"/meetings/{meeting}/finish")
    aside = form_in(desk.get(path), "writer")
    assert send(desk.client, f"{path}/texts", aside).status_code == 303
    assert "Cwsg" not in desk.get(path)
    assert "that is in no minute" not in desk.get(f"/meetings/{meeting}/finish")
    # the head's page is still open: sending it joins both texts
    joined = send(head.client, path, theirs, **typed)
    assert joined.status_code == 422
    assert form_in(joined.text, "discussion")["discussion"].split() == ["Mine.", "Cwsg", "<b>gwael</b>."]
    assert "Ask the nurse" in joined.text
    assert send(head.client, path, form_in(joined.text, "discussion")).status_code == 303
    (action,) = desk.coordination.batch().state(PUPIL_STREAM, PUPIL).actions.actions.values()
    assert action.meeting is not None


def test_the_same_form_in_two_windows_keeps_both_texts(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    path = f"/meetings/{meeting}/minutes/{items(desk, meeting)[0]}"
    form = form_in(desk.get(path), "discussion")
    for text in ("In the first window.", "In the second window."):
        # each window still has the version 0 that it was opened with
        assert send(desk.client, path, form, draft="keep", discussion=text).status_code == 303
    page = desk.get(f"{path}/texts?showing=another")
    assert "In the first window." in page
    assert "In the second window." in page
    # a save that goes on from the version that stands replaces it
    assert (
        send(
            desk.client, path, form, draft="keep", discussion="Second, longer.", text_version="2"
        ).status_code
        == 303
    )
    page = desk.get(f"{path}/texts?showing=another")
    assert "In the second window." not in page
    assert "Second, longer." in page
    assert "In the first window." in page


def test_in_two_weeks_sets_the_date_and_the_brief_shows_it_at_the_next_meeting(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    minuted(
        desk,
        meeting,
        decision="Refer to CAMHS.",
        childs_view="Dwi wedi blino.",
        what_1="Ring home",
        owner_1=f"service {CAMHS}",
        due_in_1="in_2_weeks",
    )
    (action,) = desk.coordination.batch().state(PUPIL_STREAM, PUPIL).actions.actions.values()
    assert action.due_on == wales().next_working_day(desk.today + timedelta(weeks=2))
    after = invited(desk, CAMHS)
    page = words_of(desk.get(f"/meetings/{after}/minutes/{items(desk, after)[0]}"))
    brief = page[page.index("In brief") :]
    assert "Ring home" in brief
    assert "Refer to CAMHS." in brief


def test_a_minute_sent_twice_is_one(desk: MeetingDesk) -> None:
    meeting = invited(desk, CAMHS)
    item = items(desk, meeting)[0]
    path = f"/meetings/{meeting}/minutes/{item}"
    form = form_in(desk.get(path))
    assert send(desk.client, path, form, discussion="Once.", what_1="Ring").status_code == 303
    position = desk.coordination.record.last_position()
    assert send(desk.client, path, form, discussion="Once.", what_1="Ring").status_code == 303
    assert desk.coordination.record.last_position() == position
