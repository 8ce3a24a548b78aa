"""The state of a challenge for decisions."""

from __future__ import annotations

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from coordination.authority import acting_organisation
from coordination.challenge.events import (
    About,
    AnyChallengeEvent,
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
    DelayEvidence,
    DisputeRuled,
    Kind,
    LetterWorded,
    MarkDisputed,
    Measured,
    ReplyReported,
    RulerNamed,
    Ruling,
)
from coordination.challenge.promises import PromiseBroken, PromiseKept, PromiseMade
from coordination.challenge.rule import AttendanceCode, MarkEvidence, count
from coordination.challenge.suggestions import ChallengeSuggested, SuggestionAccepted, SuggestionPutAside
from coordination.clocks import overdue
from coordination.event import ChallengeEvent
from coordination.meeting.events import Mark
from coordination.streams import StreamKind, ToChallenge

NO_ORGANISATION = UUID(int=0)

Phase = Literal[
    "raised", "approved", "not_approved", "sent", "acknowledged", "replied", "resolved", "withdrawn"
]
CLOSED: frozenset[Phase] = frozenset({"not_approved", "resolved", "withdrawn"})
WITH_THE_AGENCY: frozenset[Phase] = frozenset({"sent", "acknowledged", "replied"})


def reply_overdue(phase: Phase, answered: bool, reply_due_on: date | None, on: date) -> bool:
    """Whether the agency should have replied before a day: it has the challenge, and its last day has passed."""
    return phase in WITH_THE_AGENCY and not answered and overdue(reply_due_on, on)


class Dispute(Struct, frozen=True):
    """The agency's dispute of a mark, and the ruling."""

    dispute: UUID
    meeting: UUID
    mark_version: int
    claims: Mark | None
    since: date
    last_version: int
    ruling: Ruling | None = None
    reads: Mark | None = None


class ChallengeDocument(Struct, frozen=True):
    """A document of the challenge; `filed_by` is the organisation that attached it."""

    document: UUID
    data_class: str
    pupils: tuple[UUID, ...]
    filed_by: UUID


class Promise(Struct, frozen=True):
    """What the agency promised by a day; `ended`: how the school says that it ended."""

    promise: UUID
    promised_by: date
    made_on: date
    ended: Literal["kept", "broken"] | None = None


class Suggestion(Struct, frozen=True):
    """A suggestion to a school as it was made; `decided` None: nobody has decided yet."""

    told: ChallengeSuggested
    decided: Literal["accepted", "put_aside"] | None = None
    decided_on: date | None = None
    decided_by: UUID | None = None
    raised: UUID | None = None

    @property
    def school(self) -> UUID:
        return self.told.school


class Challenge(Struct, frozen=True):
    """A challenge, or (`suggestion`) what was suggested to a school; not raised while it has no `school`. `since` is
    the day of its last step; `answered`: the agency replied since it was sent or last escalated; `level` None: not
    escalated. `rulers` are the people asked to rule."""

    version: int = 0
    phase: Phase = "raised"
    kind: Kind = "enquiry"
    about: About = "attendance"
    school: UUID = NO_ORGANISATION
    agency: UUID = NO_ORGANISATION
    service: UUID = NO_ORGANISATION
    authority: UUID | None = None
    measured: Measured = Measured(code=None, counted=0)
    marks: tuple[MarkEvidence, ...] = ()
    delays: tuple[DelayEvidence, ...] = ()
    since: date = date.min
    sent_on: date | None = None
    reply_due_on: date | None = None
    answered: bool = False
    level: str | None = None
    disputes: dict[UUID, Dispute] = {}
    rulers: tuple[UUID, ...] = ()
    documents: dict[UUID, ChallengeDocument] = {}
    promises: dict[UUID, Promise] = {}
    suggestion: Suggestion | None = None

    @property
    def raised(self) -> bool:
        """Whether the challenge exists."""
        return self.school != NO_ORGANISATION

    @property
    def closed(self) -> bool:
        return self.phase in CLOSED

    def open_promises(self) -> tuple[Promise, ...]:
        """The promises of which nobody has said yet whether they were kept, the earliest day first."""
        found = [one for one in self.promises.values() if one.ended is None]
        return tuple(sorted(found, key=lambda one: (one.promised_by, one.promise.int)))

    def open_disputes(self) -> tuple[UUID, ...]:
        """The disputes without a ruling."""
        return tuple(d.dispute for d in self.disputes.values() if d.ruling is None)

    def overdue(self, on: date) -> bool:
        """Whether the reply is overdue on a day: from the day after the last day for it."""
        return reply_overdue(self.phase, self.answered, self.reply_due_on, on)

    def evidence(self) -> tuple[MarkEvidence, ...]:
        """The marks after disputes and rulings; the first event keeps them as they were raised."""
        return tuple(self._as_ruled(mark) for mark in self.marks)

    def _as_ruled(self, mark: MarkEvidence) -> MarkEvidence:
        about = [
            d for d in self.disputes.values() if (d.meeting, d.mark_version) == (mark.meeting, mark.version)
        ]
        if not about:
            return mark
        last = about[-1]
        if last.ruling is None:
            return replace(mark, contested=True)
        return mark if last.ruling == "not_upheld" else replace(mark, ruled=True, reads=last.reads)

    def still_met(self) -> bool:
        """Whether the evidence, after rulings, still meets the rule by which an attendance challenge was raised."""
        code, threshold = self.measured.code, self.measured.threshold
        if self.about != "attendance" or threshold is None:
            return True
        rule: AttendanceCode = "missed_of_last" if code == "missed_of_last" else "absent_without_apology"
        return count(self.evidence(), rule) >= threshold


def evolve(challenge: Challenge, event: AnyChallengeEvent) -> Challenge:
    """The challenge after one more event. Reads no sealed field."""
    on = event.header.occurred_on
    c = replace(challenge, version=challenge.version + 1)
    match event:
        case ChallengeRaised():
            return _raised(c, event)
        case ChallengeApproved():
            return replace(c, phase="approved", since=on)
        case ChallengeNotApproved():
            return replace(c, phase="not_approved", since=on)
        case LetterWorded():
            return c
        case ChallengeSent(reply_due_on=due):
            return replace(c, phase="sent", since=on, sent_on=on, reply_due_on=due, answered=False)
        case ChallengeAcknowledged():
            return replace(c, phase="acknowledged", since=on)
        case ChallengeReplied() | ReplyReported():
            return replace(c, phase="replied", since=on, answered=True)
        case MarkDisputed(dispute=key, meeting=meeting, mark_version=version, claims=claims):
            return _with(c, Dispute(key, meeting, version, claims, on, c.version))
        case DisputeRuled(dispute=key, ruling=ruling, reads=reads):
            ruled = replace(c.disputes[key], since=on, last_version=c.version, ruling=ruling, reads=reads)
            return _with(c, ruled)
        case RulerNamed(to_person=person):
            return c if person in c.rulers else replace(c, rulers=(*c.rulers, person))
        case ChallengeEscalated():
            return _escalated(c, event)
        case ChallengeResolved():
            return replace(c, phase="resolved", since=on)
        case ChallengeWithdrawn():
            return replace(c, phase="withdrawn", since=on)
        case ChallengeDocumentFiled(document=key, data_class=of, pupils=pupils):
            filed = ChallengeDocument(key, of, pupils, acting_organisation(event.header))
            return replace(c, documents={**c.documents, key: filed})
        case PromiseMade(promise=key, promised_by=due):
            return replace(c, promises={**c.promises, key: Promise(key, due, on)})
        case PromiseKept(promise=key):
            return replace(c, promises={**c.promises, key: replace(c.promises[key], ended="kept")})
        case PromiseBroken(promise=key):
            return replace(c, promises={**c.promises, key: replace(c.promises[key], ended="broken")})
        case ChallengeSuggested() | SuggestionAccepted() | SuggestionPutAside():
            return replace(c, suggestion=_suggestion(c, event))
        case _:
            assert_never(event)


def _suggestion(
    c: Challenge, event: ChallengeSuggested | SuggestionAccepted | SuggestionPutAside
) -> Suggestion | None:
    if isinstance(event, ChallengeSuggested):
        return Suggestion(event)
    if c.suggestion is None:
        return None
    accepted = isinstance(event, SuggestionAccepted)
    return replace(
        c.suggestion,
        decided="accepted" if accepted else "put_aside",
        decided_on=event.header.occurred_on,
        decided_by=event.header.person,
        raised=event.raised if isinstance(event, SuggestionAccepted) else None,
    )


def _raised(c: Challenge, event: ChallengeRaised) -> Challenge:
    return replace(
        c,
        phase="raised",
        kind=event.kind,
        about=event.about,
        school=event.school,
        agency=event.agency,
        service=event.service,
        authority=event.authority,
        measured=event.measured,
        marks=event.marks,
        delays=event.delays,
        since=event.header.occurred_on,
    )


def _escalated(c: Challenge, event: ChallengeEscalated) -> Challenge:
    """With `bypass` a challenge that was not sent goes to the agency at once."""
    on = event.header.occurred_on
    if c.phase not in WITH_THE_AGENCY:
        c = replace(c, phase="sent", sent_on=on)
    return replace(c, since=on, level=event.level, reply_due_on=event.reply_due_on, answered=False)


def _with(c: Challenge, dispute: Dispute) -> Challenge:
    return replace(c, disputes={**c.disputes, dispute.dispute: dispute})


CHALLENGE_STREAM: StreamKind[Challenge, AnyChallengeEvent, ToChallenge] = StreamKind(
    "challenge", ChallengeEvent, Challenge(), evolve, lambda command: command.challenge
)
