"""One command id of one organisation is carried out once, whatever is lost, repeated or sent twice at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest
from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.utils import retry
from psycopg.conninfo import make_conninfo

from coordination.errors import Refusal, StaleVersion
from coordination.event import Receipt
from coordination.meeting.commands import AddAgendaItem, Invite, MarkPresence, ScheduleMeeting
from coordination.meeting.events import Party
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.profile.commands import EndRegistration, RecordViews, RegisterPupil
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, SubmitReferral
from coordination.service import Coordination
from coordination.store.application import SaveConflict, _Recorder
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PUPIL,
    SCHOOL,
    THERAPIST,
    order,
    register,
)

MONDAY = date(2025, 1, 13)
REFERRAL = UUID(int=0xD1)
SAID = RecordViews(
    occurred_on=MONDAY, pupil=PUPIL, whose="child", words="Dwi ddim yn licio sŵn.", language="cy"
)


def version(county: Coordination, stream: UUID = PUPIL) -> int:
    return len(county.record.load([stream])[stream])


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The results (or exceptions) of works begun at the same moment in threads of their own."""
    ready = Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(n: int, work: Callable[[], Any]) -> None:
        ready.wait(30)
        try:
            results[n] = work()
        except BaseException as problem:
            results[n] = problem

    threads = [Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_repeated_command_of_two_streams_answers_with_all_of_its_first_result(county: Coordination) -> None:
    """The position is that of the last event, on whichever stream: what waits for it sees everything."""
    register(county)
    meeting, party = UUID(int=0x11), Party(organisation=BOARD, service=CAMHS)
    known: dict[str, Any] = {"occurred_on": MONDAY, "meeting": meeting}
    county.perform(ScheduleMeeting(**known, school=SCHOOL, held_on=MONDAY, chair=ALNCO), order(ALNCO, MONDAY))
    county.perform(AddAgendaItem(**known, item=UUID(int=0x31), about=PUPIL), order(ALNCO, MONDAY))
    county.perform(Invite(**known, party=party), order(ALNCO, MONDAY))
    county.perform(MarkPresence(**known, party=party, mark="attended"), order(ALNCO, MONDAY))
    minute = TakeMinute(
        **known, pupil=PUPIL, minute=UUID(int=0x32), item=UUID(int=0x31), discussion="Siarad."
    )
    first = county.perform(minute, order(ALNCO, MONDAY, command_id="minute"))
    assert first.position == county.record.last_position()
    register(county, UUID(int=0xB2), "E670200126001")
    again = county.perform(minute, order(ALNCO, MONDAY, command_id="minute"))
    assert again == Receipt(first.stream, first.version, first.position, repeated=True)


def test_one_command_sent_twice_at_one_moment_is_carried_out_once(county: Coordination) -> None:
    register(county)
    before = version(county)
    for n in range(10):
        given = order(ALNCO, MONDAY, command_id=f"twice-{n}")
        results = at_once(*[lambda given=given: county.perform(SAID, given)] * 3)  # type: ignore[misc]
        assert {(r.stream, r.version, r.position) for r in results} == {
            (PUPIL, before + n + 1, county.record.last_position())
        }
        assert sorted(r.repeated for r in results) == [False, True, True]
    assert version(county) == before + 10


def test_a_save_that_comes_second_says_what_was_taken(
    county: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first attempt, whichever of the database's answers in the pipeline arrives first."""
    monkeypatch.setattr(_Recorder, "insert_events", _Recorder.insert_events.__wrapped__)  # type: ignore[attr-defined]
    register(county)
    for n in range(40):
        given = order(ALNCO, MONDAY, command_id=f"second-{n}")
        first, second = county.batch(), county.batch()
        first.perform(SAID, given)
        second.perform(SAID, given)
        first.commit()
        with pytest.raises(SaveConflict) as lost:
            second.commit()
        assert lost.value.constraint == "command_pkey"


def test_the_first_event_of_a_stream_sent_twice_at_one_moment_is_carried_out_once(
    county: Coordination,
) -> None:
    """Here the races are for the stream's key and the pupil's number too."""
    for n in range(6):
        pupil = UUID(int=0xB100 + n)
        command = RegisterPupil(
            occurred_on=MONDAY,
            pupil=pupil,
            school=SCHOOL,
            upn=f"UPN{n}",
            surname="S",
            forename="F",
            date_of_birth=date(2012, 1, 1),
            sex=None,
            language=None,
        )
        given = order(ALNCO, MONDAY, command_id=f"register-{n}")
        results = at_once(*[lambda c=command, g=given: county.perform(c, g)] * 3)  # type: ignore[misc]
        assert sorted(r.repeated for r in results) == [False, True, True]
        assert version(county, pupil) == 1


def test_another_organisations_use_of_the_same_id_is_its_own(county: Coordination) -> None:
    register(county)
    other = UUID(int=0xB2)
    first = county.perform(SAID, order(ALNCO, MONDAY, command_id="same"))
    theirs = RegisterPupil(
        occurred_on=MONDAY,
        pupil=other,
        school=OTHER_SCHOOL,
        upn="E670200126001",
        surname="S",
        forename="F",
        date_of_birth=date(2012, 1, 1),
        sex="M",
        language="en",
    )
    receipt = county.perform(theirs, order(OTHER_ALNCO, MONDAY, command_id="same"))
    assert not receipt.repeated
    assert version(county, other) == 1
    assert county.perform(SAID, order(ALNCO, MONDAY, command_id="same")).position == first.position
    # and the foreign id tells nothing of what it did elsewhere
    with pytest.raises(Refusal) as refusal:
        county.perform(SAID, order(OTHER_ALNCO, MONDAY, command_id="mine"))
    assert refusal.value.code == "not_found"


def test_a_reused_id_with_another_body_is_refused_and_writes_nothing(county: Coordination) -> None:
    register(county)
    county.perform(SAID, order(ALNCO, MONDAY, command_id="one"))
    before = county.record.last_position()
    for other in (
        RecordViews(occurred_on=MONDAY, pupil=PUPIL, whose="child", words="Rhywbeth arall", language="cy"),
        EndRegistration(occurred_on=MONDAY, pupil=PUPIL, school=SCHOOL),
    ):
        with pytest.raises(Refusal) as refusal:
            county.perform(other, order(ALNCO, MONDAY, command_id="one"))
        assert refusal.value.code == "command_id_reused"
    assert county.record.last_position() == before


def test_the_order_of_details_does_not_make_another_command(county: Coordination) -> None:
    one = RecordMilestone(
        occurred_on=MONDAY,
        pupil=PUPIL,
        referral=REFERRAL,
        milestone="s21_answer",
        details={"identified": True, "in_welsh": False},
    )
    other = RecordMilestone(
        occurred_on=MONDAY,
        pupil=PUPIL,
        referral=REFERRAL,
        milestone="s21_answer",
        details={"in_welsh": False, "identified": True},
    )
    assert county.digest(one) == county.digest(other)
    assert county.digest(one) != county.digest(SAID)


def test_a_refused_command_can_be_given_again_under_its_id(county: Coordination) -> None:
    given = order(ALNCO, MONDAY, command_id="early")
    with pytest.raises(Refusal):
        county.perform(SAID, given)
    register(county)
    assert not county.perform(SAID, given).repeated


@contextmanager
def answer_lost(times: int) -> Iterator[list[int]]:
    """The database commits, and the connection ends before the service hears of it."""
    insert = _Recorder.insert_events.__wrapped__  # type: ignore[attr-defined]
    retried = _Recorder.insert_events
    lost: list[int] = []

    def insert_and_lose(self: _Recorder, stored: list[StoredEvent], **kwargs: Any) -> Any:
        result = insert(self, stored, **kwargs)
        if len(lost) < times:
            lost.append(1)
            with self.datastore.get_connection() as connection:
                pid = connection.info.backend_pid
                owner = make_conninfo(connection.info.dsn, options="")
                with psycopg.connect(owner, autocommit=True) as killer:
                    killer.execute("select pg_terminate_backend(%s, 5000)", [pid])
                connection.execute("select 1")
        return result

    _Recorder.insert_events = retry((InterfaceError, OperationalError), max_attempts=10, wait=0)(
        insert_and_lose
    )  # type: ignore[method-assign]
    try:
        yield lost
    finally:
        _Recorder.insert_events = retried  # type: ignore[method-assign]


@pytest.mark.parametrize("what", ["new stream", "known stream"])
def test_a_commit_whose_answer_was_lost_is_not_doubled(county: Coordination, what: str) -> None:
    if what == "known stream":
        register(county)
    before = county.record.last_position()
    with answer_lost(1) as lost:
        if what == "new stream":
            receipt = register(county)
        else:
            receipt = county.perform(SAID, order(ALNCO, MONDAY))
    assert lost == [1]
    assert receipt.repeated
    assert receipt.position == county.record.last_position() > before
    commands = version(county)
    assert commands == receipt.version


# Two answers at once


@pytest.fixture
def referred(county: Coordination) -> Coordination:
    register(county)
    on: dict[str, Any] = {"occurred_on": MONDAY, "pupil": PUPIL}
    agreed = GiveConsent(
        **on,
        consent=UUID(int=0xE1),
        agency=BOARD,
        service=CAMHS,
        authority="parental_responsibility",
        contact=MOTHER,
    )
    county.perform(agreed, order(ALNCO, MONDAY))
    opened = OpenReferral(**on, referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False)
    county.perform(opened, order(ALNCO, MONDAY))
    county.perform(SubmitReferral(**on, referral=REFERRAL), order(ALNCO, MONDAY))
    return county


def reached(name: str, seen: int | None, **more: Any) -> RecordMilestone:
    return RecordMilestone(
        occurred_on=MONDAY, pupil=PUPIL, referral=REFERRAL, milestone=name, seen=seen, **more
    )


def steps(county: Coordination) -> list[str]:
    return [s.name for s in county.batch().state(PUPIL_STREAM, PUPIL).referrals[REFERRAL].steps]


def test_two_answers_at_once_to_what_both_saw_one_wins_and_the_other_is_told(referred: Coordination) -> None:
    seen = referred.batch().state(PUPIL_STREAM, PUPIL).referrals[REFERRAL].last_version
    before = version(referred)
    results = at_once(
        lambda: referred.perform(reached("received", seen), order(CLINICIAN, MONDAY)),
        lambda: referred.perform(reached("acknowledged", seen), order(THERAPIST, MONDAY)),
    )
    won = [r for r in results if isinstance(r, Receipt)]
    told = [r for r in results if isinstance(r, StaleVersion)]
    assert (len(won), len(told)) == (1, 1)
    assert told[0].facts == {"seen": seen, "current": won[0].version}
    assert version(referred) == before + 1


def test_two_answers_at_once_that_do_not_contradict_both_stand(referred: Coordination) -> None:
    for n in range(5):
        results = at_once(
            lambda: referred.perform(reached("triaged", None), order(CLINICIAN, MONDAY)),
            lambda: referred.perform(reached("appointment_offered", None), order(THERAPIST, MONDAY)),
            lambda: referred.perform(SAID, order(ALNCO, MONDAY)),
        )
        assert all(isinstance(r, Receipt) and not r.repeated for r in results), results
        assert len({r.version for r in results}) == 3
        assert sorted(steps(referred)[1:]) == sorted(["triaged", "appointment_offered"] * (n + 1))


def test_two_answers_at_once_that_contradict_only_one_stands(referred: Coordination) -> None:
    results = at_once(
        lambda: referred.perform(
            reached("declined", None, details={"reason": "below_threshold"}), order(CLINICIAN, MONDAY)
        ),
        lambda: referred.perform(reached("discharged", None), order(THERAPIST, MONDAY)),
    )
    assert sorted(type(r).__name__ for r in results) == ["ImpossibleOrder", "Receipt"], results
    assert len(steps(referred)) == 2
