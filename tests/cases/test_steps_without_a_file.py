"""The steps of the cases' README that need no file: 1, a waiting child leaves the roll, and 2, what was final stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.meeting.commands import (
    AddAgendaItem,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Party
from coordination.pupil.actions.decide import AgreeActionAtMeeting
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.profile.commands import ChangeIdentity, EndRegistration
from coordination.service import Coordination
from projections.case_file.queries.no_roll import children_on_no_roll
from projections.engine import Engine
from projections.reader import Reader
from projections.waiting_times.queries import WaitingTimesCriteria, whose_days
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CASEWORKER,
    CLINICIAN,
    HEAD,
    OTHER_ALNCO,
    PUPIL,
    SCHOOL,
)
from tests.projections.casework import SECOND, SECOND_UPN, TO_CAMHS, RecordedCase, day, told, viewer
from tests.webui.conftest import service as service_of_pages
from tests.webui.county_site import story_on
from tests.webui.referring import browser, settled
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService

HELD = day(37)
HWB, ITEM, SECOND_ITEM = UUID(int=0xED9), UUID(int=0xEDA), UUID(int=0xEDB)
MINUTE, ACTION = UUID(int=0xEDC), UUID(int=0xEDD)
LATER = day(60)
page_service = service_of_pages


def test_1_a_waiting_child_who_leaves_the_roll_is_the_authority_s(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """The agency is not told to ask the school, and the days are not the school's."""
    case = told(county)
    case.says(CLINICIAN, TO_CAMHS, "could_not_attend", day(41))
    case.says(CLINICIAN, TO_CAMHS, "information_requested", day(44), details={"asked_of": "school"})
    case.does(ALNCO, day(45), EndRegistration, pupil=PUPIL, school=SCHOOL)
    engine.catch_up()
    [child] = children_on_no_roll(reader, viewer(CASEWORKER, day(50)), 10).rows
    [to_camhs] = [held for held in child.referrals if held.referral == TO_CAMHS]
    assert (child.pupil, child.since, child.school) == (PUPIL, day(45), SCHOOL)
    assert (to_camhs.whose_move, to_camhs.move_since) == ("authority", day(45))
    assert children_on_no_roll(reader, viewer(ALNCO, day(50)), 10).rows == ()
    for on, authority in ((day(45), 0), (day(46), 1), (day(50), 5)):
        ask = WaitingTimesCriteria(service="CAMHS", as_of=on)
        days = whose_days(reader, viewer(AUDITOR, on), county.directory(), ask)["CAMHS"]["waiting"]
        assert (days["school"], days["authority"]) == (1, authority)
        assert sum(days.values()) == (on - day(0)).days


def a_hwb(coordination: Coordination) -> None:
    """A meeting with two pupils on its agenda, a minute about the first with an action; not final yet."""
    case = told(coordination)
    asked, camhs = date(2025, 2, 10), Party(organisation=BOARD, service=CAMHS)
    case.does(ALNCO, asked, ScheduleMeeting, meeting=HWB, school=SCHOOL, held_on=HELD)
    case.does(ALNCO, asked, Invite, meeting=HWB, party=camhs)
    for item, pupil in ((ITEM, PUPIL), (SECOND_ITEM, SECOND)):
        case.does(ALNCO, asked, AddAgendaItem, meeting=HWB, item=item, about=pupil, services=(CAMHS,))
    case.does(ALNCO, HELD, MarkPresence, meeting=HWB, party=camhs, mark="attended")
    about: dict[str, Any] = {"meeting": HWB, "pupil": PUPIL, "minute": MINUTE}
    case.does(ALNCO, HELD, TakeMinute, item=ITEM, services_present=(CAMHS,), discussion="Sleep.", **about)
    owner = Owner(organisation=SCHOOL, person=ALNCO)
    what = {"what": "Ring home", "owner": owner, "due_on": LATER}
    case.does(ALNCO, HELD, AgreeActionAtMeeting, action=ACTION, **what, **about)


def renamed(case: RecordedCase, person: UUID, pupil: UUID, upn: str) -> None:
    named: dict[str, Any] = {"surname": "Newydd", "forename": "Enw", "date_of_birth": date(2011, 5, 20)}
    case.does(person, day(46), ChangeIdentity, pupil=pupil, upn=upn, sex="F", language="cy", **named)


def text(page: str) -> str:
    """The words of a page, without the position of the log at its foot."""
    return re.sub(r"(position|Position) [\d,]+", "", words_of(page))


@pytest.fixture
def site(page_service: RunningService) -> Iterator[tuple[RunningService, Coordination]]:
    with story_on(page_service, "a hwb with two pupils", a_hwb) as coordination:
        page_service.clock.at = datetime.combine(day(47), time(10), UTC)
        yield page_service, coordination


def recorded(page: str) -> str:
    """What a page says of the meeting, without the child in brief: that is of today, and of those who have the file."""
    return text(re.sub(r'<details class="govuk-details c-brief".*?</details>', "", page, flags=re.S))


def test_2_what_was_final_reads_the_same_after_a_move_and_another_name(
    site: tuple[RunningService, Coordination],
) -> None:
    service, coordination = site
    case = RecordedCase(coordination)
    alnco, clinician = browser(service, "alnco"), browser(service, "clinician")
    addresses = (f"/meetings/{HWB}", f"/meetings/{HWB}/print/{SCHOOL}", f"/meetings/{HWB}/minute/{MINUTE}")
    before = [recorded(alnco.get(address).text) for address in addresses]
    assert all("Siân Gŵyn-Llŷr" in page for page in before) and "Ring home" in before[1]
    case.moves(day(45))
    renamed(case, OTHER_ALNCO, PUPIL, "B801200005001")
    settled(service, coordination)
    assert [recorded(alnco.get(address).text) for address in addresses] == before
    check = words_of(alnco.get(f"/meetings/{HWB}/finish").text)
    assert "1 pupil on the agenda has no minute." in check and "Name erased" not in check
    assert alnco.get(f"/pupils/{PUPIL}").status_code == 404
    ended = words_of(alnco.get(f"/pupils/{PUPIL}/referrals/{TO_CAMHS}").text)
    assert "The pupil moved to another school." in ended and "Gŵyn" not in ended

    case.does(HEAD, day(46), FinaliseMeeting, meeting=HWB)
    settled(service, coordination)
    final = [recorded(alnco.get(address).text) for address in addresses]
    seen_by_camhs = text(clinician.get(f"/meetings/{HWB}").text)
    renamed(case, ALNCO, SECOND, SECOND_UPN)
    settled(service, coordination)
    assert [recorded(alnco.get(address).text) for address in addresses] == final
    assert "Newydd" not in final[1] and final[1].count("Siân Gŵyn-Llŷr") == 2
    assert text(clinician.get(f"/meetings/{HWB}").text) == seen_by_camhs


def test_a_minute_can_still_be_written_about_a_pupil_who_left_after_the_meeting(county: Coordination) -> None:
    a_hwb(county)
    case = RecordedCase(county)
    case.moves(day(38), SECOND)
    minute = UUID(int=0xEDF)
    about: dict[str, Any] = {"meeting": HWB, "pupil": SECOND, "minute": minute, "discussion": "School."}
    case.does(ALNCO, day(46), TakeMinute, item=SECOND_ITEM, **about)
    assert minute in county.batch().state(PUPIL_STREAM, SECOND).minutes.minutes


def test_no_minute_about_a_pupil_who_had_left_before_the_meeting(county: Coordination) -> None:
    a_hwb(county)
    case = RecordedCase(county)
    case.moves(day(36), SECOND)
    about: dict[str, Any] = {"meeting": HWB, "pupil": SECOND, "minute": UUID(int=0xEDF)}
    with pytest.raises(NotFound):
        case.does(ALNCO, day(46), TakeMinute, item=SECOND_ITEM, discussion="School.", **about)
