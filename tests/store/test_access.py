"""Who may see a pupil is written with the events: it is at every moment what the case file says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from coordination.event import Command
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.decide import GiveConsent, RefuseConsent, WithdrawConsent
from coordination.pupil.profile.commands import EndRegistration, MovePupil, RegisterPupil
from coordination.pupil.referral.decide import OpenReferral, SubmitReferral
from coordination.service import Coordination
from tests.county import (
    ALNCO,
    AUTHORITY,
    BOARD,
    CAMHS,
    MOTHER,
    OTHER_SCHOOL,
    PUPIL,
    SCHOOL,
    UPN,
    operator_order,
    order,
    register,
)
from tests.projections.replays import fresh_county
from tests.store.histories import Move, RandomHistory, cuts, histories, pupil_id

MONDAY = date(2025, 1, 13)
REFERRAL, AGREED = UUID(int=0xD1), UUID(int=0xE1)


def written(address: str, pupil: UUID) -> set[tuple[UUID, UUID]]:
    """The organisations with open access, and the ground of each."""
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "select organisation, ground from log.pupil_access where pupil = %s and closed_on is null",
            [pupil],
        )
        return set(rows.fetchall())


def said(case: CaseFile) -> set[tuple[UUID, UUID]]:
    """The same from the case file."""
    told = {(d.agency, d.ground) for d in case.consents.disclosures if not d.closed}
    return told | {(holder, holder) for holder in case.profile.holders()}


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=histories(), every=cuts())
def test_access_is_what_the_case_file_says_after_every_save(
    postgres: str, template: str, tmp_path: Path, moves: list[Move], every: list[int]
) -> None:
    """However many commands a save holds."""
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, county):
        story = RandomHistory(county.batch())
        for place, move in enumerate(moves):
            story.try_(move)
            if place % every[0] == 0:
                story.batch.commit()
                for number in range(story.pupils):
                    assert written(address, pupil_id(number)) == said(story.case(number))


def does(county: Coordination, *commands: Any, together: bool = False) -> None:
    batch = county.batch()
    for command in commands:
        moving = isinstance(command, MovePupil)
        batch.perform(command, operator_order(OTHER_SCHOOL, MONDAY) if moving else order(ALNCO, MONDAY))
        if not together:
            batch.commit()
    batch.commit()


ON: dict[str, Any] = {"occurred_on": MONDAY, "pupil": PUPIL}
AGREE = GiveConsent(
    **ON, consent=AGREED, agency=BOARD, service=CAMHS, authority="parental_responsibility", contact=MOTHER
)
OPEN = OpenReferral(**ON, referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False)
SUBMIT = SubmitReferral(**ON, referral=REFERRAL)
REFUSE = RefuseConsent(
    **ON, consent=AGREED, agency=BOARD, authority="parental_responsibility", contact=MOTHER
)


@pytest.mark.parametrize(
    "ends", [REFUSE, WithdrawConsent(**ON, consent=AGREED)], ids=["refused", "withdrawn"]
)
def test_what_was_received_stays_open_after_the_agreement_ended(
    database: str, county: Coordination, ends: Command
) -> None:
    """What is new is hidden by the version at which the sharing stopped (`read.disclosure.until_version`)."""
    register(county)
    does(county, AGREE, OPEN, SUBMIT, ends)
    assert written(database, PUPIL) == {(SCHOOL, SCHOOL), (BOARD, REFERRAL)}


def test_a_move_closes_the_one_school_and_opens_the_other_and_back(
    database: str, county: Coordination
) -> None:
    register(county)
    away = MovePupil(**ON, from_school=SCHOOL, to_school=OTHER_SCHOOL)
    does(county, away)
    assert written(database, PUPIL) == {(OTHER_SCHOOL, OTHER_SCHOOL)}
    back = MovePupil(**ON, from_school=OTHER_SCHOOL, to_school=SCHOOL)
    county.perform(back, operator_order(SCHOOL, MONDAY))
    assert written(database, PUPIL) == {(SCHOOL, SCHOOL)}
    county.perform(EndRegistration(**ON, school=SCHOOL), order(ALNCO, MONDAY))
    assert written(database, PUPIL) == {(AUTHORITY, AUTHORITY)}


def registration() -> RegisterPupil:
    return RegisterPupil(
        **ON,
        school=SCHOOL,
        upn=UPN,
        surname="Gŵyn-Llŷr",
        forename="Siân",
        date_of_birth=date(2011, 5, 20),
        sex="F",
        language="cy",
    )


def test_a_school_that_registers_a_child_on_no_roll_takes_it_from_the_authority(
    database: str, county: Coordination
) -> None:
    register(county)
    left, back = EndRegistration(**ON, school=SCHOOL), registration()
    does(county, left, back, left, together=True)
    assert written(database, PUPIL) == {(AUTHORITY, AUTHORITY)}
    does(county, back)
    assert written(database, PUPIL) == {(SCHOOL, SCHOOL)}
    does(county, left)
    assert written(database, PUPIL) == {(AUTHORITY, AUTHORITY)}
    does(county, back, left, back, together=True)
    assert written(database, PUPIL) == {(SCHOOL, SCHOOL)}
    does(county, left, back, together=True)
    assert written(database, PUPIL) == {(SCHOOL, SCHOOL)}
