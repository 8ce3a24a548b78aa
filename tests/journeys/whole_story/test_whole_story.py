"""The main job as one story, walked in a browser over a hundred days by an ALNCo, a clinician, a head teacher and the
county's auditor: in English; in Welsh in a window of 320 pixels, with every page looked at in a wide one too; without
scripts; and by keyboard alone, where axe would find what it finds in English.

The first Hwb is walked in every variant. The second and the third are walked in the English one; in the others they
come on the record by the same commands as the pages give (`a_hwb_by_commands`), because they are the same pages again.
tests/story/test_story.py tells the same story without a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from coordination.directory.commands import AcceptTerms, OpenService
from coordination.service import Coordination
from tests.county import ADMINISTRATOR, BOARD, CAMHS, SCHOOL, START, order
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.whole_story.agency import camhs_answers
from tests.journeys.whole_story.challenge import (
    a_challenge_is_raised_and_sent,
    camhs_disputes,
    the_authority_rules,
)
from tests.journeys.whole_story.figures import (
    everybody_sees_41_days,
    the_auditor_as_known_a_month_ago_and_today,
)
from tests.journeys.whole_story.meetings import the_first_hwb, the_next_hwb
from tests.journeys.whole_story.school import (
    the_first_hwb_is_planned,
    the_parent_agrees,
    the_pupils_come_in,
    the_school_refers,
    the_school_reports_that_she_was_seen,
)
from tests.journeys.whole_story.story import COUNSELLOR, DAY0, NURSE, BrowserStory, Variant
from tests.webui.county_site import county_on
from tests.webui.referring import settled

pytestmark = pytest.mark.browser

VARIANTS = {
    "english": Variant("en", whole=True, pictures=True),
    "welsh": Variant("cy", width=320, also=1280, pictures=True),
    "no-scripts": Variant("en", scripts=False),
    "keyboard": Variant("en", keyboard=True, axed=False),
}


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    """The small county with a school nurse and a counsellor; they and CAMHS accepted to come to the school's Hwb."""
    site.clock.at = datetime.combine(DAY0, time(8), UTC)
    with county_on(site) as coordination:
        administrator = order(ADMINISTRATOR, START, source="command_line")
        for service, code, profession in (
            (NURSE, "NURSE", "school_nursing"),
            (COUNSELLOR, "COUNSEL", "counselling"),
        ):
            opened = OpenService(
                occurred_on=START,
                organisation=BOARD,
                service=service,
                code=code,
                profession=profession,
                open_from=START,
            )
            coordination.perform(opened, msgspec.structs.replace(administrator, command_id=f"open {code}"))
        for number, service in enumerate((CAMHS, NURSE, COUNSELLOR)):
            accepted = AcceptTerms(
                occurred_on=START,
                organisation=BOARD,
                terms=UUID(int=0xE900 + number),
                service=service,
                school=SCHOOL,
                effective_from=START,
                notice_working_days=5,
            )
            coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
        settled(site, coordination)
        yield coordination


@pytest.mark.parametrize("name", VARIANTS)
def test_the_whole_story(
    site: ServedService, county: Coordination, new_page: NewPage, tmp_path: Path, name: str
) -> None:
    story = BrowserStory(site, county, new_page, name, VARIANTS[name])
    alnco = story.on(0, "alnco")
    the_pupils_come_in(story, alnco, tmp_path)
    the_parent_agrees(story, alnco)
    the_school_refers(story, alnco)
    the_first_hwb_is_planned(story, alnco)
    camhs_answers(story)
    the_first_hwb(story)
    the_next_hwb(story, 1)
    the_school_reports_that_she_was_seen(story)
    the_next_hwb(story, 2)
    everybody_sees_41_days(story)
    a_challenge_is_raised_and_sent(story)
    camhs_disputes(story)
    the_authority_rules(story)
    the_auditor_as_known_a_month_ago_and_today(story)
