"""What an agency promises, and whether it kept it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.challenge.promises import BreakPromise, KeepPromise, MakePromise, PromiseMade
from coordination.errors import NotFound
from tests.challenge.letters import CHALLENGE, DISPUTE, SENT, Letters, dispute, resolve, rule, sent
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, AS_OFFICER, AS_STRANGER

PROMISE = UUID(int=0x71)
BY = SENT + timedelta(days=10)


def promise(on: date = SENT, by: date = BY) -> MakePromise:
    return MakePromise(
        occurred_on=on, challenge=CHALLENGE, promise=PROMISE, promised_by=by, text="Two more clinics"
    )


def kept(on: date) -> KeepPromise:
    return KeepPromise(occurred_on=on, challenge=CHALLENGE, promise=PROMISE)


def broken(on: date) -> BreakPromise:
    return BreakPromise(occurred_on=on, challenge=CHALLENGE, promise=PROMISE)


def promised() -> Letters:
    return sent().does(promise(), **AS_CLINICIAN)


@pytest.mark.parametrize(("by", "reported"), [(AS_CLINICIAN, False), (AS_ALNCO, True)])
def test_the_agency_promises_or_the_school_records_what_it_promised(
    by: dict[str, Any], reported: bool
) -> None:
    made = sent().does(promise(), **by).events[-1]
    assert isinstance(made, PromiseMade)
    assert made.reported is reported


def test_who_is_no_party_promises_nothing_and_a_day_that_is_over_is_no_promise() -> None:
    letters = sent()
    assert isinstance(letters.tries(promise(), **AS_STRANGER), NotFound)
    assert letters.tries(promise(by=SENT - timedelta(days=1)), **AS_CLINICIAN).code == "promised_before"
    assert letters.does(promise(by=SENT), **AS_CLINICIAN).state.open_promises()[0].promised_by == SENT
    assert letters.tries(promise(), **AS_CLINICIAN).code == "already_promised"


def test_it_is_broken_only_after_its_last_day() -> None:
    letters = promised()
    assert letters.tries(broken(BY), **AS_ALNCO).code == "promise_not_due"
    letters.does(broken(BY + timedelta(days=1)), **AS_ALNCO)
    assert letters.state.promises[PROMISE].ended == "broken"
    assert letters.tries(kept(BY + timedelta(days=2)), **AS_ALNCO).code == "promise_ended"


def test_only_the_school_says_whether_it_was_kept_also_after_the_end() -> None:
    letters = promised()
    assert letters.tries(kept(SENT), **AS_CLINICIAN).code == "school_only"
    assert letters.tries(kept(SENT), **AS_OFFICER).code == "school_only"
    assert letters.tries(kept(SENT - timedelta(days=1)), **AS_ALNCO).code == "before_previous_step"
    letters.does(resolve(), **AS_ALNCO)
    assert letters.state.open_promises()
    letters.does(kept(BY), **AS_ALNCO)
    assert not letters.state.open_promises()


def test_a_dispute_after_the_ruling_of_the_same_mark_is_another_question() -> None:
    letters = sent().does(dispute(), **AS_CLINICIAN).does(rule("not_upheld"), **AS_OFFICER)
    # the ruling stands: it is not ruled on again, and the same mark is not disputed again here
    assert letters.tries(rule("upheld"), **AS_OFFICER).code == "already_ruled"
    again = dispute(dispute=UUID(int=0x72))
    assert letters.tries(again, **AS_CLINICIAN).code == "already_disputed"
    assert letters.state.disputes[DISPUTE].ruling == "not_upheld"
