"""One challenge in full: for its page, for the letter, and for the person who rules on a dispute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.challenge.events import Ruling
from coordination.challenge.rule import MarkEvidence
from coordination.directory.state import Directory
from coordination.meeting.events import Answer, Mark, Way
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.challenges.queries.challenge_list import SELECT, ChallengeSummary, challenge_of
from projections.reader import Reader, position


class MeetingEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One meeting of the evidence. `raised` is the line as it was when the challenge was raised, `now` as this
    challenge's disputes and rulings leave it (`now.counts_as`: the mark that counts). From the invitation as it was
    known when the evidence was read (without a log position: when the challenge was raised): notice in working days,
    and the answer given before the meeting."""

    raised: MarkEvidence
    now: MarkEvidence
    invited_on: date | None
    notice: int | None
    notice_required: int | None
    answer: Answer | None


class ChallengedWait(msgspec.Struct, frozen=True, kw_only=True):
    """One wait that is evidence: unadjusted `elapsed` in the unit of the standard, up to `stopped_on` or `as_of`."""

    referral: UUID
    pupil: UUID
    started_on: date
    stopped_on: date | None
    as_of: date
    due_on: date | None
    elapsed: int
    position: int


class DisputeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the agency disputes and the ruling: `reads` is the mark that the entry now has (None with `upheld`: struck
    out). `why` and `reasons` are the places of the sealed texts."""

    dispute: UUID
    meeting: UUID
    mark_version: int
    claims: Mark | None
    disputed_on: date
    disputed_by: UUID
    why: Coordinates | None
    ruling: Ruling | None = None
    reads: Mark | None = None
    ruled_on: date | None = None
    ruled_by: UUID | None = None
    ruled_at: UUID | None = None
    reasons: Coordinates | None = None


class ChallengeStep(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the challenge; `text` is the place of its sealed text (a reply, a reason, a note)."""

    version: int
    topic: str
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    on_behalf_of: UUID | None
    role: str
    source: str
    way: Way | None
    reply_due_on: date | None
    dispute: UUID | None
    meeting: UUID | None
    mark_version: int | None
    claims: Mark | None
    ruling: Ruling | None
    reads: Mark | None
    level: str | None
    bypass: bool
    to_person: UUID | None
    outcome: str | None
    promise: UUID | None
    promised_by: date | None
    text: Coordinates | None


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """`lines` for attendance, `waits` for delay (an auditor sees their number in `challenge.waits`, not the pupils);
    `steps` oldest first."""

    challenge: ChallengeSummary
    lines: tuple[MeetingEvidence, ...]
    waits: tuple[ChallengedWait, ...]
    disputes: tuple[DisputeSummary, ...]
    steps: tuple[ChallengeStep, ...]
    log_position: int


ONE = SELECT + " where c.challenge = %(challenge)s"

LINES = """
select m.*, a.invited_on, a.notice, a.notice_required, a.answer
from read.challenge_mark m
join read.challenge c on c.challenge = m.challenge
join read.challenge_step r on r.challenge = m.challenge and r.version = 1
left join read.attendance a on a.meeting = m.meeting and a.party = c.service
    and a.known_from <= coalesce(nullif(m.position, 0), r.position)
    and (a.known_to is null or a.known_to > coalesce(nullif(m.position, 0), r.position))
where m.challenge = %(challenge)s order by m.held_on, m.meeting
"""

WAITS = "select * from read.challenge_wait where challenge = %(challenge)s order by started_on, referral"

STEPS = "select * from read.challenge_step where challenge = %(challenge)s order by version"


def dossier(reader: Reader, viewer: Viewer, directory: Directory, challenge: UUID) -> Dossier | None:
    """One challenge; None when there is none that the viewer may see."""
    given = {"challenge": challenge}
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(ONE, given).fetchone()
        if row is None:
            return None
        steps = _steps(cursor, given)
        return Dossier(
            challenge=challenge_of(row, viewer, directory),
            lines=tuple(_line(found) for found in cursor.execute(LINES, given).fetchall()),
            waits=tuple(_waited(found) for found in cursor.execute(WAITS, given).fetchall()),
            disputes=_disputes(steps),
            steps=steps,
            log_position=position(cursor),
        )


def _line(row: DictRow) -> MeetingEvidence:
    raised = MarkEvidence(
        meeting=row["meeting"],
        held_on=row["held_on"],
        mark=row["mark"],
        version=row["mark_version"],
        expected=row["expected"],
        because=row["because"],
        terms=row["terms"],
        meetings=row["meetings"],
        position=row["position"],
        contested=row["raised_contested"],
        ruled=row["raised_ruled"],
        reads=row["raised_reads"],
    )
    now = msgspec.structs.replace(raised, contested=row["contested"], ruled=row["ruled"], reads=row["reads"])
    return MeetingEvidence(
        raised=raised,
        now=now,
        invited_on=row["invited_on"],
        notice=row["notice"],
        notice_required=row["notice_required"],
        answer=row["answer"],
    )


def _waited(row: DictRow) -> ChallengedWait:
    return ChallengedWait(**{name: row[name] for name in ChallengedWait.__struct_fields__})


def _steps(cursor: Cursor[DictRow], given: Mapping[str, object]) -> tuple[ChallengeStep, ...]:
    return tuple(_step(row) for row in cursor.execute(STEPS, given).fetchall())


def _step(row: DictRow) -> ChallengeStep:
    text = None
    if row["sealed"]:
        text = Coordinates(row["challenge"], row["version"], row["topic"], row["sealed"])
    return ChallengeStep(
        **{name: row[name] for name in ChallengeStep.__struct_fields__ if name != "text"}, text=text
    )


def _disputes(steps: tuple[ChallengeStep, ...]) -> tuple[DisputeSummary, ...]:
    """Each dispute with its ruling, in the order in which they were raised."""
    found: dict[UUID, DisputeSummary] = {}
    for step in steps:
        if step.dispute is None:
            continue
        if step.topic == "challenge.mark_disputed":
            assert step.meeting is not None
            assert step.mark_version is not None
            found[step.dispute] = DisputeSummary(
                dispute=step.dispute,
                meeting=step.meeting,
                mark_version=step.mark_version,
                claims=step.claims,
                disputed_on=step.occurred_on,
                disputed_by=step.person,
                why=step.text,
            )
        elif step.topic == "challenge.dispute_ruled":
            found[step.dispute] = msgspec.structs.replace(
                found[step.dispute],
                ruling=step.ruling,
                reads=step.reads,
                ruled_on=step.occurred_on,
                ruled_by=step.person,
                ruled_at=step.organisation,
                reasons=step.text,
            )
    return tuple(found.values())
