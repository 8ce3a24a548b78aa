"""Minutes about pupils, and the actions agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

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
