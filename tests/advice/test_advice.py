"""Advice conversations: asked, answered, linked, erased; on one database with the read models."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg_pool import ConnectionPool

from coordination.advice.commands import (
    AnswerAdvice,
    AskAdvice,
    AskAdviceAboutPupil,
    EraseOldAdvice,
    LinkAdvice,
    StrikeAdvice,
)
from coordination.erasing import erase_child
from coordination.errors import NotFound, Refusal
from coordination.event import Command, CommandContext
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.sensitivity import ErasedValue
from coordination.service import Coordination
from coordination.store.erasures import recorded_erasures
from coordination.store.migrate import as_role
from projections.advice.queries import (
    AdviceAsk,
    AdviceCriteria,
    advice_list,
    advice_report,
    later_referrals,
    one_advice,
)
from projections.reader import Reader
from scripts.service.advice_upkeep import erase_old_advice
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
    SCHOOL,
    THERAPY,
    at,
    operator_order,
    order,
    register,
)
from tests.projections.casework import AGREED_CAMHS, DAY0, TO_CAMHS, RecordedCase, day, viewer, viewers
from tests.projections.replays import contents, engine_on, fresh_county, replay, same

CALL, NAMED, DROP_IN, OLD = UUID(int=0xADC1), UUID(int=0xADC2), UUID(int=0xADC3), UUID(int=0xADC4)


def acts(person: UUID, on: date) -> CommandContext:
    """With the services for which a clinician acts."""
    services = {CLINICIAN: (CAMHS,), PSYCHOLOGIST: ()}.get(person)
    return order(person, on, services=services)


def says(service: Coordination, person: UUID, command: Command) -> None:
    service.perform(command, acts(person, command.occurred_on))


def asked(advice: UUID, on: date, of: type[AskAdvice] = AskAdvice, **more: Any) -> AskAdvice:
    plain = {"school": SCHOOL, "service": CAMHS, "channel": "call", "question": "How to help with sleep?"}
    return of(occurred_on=on, advice=advice, **plain | more)


@pytest.fixture
def told(postgres: str, template: str, tmp_path: Path) -> Any:
    """The county with a pupil; an engine to catch up with and a reader."""
    with fresh_county(postgres, template, tmp_path / "keys") as (address, service):
        register(service)
        with (
            engine_on(address, service) as engine,
            ConnectionPool(as_role(address, "cydlynu_read"), min_size=1, max_size=2) as pool,
        ):
            yield service, engine, Reader(pool), address


def refused(service: Coordination, person: UUID, command: Command) -> str:
    with pytest.raises(Refusal) as refusal:
        says(service, person, command)
    return refusal.value.code


def test_a_conversation_from_the_question_to_the_erasure(told: Any) -> None:
    """One story for one database: who may record and see what, what is linked, counted, hidden and erased."""
    service, engine, reader, address = told
    case = RecordedCase(service)

    # without a name nothing has to be agreed; with one it has
    says(service, ALNCO, asked(CALL, DAY0))
    about = asked(NAMED, DAY0, AskAdviceAboutPupil, pupil=PUPIL)
    assert refused(service, ALNCO, about) == "advice_needs_basis"
    assert refused(service, CLINICIAN, asked(DROP_IN, DAY0, AskAdviceAboutPupil, pupil=PUPIL)) == "not_found"
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    says(service, ALNCO, about)
    says(
        service, CLINICIAN, asked(DROP_IN, day(1), channel="drop_in", answer="nothing_needed", words="Wait.")
    )

    # the two who spoke, and nobody else
    for stranger in (OTHER_ALNCO, PSYCHOLOGIST):
        assert (
            refused(service, stranger, AnswerAdvice(occurred_on=day(2), advice=CALL, answer="refer"))
            == "not_found"
        )
    assert refused(service, CLINICIAN, asked(OLD, DAY0, service=THERAPY)) == "not_found"

    # the school reports an answer; the service's own takes its place, once
    says(
        service,
        ALNCO,
        AnswerAdvice(occurred_on=day(2), advice=NAMED, answer="refer", words="They said refer."),
    )
    again = AnswerAdvice(occurred_on=day(3), advice=NAMED, answer="try_first", words="A sleep diary first.")
    assert refused(service, ALNCO, again) == "advice_answered"
    says(service, CLINICIAN, again)
    assert refused(service, CLINICIAN, again) == "advice_answered"

    # a later referral is linked to the named one only
    case.refers(TO_CAMHS, CAMHS, day(20))
    assert (
        refused(service, ALNCO, LinkAdvice(occurred_on=day(20), advice=NAMED, pupil=PUPIL)) == "advice_linked"
    )
    engine.catch_up()
    assert not engine.parked
    row = one_advice(reader, viewer(ALNCO, day(20)), NAMED)
    assert row is not None
    assert [one.referral for one in later_referrals(reader, viewer(ALNCO, day(20)), row[0])] == [TO_CAMHS]
    says(service, ALNCO, LinkAdvice(occurred_on=day(20), advice=NAMED, pupil=PUPIL, referral=TO_CAMHS))
    says(service, ALNCO, LinkAdvice(occurred_on=day(21), advice=CALL, pupil=PUPIL))
    engine.catch_up()

    _seen_by_the_two(reader)
    _counted(reader, service)

    # the live rows are what a rebuild makes
    replay(address, service, "again")
    same(contents(address), contents(address, "again"))

    _after_the_agreement(service, engine, reader)
    _erased(service, engine, reader)


def _seen_by_the_two(reader: Reader) -> None:
    lists = {
        name: {row.advice: row.pupil for row in advice_list(reader, who, AdviceAsk()).rows}
        for name, who in viewers(day(21)).items()
    }
    everything = {CALL: PUPIL, NAMED: PUPIL, DROP_IN: None}
    assert lists["alnco"] == lists["clinician"] == everything
    seeing = {name for name, rows in lists.items() if rows}
    assert seeing == {"alnco", "head", "clinician", "operator"}
    assert lists["operator"] == {DROP_IN: None}, "names are for the two who spoke"
    assert one_advice(reader, viewer(PSYCHOLOGIST, day(21)), CALL) is None


def _counted(reader: Reader, service: Coordination) -> None:
    def report(on: date) -> Any:
        ask = AdviceCriteria(first=DAY0, last=day(300), as_of=on, by="month")
        return advice_report(reader, viewer(ALNCO, day(400)), service.directory(), ask).total

    early = report(day(10))
    assert (early.asked, early.unanswered, early.without_name, early.too_early) == (3, 1, 1, 1)
    late = report(day(200))
    assert (late.asked, late.unanswered, late.without_name, late.referred) == (3, 1, 1, 1)


def _after_the_agreement(service: Coordination, engine: Any, reader: Reader) -> None:
    """What the service had received it keeps; a name is no longer told to it."""
    says(
        service,
        ALNCO,
        WithdrawConsent(occurred_on=day(22), pupil=PUPIL, consent=AGREED_CAMHS, meaning="end_referral"),
    )
    later = asked(OLD, day(23), AskAdviceAboutPupil, pupil=PUPIL)
    assert refused(service, ALNCO, later) == "advice_needs_basis"
    says(service, ALNCO, asked(OLD, day(23)))
    link = LinkAdvice(occurred_on=day(23), advice=OLD, pupil=PUPIL)
    assert refused(service, ALNCO, link) == "advice_needs_basis"
    assert refused(service, CLINICIAN, link) == "not_found"
    engine.catch_up()
    assert {row.advice for row in advice_list(reader, viewer(CLINICIAN, day(23)), AdviceAsk()).rows} == {
        CALL,
        NAMED,
        DROP_IN,
        OLD,
    }


def _erased(service: Coordination, engine: Any, reader: Reader) -> None:
    """With the pupil's record go the keys of the conversations about the pupil, and no others."""
    by = operator_order(SCHOOL, day(40))
    erase_child(service, PUPIL, by, day(40), ground="court", approvers=(UUID(int=1), UUID(int=2)))
    engine.catch_up()
    record = service.record
    assert {one.stream: one.kind for one in recorded_erasures(record)} == {
        PUPIL: "pupil",
        CALL: "advice",
        NAMED: "advice",
    }
    found = one_advice(reader, viewer(CLINICIAN, day(41)), DROP_IN)
    assert found is not None
    [entry, *_rest] = record.open([one.words for one in found[1] if one.words])
    assert not isinstance(entry, ErasedValue)
    assert {one for one in (CALL, NAMED, DROP_IN) if one in record.keyring([CALL, NAMED, DROP_IN])} == {
        DROP_IN
    }


def test_the_words_of_an_unnamed_conversation_go_after_a_year(told: Any) -> None:
    service, engine, reader, address = told
    says(service, ALNCO, asked(OLD, DAY0))
    last = date(DAY0.year + 1, DAY0.month, DAY0.day)
    early = operator_order(SCHOOL, last)
    with pytest.raises(Refusal, match="retention_not_over"):
        service.perform(EraseOldAdvice(occurred_on=last, advice=OLD), early)
    with pytest.raises(NotFound):
        service.perform(EraseOldAdvice(occurred_on=last, advice=OLD), order(ALNCO, last + timedelta(1)))
    after = last + timedelta(1)
    says(service, ALNCO, asked(CALL, last))
    engine.catch_up()
    assert erase_old_advice(service, address, at(last, 3)) == 0, "the last day"
    assert OLD in service.record.keyring([OLD])
    assert erase_old_advice(service, address, at(after, 3)) == 1
    assert OLD not in service.record.keyring([OLD])
    assert CALL in service.record.keyring([CALL])
    engine.catch_up()
    assert erase_old_advice(service, address, at(after, 4)) == 0, "once"
    ask = AdviceCriteria(first=DAY0, last=DAY0, as_of=after)
    assert advice_report(reader, viewer(ALNCO, after), service.directory(), ask).total.asked == 1


def test_what_was_recorded_in_error_no_longer_counts(told: Any) -> None:
    service, engine, reader, _ = told
    says(service, ALNCO, asked(CALL, DAY0))
    strike = StrikeAdvice(occurred_on=day(1), advice=CALL, why="Wrong service.")
    assert refused(service, CLINICIAN, strike) == "advice_of_the_other"
    says(service, ALNCO, strike)
    assert (
        refused(service, CLINICIAN, AnswerAdvice(occurred_on=day(2), advice=CALL, answer="refer"))
        == "advice_ended"
    )
    engine.catch_up()
    assert advice_list(reader, viewer(ALNCO, day(2)), AdviceAsk()).total == 0
