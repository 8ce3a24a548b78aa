"""Challenges to rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.challenge.events import (
    ChallengeAcknowledged,
    ChallengeApproved,
    ChallengeDocumentFiled,
    ChallengeEscalated,
    ChallengeNotApproved,
    ChallengeRaised,
    ChallengeReplied,
    ChallengeResolved,
    ChallengeSent,
    ChallengeWithdrawn,
    DisputeRuled,
    LetterWorded,
    MarkDisputed,
    ReplyReported,
    RulerNamed,
)
from coordination.challenge.promises import PromiseBroken, PromiseKept, PromiseMade
from coordination.challenge.state import Challenge, Suggestion
from coordination.challenge.suggestions import ChallengeSuggested, SuggestionAccepted, SuggestionPutAside
from coordination.event import ChallengeEvent, Event
from projections.challenges.rows import (
    CHALLENGE,
    CHALLENGE_MARK,
    CHALLENGE_STEP,
    CHALLENGE_SUGGESTION,
    CHALLENGE_WAIT,
    ChallengeMarkTableRow,
    ChallengeStepTableRow,
    ChallengeSuggestionTableRow,
    ChallengeTableRow,
    ChallengeWaitTableRow,
)
from projections.projection import Change
from projections.rows import AnyTable, RowJournal

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
    "to_person",
    "outcome",
    "promise",
    "promised_by",
)
"""What some events say besides who and when: fields of the event, and columns of the step."""


class ChallengeProjection:
    """A challenge's row is put anew at each of its events; its steps and waits only grow."""

    name = "challenges"
    tables: tuple[AnyTable, ...] = (
        CHALLENGE,
        CHALLENGE_STEP,
        CHALLENGE_MARK,
        CHALLENGE_WAIT,
        CHALLENGE_SUGGESTION,
    )
    topics: frozenset[type[Event]] = frozenset(
        {
            ChallengeRaised,
            ChallengeApproved,
            ChallengeNotApproved,
            LetterWorded,
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
            ChallengeDocumentFiled,
            *(PromiseMade, PromiseKept, PromiseBroken),
            *(ChallengeSuggested, SuggestionAccepted, SuggestionPutAside),
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The step that was taken, and the challenge as it stands after it."""
        event = change.event
        if not isinstance(event, ChallengeEvent):
            return
        _, challenge = change.states(Challenge)
        if challenge.suggestion is not None:
            rows.put(CHALLENGE_SUGGESTION, _suggestion(change, challenge.suggestion))
            return
        rows.put(CHALLENGE, _challenge(change.stream, challenge))
        rows.add(CHALLENGE_STEP, _step(change, event))
        if isinstance(event, ChallengeRaised | MarkDisputed | DisputeRuled):
            _marks(change.stream, challenge, rows)
        if isinstance(event, ChallengeRaised):
            _waits(change.stream, event, rows)


def _challenge(stream: UUID, c: Challenge) -> ChallengeTableRow:
    return ChallengeTableRow(
        challenge=stream,
        kind=c.kind,
        about=c.about,
        school=c.school,
        agency=c.agency,
        service=c.service,
        authority=c.authority,
        phase=c.phase,
        since=c.since,
        sent_on=c.sent_on,
        reply_due_on=c.reply_due_on,
        answered=c.answered,
        level=c.level,
        code=c.measured.code,
        counted=c.measured.counted,
        threshold=c.measured.threshold,
        out_of=c.measured.window,
        unit=c.measured.unit,
        rule_version=c.measured.version,
        waits=len(c.delays),
        disputes=len(c.disputes),
        open_disputes=len(c.open_disputes()),
        still_met=c.still_met(),
        rulers=list(c.rulers),
        promises=len(c.promises),
        promises_broken=sum(one.ended == "broken" for one in c.promises.values()),
        promise_due_on=next((one.promised_by for one in c.open_promises()), None),
        last_version=c.version,
    )


def _suggestion(change: Change, suggestion: Suggestion) -> ChallengeSuggestionTableRow:
    told = suggestion.told
    return ChallengeSuggestionTableRow(
        suggestion=change.stream,
        school=told.school,
        service=told.service,
        agency=told.agency,
        code=told.code,
        counted=told.counted,
        least=told.least,
        days=told.days,
        out_of=told.window,
        things=list(told.things),
        as_of=told.as_of,
        rule_from=told.rule_from,
        source=told.source,
        position=told.position,
        decided=suggestion.decided,
        decided_on=suggestion.decided_on,
        decided_by=suggestion.decided_by,
        raised=suggestion.raised,
        last_version=change.version,
    )


def _step(change: Change, event: ChallengeEvent) -> ChallengeStepTableRow:
    header = event.header
    said: dict[str, Any] = {name: getattr(event, name, None) for name in DETAILS}
    return ChallengeStepTableRow(
        challenge=change.stream,
        version=change.version,
        topic=event.topic,
        occurred_on=header.occurred_on,
        recorded_at=header.recorded_at,
        position=change.position,
        person=header.person,
        organisation=header.organisation,
        on_behalf_of=header.on_behalf_of,
        role=header.role,
        source=header.source,
        bypass=getattr(event, "bypass", False),
        sealed=event.sealed,
        **said,
    )


def _marks(stream: UUID, c: Challenge, rows: RowJournal) -> None:
    for raised, now in zip(c.marks, c.evidence(), strict=True):
        row = ChallengeMarkTableRow(
            challenge=stream,
            meeting=raised.meeting,
            held_on=raised.held_on,
            mark=raised.mark,
            mark_version=raised.version,
            expected=raised.expected,
            because=raised.because,
            terms=raised.terms,
            meetings=raised.meetings,
            position=raised.position,
            raised_contested=raised.contested,
            raised_ruled=raised.ruled,
            raised_reads=raised.reads,
            contested=now.contested,
            ruled=now.ruled,
            reads=now.reads,
        )
        rows.put(CHALLENGE_MARK, row)


def _waits(stream: UUID, event: ChallengeRaised, rows: RowJournal) -> None:
    for wait in event.delays:
        row = ChallengeWaitTableRow(
            challenge=stream,
            referral=wait.referral,
            pupil=wait.pupil,
            started_on=wait.started_on,
            stopped_on=wait.stopped_on,
            as_of=wait.as_of,
            due_on=wait.due_on,
            elapsed=wait.elapsed,
            position=wait.position,
        )
        rows.put(CHALLENGE_WAIT, row)


PROJECTION = ChallengeProjection()
