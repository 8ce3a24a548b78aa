"""What a case file holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.clocks import party_periods
from coordination.directory.commands import SetStandard
from coordination.errors import Refusal
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import RefuseConsent
from coordination.pupil.placement import FAR
from coordination.pupil.referral.decide import (
    RecordUnavailability,
    StrikeEntry,
)
from coordination.viewer import Viewer
from projections.case_file.queries import (
    AuthorshipCriteria,
    PupilCriteria,
    ReferralCriteria,
    TimelineCriteria,
    pupil,
    pupils,
    referral,
    referrals,
    timeline,
    who_recorded,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    at,
)
from tests.projections.case_file.shared import SINCE_EVER, seen
from tests.projections.casework import (
    DAY0,
    FOR_CAMHS,
    FOR_SCHOOL,
    SECOND,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    RecordedCase,
    day,
    viewer,
    viewers,
)

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
