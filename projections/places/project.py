"""Bases and places to rows."""

from __future__ import annotations

from coordination.event import Event, PlaceEvent
from coordination.place.events import (
    BaseFunctionReviewed,
    BaseStaffTrained,
    HostAgreementMade,
    PlaceCriteriaSet,
    PlacesSet,
)
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import (
    EntryStruck,
    PlaceReviewed,
    ReferralEvent,
    ReferralServiceMoved,
    ShortNoticeAgreed,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.ending import Reopened
from coordination.pupil.referral.milestones.opening import Redirected
from coordination.pupil.referral.milestones.placing import PlaceOffered, PlaceTaken
from coordination.pupil.referral.phase import phase
from coordination.pupil.referral.place_held import place_of
from coordination.pupil.referral.state import Referral
from projections.places.rows import (
    BASE_ENTRY,
    PLACEMENT,
    PLACEMENT_WORDS,
    SHORT_NOTICE,
    TABLES,
    BaseEntryTableRow,
    PlacementTableRow,
    PlacementWordsTableRow,
    ShortNoticeTableRow,
)
from projections.projection import Change
from projections.rows import AnyTable, RowJournal


class PlacesProjection:
    """A row for each entry of a base, and one for each referral for a place."""

    name = "places"
    tables: tuple[AnyTable, ...] = TABLES
    topics: frozenset[type[Event]] = frozenset(
        {
            PlacesSet,
            PlaceCriteriaSet,
            HostAgreementMade,
            BaseFunctionReviewed,
            BaseStaffTrained,
            PlaceReviewed,
            ShortNoticeAgreed,
            UnavailabilityRecorded,
            ReferralServiceMoved,
            EntryStruck,
            *MILESTONES.values(),
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The rows that the event changes."""
        if isinstance(change.event, PlaceEvent):
            rows.put(BASE_ENTRY, _entry(change, change.event))
            return
        _, case = change.states(CaseFile)
        event = change.event
        if not isinstance(event, ReferralEvent):
            return
        held = case.referrals.get(event.referral)
        if held is None:
            return
        _put_short_notice(held, event, change, rows)
        owner = change.directory.organisation(held.agency)
        if owner is not None and owner.kind == "authority":
            rows.put(PLACEMENT, _placement(held, change))
            _put_words(event, change, rows)


def _entry(change: Change, event: PlaceEvent) -> BaseEntryTableRow:
    on, source = event.header.occurred_on, getattr(event, "source", "")
    row = BaseEntryTableRow(
        change.stream, change.version, "", on, on, None, None, None, [], None, None, source
    )
    fields: dict[str, object] = {}
    match event:
        case PlacesSet():
            fields = {
                "kind": "places",
                "effective_from": event.effective_from,
                "number": event.number,
                "words": event.reason,
            }
        case PlaceCriteriaSet():
            fields = {
                "kind": "criteria",
                "effective_from": event.effective_from,
                "words": event.admission,
                "more_words": event.exit,
            }
        case HostAgreementMade():
            fields = {
                "kind": "agreement",
                "effective_from": event.effective_from,
                "effective_to": event.effective_to,
                "school": event.school,
                "words": event.terms,
            }
        case BaseFunctionReviewed():
            fields = {
                "kind": "function",
                "effective_to": event.next_review_on,
                "needs": list(event.needs),
                "words": event.function,
            }
        case BaseStaffTrained():
            fields = {"kind": "training", "number": event.people, "words": event.subject}
    return _with(row, fields)


def _with(row: BaseEntryTableRow, fields: dict[str, object]) -> BaseEntryTableRow:
    values = {name: fields.get(name, getattr(row, name)) for name in row.__struct_fields__}
    return BaseEntryTableRow(**values)  # type: ignore[arg-type]


def _placement(held: Referral, change: Change) -> PlacementTableRow:
    place = place_of(held)
    placing = change.directory.authority_of(held.school)
    sent = next((s.on for s in held.counting() if s.name in ("received", "submitted")), None)
    review = held.place_reviews[-1] if held.place_reviews else None
    return PlacementTableRow(
        referral=held.referral,
        pupil=change.stream,
        service=held.service,
        authority=held.agency,
        school=held.school,
        placing_authority=placing if placing != held.agency else None,
        state=place.state,
        asked_on=sent,
        decided_on=place.decided_on,
        offered_on=place.offered_on,
        starts_on=place.starts_on,
        placed_on=place.placed_on,
        exit_due_on=place.exit_due_on,
        ended_on=place.ended_on,
        beyond=place.beyond,
        beyond_at=place.beyond_at,
        reviewed_on=review.on if review else None,
        next_review_on=review.next_review_on if review else None,
        last_version=held.last_version,
    )


def _put_words(event: ReferralEvent, change: Change, rows: RowJournal) -> None:
    kind, outcome = "review", ""
    match event:
        case PlaceReviewed():
            outcome = event.outcome
        case PlaceOffered(beyond=True) | PlaceTaken(beyond=True):
            kind = "beyond"
        case _:
            return
    header = event.header
    rows.put(
        PLACEMENT_WORDS,
        PlacementWordsTableRow(
            *(change.stream, change.version, event.referral, kind, outcome, header.occurred_on),
            *(header.on_behalf_of or header.organisation, event.topic, event.sealed),
        ),
    )


def _put_short_notice(held: Referral, event: ReferralEvent, change: Change, rows: RowJournal) -> None:
    if not held.short_notice or phase(held.counting()).ended:
        if isinstance(event, ShortNoticeAgreed) or held.short_notice:
            rows.remove(SHORT_NOTICE, (held.referral,))
    elif isinstance(event, ShortNoticeAgreed | UnavailabilityRecorded | Redirected | Reopened):
        rows.put(
            SHORT_NOTICE,
            ShortNoticeTableRow(
                *(held.referral, change.stream, held.service, held.agency, event.header.occurred_on),
                [one.from_on for one in held.unavailable],
                [one.until for one in held.unavailable],
            ),
        )


PROJECTION = PlacesProjection()
