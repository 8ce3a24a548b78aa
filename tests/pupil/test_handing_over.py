"""What a meeting discloses about each pupil, to whom and on which basis; what was only heard; what goes to nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.event import Event
from coordination.meeting.events import (
    AgendaItemAdded,
    AgendaSent,
    CorrectedAfterwards,
    MeetingFinalised,
    MeetingScheduled,
    MinuteTaken,
)
from coordination.meeting.state import Meeting
from coordination.meeting.state import evolve as evolve_meeting
from coordination.pupil import casefile
from coordination.pupil.actions.events import ActionAgreed, ActionReassigned, Owner
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.bases import Basis, basis_in_force
from coordination.pupil.consent.decide import RecordLawfulBasis, WithdrawConsent
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade, InformationShared
from coordination.pupil.minutes.events import MinuteCorrected, MinuteRecorded
from coordination.pupil.minutes.handing_over import on_meeting, on_pupil, pupils_concerned, recipients
from tests.given import SCHOOL, header
from tests.meeting.hwb import (
    ALNCO,
    BOARD,
    CAMHS,
    CHARITY,
    COUNSELLOR,
    EDPSYCH,
    ITEM,
    LA_EDUCATION,
    MEETING,
    MINUTE,
    PUPIL,
    world,
)
from tests.pupil.case import AGREED, PupilCase, agree, day, refer, registered, submit

ROOM = (CAMHS, EDPSYCH, COUNSELLOR)
ACTION = UUID(int=0xAC1)


def three_bases() -> PupilCase:
    """CAMHS by agreement, the psychologists by a recorded safeguarding basis, the charity's counsellor by none."""
    basis = RecordLawfulBasis(
        occurred_on=day(0), pupil=PUPIL, agency=LA_EDUCATION, basis="safeguarding", reason="Perygl"
    )
    return registered().does(agree(purpose="meeting"), basis)


def meeting(*events: Event, without_names: bool = False) -> Meeting:
    state = Meeting()
    added = AgendaItemAdded(
        header=header(day(1)),
        item=ITEM,
        pupil=PUPIL,
        services=ROOM,
        confirmed=True,
        without_names=without_names,
        by_disclosure=True,
    )
    scheduled = MeetingScheduled(
        header=header(day(0)), kind="hwb", school=SCHOOL, held_on=day(9), name=None, place=None
    )
    for event in (scheduled, added, *events):
        state = evolve_meeting(state, event)  # type: ignore[arg-type]
    return state


def with_minute(case: CaseFile, present: tuple[UUID, ...] = ROOM) -> tuple[CaseFile, MinuteRecorded]:
    words: dict[str, Any] = dict.fromkeys(("discussion", "decision", "childs_view", "parents_view"))
    taken = MinuteRecorded(
        header=header(day(9)),
        minute=MINUTE,
        meeting=MEETING,
        school=SCHOOL,
        services_present=present,
        item=ITEM,
        by_disclosure=True,
        dissent=(),
        **words,
    )
    return casefile.evolve(case, taken), taken


TAKEN = MinuteTaken(header=header(day(9)), minute=MINUTE, pupil=PUPIL, item=ITEM)


def finalised() -> MeetingFinalised:
    return MeetingFinalised(header=header(day(9)), minutes_version=1, present=3)


def handed(case: CaseFile, held: Meeting, event: Any) -> list[DisclosureMade]:
    assert set(pupils_concerned(event, held)) <= {PUPIL}
    found = on_meeting(held, event, {PUPIL: case}, world().directory)
    assert all(one.stream == PUPIL for one in found)
    return [one.event for one in found if isinstance(one.event, DisclosureMade)]


def test_a_final_minute_goes_to_those_with_a_basis_and_cites_it() -> None:
    case, _ = with_minute(three_bases().state)
    made = handed(case, meeting(TAKEN), finalised())
    assert [(d.service, d.agency, d.lawful_basis, d.consent) for d in made] == [
        (CAMHS, BOARD, "public_task", AGREED),
        (EDPSYCH, LA_EDUCATION, "safeguarding", None),
    ]
    assert {(d.subject, d.ground, d.data_classes) for d in made} == {
        ("minute", MINUTE, ("identity", "minutes"))
    }
    assert recipients(case, case.minutes.minutes[MINUTE], header(day(9)), world().directory) == (
        [CAMHS, EDPSYCH],
        [COUNSELLOR],
    )


def test_a_minute_finalised_while_the_agreement_is_withdrawn_does_not_go_to_that_service() -> None:
    story = three_bases()
    story.state, _ = with_minute(story.state)
    story.does(WithdrawConsent(occurred_on=day(9), pupil=PUPIL, consent=AGREED))
    assert [d.service for d in handed(story.state, meeting(TAKEN), finalised())] == [EDPSYCH]


@pytest.mark.parametrize(("last", "goes"), [(8, False), (9, True), (10, True)])
def test_the_last_day_of_an_agreement_still_counts(last: int, goes: bool) -> None:
    story = registered().does(agree(expires_on=day(last)))
    case, _ = with_minute(story.state)
    assert bool(handed(case, meeting(TAKEN), finalised())) is goes


def test_a_correction_goes_again_only_to_those_that_have_a_basis_then() -> None:
    story = three_bases()
    story.state, _ = with_minute(story.state)
    for made in handed(story.state, meeting(TAKEN), finalised()):
        story.state = casefile.evolve(story.state, made)
    story.does(WithdrawConsent(occurred_on=day(10), pupil=PUPIL, consent=AGREED))
    corrected = CorrectedAfterwards(header=header(day(11)), minutes_version=2, minute=MINUTE, pupil=PUPIL)
    assert [d.service for d in handed(story.state, meeting(TAKEN, finalised()), corrected)] == [EDPSYCH]


def test_a_service_listed_in_error_loses_the_minute_with_the_correction() -> None:
    story = three_bases()
    story.state, _ = with_minute(story.state)
    for made in handed(story.state, meeting(TAKEN), finalised()):
        story.state = casefile.evolve(story.state, made)
    minute = story.state.minutes.minutes[MINUTE]
    only_camhs = msgspec.structs.replace(minute, services_present=(CAMHS,))
    minutes = msgspec.structs.replace(story.state.minutes, minutes={MINUTE: only_camhs})
    case = msgspec.structs.replace(story.state, minutes=minutes)
    corrected = CorrectedAfterwards(header=header(day(11)), minutes_version=2, minute=MINUTE, pupil=PUPIL)
    found = on_meeting(meeting(TAKEN, finalised()), corrected, {PUPIL: case}, world().directory)
    closed = [one.event for one in found if isinstance(one.event, DisclosureClosed)]
    assert [(c.service, c.ground, c.because) for c in closed] == [(EDPSYCH, MINUTE, "recorded_in_error")]


def test_an_agenda_item_is_disclosed_once_to_those_that_it_needs_and_that_have_a_basis() -> None:
    story, held = three_bases(), meeting()
    added = next(
        AgendaItemAdded(header=header(day(1)), item=i.item, pupil=PUPIL, services=ROOM, confirmed=True)
        for i in held.items.values()
    )
    made = handed(story.state, held, added)
    assert [(d.service, d.subject, d.ground, d.data_classes) for d in made] == [
        (CAMHS, "meeting", ITEM, ("identity",)),
        (EDPSYCH, "meeting", ITEM, ("identity",)),
    ]
    for one in made:
        story.state = casefile.evolve(story.state, one)
    agenda = AgendaSent(header=header(day(2)), items=(ITEM,), parties=ROOM)
    assert handed(story.state, held, agenda) == []
    story.does(agree(agency=CHARITY, consent=UUID(int=0xE5), occurred_on=day(2)))
    assert [d.service for d in handed(story.state, held, agenda)] == [COUNSELLOR], "a basis came later"


def test_without_names_nothing_is_disclosed_and_nobody_heard() -> None:
    held = meeting(TAKEN, without_names=True)
    case, taken = with_minute(three_bases().state)
    assert handed(case, held, finalised()) == []
    assert handed(case, held, AgendaSent(header=header(day(2)), items=(ITEM,), parties=ROOM)) == []
    assert on_pupil(case, taken, held, world().directory) == []


def test_who_was_in_the_room_is_listed_once_as_having_heard_also_without_a_basis() -> None:
    held = meeting(TAKEN)
    case, taken = with_minute(three_bases().state, (CAMHS, COUNSELLOR))
    heard = on_pupil(case, taken, held, world().directory)
    assert [(h.service, h.organisation, h.lawful_basis, h.consent) for h in heard] == [
        (CAMHS, BOARD, "public_task", AGREED),
        (COUNSELLOR, CHARITY, None, None),
    ]
    assert {(h.subject, h.ground) for h in heard} == {("heard", MINUTE)}
    for one in heard:
        case = casefile.evolve(case, one)
    corrected = MinuteCorrected(
        header=header(day(9)),
        minute=MINUTE,
        meeting=MEETING,
        supersedes=case.minutes.minutes[MINUTE].last_version,
        services_present=ROOM,
        why="Hi oedd yno hefyd",
        discussion=None,
        decision=None,
        dissent=(),
        childs_view=None,
        parents_view=None,
    )
    case = casefile.evolve(case, corrected)
    assert [h.service for h in on_pupil(case, corrected, held, world().directory)] == [EDPSYCH]


def test_the_owner_of_an_action_receives_it_with_or_without_a_basis() -> None:
    case = three_bases().state

    def agreed(owner: Owner | None) -> list[InformationShared]:
        event = ActionAgreed(
            header=header(day(9)), action=ACTION, school=SCHOOL, owner=owner, due_on=None, what="Ffonio"
        )
        return on_pupil(casefile.evolve(case, event), event, None, world().directory)

    [shared] = agreed(Owner(organisation=CHARITY, service=COUNSELLOR))
    assert (shared.subject, shared.ground, shared.service) == ("action", ACTION, COUNSELLOR)
    assert (shared.organisation, shared.lawful_basis) == (CHARITY, None)
    assert agreed(None) == [] and agreed(Owner(organisation=SCHOOL, person=ALNCO)) == []
    again = ActionReassigned(
        header=header(day(9)), action=ACTION, owner=Owner(organisation=BOARD, service=CAMHS), why=None
    )
    [to_camhs] = on_pupil(case, again, None, world().directory)
    assert (to_camhs.service, to_camhs.consent) == (CAMHS, AGREED)


def test_the_basis_of_a_referral_shared_without_agreement_is_a_basis_for_its_service() -> None:
    story = registered().does(refer(), submit(override="vital_interests", override_reason="Perygl"))
    assert basis_in_force(story.state.consents, story.state.objections, BOARD, CAMHS, day(1)) == Basis(
        "vital_interests"
    )
    assert basis_in_force(story.state.consents, story.state.objections, CHARITY, COUNSELLOR, day(1)) is None
