"""What the queries of the case file answer with. Names and words are ciphertext with its coordinates: pages open it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.clocks import Party, days_left, overdue
from coordination.pupil.consent.state import Standing, in_conflict
from coordination.sensitivity import Coordinates
from projections.case_file.entries import Matter

Due = Literal["overdue", "due_this_week", "later", "no_clock", "ended"]
OpenClock = Literal["not_sent", "not_received", "none"]
DUE_SOON = timedelta(days=6)
"""`due_this_week`: due today or on one of the six days after it."""


class ReferralSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A referral as it stands. `phase` is its last telling milestone (or `opened`), on `since`.

    `standard`, `clock_from` and `due_on` (the last day within it) are of the clock that runs now: of the first of the
    service's standards that has started and not stopped. `open_clock` is the clock without a limit that runs, since
    `open_from`: `not_sent`, `not_received`, or `none` (received by a service without a standard); `terms_unknown` a
    standard whose last day is not known, because the school's terms are not. `days_left`: calendar days from today to
    `due_on`, negative when overdue. `waited`: calendar days from the start of that clock (else of `open_clock`, else
    the receipt, else the opening) to today, None when it has ended. `whose_move` is today's, `move_since` the day on
    which it became theirs. `unconfirmed` are milestones that the school reported and the agency has not answered,
    `contested` those that it contests; `missing`
    what the service asks for and did not come with the referral. `last_version` is what a form sends back as `seen`.
    `allocated_on`: since when it has been allocated to a person of the agency. `held_by`: the authority that holds the
    file while the pupil is on no school's roll, since `no_roll_from`.
    """

    referral: UUID
    pupil: UUID
    school: UUID
    service: UUID
    agency: UUID
    phase: str
    since: date | None
    ended: bool
    in_error: bool
    opened_on: date
    received_on: date | None
    priority: str
    immediate_risk: bool
    legal_route: str
    basis: str
    year: int | None
    standard: str | None
    clock_from: date | None
    due_on: date | None
    due: Due
    days_left: int | None
    waited: int | None
    whose_move: Party | None
    move_since: date | None
    unconfirmed: int
    contested: int
    missing: tuple[str, ...]
    last_version: int
    allocated_on: date | None = None
    held_by: UUID | None = None
    no_roll_from: date | None = None
    open_clock: OpenClock | None = None
    open_from: date | None = None
    terms_unknown: str | None = None


class ReferralRow(msgspec.Struct, frozen=True, kw_only=True):
    """A referral in a list, with where the pupil's identity is sealed (None for who may not open it). `allocated` is
    who has it, only for the agency that holds it."""

    referral: ReferralSummary
    identity: Coordinates | None
    allocated: UUID | None = None


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a pupil: who recorded what. `thing` is the contact, consent, referral, minute or action that it is
    about; `clear` its clear fields as JSON has them (days as ISO text, ids as text; a field without a value is not
    there); `at` where its sealed fields are (`at.sealed` is empty when there are none, or not for this viewer).

    `supersedes` is the version of the entry that it corrects or strikes, `superseded_by` of the one that did so to it;
    `standing`: said, or what the agency answered to a report (confirmed, contested), in the entry `answered_by`.
    `service` and `agency` held the referral when this was recorded; of an agreement `agency` is whom it is about.
    """

    pupil: UUID
    version: int
    position: int
    topic: str
    matter: Matter
    thing: UUID | None
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    role: str
    on_behalf_of: UUID | None
    source: str
    service: UUID | None
    agency: UUID | None
    clear: dict[str, Any]
    at: Coordinates
    supersedes: int | None = None
    superseded_by: int | None = None
    standing: Literal["said", "confirmed", "contested"] = "said"
    answered_by: int | None = None


class SealedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A parent or other contact; `at` seals name, relationship, language, telephone, email. `ended_on`: speaks for the
    pupil no longer since then."""

    contact: UUID
    parental_responsibility: bool
    ended_on: date | None
    at: Coordinates


class SealedViews(msgspec.Struct, frozen=True, kw_only=True):
    """What the child or a parent said; `at` seals the `words`."""

    whose: Literal["child", "parent"]
    language: str
    contact: UUID | None
    said_on: date
    at: Coordinates


class ConsentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One question whether data may be shared: with `service` and `also_services` (those for which it sorts referrals),
    or with the whole agency. `in_force` is today's; `conflict`: about the same service and purpose one person with
    authority agrees and another refuses. `pupil` is the file on which it was asked."""

    pupil: UUID
    consent: UUID
    agency: UUID
    service: UUID | None
    whole_agency: bool
    also_services: tuple[UUID, ...]
    purpose: str
    standing: Standing
    since: date
    contact: UUID | None
    expires_on: date | None
    in_force: bool
    conflict: bool
    data_classes: tuple[str, ...]
    last_version: int


class DisclosureSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What went to a service for a ground (a referral), and on what it rests: the agreement `consent`, or the basis
    alone. `service` None: to the whole agency. `closed_on`: since then the service sees nothing of it. `stopped_on`:
    since then it receives nothing new of it. `subject`: what was shared."""

    agency: UUID
    service: UUID | None
    ground: UUID
    made_on: date
    data_classes: tuple[str, ...]
    lawful_basis: str
    consent: UUID | None
    closed_on: date | None
    version: int
    subject: str
    stopped_on: date | None
    stopped_because: str | None


class LawfulBasis(msgspec.Struct, frozen=True, kw_only=True):
    """The basis recorded for sharing with a service, or (None) with an agency."""

    agency: UUID
    service: UUID | None
    basis: str
    recorded_on: date


class ActionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An action and its one owner; `at` seals `what`. `phase`: incomplete, open, overdue, completed, cancelled."""

    action: UUID
    pupil: UUID
    school: UUID
    owner_organisation: UUID | None
    owner_service: UUID | None
    owner_person: UUID | None
    agreed_on: date
    due_on: date | None
    meeting: UUID | None
    minute: UUID | None
    phase: Literal["incomplete", "open", "overdue", "completed", "cancelled"]
    ended_on: date | None
    last_version: int
    at: Coordinates


def referral_of(row: Mapping[str, Any], today: date) -> ReferralSummary:
    """The referral of a row of read.referral, judged on a day."""
    kept = {name: row[name] for name in COPIED}
    party, since = _move(row, today)
    due_on = None if row["ended"] else row["due_on"]
    start = row["clock_from"] or row["open_from"] or row["received_on"] or row["opened_on"]
    return ReferralSummary(
        **kept,
        due_on=due_on,
        due=due_state(row["ended"], due_on, today),
        days_left=days_left(due_on, today) if due_on else None,
        waited=None if row["ended"] else (today - start).days,
        whose_move=party,
        move_since=since,
        missing=tuple(row["missing"] or ()),
    )


DERIVED = {"due_on", "due", "days_left", "waited", "whose_move", "move_since", "missing"}
COPIED = tuple(f for f in ReferralSummary.__struct_fields__ if f not in DERIVED)


def due_state(ended: bool, due_on: date | None, today: date) -> Due:
    """Where a referral stands against its clock on a day."""
    if ended:
        return "ended"
    if due_on is None:
        return "no_clock"
    if overdue(due_on, today):
        return "overdue"
    return "due_this_week" if due_on <= today + DUE_SOON else "later"


def _move(row: Mapping[str, Any], today: date) -> tuple[Party | None, date | None]:
    """Whose move it is today and since when."""
    ahead = zip(row["ahead_party"] or (), row["ahead_from"] or (), strict=True)
    begun = [move for move in ahead if move[1] <= today]
    return begun[-1] if begun else (row["move_party"], row["move_from"])


def coordinates(row: Mapping[str, Any], pupil: str = "pupil") -> Coordinates | None:
    """The coordinates in a row's `version`, `topic` and `sealed`; None where the viewer has none. They are of the
    stream in the column `named` where the row has one (queries.children)."""
    if row["version"] is None:
        return None
    return Coordinates(row.get("named") or row[pupil], row["version"], row["topic"], row["sealed"])


def consents_of(rows: Iterable[Mapping[str, Any]], today: date) -> tuple[ConsentSummary, ...]:
    """Rows of read.consent, with what they come to on a day and together."""
    held = list(rows)
    return tuple(
        ConsentSummary(
            pupil=row["pupil"],
            consent=row["consent"],
            agency=row["agency"],
            service=row["service"],
            whole_agency=row["whole_agency"],
            also_services=tuple(row["also_services"]),
            purpose=row["purpose"],
            standing=row["standing"],
            since=row["since"],
            contact=row["contact"],
            expires_on=row["expires_on"],
            in_force=_in_force(row, today),
            conflict=in_conflict((r["standing"], r["contact"]) for r in held if _same_question(r, row)),
            data_classes=tuple(row["data_classes"]),
            last_version=row["last_version"],
        )
        for row in held
    )


def _same_question(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two are about the same purpose and a service that both are about; without one: any of the agency."""
    if (one["agency"], one["purpose"]) != (other["agency"], other["purpose"]):
        return False
    named, asked = ({row["service"], *row["also_services"]} - {None} for row in (one, other))
    return not named or not asked or not named.isdisjoint(asked)


def _in_force(row: Mapping[str, Any], today: date) -> bool:
    ends = row["expires_on"]
    return row["standing"] == "given" and row["since"] <= today and (ends is None or today <= ends)
