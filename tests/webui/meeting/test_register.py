"""The register of a meeting."""

from __future__ import annotations

from uuid import UUID

from tests.county import (
    ALNCO,
    CAMHS,
    HEAD,
    THERAPY,
)
from tests.webui.meeting.conftest import NOBODY, MeetingDesk, invited, marks, words_of
from tests.webui.referring import form_in, send
from tests.webui.service import RunningService

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
    assert "Substitute attended, in place of Person a4, could make decisions" in page
    # only what is another mark now is recorded
    before = desk.coordination.record.last_position()
    nothing = desk.does(f"/meetings/{meeting}/register", status=422)
    assert "No marks have changed." in nothing.text
    marks(desk, meeting, _camhs="attended")
    assert desk.coordination.record.last_position() > before
    page = words_of(desk.get(f"/meetings/{meeting}/register/{CAMHS}"))
    assert page.index("Attended Current") < page.index("Arrived late (arrived at 13:55) corrected")


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


def test_empty_marks_are_filled_in_with_one_click(service: RunningService, desk: MeetingDesk) -> None:
    first = invited(desk, CAMHS, THERAPY)
    marks(desk, first, _alnco="attended", _camhs="late", _therapy="apologies")
    meeting = invited(desk, CAMHS, THERAPY)
    desk.does(f"/meetings/{meeting}/invited/{CAMHS}/answer", answer="attending", way="email")
    answered = form_in(desk.get(f"/meetings/{meeting}/register?as=answered"), f"was_{CAMHS.hex}")
    assert answered[f"mark_{CAMHS.hex}"] == "attended"
    assert not answered.get(f"mark_{THERAPY.hex}"), "who did not answer is not taken to have come"
    # a mark that stands is not filled in again
    marks(desk, meeting, _camhs="left_early")
    path = f"/meetings/{meeting}/register?as=answered"
    assert form_in(desk.get(path), f"was_{CAMHS.hex}")[f"mark_{CAMHS.hex}"] == "left_early"
