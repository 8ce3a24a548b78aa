"""The laws of the case file: statements, rebuilding, erasure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.directory.commands import SetStandard
from coordination.pupil.actions.decide import (
    CancelAction,
    ChangeActionDue,
    CompleteAction,
    ReopenAction,
)
from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.decisions.basis_requests import RequestBasis
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from coordination.pupil.minutes.decide import CorrectMinute
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    ContactDetails,
    EndContact,
    RecordContact,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordYear,
)
from coordination.pupil.referral.decide import (
    AllocateReferral,
    RaiseImmediateRisk,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.sensitivity import ERASED
from coordination.topics import registry
from coordination.viewer import Viewer
from projections.case_file.project import PROJECTION
from projections.case_file.queries import (
    ActionCriteria,
    AuthorshipCriteria,
    PupilCriteria,
    ReferralCriteria,
    TimelineCriteria,
    actions,
    pupil,
    pupils,
    referral,
    referrals,
    timeline,
    who_recorded,
)
from projections.catalogue import projections
from projections.engine import Engine
from projections.inbox.queries import InboxCriteria, ReportedCriteria, inbox, reported_milestones
from projections.reader import Reader
from projections.rebuild import rebuild
from projections.today.queries import today
from tests.county import (
    ADMINISTRATOR,
    ADOPTION_OFFICER,
    ALNCO,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    THERAPY,
    UPN,
    at,
    order,
    register,
)
from tests.projections.case_file.shared import SINCE_EVER, _Counting
from tests.projections.casework import (
    AGREED_CAMHS,
    DAY0,
    FOR_SCHOOL,
    MEETING,
    MINUTE,
    SECOND,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    RecordedCase,
    day,
    told,
    viewer,
)
from tests.projections.replays import contents, fresh_county, replay, same

QUERIES: dict[str, tuple[int, Callable[[Any, Viewer], object]]] = {
    "pupils": (2, lambda r, w: pupils(r, w, PupilCriteria())),
    "pupil": (13, lambda r, w: pupil(r, w, PUPIL)),
    "timeline": (2, lambda r, w: timeline(r, w, TimelineCriteria(pupil=PUPIL))),
    "referrals": (2, lambda r, w: referrals(r, w, ReferralCriteria())),
    "referral": (7, lambda r, w: referral(r, w, TO_CAMHS)),
    "actions": (2, lambda r, w: actions(r, w, ActionCriteria())),
    "who_recorded": (2, lambda r, w: who_recorded(r, w, AuthorshipCriteria(person=ALNCO, **SINCE_EVER))),
    "inbox": (4, lambda r, w: inbox(r, w, InboxCriteria())),
    "reported": (2, lambda r, w: reported_milestones(r, w, ReportedCriteria())),
    "today": (6, lambda r, w: today(r, w, DAY0)),
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_statements_does_not_depend_on_the_rows(
    name: str, known: tuple[RecordedCase, Reader]
) -> None:
    statements, ask = QUERIES[name]
    for person, role in ((ALNCO, "alnco"), (ALNCO, "wellbeing_coordinator"), (CLINICIAN, "clinician")):
        counting = _Counting(known[1])
        ask(counting, viewer(person, role=role))
        # today is a school's: others get an empty one
        assert counting.count == (1 if (name, person) == ("today", CLINICIAN) else statements)


def crowded(case: RecordedCase) -> None:
    """After the story: everything that happens seldom, so that no kind of row is left out."""
    case.does(ALNCO, day(46), RecordNeeds, pupil=PUPIL, needs=("ADHD",))
    case.does(ALNCO, day(46), RecordProvision, pupil=PUPIL, provision="idp_la")
    case.does(ALNCO, day(46), RecordLookedAfter, pupil=PUPIL, looked_after=True)
    case.does(ALNCO, day(46), RecordYear, pupil=PUPIL, year=9)
    identity = {"upn": UPN, "surname": "Gwyn", "forename": "Siân", "sex": "F", "language": "cy"}
    case.does(ALNCO, day(46), ChangeIdentity, pupil=PUPIL, date_of_birth=date(2011, 5, 20), **identity)
    case.does(ALNCO, day(46), EndContact, pupil=PUPIL, contact=MOTHER)
    again = ContactDetails(occurred_on=day(46), contact=MOTHER, name="Mair", parental_responsibility=True)
    case.does(ALNCO, day(46), RecordContact, pupil=PUPIL, details=again)
    risk = {"pupil": PUPIL, "referral": TO_CAMHS, "told": ("crisis_team",), "told_at": at(day(46), 8)}
    case.does(ALNCO, day(46), RaiseImmediateRisk, **risk)
    away = {"pupil": PUPIL, "referral": TO_CAMHS, "from_on": day(60), "until": day(63)}
    case.does(ALNCO, day(46), RecordUnavailability, reason="away", **away)
    case.does(CLINICIAN, day(46), RequestBasis, pupil=PUPIL, referral=TO_CAMHS, service=THERAPY)
    wrong = case.says(CLINICIAN, TO_CAMHS, "first_contact", day(44))
    right = case.says(CLINICIAN, TO_CAMHS, "first_contact", day(45), supersedes=wrong, why="A day later.")
    strike = {"pupil": PUPIL, "referral": TO_CAMHS, "entry": right, "why": "Another child."}
    case.does(CLINICIAN, day(46), StrikeEntry, **strike)
    passed_on = {"to_service": str(PSYCHOLOGY), "to_agency": str(EDUCATION)}
    takes(case, CLINICIAN)  # until it is passed on
    case.says(CLINICIAN, TO_CAMHS, "redirected", day(46), details=passed_on)
    takes(case, PSYCHOLOGIST)
    case.reports(TO_CAMHS, "appointment_offered", day(46))
    mistaken = case.says(PSYCHOLOGIST, TO_PSYCHOLOGY, "recorded_in_error", day(46), note="Twice.")
    assert mistaken
    standard = {"code": "EPS-1", "start": "received", "stop": "assessed", "limit": 8, "unit": "weeks"}
    standard |= {"bands": (8,), "source": "test", "effective_from": date(2024, 9, 1), "service": PSYCHOLOGY}
    case.does(ADMINISTRATOR, day(46), SetStandard, organisation=EDUCATION, **standard)
    on_action = {"pupil": PUPIL, "action": FOR_SCHOOL}
    case.does(ALNCO, day(46), ChangeActionDue, due_on=day(70), why="Later.", **on_action)
    case.does(ALNCO, day(46), CompleteAction, **on_action)
    case.does(ALNCO, day(46), ReopenAction, why="Not yet.", **on_action)
    case.does(ALNCO, day(46), CancelAction, why="No more.", **on_action)
    corrected = {"meeting": MEETING, "pupil": PUPIL, "minute": MINUTE, "services_present": (CAMHS,)}
    case.does(ALNCO, day(46), CorrectMinute, why="Words.", discussion="Sleep.", **corrected)
    case.does(ALNCO, day(46), WithdrawConsent, pupil=PUPIL, consent=AGREED_CAMHS, contact=MOTHER)
    of_one_child(case)
    case.moves(day(46))
    case.moves(day(46), SECOND)


def of_one_child(case: RecordedCase) -> None:
    """Two more files of the child, of which one is separated again, and another child who is adopted."""
    temporary, mistaken, adopted = UUID(int=0xF1), UUID(int=0xF2), UUID(int=0xF3)
    for file, upn in ((temporary, "TEMPORARY"), (mistaken, "MISTAKEN"), (adopted, "ADOPTED")):
        register(case.service, file, upn, day(46))
    for file in (temporary, mistaken):
        case.does(ALNCO, day(46), JoinPupils, pupil=PUPIL, other=file, why="The same child")
    case.does(ALNCO, day(46), SeparatePupils, pupil=PUPIL, other=mistaken, why="Cousins")
    identity = {
        "upn": "NEW",
        "surname": "Newydd",
        "forename": "Nia",
        "sex": "F",
        "language": "cy",
        "why": "Order",
    }
    case.does(
        ADOPTION_OFFICER,
        day(46),
        ReplaceIdentity,
        pupil=adopted,
        date_of_birth=date(2011, 5, 20),
        **identity,
    )


def takes(case: RecordedCase, person: UUID) -> None:
    """Somebody of the agency that holds it takes the referral to CAMHS up."""
    command = AllocateReferral(occurred_on=day(46), pupil=PUPIL, referral=TO_CAMHS, person=person)
    case.service.perform(command, order(person, day(46)))


def test_the_size_of_the_pages_makes_no_difference(postgres: str, template: str, tmp_path: Path) -> None:
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, service):
        crowded(told(service))
        replay(address, service, "by_one", page_size=1)
        replay(address, service, "by_seven", page_size=7, kept=1)
        replay(address, service, "by_thousand", page_size=1000)
        own = {t.name for p in projections() if p.name in ("case_file", "inbox", "today") for t in p.tables}
        whole = {name: rows for name, rows in contents(address, "by_thousand").items() if name in own}
        assert {name for name, rows in whole.items() if not rows} == {"contact_end"}
        assert not [row for row in contents(address, "by_thousand")["parked"] if row[0] in own]
        for other in ("by_one", "by_seven"):
            same(whole, {name: rows for name, rows in contents(address, other).items() if name in own})


def test_with_the_key_of_a_stream_its_codes_are_gone_from_a_rebuilt_schema(
    case: RecordedCase, engine: Engine, database: str, reader: Reader
) -> None:
    engine.catch_up()
    page = pupil(reader, viewer(ALNCO), PUPIL)
    with psycopg.connect(database) as connection:
        connection.execute("delete from log.stream_key where stream = %s", (PUPIL,))
    entries = timeline(reader, viewer(ALNCO), TimelineCriteria(pupil=PUPIL)).entries
    sealed = [e.at for e in entries if e.at.sealed]
    assert page.pupil.identity is not None
    assert set(map(repr, case.service.record.open([page.pupil.identity, *sealed]))) == {repr(ERASED)}
    rebuild(database, case.service.record.outer)
    after = pupil(reader, viewer(ALNCO), PUPIL)
    assert (after.pupil.needs, after.pupil.provision, after.pupil.looked_after) == ((), None, None)
    assert [r.referral for r in after.referrals] == [r.referral for r in page.referrals]


def test_no_personal_word_stands_in_any_column(postgres: str, template: str, tmp_path: Path) -> None:
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, service):
        case = told(service)
        crowded(case)
        replay(address, service, "looked_at")
        everything = repr(contents(address, "looked_at"))
        assert "appointment_offered" in everything
        for word in (
            "Siân",
            "Gŵyn",
            "Mair",
            "blino",
            "cysgu",
            UPN,
            "secretary",
            "mother",
            "Not so",
            "sleep",
            "Iawn",
        ):
            assert word not in everything, word


def test_every_kind_of_event_is_taken() -> None:
    assert PROJECTION.topics == frozenset(registry().values())
