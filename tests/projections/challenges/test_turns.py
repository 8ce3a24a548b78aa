"""Whose turn a challenge is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from coordination.challenge.commands import (
    AcknowledgeChallenge,
    ApproveChallenge,
    DeclineChallenge,
    DisputeMark,
    EscalateChallenge,
    ReplyToChallenge,
    ReportReply,
    ResolveChallenge,
    SendChallenge,
)
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.service import Coordination
from projections.challenges.queries import (
    challenges,
    challenges_as_of,
    list_challenges,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    HEAD,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    SCHOOL,
    at,
)
from tests.projections.challenges.shared import (
    DAY,
    DISPUTE,
    OTHER_CHALLENGE,
    all_of_it,
    raised,
    seen_by,
    turns,
    whole,
)
from tests.projections.hwb import (
    CHALLENGE,
    TODAY,
    does,
    viewer,
)

ONE_DAY = timedelta(days=1)


DUE = date(2025, 4, 16)  # ten working days after 2 April 2025


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
