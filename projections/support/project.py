"""Support and one-page profiles to rows."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.one_page_profile.events import OnePageProfileWritten
from coordination.pupil.profile.events import RegistrationEnded, SchoolMoved
from coordination.pupil.support.events import (
    SupportEnded,
    SupportEvent,
    SupportRecordedInError,
    SupportReviewed,
    SupportStarted,
)
from coordination.pupil.support.state import SupportRecord
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.support.rows import (
    ONE_PAGE_PROFILE,
    SUPPORT,
    SUPPORT_ADVICE,
    SUPPORT_DAYS,
    SUPPORT_NEED,
    SUPPORT_REVIEW,
    SUPPORT_WORDS,
    TABLES,
    OnePageProfileTableRow,
    SupportAdviceTableRow,
    SupportDaysTableRow,
    SupportNeedTableRow,
    SupportReviewTableRow,
    SupportTableRow,
    SupportWordsTableRow,
)

KINDS: dict[type[SupportEvent], str] = {
    SupportStarted: "started",
    SupportReviewed: "reviewed",
    SupportEnded: "ended",
}


class SupportProjection:
    """A row for each piece of support as it stands, and one for each review and each entry's words."""

    name = "support"
    tables: tuple[AnyTable, ...] = TABLES
    topics: frozenset[type[Event]] = frozenset(
        {
            SupportStarted,
            SupportReviewed,
            SupportEnded,
            SupportRecordedInError,
            OnePageProfileWritten,
            SchoolMoved,
            RegistrationEnded,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Puts what the event says; what was recorded in error leaves no row."""
        before, after = change.states(CaseFile)
        match change.event:
            case SupportRecordedInError(support=support):
                _remove(before.support.given[support], change, rows)
            case SupportEvent(support=support) as event:
                _put(after.support.given[support], change, rows)
                _put_entry(event, change, rows)
            case OnePageProfileWritten() as written:
                rows.put(ONE_PAGE_PROFILE, _profile(written, change))
            case _:
                for support, held in after.support.given.items():
                    if before.support.given[support] != held:
                        _put(held, change, rows)


def _put(held: SupportRecord, change: Change, rows: RowJournal) -> None:
    authority = change.directory.authority_of(held.by)
    rows.put(
        SUPPORT,
        SupportTableRow(
            support=held.support,
            pupil=change.stream,
            given_by=held.by,
            authority=authority,
            level=held.level,
            phase=held.phase,
            started_on=held.started_on,
            ends_by=held.ends_by,
            review_on=held.review_on,
            measurable=held.measurable,
            programme=held.programme,
            programme_of=held.programme_of,
            reviews=len(held.reviews),
            reviewed_on=held.reviews[-1].on if held.reviews else None,
            ended_on=held.ended_on,
            left_school=held.left,
            first_version=held.first_version,
            last_version=held.last_version,
        ),
    )
    days = SupportDaysTableRow(
        held.support, change.stream, held.by, authority, held.started_on, held.ended_on
    )
    rows.put(SUPPORT_DAYS, days)


def _put_entry(event: SupportEvent, change: Change, rows: RowJournal) -> None:
    opened = change.coded()
    coded = opened if isinstance(opened, dict) else {}
    match event:
        case SupportStarted():
            need = SupportNeedTableRow(event.support, change.stream, str(coded.get("need") or ""))
            rows.put(SUPPORT_NEED, need)
            if event.referral is not None or event.advised_by is not None:
                advice = SupportAdviceTableRow(event.support, change.stream, event.referral, event.advised_by)
                rows.put(SUPPORT_ADVICE, advice)
        case SupportReviewed():
            outcome = str(coded.get("outcome") or "")
            on = event.header.occurred_on
            review = SupportReviewTableRow(
                change.stream, change.version, event.support, on, event.next_step, outcome
            )
            rows.put(SUPPORT_REVIEW, review)
        case _:
            pass
    kind, person = KINDS[type(event)], event.header.person
    rows.put(
        SUPPORT_WORDS,
        SupportWordsTableRow(
            change.stream, change.version, event.support, kind, person, event.topic, event.sealed
        ),
    )


def _remove(held: SupportRecord, change: Change, rows: RowJournal) -> None:
    for table in (SUPPORT, SUPPORT_NEED, SUPPORT_ADVICE, SUPPORT_DAYS):
        rows.remove(table, (held.support,))
    versions = [review.version for review in held.reviews]
    for version in versions:
        rows.remove(SUPPORT_REVIEW, (change.stream, version))
    for version in (held.first_version, *versions, *_ending(held)):
        rows.remove(SUPPORT_WORDS, (change.stream, version))


def _ending(held: SupportRecord) -> tuple[int, ...]:
    return (held.ended_version,) if held.ended_version is not None else ()


def _profile(event: OnePageProfileWritten, change: Change) -> OnePageProfileTableRow:
    header = event.header
    by: UUID = header.person
    return OnePageProfileTableRow(
        profile=event.profile,
        pupil=change.stream,
        given_by=event.by,
        occasion=event.occasion,
        language=event.language,
        with_child=event.with_child,
        written_on=header.occurred_on,
        written_by=by,
        role=header.role,
        version=change.version,
        topic=event.topic,
        sealed=event.sealed,
    )


PROJECTION = SupportProjection()
