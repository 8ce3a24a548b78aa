"""An answer by a link: in whose name it is given, and on whose word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.decisions import AddressedEvent
from coordination.errors import NotFound, Refusal
from coordination.event import CommandContext, Event, GivenWord
from coordination.given_words import with_given_word
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.referral.decide import ConfirmMilestone, ContestMilestone
from coordination.pupil.referral.events import MilestoneConfirmed, MilestoneContested
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, LA_EDUCATION, PUPIL, at_noon
from tests.pupil.case import AGREED, LATER, REFERRAL, PupilCase, day, reach, sent, told

LINK = UUID(int=0x11)
BY_LINK: dict[str, Any] = {"person": LINK, "organisation": BOARD, "role": "clinician", "source": "link"}
WORD = GivenWord("Eleri Huws", "Ysgrifennydd", SCHOOL)
ON: dict[str, Any] = {"occurred_on": LATER, "pupil": PUPIL, "referral": REFERRAL}


def reported() -> tuple[PupilCase, int]:
    case = sent().does(reach("acknowledged", 3, reported=told(4)))
    return case, case.state.version


def given(event: Event, word: GivenWord | None = WORD, **by: Any) -> Event:
    """The event as it is recorded for whoever gave the command."""
    said = CommandContext(**(BY_LINK | by), command_id="1", recorded_at=at_noon(LATER), word=word)
    [(_, found)] = with_given_word([AddressedEvent(PUPIL, event)], said)
    return found


def confirmed() -> Event:
    case, entry = reported()
    [event] = case.happened(ConfirmMilestone(**ON, milestone=entry), MilestoneConfirmed, **BY_LINK)
    return event


def test_it_confirms_or_contests_and_says_who_and_whose_link() -> None:
    event = given(confirmed())
    assert isinstance(event, MilestoneConfirmed)
    assert (event.link_of, event.answered_by, event.answered_as) == (SCHOOL, "Eleri Huws", "Ysgrifennydd")
    assert (event.header.person, event.header.source, event.header.organisation) == (LINK, "link", BOARD)
    case, entry = reported()
    contest = ContestMilestone(**ON, milestone=entry, why="Nid felly")
    [contested] = case.happened(contest, MilestoneContested, **BY_LINK)
    found = given(contested)
    assert isinstance(found, MilestoneContested)
    assert found.answered_by == "Eleri Huws"


@pytest.mark.parametrize(
    ("word", "missing"),
    [
        (GivenWord(" ", "Ysgrifennydd"), "answered_by"),
        (GivenWord("Eleri Huws", ""), "answered_as"),
        (None, "answered_by"),
    ],
)
def test_nobody_answers_without_saying_who_they_are(word: GivenWord | None, missing: str) -> None:
    with pytest.raises(Refusal) as refused:
        given(confirmed(), word)
    assert (refused.value.code, refused.value.field) == ("cannot_be_empty", missing)


@pytest.mark.parametrize("source", ["screen", "api", "import"])
def test_with_an_account_the_account_is_who_answers(source: Any) -> None:
    event = given(confirmed(), source=source)
    assert isinstance(event, MilestoneConfirmed)
    assert (event.link_of, event.answered_by, event.answered_as) == (None, None, None)


@pytest.mark.parametrize("organisation", [LA_EDUCATION, SCHOOL], ids=["another agency", "the school"])
def test_only_a_link_for_an_agency_that_was_told(organisation: UUID) -> None:
    case, entry = reported()
    confirm = ConfirmMilestone(**ON, milestone=entry)
    assert isinstance(case.tries(confirm, **(BY_LINK | {"organisation": organisation})), NotFound)


def test_a_withdrawn_agreement_leaves_the_service_its_own_word() -> None:
    """As with an account: what is new is hidden from it, and its clock goes on."""
    case, entry = reported()
    case.does(WithdrawConsent(occurred_on=day(9), pupil=PUPIL, consent=AGREED))
    [event] = case.happened(ConfirmMilestone(**ON, milestone=entry), MilestoneConfirmed, **BY_LINK)
    assert given(event).header.source == "link"
