"""Challenges: whose turn it is, what they rest on, who sees them; against a real PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from coordination.authority import OPERATOR
from coordination.challenge.commands import (
    AcknowledgeChallenge,
    ApproveChallenge,
    DeclineChallenge,
    DisputeMark,
    EscalateChallenge,
    NameRuler,
    RaiseDelayChallenge,
    ReplyToChallenge,
    ReportReply,
    ResolveChallenge,
    RuleOnDispute,
    SendChallenge,
    WithdrawChallenge,
)
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.directory.commands import AppointPerson, RegisterOrganisation
from coordination.event import Command, CommandContext
from coordination.meeting.events import Mark
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, SubmitReferral
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.attendance.queries import attendance_evidence
from projections.challenges.queries import (
    ChallengeSummary,
    Dossier,
    challenges,
    challenges_as_of,
    delays,
    dossier,
    list_challenges,
)
from projections.challenges.queries.challenge_list import PARTS, TURNS
from projections.engine import Engine
from projections.reader import Reader, desk
from projections.rebuild import rebuild
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    HEAD,
    MOTHER,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    START,
    at,
    register,
)
from tests.projections.hwb import (
    CHALLENGE,
    TODAY,
    accept_terms,
    does,
    held_on,
    hold,
    raise_challenge,
    viewer,
    viewers,
)

OTHER_CHALLENGE, REFERRAL, DISPUTE = UUID(int=0xF02), UUID(int=0xD00), UUID(int=0xD04)
DAY = held_on(3)
ONE_DAY = timedelta(days=1)
DUE = date(2025, 4, 16)  # ten working days after 2 April 2025


def raised(
    service: Coordination, engine: Engine, reader: Reader, *, send: bool = False, of: UUID = CAMHS
) -> UUID:
    """Three meetings: apologies, and two absences."""
    accept_terms(service, of)
    marks: tuple[Mark, ...] = ("apologies", "absent", "absent")
    for n, how in enumerate(marks):
        hold(service, n, {of: how})
    engine.catch_up()
    found = attendance_evidence(reader, viewer(ALNCO), SCHOOL, of, DAY)
    return raise_challenge(service, found.marks, DAY, of=of, send=send)


def seen_by(
    reader: Reader, service: Coordination, engine: Engine, person: UUID, today: date = DAY
) -> ChallengeSummary | None:
    """What somebody sees of the only challenge, once the read model has all."""
    engine.catch_up()
    found = challenges(reader, viewer(person, today), service.directory())
    assert len(found) <= 1
    return found[0] if found else None


def turns(
    reader: Reader, service: Coordination, engine: Engine, today: date = DAY
) -> dict[str, tuple[str, ...]]:
    """What waits for the school, the agency and the authority; `-` where they see nothing."""
    found = {}
    for name, person in (("school", HEAD), ("agency", CLINICIAN), ("authority", AUDITOR)):
        seen = seen_by(reader, service, engine, person, today)
        found[name] = seen.turns if seen else ("-",)
        _the_lists_agree(reader, service, viewer(person, today), seen)
    return found


def _the_lists_agree(
    reader: Reader, service: Coordination, looking: Viewer, seen: ChallengeSummary | None
) -> None:
    """What PostgreSQL cuts into lists is what was read: by each turn alone, and by all of them."""
    directory = service.directory()
    own = TURNS[desk(looking)]
    for mine in (*({turn} for turn in own), own):
        waits = bool(seen and set(mine) & set(seen.turns))
        counts = {part: list_challenges(reader, looking, directory, part, mine=mine).total for part in PARTS}
        assert counts == {
            "mine": int(waits),
            "others": int(bool(seen and not seen.closed and not waits)),
            "open": int(bool(seen and not seen.closed)),
            "ended": int(bool(seen and seen.closed)),
            "all": int(bool(seen)),
        }


def whole(
    reader: Reader, service: Coordination, person: UUID = ALNCO, challenge: UUID = CHALLENGE
) -> Dossier:
    found = dossier(reader, viewer(person), service.directory(), challenge)
    assert found is not None
    return found


def disputes(service: Coordination, reader: Reader, n: int = 2, claims: Mark | None = "attended") -> None:
    line = whole(reader, service).lines[n].raised
    command = DisputeMark(
        occurred_on=DAY,
        challenge=CHALLENGE,
        dispute=DISPUTE,
        of_meeting=line.meeting,
        mark_version=line.version,
        why="We were there",
        claims=claims,
    )
    does(service, CLINICIAN, command)


# Whose turn it is


def test_the_turns_from_raising_to_the_end(county: Coordination, engine: Engine, reader: Reader) -> None:
    on: dict[str, Any] = {"occurred_on": DAY, "challenge": raised(county, engine, reader)}
    assert turns(reader, county, engine) == {"school": ("to_approve",), "agency": ("-",), "authority": ("-",)}
    does(county, HEAD, ApproveChallenge(**on))
    assert turns(reader, county, engine) == {"school": ("to_send",), "agency": ("-",), "authority": ("-",)}
    does(county, ALNCO, SendChallenge(**on))
    assert turns(reader, county, engine) == {
        "school": (),
        "agency": ("to_acknowledge", "reply_due"),
        "authority": (),
    }
    assert turns(reader, county, engine, DUE)["agency"] == ("to_acknowledge", "reply_due")
    for today, overdue in ((DUE, False), (DUE + ONE_DAY, True)):
        seen = seen_by(reader, county, engine, ALNCO, today)
        assert seen is not None
        assert seen.overdue == overdue
    assert turns(reader, county, engine, DUE + timedelta(days=1)) == {
        "school": ("reply_overdue",),
        "agency": ("to_acknowledge", "reply_overdue"),
        "authority": ("reply_overdue",),
    }
    does(county, CLINICIAN, AcknowledgeChallenge(**on), ReplyToChallenge(**on, text="We are sorry"))
    assert turns(reader, county, engine) == {"school": ("reply_to_weigh",), "agency": (), "authority": ()}
    does(county, ALNCO, EscalateChallenge(**on, level="service_manager"))
    assert turns(reader, county, engine) == {
        "school": (),
        "agency": ("reply_due",),
        "authority": ("escalated",),
    }
    does(county, ALNCO, ReportReply(**on, way="telephone", text="They will come"))
    does(county, ALNCO, ResolveChallenge(**on, outcome="attendance_agreed"))
    assert turns(reader, county, engine) == {"school": (), "agency": (), "authority": ()}
    ended = seen_by(reader, county, engine, ALNCO)
    assert ended is not None
    assert (ended.phase, ended.closed, ended.outcome, ended.ended_on) == (
        "resolved",
        True,
        "attendance_agreed",
        DAY,
    )
    assert challenges(reader, viewer(ALNCO), county.directory(), ended=False) == ()


def test_the_row_says_what_was_counted_and_who_did_what(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader, send=True)
    seen = seen_by(reader, county, engine, CLINICIAN)
    assert seen is not None
    assert (seen.kind, seen.about, seen.code, seen.counted, seen.threshold, seen.out_of) == (
        "challenge",
        "attendance",
        "missed_of_last",
        3,
        2,
        3,
    )
    assert (seen.raised_by, seen.approved_by, seen.sent_on, seen.reply_due_on) == (ALNCO, HEAD, DAY, DUE)
    assert (seen.raised_on, seen.approved_on, seen.level, seen.next_level) == (
        DAY,
        DAY,
        None,
        "service_manager",
    )
    assert seen.last_version == county.batch().state(CHALLENGE_STREAM, CHALLENGE).version


def test_a_challenge_that_ends_before_it_is_sent_stays_the_schools(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader)
    does(county, HEAD, DeclineChallenge(occurred_on=DAY, challenge=CHALLENGE, why="Not now"))
    seen = seen_by(reader, county, engine, ALNCO)
    assert seen is not None
    assert (seen.phase, seen.turns, seen.ended_on) == ("not_approved", (), DAY)
    assert seen_by(reader, county, engine, CLINICIAN) is None
    assert seen_by(reader, county, engine, AUDITOR) is None


def test_a_risk_goes_up_at_once_and_then_the_agency_knows(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader)
    up = EscalateChallenge(occurred_on=DAY, challenge=CHALLENGE, level="declo", bypass=True, why="A risk")
    does(county, ALNCO, up)
    seen = seen_by(reader, county, engine, CLINICIAN)
    assert seen is not None
    assert (seen.phase, seen.level, seen.next_level, seen.sent_on) == ("sent", "declo", None, DAY)


def test_a_departments_own_authority_is_not_asked_to_rule(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """The psychologists are the authority's own: it sees the dispute, and somebody else must rule."""
    raised(county, engine, reader, send=True, of=PSYCHOLOGY)
    engine.catch_up()
    line = whole(reader, county).lines[2].raised
    disputed = DisputeMark(
        occurred_on=DAY,
        challenge=CHALLENGE,
        dispute=DISPUTE,
        of_meeting=line.meeting,
        mark_version=line.version,
        why="We were there",
    )
    does(county, PSYCHOLOGIST, disputed)
    seen = {p: seen_by(reader, county, engine, p) for p in (AUDITOR, ALNCO, PSYCHOLOGIST)}
    told = {person: challenge.turns for person, challenge in seen.items() if challenge}
    assert told == {
        AUDITOR: (),
        ALNCO: ("dispute_to_rule",),
        PSYCHOLOGIST: ("to_acknowledge", "reply_due", "dispute_to_rule"),
    }


def test_lists_are_cut_by_the_server(county: Coordination, engine: Engine, reader: Reader) -> None:
    all_of_it(county, engine, reader)
    directory, looking = county.directory(), viewer(ALNCO)
    pages = [list_challenges(reader, looking, directory, "all", page=n, size=1) for n in (1, 2, 3)]
    assert [[c.challenge for c in page.rows] for page in pages] == [[OTHER_CHALLENGE], [CHALLENGE], []]
    assert [page.total for page in pages] == [2, 2, 0]
    # about attendance it is disputed and answered, about delay it was only sent
    assert [
        c.challenge
        for c in list_challenges(reader, looking, directory, "mine", mine={"dispute_to_rule"}).rows
    ] == [CHALLENGE]
    assert [
        c.challenge for c in list_challenges(reader, looking, directory, "mine", mine={"to_acknowledge"}).rows
    ] == []


def test_as_they_stood_on_a_day_as_known_then(county: Coordination, engine: Engine, reader: Reader) -> None:
    raised(county, engine, reader)
    later, sent_on = DAY + timedelta(days=1), DAY + timedelta(days=2)
    does(county, HEAD, ApproveChallenge(occurred_on=later, challenge=CHALLENGE))
    does(county, ALNCO, SendChallenge(occurred_on=sent_on, challenge=CHALLENGE))
    does(
        county, CLINICIAN, AcknowledgeChallenge(occurred_on=sent_on + timedelta(days=3), challenge=CHALLENGE)
    )
    engine.catch_up()

    def seen(person: UUID, as_of: date, known: date | None = None) -> list[tuple[str, date]]:
        found = challenges_as_of(reader, viewer(person), as_of, at(known, 23) if known else None)
        assert found.total == len(found.rows)
        return [(one.phase, one.since) for one in found.rows]

    for person in (ALNCO, AUDITOR, CLINICIAN):
        school = person == ALNCO
        assert seen(person, DAY - timedelta(days=1)) == []
        assert seen(person, DAY) == ([("raised", DAY)] if school else [])
        assert seen(person, later) == ([("approved", later)] if school else [])
        assert seen(person, sent_on) == [("sent", sent_on)]
        assert seen(person, TODAY) == [("acknowledged", sent_on + timedelta(days=3))]
        # as it was known when it was sent, the acknowledgement was not
        assert seen(person, TODAY, sent_on) == [("sent", sent_on)]
    for person in (OTHER_ALNCO, PSYCHOLOGIST):
        assert seen(person, TODAY) == []
    # as they stood today is as they stand, whatever came after
    does(county, CLINICIAN, ReplyToChallenge(occurred_on=TODAY, challenge=CHALLENGE, text="We come"))
    does(county, ALNCO, ResolveChallenge(occurred_on=TODAY, challenge=CHALLENGE, outcome="attendance_agreed"))
    engine.catch_up()
    now = challenges_as_of(reader, viewer(ALNCO), TODAY)
    assert (now.rows[0].phase, now.ended) == ("resolved", 1)
    # the reply fell due ten working days after it was sent
    for on, overdue in ((now.rows[0].reply_due_on, False), (now.rows[0].reply_due_on + ONE_DAY, True)):
        [one] = challenges_as_of(reader, viewer(ALNCO), on).rows
        assert (one.phase, one.overdue) == ("acknowledged", overdue)
    assert challenges_as_of(reader, viewer(ALNCO), TODAY, page=2).rows == ()


def test_filters(county: Coordination, engine: Engine, reader: Reader) -> None:
    raised(county, engine, reader)
    engine.catch_up()
    directory, looking = county.directory(), viewer(ALNCO)
    for asked, count in (
        ({"school": SCHOOL}, 1),
        ({"school": EDUCATION}, 0),
        ({"agency": BOARD, "service": CAMHS}, 1),
        ({"agency": EDUCATION}, 0),
        ({"service": PSYCHOLOGY}, 0),
        ({"ended": False}, 1),
    ):
        assert len(challenges(reader, looking, directory, **asked)) == count  # type: ignore[arg-type]


# The dossier


def test_the_letter_has_each_meeting_with_its_notice_and_answer(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader, send=True)
    engine.catch_up()
    found = whole(reader, county, CLINICIAN)
    assert [(x.raised.held_on, x.raised.mark, x.notice, x.notice_required) for x in found.lines] == [
        (held_on(0), "apologies", 12, 10),
        (held_on(1), "absent", 15, 10),
        (held_on(2), "absent", 15, 10),
    ]
    assert {x.invited_on for x in found.lines} == {held_on(n) - timedelta(days=21) for n in range(3)}
    assert found.waits == ()
    assert [s.topic for s in found.steps] == ["challenge.raised", "challenge.approved", "challenge.sent"]


def test_line_dispute_and_ruling_stay_beside_one_another(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader, send=True)
    engine.catch_up()
    disputes(county, reader)
    engine.catch_up()
    open_one = whole(reader, county, CLINICIAN)
    assert [x.now.counts_as for x in open_one.lines] == ["apologies", "absent", None]
    assert (open_one.disputes[0].claims, open_one.disputes[0].ruling) == ("attended", None)
    assert open_one.challenge.open_disputes == 1
    assert open_one.challenge.still_met
    assert "dispute_to_rule" in turns(reader, county, engine)["authority"]
    ruling = RuleOnDispute(
        occurred_on=DAY, challenge=CHALLENGE, dispute=DISPUTE, ruling="upheld", reasons="The book"
    )
    does(county, AUDITOR, ruling)
    engine.catch_up()
    found = whole(reader, county, CLINICIAN)
    assert [(x.raised.mark, x.now.counts_as) for x in found.lines] == [
        ("apologies", "apologies"),
        ("absent", "absent"),
        ("absent", "attended"),
    ]
    [dispute] = found.disputes
    assert (dispute.ruling, dispute.reads, dispute.ruled_by, dispute.disputed_by) == (
        "upheld",
        "attended",
        AUDITOR,
        CLINICIAN,
    )
    assert dispute.why is not None
    assert dispute.reasons is not None
    opened = county.record.open([dispute.why, dispute.reasons])
    assert opened == [{"why": "We were there"}, {"reasons": "The book"}]


def test_the_row_follows_when_a_ruling_takes_the_ground_away(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    marks: tuple[Mark, ...] = ("attended", "absent", "absent")
    for n, how in enumerate(marks):
        hold(county, n, {CAMHS: how})
    engine.catch_up()
    raise_challenge(county, attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, DAY).marks, DAY)
    engine.catch_up()
    disputes(county, reader)
    seen = seen_by(reader, county, engine, ALNCO)
    assert seen is not None
    assert not seen.still_met


def test_a_strangers_challenge_is_none(county: Coordination, engine: Engine, reader: Reader) -> None:
    raised(county, engine, reader, send=True)
    engine.catch_up()
    assert dossier(reader, viewer(ALNCO), county.directory(), UUID(int=1)) is None


# Delays


def waiting(service: Coordination, *, received: date = date(2025, 2, 3)) -> None:
    """Received by CAMHS on a day and not seen since."""
    register(service)
    on: dict[str, Any] = {"occurred_on": received, "pupil": PUPIL}
    given = GiveConsent(
        consent=UUID(int=0xE1), agency=BOARD, authority="parental_responsibility", contact=MOTHER, **on
    )
    opened = OpenReferral(referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False, **on)
    does(service, ALNCO, given, opened, SubmitReferral(referral=REFERRAL, **on))
    does(service, CLINICIAN, RecordMilestone(referral=REFERRAL, milestone="received", **on))


def delayed(county: Coordination, engine: Engine, reader: Reader) -> Command:
    """The challenge that is suggested."""
    waiting(county)
    engine.catch_up()
    [delay] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    return RaiseDelayChallenge(
        occurred_on=DAY,
        challenge=OTHER_CHALLENGE,
        school=delay.school,
        service=delay.service,
        waits=delay.waits,
        as_of=delay.as_of,
        standard=delay.standard,
        position=delay.log_position,
    )


def test_a_wait_over_the_standard_is_suggested_as_raising_wants_it(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raising = delayed(county, engine, reader)
    [delay] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    assert (delay.standard, delay.due_on, delay.challenged) == ("CAMHS-28", {REFERRAL: date(2025, 3, 3)}, {})
    assert delays(reader, viewer(ALNCO), SCHOOL, date(2025, 3, 3)) == ()
    assert len(delays(reader, viewer(ALNCO), SCHOOL, date(2025, 3, 4))) == 1
    assert delays(reader, viewer(ALNCO), SCHOOL, DAY, service=PSYCHOLOGY) == ()
    assert delays(reader, viewer(ALNCO), SCHOOL, DAY, standard="?") == ()
    does(county, ALNCO, raising)
    engine.catch_up()
    found = whole(reader, county, challenge=OTHER_CHALLENGE)
    assert [(w.pupil, w.elapsed, w.due_on) for w in found.waits] == [(PUPIL, 58, date(2025, 3, 3))]
    assert (
        found.challenge.about,
        found.challenge.counted,
        found.challenge.threshold,
        found.challenge.unit,
    ) == (
        "delay",
        58,
        28,
        "calendar_days",
    )
    [again] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    assert again.challenged == {REFERRAL: OTHER_CHALLENGE}
    does(county, ALNCO, WithdrawChallenge(occurred_on=DAY, challenge=OTHER_CHALLENGE, why="Seen now"))
    engine.catch_up()
    [again] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    assert again.challenged == {}


def test_a_wait_that_ended_is_not_suggested(county: Coordination, engine: Engine, reader: Reader) -> None:
    waiting(county)
    seen = RecordMilestone(occurred_on=DAY, pupil=PUPIL, referral=REFERRAL, milestone="first_contact")
    does(county, CLINICIAN, seen)
    engine.catch_up()
    assert delays(reader, viewer(ALNCO), SCHOOL, DAY) == ()
    assert len(delays(reader, viewer(ALNCO), SCHOOL, DAY - timedelta(days=1))) == 1


# Who sees what

# name: challenges in the list, steps of the sent one, its lines, its disputes, waits of the delay challenge, delays
SEEN = {
    "alnco": (2, 5, 3, 1, 1, 1),
    "head": (2, 5, 3, 1, 1, 1),
    "operator": (2, 5, 3, 1, 1, 1),
    "clinician": (2, 5, 3, 1, 1, 1),
    "auditor": (2, 5, 3, 1, 0, 1),
    "other_alnco": (0, 0, 0, 0, 0, 0),
    "other_clinician": (0, 0, 0, 0, 0, 0),
    "far_auditor": (0, 0, 0, 0, 0, 0),
    "administrator": (0, 0, 0, 0, 0, 0),
}


def all_of_it(county: Coordination, engine: Engine, reader: Reader) -> None:
    """A disputed challenge about attendance, and a sent one about delay."""
    raised(county, engine, reader, send=True)
    engine.catch_up()
    disputes(county, reader)
    does(county, CLINICIAN, ReplyToChallenge(occurred_on=DAY, challenge=CHALLENGE, text="We were there"))
    does(county, ALNCO, delayed(county, engine, reader))
    does(county, HEAD, ApproveChallenge(occurred_on=DAY, challenge=OTHER_CHALLENGE))
    does(county, ALNCO, SendChallenge(occurred_on=DAY, challenge=OTHER_CHALLENGE))
    engine.catch_up()


def test_every_role_sees_its_own_and_no_more(county: Coordination, engine: Engine, reader: Reader) -> None:
    all_of_it(county, engine, reader)
    directory = county.directory()
    seen = {}
    for name, looking in viewers().items():
        about_attendance = dossier(reader, looking, directory, CHALLENGE)
        about_delay = dossier(reader, looking, directory, OTHER_CHALLENGE)
        seen[name] = (
            len(challenges(reader, looking, directory)),
            len(about_attendance.steps) if about_attendance else 0,
            len(about_attendance.lines) if about_attendance else 0,
            len(about_attendance.disputes) if about_attendance else 0,
            len(about_delay.waits) if about_delay else 0,
            len(delays(reader, looking, SCHOOL, DAY)),
        )
        assert (about_delay is None) == (about_attendance is None)
        if about_delay is not None:
            assert about_delay.challenge.waits == 1
    assert seen == SEEN


def test_before_it_is_sent_the_school_alone_knows(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader)
    engine.catch_up()
    directory = county.directory()
    knows = {name for name, v in viewers().items() if dossier(reader, v, directory, CHALLENGE) is not None}
    assert knows == {"alnco", "head", "operator"}
    assert knows == {name for name, v in viewers().items() if challenges(reader, v, directory)}


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_pages_make_no_difference(
    county: Coordination, engine: Engine, reader: Reader, database: str, size: int
) -> None:
    all_of_it(county, engine, reader)
    assert rebuild(database, county.record.outer, page_size=size).differing == ()


def test_who_is_asked_to_rule_sees_this_one_and_no_other(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """A DECLO of another board: the parties' dispute, but no waits of pupils; nobody else there sees anything."""
    far = UUID(int=0x7A)
    board, declo = UUID(int=0x7B), Viewer(person=far, organisation=UUID(int=0x7B), role="declo", today=DAY)
    operator = CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="import",
        command_id="far",
        recorded_at=at(START),
    )
    registered = RegisterOrganisation(
        occurred_on=START,
        organisation=board,
        kind="agency",
        code="FHB",
        name="Far board",
        agency_kind="local_health_board",
    )
    county.perform(registered, operator)
    appointed = AppointPerson(
        occurred_on=START, organisation=board, person=far, role="declo", effective_from=START, name="F"
    )
    county.perform(appointed, msgspec.structs.replace(operator, command_id="far declo"))
    all_of_it(county, engine, reader)
    directory = county.directory()
    assert challenges(reader, declo, directory) == ()
    named = NameRuler(occurred_on=DAY, challenge=CHALLENGE, person=far, of_organisation=board)
    does(county, ALNCO, named)
    engine.catch_up()
    [seen] = challenges(reader, declo, county.directory())
    assert (seen.challenge, seen.rulers) == (CHALLENGE, (far,))
    held = dossier(reader, declo, directory, CHALLENGE)
    assert held is not None
    assert (len(held.lines), len(held.disputes), len(held.waits)) == (3, 1, 0)
    assert held.disputes[0].ruling is None, "to be asked is no ruling"
    assert dossier(reader, declo, directory, OTHER_CHALLENGE) is None
    for other in (
        msgspec.structs.replace(declo, person=UUID(int=0x7C)),
        msgspec.structs.replace(declo, role="administrator"),
        msgspec.structs.replace(declo, role="class_teacher"),
    ):
        assert challenges(reader, other, directory) == ()
    with reader.viewing(declo) as cursor:
        for table in ("challenge_wait", "wait", "attendance", "mark_dispute"):
            assert cursor.execute(f"select count(*) as n from read.{table}").fetchone() == {"n": 0}, table
    ruling = RuleOnDispute(
        occurred_on=DAY, challenge=CHALLENGE, dispute=DISPUTE, ruling="not_upheld", reasons="The book"
    )
    by = CommandContext(
        person=far, organisation=board, role="declo", source="screen", command_id="rules", recorded_at=at(DAY)
    )
    county.perform(ruling, by)
    engine.catch_up()
    held = dossier(reader, declo, directory, CHALLENGE)
    assert held is not None
    assert (held.disputes[0].ruling, held.disputes[0].ruled_at) == ("not_upheld", board)


def test_no_words_stand_in_the_read_model(
    county: Coordination, engine: Engine, reader: Reader, database: str
) -> None:
    all_of_it(county, engine, reader)
    with psycopg.connect(database) as connection:
        for table in ("challenge", "challenge_step", "challenge_mark", "challenge_wait", "mark_dispute"):
            for (row,) in connection.execute(f"select t::text from read.{table} t"):
                assert "We were" not in row
