"""When access ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.meeting.commands import FinaliseMeeting
from coordination.pupil.actions.decide import (
    ReassignAction,
)
from coordination.pupil.actions.events import Owner
from coordination.pupil.consent.decide import GiveConsent, WithdrawConsent
from coordination.pupil.minutes.decide import CorrectMinute
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    EndRegistration,
    RecordViews,
    RegisterPupil,
)
from coordination.service import Coordination
from projections.case_file.queries import (
    ActionCriteria,
    actions,
    pupil,
    referral,
)
from projections.case_file.queries.changes import ChangeCriteria, changes
from projections.challenges.queries import identities
from projections.engine import Engine
from projections.reader import Reader
from projections.sight_ends.queries import sight_ends
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
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
    register,
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


def test_after_a_withdrawal_a_service_keeps_what_it_had_and_receives_nothing_new(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    had = seen(reader, viewer(PSYCHOLOGIST))
    assert had["inbox"] == [TO_PSYCHOLOGY]
    case.does(ALNCO, TODAY, WithdrawConsent, pupil=PUPIL, consent=AGREED_EDUCATION, contact=MOTHER)
    engine.catch_up()
    assert seen(reader, viewer(PSYCHOLOGIST)) == had, "the referral, which goes on, and its clock"
    others = seen(reader, viewer(CLINICIAN))
    entries = len(referral(reader, viewer(ALNCO), TO_PSYCHOLOGY).entries)
    # from here on the school records, and the service writes
    case.does(ALNCO, TODAY, RecordViews, pupil=PUPIL, whose="child", words="Newydd", language="cy")
    case.reports(TO_PSYCHOLOGY, "acknowledged", TODAY)
    engine.catch_up()
    after = seen(reader, viewer(PSYCHOLOGIST))
    assert (after["timeline"], after["sealed"]) == (had["timeline"], had["sealed"])
    case.says(PSYCHOLOGIST, TO_PSYCHOLOGY, "accepted", TODAY)
    engine.catch_up()
    own = seen(reader, viewer(PSYCHOLOGIST))["timeline"]
    assert own == {**had["timeline"], "referral": had["timeline"]["referral"] + 1}
    assert len(referral(reader, viewer(ALNCO), TO_PSYCHOLOGY).entries) == entries + 2
    assert seen(reader, viewer(CLINICIAN)) == others, "another service has an agreement of its own"
    # the school sees to whom it had gone, and since when the sharing has stopped
    went = {d.agency: d for d in pupil(reader, viewer(ALNCO), PUPIL).disclosures if d.subject == "referral"}
    assert (went[EDUCATION].stopped_on, went[EDUCATION].closed_on) == (TODAY, None)
    assert went[BOARD].stopped_on is None


def test_that_sight_ended_is_listed_and_among_the_changes_for_who_had_it(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    start = changes(reader, viewer(PSYCHOLOGIST), ChangeCriteria(after=2**62)).next
    case.does(ALNCO, TODAY, WithdrawConsent, pupil=PUPIL, consent=AGREED_EDUCATION, contact=MOTHER)
    engine.catch_up()
    [told] = changes(reader, viewer(PSYCHOLOGIST), ChangeCriteria(after=start)).rows
    assert (told.topic, told.stream, told.thing) == ("consent.sharing_stopped", PUPIL, TO_PSYCHOLOGY)
    [row] = sight_ends(reader, viewer(PSYCHOLOGIST)).rows
    assert (row.referral, row.since, row.because) == (TO_PSYCHOLOGY, TODAY, "agreement_withdrawn")
    assert (row.service, row.referral_open, row.received) == (PSYCHOLOGY, True, True)
    for other in (CLINICIAN, OTHER_ALNCO, AUDITOR):
        assert sight_ends(reader, viewer(other)).rows == ()
        assert TO_PSYCHOLOGY not in {
            c.thing for c in changes(reader, viewer(other), ChangeCriteria(after=start)).rows
        }
    case.moves(TODAY)
    engine.catch_up()
    left = sight_ends(reader, viewer(ALNCO)).rows
    assert {(r.referral, r.because, r.received) for r in left} == {
        (TO_CAMHS, "moved", False),
        (TO_PSYCHOLOGY, "moved", False),
    }
    assert sight_ends(reader, viewer(OTHER_ALNCO)).rows == ()


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
    assert new["timeline"] == {"profile": 7, "consent": 8, "referral": 12, "action": 2}
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
    case.does(ALNCO, TODAY, FinaliseMeeting, meeting=MEETING)
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


@pytest.mark.parametrize(("on", "is_seen"), [(10, True), (11, False)], ids=["its last day", "the day after"])
def test_sight_ends_with_the_last_day_of_the_agreement(
    county: Coordination, engine: Engine, reader: Reader, on: int, is_seen: bool
) -> None:
    case = RecordedCase(county)
    register(county)
    given = {"authority": "parental_responsibility", "contact": MOTHER, "expires_on": day(10)}
    agreed = {"pupil": PUPIL, "consent": AGREED_CAMHS, "agency": BOARD, "service": CAMHS}
    case.does(ALNCO, day(0), GiveConsent, **agreed, **given)
    case.opens(TO_CAMHS, CAMHS, day(0))
    case.sends(TO_CAMHS, day(0))
    engine.catch_up()
    who = viewer(CLINICIAN, today=day(on))
    if is_seen:
        assert referral(reader, who, TO_CAMHS).referral.referral == TO_CAMHS
    else:
        with pytest.raises(NotFound):
            referral(reader, who, TO_CAMHS)
