"""The case file as each of those who may look sees it, against a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Cursor

from coordination.clocks import party_periods
from coordination.directory.commands import SetStandard
from coordination.errors import NotFound, Refusal
from coordination.pupil.actions.decide import (
    CancelAction,
    ChangeActionDue,
    CompleteAction,
    ReassignAction,
    ReopenAction,
)
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import RefuseConsent, WithdrawConsent
from coordination.pupil.minutes.decide import CorrectMinute
from coordination.pupil.profile.decide import (
    ChangeIdentity,
    ContactDetails,
    EndContact,
    EndRegistration,
    RecordContact,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordViews,
    RecordYear,
    RegisterPupil,
)
from coordination.pupil.referral.decide import (
    AllocateReferral,
    RaiseImmediateRisk,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.sensitivity import ERASED
from coordination.service import Coordination
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
from projections.case_file.referrals import FAR
from projections.catalogue import projections
from projections.engine import Engine
from projections.inbox.queries import InboxCriteria, inbox, reported_milestones
from projections.reader import Reader
from projections.rebuild import rebuild
from projections.today.queries import today
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
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
    at,
    order,
    register,
)
from tests.projections.casework import (
    AGREED_CAMHS,
    AGREED_EDUCATION,
    DAY0,
    FOR_CAMHS,
    FOR_SCHOOL,
    MEETING,
    MINUTE,
    SECOND,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    RecordedCase,
    day,
    known_story,
    told,
    viewer,
    viewers,
)
from tests.projections.replays import contents, fresh_county, replay, same

MATTERS = ("profile", "consent", "referral", "minute", "action")
SINCE_EVER = {"from_on": date(2024, 1, 1), "to_on": TODAY}


@pytest.fixture(scope="module")
def known(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RecordedCase, Reader]]:
    with known_story(postgres, template, tmp_path_factory.mktemp("keys") / "keys.json") as story:
        yield story


@pytest.fixture
def case(county: Coordination) -> RecordedCase:
    return told(county)


# Who sees what


def seen(reader: Reader, who: Viewer) -> dict[str, Any]:
    """Everything that somebody sees of the story, in few words."""
    entries = timeline(reader, who, TimelineCriteria(pupil=PUPIL)).entries
    day_ = today(reader, who, day(0))
    found = {
        "pupils": len(pupils(reader, who, PupilCriteria()).rows),
        "timeline": {m: n for m in MATTERS if (n := sum(e.matter == m for e in entries))},
        "sealed": sum(1 for e in entries if e.at.sealed),
        "referrals": {line.referral.referral: line.identity is not None for line in _referrals(reader, who)},
        "actions": [a.action.action for a in actions(reader, who, ActionCriteria()).rows],
        "recorded": {
            r.kind
            for r in who_recorded(reader, who, AuthorshipCriteria(organisation=SCHOOL, **SINCE_EVER)).rows
        },
        "inbox": [line.referral.referral for line in inbox(reader, who, InboxCriteria()).rows],
        "reported": reported_milestones(reader, who, InboxCriteria()).total,
        "today": [day_.overdue.total, day_.agreements.total, day_.missed.total, day_.actions.total],
    }
    return {name: value for name, value in found.items() if value and value != [0, 0, 0, 0]}


def _referrals(reader: Reader, who: Viewer) -> Any:
    return referrals(reader, who, ReferralCriteria()).rows


ALL_OF_IT = {
    "pupils": 2,
    "timeline": {"profile": 6, "consent": 6, "referral": 12, "minute": 1, "action": 2},
    "sealed": 17,
    "referrals": {TO_CAMHS: True, TO_PSYCHOLOGY: True},
    "actions": [FOR_CAMHS, FOR_SCHOOL],
    "recorded": {"pupil", "meeting"},
    "today": [1, 1, 1, 2],
}
# Counted as the school's own work; an agency sees what the school recorded about its own referral.
SEES: dict[str, dict[str, Any]] = {
    "alnco": ALL_OF_IT,
    "head": ALL_OF_IT,
    "teacher": ALL_OF_IT
    | {"timeline": {"profile": 6, "consent": 6, "referral": 12, "action": 2}, "sealed": 16},
    "other_alnco": {},
    "clinician": {
        "timeline": {"referral": 9, "minute": 1, "action": 1},
        "sealed": 7,
        "referrals": {TO_CAMHS: True},
        "actions": [FOR_CAMHS],
        "recorded": {"pupil"},
        "inbox": [TO_CAMHS],
        "reported": 1,
    },
    "psychologist": {
        "timeline": {"referral": 3},
        "sealed": 1,
        "referrals": {TO_PSYCHOLOGY: True},
        "recorded": {"pupil"},
        "inbox": [TO_PSYCHOLOGY],
    },
    "auditor": {
        "timeline": {"referral": 12},
        "referrals": {TO_CAMHS: False, TO_PSYCHOLOGY: False},
        "recorded": {"pupil"},
    },
    "administrator": {},
    "school_administrator": {},
    "far_auditor": {},
    "operator": {
        "timeline": ALL_OF_IT["timeline"],
        "recorded": {"pupil", "meeting"},
    },
}
SEES["caseworker"] = SEES["auditor"]


@pytest.mark.parametrize("name", sorted(viewers()))
def test_each_sees_of_every_query_what_is_theirs(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    assert seen(reader, viewers()[name]) == SEES[name]


def _opens(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotFound:
        return False
    return True


PAGES: dict[str, set[str]] = {
    "alnco": {"pupil", "camhs", "psychology"},
    "head": {"pupil", "camhs", "psychology"},
    "teacher": {"pupil", "camhs", "psychology"},
    "clinician": {"pupil", "camhs"},
    "psychologist": {"pupil", "psychology"},
    # pseudonymous: no identity, no contact, no view, no seal (asserted below)
    "auditor": {"camhs", "psychology"},
    "caseworker": {"camhs", "psychology"},
}


@pytest.mark.parametrize("name", sorted(viewers()))
def test_a_foreign_page_is_not_found(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    who = viewers()[name]
    pages = {
        "pupil": lambda: pupil(reader, who, PUPIL),
        "camhs": lambda: referral(reader, who, TO_CAMHS),
        "psychology": lambda: referral(reader, who, TO_PSYCHOLOGY),
        "nobody": lambda: pupil(reader, who, UUID(int=1)),
        "nothing": lambda: referral(reader, who, UUID(int=1)),
    }
    assert {page for page, ask in pages.items() if _opens(ask)} == PAGES.get(name, set())


@pytest.mark.parametrize("name", ["auditor", "caseworker"])
def test_an_auditor_finds_no_name_and_no_words(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    found = referral(reader, viewers()[name], TO_CAMHS)
    assert found.identity is None
    assert (found.contacts, found.views, found.consents, found.disclosures) == ((), (), (), ())
    assert all(not e.at.sealed for e in found.entries)


def test_no_table_of_the_read_schema_is_open_without_a_viewer(known: tuple[RecordedCase, Reader]) -> None:
    """The reader's role, with no settings, sees nothing in any table of these rooms."""
    _, reader = known
    names = [t.name for p in projections() if p.name in ("case_file", "inbox", "today") for t in p.tables]
    with reader._pool.connection() as connection:
        for name in names:
            count = connection.execute(f"select count(*) from read.{name}").fetchone()  # type: ignore[arg-type]
            assert count == (0,), name


def test_what_an_agency_was_told_is_gated_by_the_classes_disclosed(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """Without `contact`, `views` and `needs` among them the agency sees none; views of a later day never."""
    case = RecordedCase(county)
    register(county)
    words = {"pupil": PUPIL, "whose": "child", "language": "cy"}
    case.does(ALNCO, day(-7), RecordViews, words="Cynt.", **words)
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    case.opens(TO_CAMHS, CAMHS, DAY0)
    case.sends(TO_CAMHS, DAY0, data_classes=("identity", "contact", "views"))
    case.does(ALNCO, day(5), RecordViews, words="Wedyn.", **words)
    engine.catch_up()
    told_all = referral(reader, viewer(CLINICIAN), TO_CAMHS)
    assert [c.contact for c in told_all.contacts] == [MOTHER]
    assert [v.said_on for v in told_all.views] == [day(-7)]
    assert told_all.shared == ("contact", "identity", "views")
    at_agency = pupil(reader, viewer(CLINICIAN), PUPIL).pupil
    assert (at_agency.needs, at_agency.provision) == ((), None)
    at_school = pupil(reader, viewer(ALNCO), PUPIL).pupil
    assert (at_school.needs, at_school.provision) == (("ASD", "SLCD"), "idp_school")
    assert len(referral(reader, viewer(ALNCO), TO_CAMHS).views) == 2


def test_an_agency_that_was_not_told_the_identity_has_none_to_open(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    case = RecordedCase(county)
    register(county)
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    case.opens(TO_CAMHS, CAMHS, DAY0)
    case.sends(TO_CAMHS, DAY0, data_classes=("referral",))
    engine.catch_up()
    assert referral(reader, viewer(CLINICIAN), TO_CAMHS).identity is None


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
        assert not {"timeline", "referrals", "actions", "today"} & set(left)
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
    case.does(OTHER_ALNCO, day(40), RegisterPupil, **both)
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


# What is there


def test_the_pupils_page_has_what_the_page_opens_and_filters(known: tuple[RecordedCase, Reader]) -> None:
    case, reader = known
    found = {p.pupil: p for p in pupils(reader, viewer(ALNCO), PupilCriteria()).rows}
    first = found[PUPIL]
    assert (first.open_referrals, first.overdue, first.unconfirmed) == (2, 1, 1)
    assert (found[SECOND].open_referrals, found[SECOND].overdue) == (0, 0)
    assert (first.year, first.needs, first.provision) == (8, ("ASD", "SLCD"), "idp_school")
    assert first.identity is not None
    opened = case.service.record.open([first.identity])[0]
    assert isinstance(opened, dict)
    assert (opened["forename"], opened["surname"]) == ("Siân", "Gŵyn-Llŷr")

    def chosen(**ask: Any) -> set[UUID]:
        return {p.pupil for p in pupils(reader, viewer(ALNCO), PupilCriteria(**ask)).rows}

    assert chosen(service=CAMHS) == {PUPIL}
    assert chosen(need="ASD", year=8, provision="idp_school") == {PUPIL, SECOND}
    assert chosen(need="ADHD") == chosen(year=7) == chosen(provision="no_aln") == set()


def test_the_page_of_a_pupil(known: tuple[RecordedCase, Reader]) -> None:
    case, reader = known
    found = pupil(reader, viewer(ALNCO), PUPIL)
    assert [(c.contact, c.parental_responsibility, c.ended_on) for c in found.contacts] == [
        (MOTHER, True, None)
    ]
    assert [(v.whose, v.language) for v in found.views] == [("child", "cy")]
    assert {(c.agency, c.purpose, c.standing, c.in_force) for c in found.consents} == {
        (BOARD, "referral", "given", True),
        (EDUCATION, "referral", "given", True),
        (EDUCATION, "meeting", "requested", False),
    }
    assert [(b.agency, b.basis) for b in found.lawful_bases] == [(BOARD, "public_task")]
    assert [(r.referral, r.phase) for r in found.referrals] == [
        (TO_PSYCHOLOGY, "received"),
        (TO_CAMHS, "appointment_offered"),
    ]
    assert [(a.action, a.phase) for a in found.actions] == [(FOR_CAMHS, "overdue"), (FOR_SCHOOL, "open")]
    assert [r.school for r in found.registrations] == [SCHOOL]
    assert found.position == case.service.record.last_position()
    assert found.language_wish is not None
    places = [found.language_wish, found.views[0].at, found.contacts[0].at, found.actions[0].at]
    wish, views, contact, action = case.service.record.open(places)
    assert wish == {"language": "cy"}
    assert views == {"words": "Dw i wedi blino."}
    assert isinstance(contact, dict)
    assert contact["name"] == "Mair Gŵyn"
    assert action == {"what": "Write to the mother"}


def test_a_referral_as_it_stands(known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    found = referral(reader, viewer(ALNCO), TO_CAMHS)
    stands = found.referral
    assert (stands.phase, stands.since, stands.received_on) == ("appointment_offered", day(30), DAY0)
    assert (stands.standard, stands.clock_from, stands.due_on) == ("CAMHS-28", DAY0, day(28))
    assert (stands.due, stands.days_left, stands.waited) == ("overdue", -17, 45)
    assert (stands.unconfirmed, stands.contested, stands.priority) == (1, 1, "priority")
    assert stands.missing == ("childs_view", "school_observation")
    assert (stands.whose_move, stands.move_since) == ("agency", DAY0)
    assert stands.last_version == max(e.version for e in found.entries)
    standing = {e.topic: e.standing for e in found.entries if e.standing != "said"}
    assert standing == {"referral.was_not_brought": "contested", "referral.appointment_offered": "confirmed"}
    assert {c.purpose for c in found.consents} == {"referral"}
    assert not found.conflict
    assert found.shared is None
    other = referral(reader, viewer(ALNCO), TO_PSYCHOLOGY)
    assert (other.referral.due, other.referral.due_on) == ("no_clock", None)


def test_a_conflict_between_parents_is_shown(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    refused = {"authority": "parental_responsibility", "contact": MOTHER, "consent": UUID(int=0xE9)}
    case.does(ALNCO, day(30), RefuseConsent, pupil=PUPIL, agency=BOARD, **refused)
    engine.catch_up()
    assert referral(reader, viewer(ALNCO), TO_CAMHS).conflict
    assert not referral(reader, viewer(ALNCO), TO_PSYCHOLOGY).conflict


def test_both_a_corrected_entry_and_its_correction_are_shown(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    wrong = case.says(CLINICIAN, TO_CAMHS, "first_contact", day(41))
    right = case.says(CLINICIAN, TO_CAMHS, "first_contact", day(42), supersedes=wrong, why="A day later.")
    strike = {"pupil": PUPIL, "referral": TO_CAMHS, "entry": right, "why": "Another child."}
    case.does(CLINICIAN, day(43), StrikeEntry, **strike)
    engine.catch_up()
    entries = {e.version: e for e in referral(reader, viewer(ALNCO), TO_CAMHS).entries}
    assert (entries[wrong].superseded_by, entries[right].supersedes) == (right, wrong)
    assert (entries[right].superseded_by, entries[right + 1].supersedes) == (right + 1, right)
    assert referral(reader, viewer(ALNCO), TO_CAMHS).referral.phase == "appointment_offered"


def test_whose_move_is_judged_on_the_day_of_looking(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    asked = case.says(
        PSYCHOLOGIST, TO_PSYCHOLOGY, "information_requested", day(10), details={"asked_of": "family"}
    )
    assert asked
    away = {"pupil": PUPIL, "referral": TO_CAMHS, "from_on": TODAY, "until": TODAY + timedelta(days=4)}
    case.does(ALNCO, day(44), RecordUnavailability, reason="away", **away)
    case.opens(UUID(int=0xD3), PSYCHOLOGY, day(20))
    engine.catch_up()

    def move(on: date, which: UUID) -> tuple[str | None, date | None]:
        found = referral(reader, viewer(ALNCO, on), which).referral
        return found.whose_move, found.move_since

    assert move(TODAY, TO_PSYCHOLOGY) == ("family", day(10))
    assert move(TODAY, UUID(int=0xD3)) == ("school", day(20))
    assert move(TODAY - timedelta(days=1), TO_CAMHS) == ("agency", DAY0)
    assert move(TODAY, TO_CAMHS) == ("exempt", TODAY)
    assert move(TODAY + timedelta(days=5), TO_CAMHS) == ("agency", TODAY + timedelta(days=5))
    for on in (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=5)):
        asked_for = {
            party: {
                line.referral.referral
                for line in referrals(reader, viewer(ALNCO, on), ReferralCriteria(whose_move=party)).rows
            }
            for party in ("agency", "school", "family", "exempt")
        }
        for party, ids in asked_for.items():
            assert all(move(on, which)[0] == party for which in ids)
        assert sum(map(len, asked_for.values())) == 3


def test_whose_move_ahead_is_the_clocks_own_word(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    """On every day from the recording on it is the party of the stretch that holds the day."""
    away = {"pupil": PUPIL, "referral": TO_CAMHS, "from_on": day(50), "until": day(52)}
    case.does(ALNCO, day(44), RecordUnavailability, **away)
    engine.catch_up()
    held = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[TO_CAMHS]
    whose = party_periods(sorted(held.steps, key=lambda s: s.on), DAY0, FAR, held.unavailable)
    for number in range(44, 60):
        expected = next(s.party for s in whose if s.from_on <= day(number) < s.until)
        found = referral(reader, viewer(ALNCO, day(number)), TO_CAMHS).referral
        assert found.whose_move == expected, number


def test_an_ended_referral_is_nobodys_move_and_is_not_due(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    case.says(ALNCO, TO_CAMHS, "withdrawn", day(44), details={"reason": "family_asked"})
    engine.catch_up()
    found = referral(reader, viewer(ALNCO), TO_CAMHS).referral
    assert (found.ended, found.due, found.whose_move, found.waited, found.due_on) == (
        True,
        "ended",
        None,
        None,
        None,
    )
    assert TO_CAMHS not in seen(reader, viewer(ALNCO))["referrals"]
    ended = referrals(reader, viewer(ALNCO), ReferralCriteria(state="ended")).rows
    assert [line.referral.referral for line in ended] == [TO_CAMHS]
    assert referrals(reader, viewer(ALNCO), ReferralCriteria(state="all")).total == 2


def test_a_changed_standard_changes_when_everything_is_due(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    shorter = {"code": "CAMHS-28", "start": "received", "stop": "first_contact", "limit": 60}
    shorter |= {"unit": "calendar_days", "bands": (60,), "source": "test", "effective_from": date(2024, 9, 1)}
    case.does(ADMINISTRATOR, TODAY, SetStandard, organisation=BOARD, service=CAMHS, **shorter)
    engine.catch_up()
    found = referral(reader, viewer(ALNCO), TO_CAMHS).referral
    assert (found.due_on, found.due) == (day(60), "later")


def test_a_list_of_referrals_in_pages_by_urgency(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    new = UUID(int=0xD4)
    case.agrees(UUID(int=0xE4), BOARD, day(20), SECOND)
    danger = {"immediate_risk": True, "told": ("crisis_team",), "told_at": at(day(20), 9)}
    case.refers(new, CAMHS, day(20), SECOND, **danger)
    case.says(CLINICIAN, new, "received", day(20), pupil=SECOND)
    engine.catch_up()

    def ask(**of: Any) -> list[UUID]:
        found = referrals(reader, viewer(ALNCO), ReferralCriteria(**of))
        return [line.referral.referral for line in found.rows]

    assert ask() == [new, TO_CAMHS, TO_PSYCHOLOGY]
    assert ask(size=2) + ask(size=2, page=2) == ask()
    assert ask(due="overdue") == [TO_CAMHS]
    assert ask(due="due_this_week") == [new]
    assert ask(service=PSYCHOLOGY) == ask(agency=EDUCATION) == [TO_PSYCHOLOGY]
    assert referrals(reader, viewer(ALNCO), ReferralCriteria(size=1, page=2)).total == 3


def test_the_timeline_in_pages_is_the_timeline(known: tuple[RecordedCase, Reader]) -> None:
    case, reader = known
    whole = timeline(reader, viewer(ALNCO), TimelineCriteria(pupil=PUPIL))
    assert len(whole.entries) == case.version()
    assert whole.more is None
    days = [(e.occurred_on, e.version) for e in whole.entries]
    assert days == sorted(days, reverse=True)
    gathered, before = [], None
    while True:
        part = timeline(reader, viewer(ALNCO), TimelineCriteria(pupil=PUPIL, before=before, limit=4))
        gathered += part.entries
        if part.more is None:
            break
        before = part.more
    assert tuple(gathered) == whole.entries
    only = timeline(reader, viewer(ALNCO), TimelineCriteria(pupil=PUPIL, matters=("minute", "action")))
    assert {e.matter for e in only.entries} == {"minute", "action"}
    offered = next(e for e in whole.entries if e.topic == "referral.appointment_offered")
    assert offered.clear["reported_how"] == "telephone"
    assert "reported_by" not in str(offered.clear)
    assert (offered.service, offered.agency) == (CAMHS, BOARD)


def test_who_recorded_what_in_a_period(known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known

    def ask(who: Viewer, **of: Any) -> list[tuple[str, UUID]]:
        return [(r.topic, r.person) for r in who_recorded(reader, who, AuthorshipCriteria(**of)).rows]

    operator = viewers()["operator"]
    week = {"from_on": day(17), "to_on": day(28)}
    assert set(ask(operator, organisation=SCHOOL, **week)) == {
        ("meeting.invited", ALNCO),
        ("meeting.scheduled", ALNCO),
        ("referral.was_not_brought", ALNCO),
        ("referral.appointment_offered", ALNCO),
    }
    assert ask(operator, person=CLINICIAN, **week) == [
        ("referral.milestone_contested", CLINICIAN),
        ("referral.milestone_confirmed", CLINICIAN),
    ]
    assert ask(viewer(PSYCHOLOGIST), person=CLINICIAN, **week) == []
    everything = who_recorded(reader, operator, AuthorshipCriteria(person=ALNCO, **SINCE_EVER))
    first = who_recorded(reader, operator, AuthorshipCriteria(person=ALNCO, limit=5, **SINCE_EVER))
    rest = who_recorded(reader, operator, AuthorshipCriteria(person=ALNCO, before=first.more, **SINCE_EVER))
    assert first.rows + rest.rows == everything.rows
    with pytest.raises(Refusal):
        who_recorded(reader, operator, AuthorshipCriteria(**week))
    with pytest.raises(Refusal):
        who_recorded(reader, operator, AuthorshipCriteria(person=ALNCO, from_on=TODAY, to_on=DAY0))


def test_an_administrator_of_the_directory_sees_who_changed_it(known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    ask = AuthorshipCriteria(person=ADMINISTRATOR, **SINCE_EVER)
    assert {r.kind for r in who_recorded(reader, viewer(ADMINISTRATOR), ask).rows} == {"organisation"}
    assert who_recorded(reader, viewer(ALNCO), ask).rows == ()


# The laws


class _Counting:
    """A reader that counts the statements of each query."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.count = 0

    @contextmanager
    def viewing(self, who: Viewer) -> Iterator[Any]:
        with self.reader.viewing(who) as cursor:
            yield _Counted(cursor, self)


class _Counted:
    def __init__(self, cursor: Cursor[dict[str, Any]], counting: _Counting) -> None:
        self._cursor = cursor
        self._counting = counting

    def execute(self, *of: Any, **more: Any) -> Any:
        self._counting.count += 1
        return self._cursor.execute(*of, **more)


QUERIES: dict[str, tuple[int, Callable[[Any, Viewer], object]]] = {
    "pupils": (2, lambda r, w: pupils(r, w, PupilCriteria())),
    "pupil": (11, lambda r, w: pupil(r, w, PUPIL)),
    "timeline": (2, lambda r, w: timeline(r, w, TimelineCriteria(pupil=PUPIL))),
    "referrals": (2, lambda r, w: referrals(r, w, ReferralCriteria())),
    "referral": (7, lambda r, w: referral(r, w, TO_CAMHS)),
    "actions": (2, lambda r, w: actions(r, w, ActionCriteria())),
    "who_recorded": (2, lambda r, w: who_recorded(r, w, AuthorshipCriteria(person=ALNCO, **SINCE_EVER))),
    "inbox": (4, lambda r, w: inbox(r, w, InboxCriteria())),
    "reported": (2, lambda r, w: reported_milestones(r, w, InboxCriteria())),
    "today": (8, lambda r, w: today(r, w, DAY0)),
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_statements_does_not_depend_on_the_rows(
    name: str, known: tuple[RecordedCase, Reader]
) -> None:
    statements, ask = QUERIES[name]
    for person, role in ((ALNCO, "alnco"), (ALNCO, "class_teacher"), (CLINICIAN, "clinician")):
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
    case.moves(day(46))
    case.moves(day(46), SECOND)


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
