"""An answer by a link: what it may say, in whose name, and who says it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.referral.decide import (
    AllocateReferral,
    ConfirmMilestone,
    ContestMilestone,
    StrikeEntry,
)
from coordination.pupil.referral.events import MilestoneConfirmed, MilestoneContested
from tests.given import SCHOOL
from tests.meeting.hwb import AS_CLINICIAN, BOARD, CLINICIAN, LA_EDUCATION, PUPIL
from tests.pupil.case import AGREED, LATER, REFERRAL, PupilCase, day, reach, sent, told

LINK = UUID(int=0x11)
BY_LINK: dict[str, Any] = {"person": LINK, "organisation": BOARD, "role": "link", "source": "link"}
WHO: dict[str, Any] = {"link_of": SCHOOL, "answered_by": "Eleri Huws", "answered_as": "Ysgrifennydd"}
ON: dict[str, Any] = {"occurred_on": LATER, "pupil": PUPIL, "referral": REFERRAL}


def reported() -> tuple[PupilCase, int]:
    case = sent().does(reach("acknowledged", 3, reported=told(4)))
    return case, case.state.version


def test_it_confirms_or_contests_and_says_who_and_whose_link() -> None:
    case, entry = reported()
    (event,) = case.happened(ConfirmMilestone(**ON, milestone=entry, **WHO), MilestoneConfirmed, **BY_LINK)
    assert isinstance(event, MilestoneConfirmed)
    assert (event.link_of, event.answered_by, event.answered_as) == (SCHOOL, "Eleri Huws", "Ysgrifennydd")
    assert (event.header.person, event.header.source, event.header.organisation) == (LINK, "link", BOARD)
    contest = ContestMilestone(**ON, milestone=entry, why="Nid felly", **WHO)
    (event,) = case.happened(contest, MilestoneContested, **BY_LINK)
    assert isinstance(event, MilestoneContested)
    assert event.answered_by == "Eleri Huws"


@pytest.mark.parametrize("missing", ["answered_by", "answered_as"])
def test_nobody_answers_without_saying_who_they_are(missing: str) -> None:
    case, entry = reported()
    case.refuses(
        ConfirmMilestone(**ON, milestone=entry, **(WHO | {missing: " "})),
        "cannot_be_empty",
        missing,
        **BY_LINK,
    )


def test_with_an_account_the_account_is_who_answers() -> None:
    case, entry = reported()
    (event,) = case.happened(
        ConfirmMilestone(**ON, milestone=entry, **WHO), MilestoneConfirmed, **AS_CLINICIAN
    )
    assert isinstance(event, MilestoneConfirmed)
    assert (event.link_of, event.answered_by, event.answered_as) == (None, None, None)


@pytest.mark.parametrize(
    "order",
    [{"source": "screen"}, {"source": "api"}, {"organisation": LA_EDUCATION}, {"organisation": SCHOOL}],
    ids=repr,
)
def test_only_a_link_for_an_agency_that_was_told(order: dict[str, Any]) -> None:
    case, entry = reported()
    confirm = ConfirmMilestone(**ON, milestone=entry, **WHO)
    assert isinstance(case.tries(confirm, **(BY_LINK | order)), NotFound)


def test_a_withdrawn_agreement_closes_the_link_too() -> None:
    case, entry = reported()
    case.does(WithdrawConsent(occurred_on=day(9), pupil=PUPIL, consent=AGREED))
    assert isinstance(case.tries(ConfirmMilestone(**ON, milestone=entry, **WHO), **BY_LINK), NotFound)


def test_a_link_says_nothing_else() -> None:
    case, entry = reported()
    others: list[Command] = [
        reach("accepted", 5),
        StrikeEntry(**ON, entry=entry, why="x"),
        AllocateReferral(**ON, person=CLINICIAN),
    ]
    for command in others:
        assert isinstance(case.tries(command, **BY_LINK), NotFound), command
