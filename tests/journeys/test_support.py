"""A class teacher's concern leads to support, which is reviewed and ended, and a referral shows it as evidence. The
teacher works in Welsh, the ALNCo in English."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from playwright.sync_api import expect

from coordination.directory.commands import AppointPerson, AssignClassTeacher
from coordination.pupil.profile.commands import RecordClass
from coordination.service import Coordination
from tests.county import ADMINISTRATOR, ALNCO, PUPIL, SCHOOL, order
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import Walk
from tests.projections.casework import TO_CAMHS, day, told
from tests.webui.county_site import story_on

pytestmark = pytest.mark.browser

TEACHER = UUID(int=0x7EA1)
SUPPORT = {
    "activity": "Paired reading",
    "aim": "Reads 60 words a minute, from 42",
    "measure": "Words read",
    "unit": "words a minute",
    "starting_point": "42",
}


def taught(coordination: Coordination) -> None:
    """The story, and a teacher of 9B, in which the pupil is."""
    told(coordination)
    on = day(40)
    known = {"occurred_on": on, "organisation": SCHOOL, "person": TEACHER, "effective_from": day(0)}
    appointed = AppointPerson(role="class_teacher", service=None, name="Non Enghraifft", **known)  # type: ignore[arg-type]
    coordination.perform(appointed, order(ADMINISTRATOR, on))
    assigned = AssignClassTeacher(assignment=UUID(int=0x7EAC), class_name="9B", **known)  # type: ignore[arg-type]
    coordination.perform(assigned, order(ALNCO, on))
    coordination.perform(RecordClass(occurred_on=on, pupil=PUPIL, class_name="9B"), order(ALNCO, on))


def test_a_teacher_s_concern_becomes_support_and_evidence(site: ServedService, new_page: NewPage) -> None:
    with story_on(site, "a teacher", taught):
        site.person("class_teacher", organisation=SCHOOL, person=TEACHER, username="teacher")
        site.clock.at = datetime.combine(day(50), time(10), UTC)
        teacher = Walk(site, new_page(), "cy", "support-teacher", also=320)
        teacher.signs_in("teacher")
        teacher.goes_to(f"/teaching/{PUPIL}")
        teacher.reads("Raise a concern")
        teacher.glances()
        teacher.follows("Raise a concern")
        teacher.at("Raise a concern")
        teacher.ticks("danger", "no")
        teacher.types("words", "Mae’n colli’r edefyn mewn testun hir.")
        teacher.presses("Tell the ALNCo")
        teacher.at("My concerns")

        alnco = Walk(site, new_page(), "en", "support-alnco", also=320)
        alnco.signs_in("alnco")
        alnco.goes("Support")
        alnco.at("Support")
        alnco.follows("Concerns of teachers")
        alnco.at("Concerns of teachers", "school")
        alnco.follows("Answer")
        alnco.ticks("outcome", "support")
        alnco.types("words", "Thank you, Non.")
        alnco.presses("Record")
        alnco.page.goto(f"/pupils/{PUPIL}/support")
        alnco.follows("Start support")
        alnco.at("Start support")
        alnco.ticks("level", "2")
        for name, text in SUPPORT.items():
            alnco.types(name, text)
        alnco.types_day("ends_by", date(2025, 6, 20))
        alnco.presses("Record")
        alnco.at("Support", "started")

        teacher.page.goto(f"/teaching/{PUPIL}")
        teacher.follows("Record a review")
        teacher.at("Record a review")
        teacher.ticks("outcome", "nearer")
        teacher.types("child_words", "Dw i’n gallu darllen yn gynt.")
        teacher.types("teacher_words", "Mae’n fwy hyderus.")
        teacher.types("parent_words", "Mae’n darllen gartref.")
        teacher.ticks("next_step", "go_on")
        teacher.presses("Record")
        teacher.glances("reviewed")
        expect(teacher.main).to_contain_text("Dw i’n gallu darllen yn gynt.")

        alnco.page.goto(f"/pupils/{PUPIL}/referrals/{TO_CAMHS}")
        alnco.reads("What was tried, and with what result")
        expect(alnco.main).to_contain_text("Mae’n darllen gartref.")
        alnco.page.goto(f"/pupils/{PUPIL}/support")
        alnco.follows("End it")
        alnco.at("End support")
        alnco.ticks("reason", "aim_met")
        alnco.presses("Record")
        alnco.at("Support", "ended")
        alnco.page.goto("/reports/support")
        alnco.at("How support went")
