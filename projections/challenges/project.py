"""Challenges to rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.challenge.events import (
    ChallengeAcknowledged,
    ChallengeApproved,
    ChallengeEscalated,
    ChallengeNotApproved,
    ChallengeRaised,
    ChallengeReplied,
    ChallengeResolved,
    ChallengeSent,
    ChallengeWithdrawn,
    DisputeRuled,
    MarkDisputed,
    ReplyReported,
    RulerNamed,
)
from coordination.challenge.state import Challenge
from coordination.event import ChallengeEvent
from projections.projection import Change
from projections.rows import RowJournal, Table

CHALLENGE = Table(
    "challenge",
    (
        "challenge",
        "kind",
        "about",
        "school",
        "agency",
        "service",
        "authority",
        "phase",
        "since",
        "sent_on",
        "reply_due_on",
        "answered",
        "level",
        "code",
        "counted",
        "threshold",
        "out_of",
        "unit",
        "rule_version",
        "waits",
        "disputes",
        "open_disputes",
        "still_met",
        "rulers",
        "last_version",
    ),
    key=1,
)
CHALLENGE_STEP = Table(
    "challenge_step",
    (
        "challenge",
        "version",
        "topic",
        "occurred_on",
        "recorded_at",
        "position",
        "person",
        "organisation",
        "on_behalf_of",
        "role",
        "source",
        "way",
        "reply_due_on",
        "dispute",
        "meeting",
        "mark_version",
        "claims",
        "ruling",
        "reads",
        "level",
        "bypass",
        "to_person",
        "outcome",
        "sealed",
    ),
)
CHALLENGE_MARK = Table(
    "challenge_mark",
    (
        "challenge",
        "meeting",
        "held_on",
        "mark",
        "mark_version",
        "expected",
        "because",
        "terms",
        "position",
        "raised_contested",
        "raised_ruled",
        "raised_reads",
        "contested",
        "ruled",
        "reads",
    ),
    key=2,
)
CHALLENGE_WAIT = Table(
    "challenge_wait",
    (
        "challenge",
        "referral",
        "pupil",
        "started_on",
        "stopped_on",
        "as_of",
        "due_on",
        "elapsed",
        "position",
    ),
    key=2,
)

# What some events say besides who and when, in the order of the columns.
DETAILS = (
    "way",
    "reply_due_on",
    "dispute",
    "meeting",
    "mark_version",
    "claims",
    "ruling",
    "reads",
    "level",
)


class ChallengeProjection:
    """A challenge's row is put anew at each of its events; its steps and waits only grow."""

    name = "challenges"
    tables = (CHALLENGE, CHALLENGE_STEP, CHALLENGE_MARK, CHALLENGE_WAIT)
    topics = frozenset(
        {
            ChallengeRaised,
            ChallengeApproved,
            ChallengeNotApproved,
            ChallengeSent,
            ChallengeAcknowledged,
            ChallengeReplied,
            ReplyReported,
            MarkDisputed,
            RulerNamed,
            DisputeRuled,
            ChallengeEscalated,
            ChallengeResolved,
            ChallengeWithdrawn,
        }
    )
    wide = frozenset[Any]()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The step that was taken, and the challenge as it stands after it."""
        event = change.event
        if not isinstance(event, ChallengeEvent):
            return
        rows.put(CHALLENGE, _challenge(change.stream, change.after))
        rows.add(CHALLENGE_STEP, _step(change, event))
        if isinstance(event, ChallengeRaised | MarkDisputed | DisputeRuled):
            _marks(change.stream, change.after, rows)
        if isinstance(event, ChallengeRaised):
            _waits(change.stream, event, rows)


def _challenge(stream: UUID, c: Challenge) -> tuple[Any, ...]:
    return (
        stream,
        c.kind,
        c.about,
        c.school,
        c.agency,
        c.service,
        c.authority,
        c.phase,
        c.since,
        c.sent_on,
        c.reply_due_on,
        c.answered,
        c.level,
        c.measured.code,
        c.measured.counted,
        c.measured.threshold,
        c.measured.window,
        c.measured.unit,
        c.measured.version,
        len(c.delays),
        len(c.disputes),
        len(c.open_disputes()),
        c.still_met(),
        list(c.rulers),
        c.version,
    )


def _step(change: Change, event: ChallengeEvent) -> tuple[Any, ...]:
    header = event.header
    return (
        change.stream,
        change.version,
        event.topic,
        header.occurred_on,
        header.recorded_at,
        change.position,
        header.person,
        header.organisation,
        header.on_behalf_of,
        header.role,
        header.source,
        *(getattr(event, name, None) for name in DETAILS),
        getattr(event, "bypass", False),
        getattr(event, "to_person", None),
        getattr(event, "outcome", None),
        event.sealed,
    )


def _marks(stream: UUID, c: Challenge, rows: RowJournal) -> None:
    for raised, now in zip(c.marks, c.evidence(), strict=True):
        rows.put(
            CHALLENGE_MARK,
            (
                stream,
                raised.meeting,
                raised.held_on,
                raised.mark,
                raised.version,
                raised.expected,
                raised.because,
                raised.terms,
                raised.position,
                raised.contested,
                raised.ruled,
                raised.reads,
                now.contested,
                now.ruled,
                now.reads,
            ),
        )


def _waits(stream: UUID, event: ChallengeRaised, rows: RowJournal) -> None:
    for wait in event.delays:
        rows.put(
            CHALLENGE_WAIT,
            (
                stream,
                wait.referral,
                wait.pupil,
                wait.started_on,
                wait.stopped_on,
                wait.as_of,
                wait.due_on,
                wait.elapsed,
                wait.position,
            ),
        )


PROJECTION = ChallengeProjection()
