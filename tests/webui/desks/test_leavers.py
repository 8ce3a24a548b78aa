"""What people who have left still have is listed for those who manage, and handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import AppointPerson, RecordPersonLeft
from coordination.meeting.commands import ScheduleMeeting
from coordination.pupil.actions.decide import AgreeAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import AllocateReferral
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    HEAD,
    PUPIL,
    SCHOOL,
    START,
    THERAPIST,
    order,
)
from tests.projections.casework import TO_CAMHS, RecordedCase, day, told
from tests.webui.county_site import county_on
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService

MANAGER = UUID(int=0xAE)
OURS, THEIRS, NEXT = UUID(int=0xAC7), UUID(int=0xAC8), UUID(int=0xED9)


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    """The clinician has a referral and an action, the ALNCo a meeting and an action; then both leave."""
    with county_on(service) as coordination:
        case = told(coordination)
        today = service.clock.at.date()
        allocate = AllocateReferral(occurred_on=day(32), pupil=PUPIL, referral=TO_CAMHS, person=CLINICIAN)
        coordination.perform(allocate, order(CLINICIAN, day(32)))
        for action, owner in (
            (THEIRS, Owner(organisation=BOARD, service=CAMHS, person=CLINICIAN)),
            (OURS, Owner(organisation=SCHOOL, person=ALNCO)),
        ):
            case.does(
                ALNCO,
                day(32),
                AgreeAction,
                pupil=PUPIL,
                action=action,
                what="Ring",
                owner=owner,
                due_on=day(40),
            )
        case.does(
            ALNCO,
            day(33),
            ScheduleMeeting,
            meeting=NEXT,
            school=SCHOOL,
            held_on=today + timedelta(days=7),
            chair=ALNCO,
            name="Hwb",
        )
        for person, organisation in ((CLINICIAN, BOARD), (ALNCO, SCHOOL)):
            left = RecordPersonLeft(
                occurred_on=today,
                organisation=organisation,
                person=person,
                effective_to=today - timedelta(days=1),
            )
            coordination.perform(left, order(ADMINISTRATOR, today, source="command_line"))
        manages = AppointPerson(
            occurred_on=today,
            organisation=BOARD,
            person=MANAGER,
            role="service_manager",
            service=CAMHS,
            effective_from=START,
            name="Rheolwr Camhs",
        )
        coordination.perform(manages, order(ADMINISTRATOR, today, source="command_line"))
        service.person("service_manager", organisation=BOARD, person=MANAGER, username="manager")
        settled(service, coordination)
        yield case


def test_the_service_s_manager_hands_over_referrals_and_actions(
    service: RunningService, case: RecordedCase
) -> None:
    client = browser(service, "manager")
    page = client.get("/leavers")
    words = words_of(page.text)
    assert "Referral of Siân Gŵyn-Llŷr, opened on 3 February 2025" in words
    assert "Action about Siân Gŵyn-Llŷr" in words
    assert "Meeting" not in words.split("Whose work")[0].split("Work of people who have left")[-1]
    refused = send(client, "/leavers", form_in(page.text), leaver=str(CLINICIAN))
    assert refused.status_code == 422
    answer = send(client, "/leavers", form_in(page.text), leaver=str(CLINICIAN), to=str(THERAPIST))
    assert answer.status_code == 303, words_of(answer.text)
    held = case.service.batch().state(PUPIL_STREAM, PUPIL)
    assert held.referrals[TO_CAMHS].allocated == THERAPIST
    assert held.actions.actions[THEIRS].owner == Owner(organisation=BOARD, service=CAMHS, person=THERAPIST)
    assert "Nobody who has left" in words_of(client.get("/leavers").text)


def test_the_school_hands_over_meetings_and_actions(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "head")
    page = client.get("/leavers")
    assert "to chair" in page.text
    answer = send(client, "/leavers", form_in(page.text), leaver=str(ALNCO), to=str(HEAD))
    assert answer.status_code == 303, words_of(answer.text)
    held = case.service.batch().state(PUPIL_STREAM, PUPIL)
    assert held.actions.actions[OURS].owner == Owner(organisation=SCHOOL, person=HEAD)
    assert "Nobody who has left" in words_of(client.get("/leavers").text)


@pytest.mark.parametrize("who", ["therapist", "auditor", "administrator", "caseworker"])
def test_for_nobody_else(service: RunningService, case: RecordedCase, who: str) -> None:
    assert browser(service, who).get("/leavers").status_code == 404
