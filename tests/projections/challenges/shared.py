"""Challenges: whose turn it is, what they rest on, who sees them; against a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.challenge.commands import (
    ApproveChallenge,
    DisputeMark,
    RaiseDelayChallenge,
    ReplyToChallenge,
    SendChallenge,
)
from coordination.event import Command
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
    delays,
    dossier,
    list_challenges,
)
from projections.challenges.queries.challenge_list import PARTS, TURNS
from projections.engine import Engine
from projections.reader import Reader, desk
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    HEAD,
    MOTHER,
    PUPIL,
    SCHOOL,
    register,
)
from tests.projections.hwb import (
    CHALLENGE,
    accept_terms,
    does,
    held_on,
    hold,
    raise_challenge,
    viewer,
)

OTHER_CHALLENGE, REFERRAL, DISPUTE = UUID(int=0xF02), UUID(int=0xD00), UUID(int=0xD04)


DAY = held_on(3)


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


# Delays


def waiting(service: Coordination, *, received: date = date(2025, 2, 3)) -> None:
    """Received by CAMHS on a day and not seen since."""
    register(service)
    on: dict[str, Any] = {"occurred_on": received, "pupil": PUPIL}
    given = GiveConsent(
        consent=UUID(int=0xE1),
        agency=BOARD,
        service=CAMHS,
        authority="parental_responsibility",
        contact=MOTHER,
        **on,
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
