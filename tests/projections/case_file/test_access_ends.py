"""When access ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.pupil.actions.decide import (
    ReassignAction,
)
from coordination.pupil.actions.events import Owner
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.minutes.decide import CorrectMinute
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    EndRegistration,
    RegisterPupil,
)
from projections.case_file.queries import (
    ActionCriteria,
    actions,
    pupil,
    referral,
)
from projections.challenges.queries import identities
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    UPN,
    operator_order,
)
from tests.projections.case_file.shared import seen
from tests.projections.casework import (
    AGREED_CAMHS,
    AGREED_EDUCATION,
    FOR_CAMHS,
    MEETING,
    MINUTE,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    RecordedCase,
    day,
    viewer,
)

# When access ends


def test_a_withdrawal_closes_access_before_any_projection_knows_of_it(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    before = seen(reader, viewer(PSYCHOLOGIST))
    assert before["inbox"] == [TO_PSYCHOLOGY]
    for consent in (AGREED_EDUCATION, AGREED_CAMHS):
        case.does(ALNCO, TODAY, WithdrawConsent, pupil=PUPIL, consent=consent, contact=MOTHER)
    assert seen(reader, viewer(PSYCHOLOGIST)) == {}
    with pytest.raises(NotFound):
        referral(reader, viewer(PSYCHOLOGIST), TO_PSYCHOLOGY)
    with pytest.raises(NotFound):
        pupil(reader, viewer(PSYCHOLOGIST), PUPIL)
    # what CAMHS heard in the room and has to do rests on its being there, not on the agreement
    left = seen(reader, viewer(CLINICIAN))
    assert left["timeline"] == {"minute": 1, "action": 1}
    assert "inbox" not in left
    engine.catch_up()
    assert seen(reader, viewer(PSYCHOLOGIST)) == {}
    assert seen(reader, viewer(CLINICIAN)) == left
    # the school sees to whom it had gone, and since when that is closed
    gone = pupil(reader, viewer(ALNCO), PUPIL).disclosures
    assert {(d.agency, d.closed_on) for d in gone} == {(BOARD, TODAY), (EDUCATION, TODAY)}


def test_who_moved_is_out_of_the_old_schools_sight_on_the_day(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    case.moves(TODAY)
    for _ in ("before the projections know", "afterwards"):
        left = seen(reader, viewer(ALNCO))
        assert left["pupils"] == 1
        assert not {"referrals", "actions", "today"} & set(left)
        # the minute of its own meeting is the school's own record
        assert left["timeline"] == {"minute": 1}
        assert left["sealed"] == 1
        with pytest.raises(NotFound):
            pupil(reader, viewer(ALNCO), PUPIL)
        engine.catch_up()
    new = seen(reader, viewer(OTHER_ALNCO))
    assert new["pupils"] == 1
    assert new["referrals"] == {TO_CAMHS: True, TO_PSYCHOLOGY: True}
    assert new["today"] == [1, 1, 1, 2]
    # the minute stays with the school whose meeting it was
    assert new["timeline"] == {"profile": 7, "consent": 6, "referral": 12, "action": 2}
    assert seen(reader, viewer(ALNCO, TODAY - timedelta(days=1)))["referrals"]


def test_a_second_school_sees_the_pupil_and_not_the_first_ones_minutes(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    both = {"pupil": PUPIL, "school": OTHER_SCHOOL, "upn": UPN, "surname": "G", "forename": "S"}
    both |= {"date_of_birth": date(2011, 5, 20), "sex": "F", "language": "cy"}
    both_rolls = RegisterPupil(occurred_on=day(40), **both)
    case.service.perform(both_rolls, operator_order(OTHER_SCHOOL, day(40)))
    engine.catch_up()
    for person in (ALNCO, OTHER_ALNCO):
        assert pupil(reader, viewer(person), PUPIL).pupil.schools == (SCHOOL, OTHER_SCHOOL)
    assert "minute" in seen(reader, viewer(ALNCO))["timeline"]
    assert "minute" not in seen(reader, viewer(OTHER_ALNCO))["timeline"]
    case.does(ALNCO, TODAY, EndRegistration, pupil=PUPIL, school=SCHOOL)
    engine.catch_up()
    assert pupil(reader, viewer(OTHER_ALNCO), PUPIL).pupil.schools == (OTHER_SCHOOL,)


def test_a_service_wrongly_listed_as_present_loses_the_minute_with_its_correction(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    assert "minute" in seen(reader, viewer(CLINICIAN))["timeline"]
    corrected = {"meeting": MEETING, "pupil": PUPIL, "minute": MINUTE, "services_present": ()}
    case.does(ALNCO, TODAY, CorrectMinute, why="CAMHS had left.", discussion="Sleep.", **corrected)
    engine.catch_up()
    assert "minute" not in seen(reader, viewer(CLINICIAN))["timeline"]
    assert seen(reader, viewer(ALNCO))["timeline"]["minute"] == 2


def test_an_action_handed_on_goes_out_of_its_former_owners_sight(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    owner = Owner(organisation=EDUCATION, service=PSYCHOLOGY)
    case.does(ALNCO, TODAY, ReassignAction, pupil=PUPIL, action=FOR_CAMHS, owner=owner)
    engine.catch_up()
    assert "action" not in seen(reader, viewer(CLINICIAN))["timeline"]
    # the new owner sees what is to be done, said when it was agreed
    assert seen(reader, viewer(PSYCHOLOGIST))["timeline"]["action"] == 2
    todo = actions(reader, viewer(PSYCHOLOGIST), ActionCriteria()).rows
    assert [a.action.at.sealed != "" for a in todo] == [True]


def test_a_school_goes_on_reading_the_name_that_it_knew_in_its_own_records(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    """The next school gives another name; the former one has a minute about the pupil, another school nothing."""
    case.moves(day(45))
    named: dict[str, Any] = {"surname": "Newydd", "forename": "Enw", "date_of_birth": date(2011, 5, 20)}
    case.does(OTHER_ALNCO, day(46), ChangeIdentity, pupil=PUPIL, upn=UPN, sex="F", language="cy", **named)
    engine.catch_up()
    changed = case.version()

    def version(person: UUID, until: int | None = None) -> int | None:
        found = identities(reader, viewer(person, day(47)), [PUPIL], until).get(PUPIL)
        return found.version if found else None

    assert (version(ALNCO), version(OTHER_ALNCO), version(CLINICIAN)) == (1, changed, changed)
    assert (version(OTHER_ALNCO, 300), version(CLINICIAN, 300)) == (1, 1)
    assert version(AUDITOR) is None
