"""The worker's part when a school closes, or a service moves or closes with pupils waiting, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from coordination.desk.reorganisations import progress_of
from coordination.directory.commands import (
    CloseOrganisation,
    CloseService,
    MoveService,
    ReceiveService,
    RegisterOrganisation,
)
from coordination.event import Command, CommandContext
from coordination.meeting.commands import ScheduleMeeting
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.profile.commands import RegisterPupil
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader
from scripts.service.reorganising import carry_out_reorganisation, steps_due
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUTHORITY,
    BOARD,
    CAMHS,
    EDUCATION,
    OTHER_SCHOOL,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    at,
    operator_order,
    order,
)
from tests.projections.casework import (
    AGREED_CAMHS,
    AGREED_EDUCATION,
    SECOND,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    told,
)
from tests.readers import readers

LAST = date(2025, 3, 19)
BIG = UUID(int=0x68)
NEXT_MEETING, LATER_MEETING = UUID(int=0xED7), UUID(int=0xED8)


def changes(service: Coordination, *commands: Command, on: date = TODAY) -> None:
    orders: list[tuple[Command, CommandContext]] = [
        (command, order(ADMINISTRATOR, on, source="command_line")) for command in commands
    ]
    service.perform_all(orders)


def rows(database: str, query: str, *given: Any) -> list[dict[str, Any]]:
    with psycopg.connect(database, row_factory=dict_row) as connection:
        return connection.execute(query, given).fetchall()


def access(database: str, pupil: UUID = PUPIL) -> set[tuple[UUID, str]]:
    """Who sees the pupil, and on what basis."""
    found = rows(
        database,
        "select organisation, basis from log.pupil_access where pupil = %s and closed_on is null",
        pupil,
    )
    return {(row["organisation"], row["basis"]) for row in found}


@pytest.fixture
def carried_out(database: str, county: Coordination) -> Callable[..., Any]:
    """Tells the story, and carries out what is due whenever it is called."""
    told(county)

    def carry_out(**how: Any) -> Any:
        engine = Engine(database, county.record.outer)
        engine.catch_up()
        engine.close()
        return carry_out_reorganisation(database, county.record.outer, at(TODAY), **how)

    return carry_out


def close(into: UUID | None = None, last_day: date = LAST) -> CloseOrganisation:
    return CloseOrganisation(occurred_on=TODAY, organisation=SCHOOL, effective_to=last_day, merged_into=into)


def case(service: Coordination, pupil: UUID = PUPIL) -> Any:
    return service.batch().state(PUPIL_STREAM, pupil)


def test_the_authority_holds_the_pupils_of_a_closed_school(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    changes(county, close())
    assert carried_out() == (2, {})
    assert case(county).profile.schools() == frozenset()
    assert (AUTHORITY, "no_roll") in access(database)
    assert (SCHOOL, "registration") not in access(database)
    assert (BOARD, "public_task") in access(database)
    assert case(county).profile.registrations[-1].until == TODAY
    # nothing is left, and doing it again does nothing
    before = county.record.last_position()
    assert carried_out() == (0, {})
    assert county.record.last_position() == before
    with psycopg.connect(database) as desk:
        noted = progress_of(desk, [SCHOOL])[SCHOOL]
    assert (noted.done, noted.remaining) == (2, 0)


def test_on_its_last_day_a_school_still_has_its_pupils(
    county: Coordination, carried_out: Callable[..., Any]
) -> None:
    changes(county, close(last_day=TODAY))
    assert carried_out() == (0, {})
    assert case(county).profile.schools() == {SCHOOL}


def test_two_schools_merge_one_pupil_on_both_rolls(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    again = RegisterPupil(
        occurred_on=date(2025, 2, 1),
        pupil=SECOND,
        school=OTHER_SCHOOL,
        upn="E670200126001",
        surname="B",
        forename="C",
        date_of_birth=date(2013, 1, 1),
        sex="F",
        language="cy",
    )
    county.perform(again, operator_order(OTHER_SCHOOL, date(2025, 2, 1)))
    changes(county, close(OTHER_SCHOOL))
    assert carried_out() == (2, {})
    for pupil in (PUPIL, SECOND):
        assert case(county, pupil).profile.schools() == {OTHER_SCHOOL}
        assert {(o, b) for o, b in access(database, pupil) if b in ("registration", "no_roll")} == {
            (OTHER_SCHOOL, "registration")
        }


def test_a_school_closed_with_a_meeting_tomorrow(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    """The meeting is cancelled as soon as the closing is on the record; one until the last day takes place."""
    for meeting, held_on in ((NEXT_MEETING, TODAY), (LATER_MEETING, date(2025, 3, 21))):
        county.perform(
            ScheduleMeeting(occurred_on=LAST, meeting=meeting, school=SCHOOL, held_on=held_on, name="Hwb"),
            order(ALNCO, LAST),
        )
    changes(county, close(last_day=TODAY))
    assert carried_out() == (1, {})
    assert carried_out() == (0, {})
    found = rows(
        database,
        "select meeting, cancelled from read.meeting where meeting = any(%s)",
        [NEXT_MEETING, LATER_MEETING],
    )
    assert {row["meeting"]: row["cancelled"] for row in found} == {NEXT_MEETING: False, LATER_MEETING: True}


def to_big() -> tuple[Command, ...]:
    known: dict[str, Any] = {"occurred_on": date(2025, 3, 10)}
    return (
        RegisterOrganisation(
            organisation=BIG,
            kind="agency",
            code="BIG",
            name="Gororau",
            agency_kind="local_health_board",
            **known,
        ),
        MoveService(organisation=BOARD, service=CAMHS, to_agency=BIG, **known),
        ReceiveService(organisation=BIG, service=CAMHS, from_agency=BOARD, **known),
    )


def waits(database: str) -> list[dict[str, Any]]:
    return rows(
        database,
        "select service, agency, start_on, due_on, stretch_party, stretch_from from read.wait"
        " where referral = %s and standard = 'CAMHS-28' and known_to is null",
        TO_CAMHS,
    )


def test_open_referrals_follow_a_service_to_another_health_board(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    carried_out()
    [before] = waits(database)
    changes(county, *to_big())
    assert carried_out() == (1, {})
    assert (BIG, "public_task") in access(database)
    assert (BOARD, "public_task") not in access(database)
    carried_out()
    [after] = waits(database)
    assert after == before | {"agency": BIG}
    [row] = rows(database, "select agency, standard from read.referral where referral = %s", TO_CAMHS)
    assert row == {"agency": BIG, "standard": "CAMHS-28"}
    reported = rows(database, "select distinct agency from read.reported where referral = %s", TO_CAMHS)
    assert [r["agency"] for r in reported] == [BIG]
    [consent] = rows(database, "select agency, standing from read.consent where consent = %s", AGREED_CAMHS)
    assert consent == {"agency": BIG, "standing": "given"}
    assert carried_out() == (0, {})


def test_the_new_agency_sees_the_open_referral_and_the_former_one_no_longer_does(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    changes(county, *to_big())
    carried_out()
    carried_out()

    def sees(organisation: UUID) -> bool:
        known = {"organisation": organisation, "role": "clinician", "services": (CAMHS,), "today": TODAY}
        viewer = Viewer(person=UUID(int=9), **known)  # type: ignore[arg-type]
        with (
            readers(database) as pool,
            Reader(pool).viewing(viewer) as cursor,
        ):
            found = cursor.execute("select from read.referral where referral = %s", (TO_CAMHS,)).fetchone()
            agreed = cursor.execute("select from read.consent where consent = %s", (AGREED_CAMHS,)).fetchone()
        assert (found is None) == (agreed is None)
        return found is not None

    assert (sees(BIG), sees(BOARD)) == (True, False)


def test_killed_in_between_it_goes_on(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    """Stopped after each command, every pupil has one event in the end."""
    changes(county, close(), *to_big())
    total = 0
    for _ in range(3):
        asked = iter((False, True))
        total += carried_out(stopped=lambda asked=asked: next(asked)).done
    assert total == 3
    assert carried_out() == (0, {})
    topics = rows(
        database,
        "select topic, count(*) as n from log.event where topic in"
        " ('pupil.registration_ended', 'referral.service_moved') group by topic order by topic",
    )
    assert topics == [
        {"topic": "pupil.registration_ended", "n": 2},
        {"topic": "referral.service_moved", "n": 1},
    ]


def test_a_service_closes_and_another_agency_inherits_only_with_agreement(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    closing = CloseService(occurred_on=TODAY, organisation=EDUCATION, service=PSYCHOLOGY, open_to=LAST)
    changes(county, closing)
    assert carried_out() == (0, {})
    changes(
        county,
        CloseService(
            occurred_on=TODAY,
            organisation=EDUCATION,
            service=PSYCHOLOGY,
            open_to=LAST,
            inherited_by=CAMHS,
        ),
    )
    assert carried_out() == (1, {})
    held = case(county).referrals[TO_PSYCHOLOGY]
    assert (held.service, held.agency, held.inherited_by) == (PSYCHOLOGY, BOARD, CAMHS)


def test_without_agreement_it_stays_where_it_is_and_is_counted(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    county.perform(
        WithdrawConsent(occurred_on=TODAY, pupil=PUPIL, consent=AGREED_EDUCATION), order(ALNCO, TODAY)
    )
    changes(
        county,
        CloseService(
            occurred_on=TODAY, organisation=BOARD, service=CAMHS, open_to=LAST, inherited_by=PSYCHOLOGY
        ),
    )
    assert carried_out() == (0, {"disclosure_without_basis": 1})
    with psycopg.connect(database) as desk:
        noted = progress_of(desk, [CAMHS])[CAMHS]
    assert (noted.done, noted.remaining, noted.without_basis) == (0, 1, 1)
    assert (BOARD, "public_task") in access(database)


def test_nothing_is_due_where_nothing_changed(
    database: str, county: Coordination, carried_out: Callable[..., Any]
) -> None:
    assert carried_out() == (0, {})
    with psycopg.connect(database, autocommit=True) as owner:
        assert steps_due(owner, county.directory(), TODAY) == []
