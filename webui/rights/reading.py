"""What the rights desk is shown of a record. It reads the record itself: a former school and an authority that decides
have no access to the file any more, and see here only what the decision needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from coordination.authority import CASEWORKER_ROLES
from coordination.errors import NotFound
from coordination.event import RecordedEvent
from coordination.permissions import Right, Thing, right
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.profile.events import IDENTITY_TOPICS, LookedAfterRecorded
from coordination.pupil.rights.decide_requests import needs_opinion
from coordination.pupil.rights.due import due_on
from coordination.pupil.rights.parties import authorities_of, controllers_of, schools_ever
from coordination.pupil.rights.request_state import RightsRequest
from coordination.pupil.rights.retention import Retention, RetentionFacts, cases_of, retention_of
from coordination.sensitivity import Coordinates, Opened
from coordination.store.application import Record
from coordination.world import World
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

EARLIEST_YEARS = 5
"""Nobody is due within so many years of coming on a school's roll: the youngest rule is 25 years from birth."""


class RightsFile(msgspec.Struct, frozen=True, kw_only=True):
    """A record at the rights desk: who it is, how long it is kept, and what stands."""

    pupil: UUID
    child: PupilIdentity
    case: CaseFile
    retention: Retention
    why_proposed: str | None
    may_propose: bool
    may_decide: bool
    requests: tuple[RightsRequest, ...]

    @property
    def due(self) -> bool:
        """Whether it no longer has to be kept."""
        return self.retention.is_due(viewer().today)


class DueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record on the list of those that need not be kept any more."""

    pupil: UUID
    child: PupilIdentity
    until: date
    held: bool
    proposed: bool


def rights_file(pupil: UUID) -> RightsFile:
    """The record, noted in the read log. Raises NotFound for anybody but the pupil's schools, authority and those who
    hold a part of the record; an agency's part is answered by somebody who sees the whole agency."""
    events = _events([pupil]).get(pupil, [])
    case = PUPIL_STREAM.fold(events)
    who, known = viewer(), directory()
    if not case.version or who.organisation not in controllers_of(case, known):
        raise NotFound
    opened = _opened(events)
    held = right(who.role, Thing.RIGHTS_DESK)
    if held is Right.OWN_PART and not who.whole_agency:
        raise NotFound  # the agency answers as a whole: one service does not see the part of another
    at_school = who.organisation in schools_ever(case) and held is Right.PROPOSE
    at_authority = who.organisation in authorities_of(case, known) and who.role in CASEWORKER_ROLES
    casework.note_shown("rights", [pupil], "rights")
    return RightsFile(
        pupil=pupil,
        child=_identity(pupil, events, opened),
        case=case,
        retention=_retention(case, events, opened),
        why_proposed=_why(events, opened),
        may_propose=at_school or at_authority,
        may_decide=at_authority,
        requests=tuple(r for r in case.rights.requests.values() if r.controller == who.organisation),
    )


def request_of(file: RightsFile, request: UUID) -> RightsRequest:
    """A request to the viewer's organisation. Raises NotFound."""
    found = next((one for one in file.requests if one.request == request), None)
    if found is None:
        raise NotFound
    return found


def request_due(held: RightsRequest) -> date | None:
    """The last day for the answer; None while the time stands still."""
    return due_on(held, directory().school_days(held.controller))


def opinion_is_needed(file: RightsFile, held: RightsRequest) -> bool:
    """Whether a health professional's opinion has to come before the answer."""
    return needs_opinion(file.case, held, World(directory()))


def names_of(pupils: Sequence[UUID]) -> dict[UUID, PupilIdentity]:
    """The names of pupils whose matters the viewer has been shown to have."""
    by_pupil = _events(list(dict.fromkeys(pupils)))
    opened = _opened([event for events in by_pupil.values() for event in events])
    return {pupil: _identity(pupil, events, opened) for pupil, events in by_pupil.items()}


def due_records(until: date) -> list[DueRecord]:
    """The records for which the viewer's organisation is responsible (the last school's, or those that the authority
    holds) and that need not be kept after a day, the oldest first."""
    found = []
    by_pupil = _events(_long_ago())
    opened = _opened([event for events in by_pupil.values() for event in events])
    for pupil, events in by_pupil.items():
        case = PUPIL_STREAM.fold(events)
        last = {case.profile.authority, case.profile.last_school() if not case.profile.authority else None}
        if viewer().organisation not in last or case.rights.erased or case.joining.leading is not None:
            continue
        kept = _retention(case, events, opened)
        if kept.until is not None and kept.due_by(until):
            found.append(
                DueRecord(
                    pupil=pupil,
                    child=_identity(pupil, events, opened),
                    until=kept.until,
                    held=bool(case.rights.holds),
                    proposed=case.rights.proposal is not None,
                )
            )
    return sorted(found, key=lambda one: (one.until, str(one.pupil)))


def _long_ago() -> list[UUID]:
    """The pupils who came on the school's roll, or to the authority, long enough ago."""
    today = viewer().today
    with _record().desk() as connection:
        rows = connection.execute(
            "select distinct pupil from log.pupil_access where organisation = %s"
            " and basis in ('registration', 'no_roll') and opened_on <= %s",
            (viewer().organisation, date(today.year - EARLIEST_YEARS, today.month, 1)),
        ).fetchall()
    return [row["pupil"] for row in rows]  # type: ignore[call-overload]


def _record() -> Record:
    return runtime().coordination.record


def _events(pupils: Sequence[UUID]) -> dict[UUID, list[RecordedEvent]]:
    return _record().load(pupils)


OpenedByPlace = dict[tuple[UUID, int], Opened]


def _opened(events: Sequence[RecordedEvent]) -> OpenedByPlace:
    """The sealed fields that retention and the page need, of any number of pupils with one look-up of keys."""
    wanted = [
        r
        for r in events
        if r.event.topic in (*IDENTITY_TOPICS, "pupil.looked_after_recorded", "pupil.erasure_proposed")
    ]
    places = [Coordinates(r.stream, r.version, r.event.topic, r.event.sealed) for r in wanted]
    return {(r.stream, r.version): one for r, one in zip(wanted, _record().open(places), strict=True)}


def _identity(pupil: UUID, events: Sequence[RecordedEvent], opened: OpenedByPlace) -> PupilIdentity:
    newest = [(r.stream, r.version) for r in events if r.event.topic in IDENTITY_TOPICS]
    return open_identity(pupil, opened[newest[-1]] if newest else {})


def _retention(case: CaseFile, events: Sequence[RecordedEvent], opened: OpenedByPlace) -> Retention:
    born = _identity(UUID(int=0), events, opened).born
    statuses = (opened[r.stream, r.version] for r in events if isinstance(r.event, LookedAfterRecorded))
    looked_after = any(isinstance(one, dict) and one.get("looked_after") for one in statuses)
    cases = cases_of(case, directory(), born) | ({"looked_after"} if looked_after else set())
    facts = RetentionFacts(born=born, cases=cases, adopted_on=case.adoption.replaced_on)
    return retention_of(directory().retention_rules(viewer().today), facts)


def _why(events: Sequence[RecordedEvent], opened: OpenedByPlace) -> str | None:
    proposals = [(r.stream, r.version) for r in events if r.event.topic == "pupil.erasure_proposed"]
    last = opened[proposals[-1]] if proposals else {}
    return last.get("why") if isinstance(last, dict) else None
