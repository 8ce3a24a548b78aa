"""Advice conversations to rows."""

from __future__ import annotations

from uuid import UUID

from coordination.advice.events import (
    AdviceAnswered,
    AdviceAsked,
    AdviceErased,
    AdviceNamed,
    AdviceStruck,
)
from coordination.advice.state import Conversation
from coordination.event import AdviceEvent, Event
from coordination.pupil.advice.events import AdviceLinked
from coordination.pupil.advice.state import AdviceAbout, referral_after
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import EntryStruck, ReferralOpened, ReferralServiceMoved
from coordination.pupil.referral.milestones import MILESTONES
from projections.advice.rows import (
    ADVICE,
    ADVICE_FOLLOW,
    ADVICE_PUPIL,
    ADVICE_WORDS,
    AdviceFollowTableRow,
    AdvicePupilTableRow,
    AdviceTableRow,
    AdviceWordsTableRow,
)
from projections.projection import Change
from projections.rows import AnyTable, RowJournal


class AdviceProjection:
    """A conversation's row at each of its events; the referral that followed at each event about the pupil's
    referrals."""

    name = "advice"
    tables: tuple[AnyTable, ...] = (ADVICE, ADVICE_PUPIL, ADVICE_FOLLOW, ADVICE_WORDS)
    topics: frozenset[type[Event]] = frozenset(
        {
            AdviceAsked,
            AdviceAnswered,
            AdviceNamed,
            AdviceStruck,
            AdviceErased,
            AdviceLinked,
            ReferralOpened,
            ReferralServiceMoved,
            EntryStruck,
            *MILESTONES.values(),
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The rows that the event changes."""
        if isinstance(change.event, AdviceEvent):
            _conversation(change, change.event, rows)
            return
        before, case = change.states(CaseFile)
        for about in case.advice.values():
            if before.advice.get(about.advice) != about:
                rows.put(ADVICE_PUPIL, _pupil(change.stream, about))
            row = _follow(about, case)
            if about.advice not in before.advice or row != _follow(about, before):
                rows.put(ADVICE_FOLLOW, row)


def _conversation(change: Change, event: AdviceEvent, rows: RowJournal) -> None:
    _, held = change.states(Conversation)
    if held.struck:
        rows.remove(ADVICE, (change.stream,))
        return
    if isinstance(event, AdviceAsked | AdviceAnswered):
        rows.put(ADVICE_WORDS, _words(change, event))
    rows.put(
        ADVICE,
        AdviceTableRow(
            advice=change.stream,
            school=held.school,
            agency=held.agency,
            service=held.service,
            channel=held.channel,
            asked_on=held.asked_on,
            by_service=held.by_service,
            named=held.named,
            answered_on=held.answered_on,
            answer=held.answer,
            other_service=held.other_service,
            reported=held.reported,
            last_version=held.version,
            position=change.position,
        ),
    )


def _words(change: Change, event: AdviceEvent) -> AdviceWordsTableRow:
    header = event.header
    return AdviceWordsTableRow(
        advice=change.stream,
        version=change.version,
        topic=event.topic,
        occurred_on=header.occurred_on,
        recorded_at=header.recorded_at,
        person=header.person,
        organisation=header.on_behalf_of or header.organisation,
        sealed=event.sealed,
    )


def _pupil(pupil: UUID, about: AdviceAbout) -> AdvicePupilTableRow:
    return AdvicePupilTableRow(about.advice, pupil, about.school, about.agency, about.service, about.referral)


def _follow(about: AdviceAbout, case: CaseFile) -> AdviceFollowTableRow:
    after = referral_after(about, case.referrals)
    return AdviceFollowTableRow(
        about.advice, about.school, about.agency, about.service, after.open_before, after.referred_on
    )


PROJECTION = AdviceProjection()
