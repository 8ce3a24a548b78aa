"""What a county still needs before its first referral, worked out from the directory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.directory.dated import is_in_force
from coordination.directory.organisation import Organisation
from coordination.directory.state import Directory
from coordination.directory.term_gaps import TermGap, term_gaps

StepName = Literal[
    "authority",
    "terms_of_school",
    "schools",
    "agencies",
    "services",
    "requirements",
    "standards",
    "terms",
    "people",
]
# Without one of these nobody can refer, answer, approve or audit.
NEEDED_ROLES: dict[str, tuple[frozenset[str], ...]] = {
    "school": (frozenset({"alnco"}), frozenset({"head"})),
    "agency": (frozenset({"clinician", "service_manager"}),),
    "authority": (frozenset({"administrator"}), frozenset({"auditor"}), frozenset({"la_caseworker"})),
}


class SetUpStep(msgspec.Struct, frozen=True):
    """One step: how many there are (`count`), the ids of what lacks it, and whether a county can do without. `gaps` are
    the days that the terms leave uncounted."""

    name: StepName
    count: int
    lacking: tuple[UUID, ...] = ()
    optional: bool = False
    gaps: tuple[TermGap, ...] = ()

    @property
    def done(self) -> bool:
        return self.count > 0 and not self.lacking and not self.gaps


def set_up_steps(known: Directory, on: date) -> tuple[SetUpStep, ...]:
    """The steps in the order in which each finds what it needs. `lacking` holds authorities without terms that go on
    after the day, agencies without an open service, services without requirements or standards, schools without terms
    of reference, organisations without the people of NEEDED_ROLES."""
    open_at = {kind: [o for o in known.of_kind(kind) if o.is_open(on)] for kind in NEEDED_ROLES}
    services = [s for s in known.services if s.is_open(on)]
    with_terms = {
        t.school for a in open_at["agency"] for t in a.terms.values() if _goes_on(t.effective_to, on)
    }
    return (
        SetUpStep("authority", len(open_at["authority"])),
        SetUpStep(
            "terms_of_school",
            sum(len(known.school_terms(a.id)) for a in open_at["authority"]),
            _ids(
                a for a in open_at["authority"] if not any(t.last_day >= on for t in known.school_terms(a.id))
            ),
            gaps=gaps_of_terms(known, on),
        ),
        SetUpStep("schools", len(open_at["school"])),
        SetUpStep("agencies", len(open_at["agency"])),
        SetUpStep(
            "services",
            len(services),
            _ids(a for a in open_at["agency"] if not any(s.is_open(on) for s in a.services.values())),
        ),
        SetUpStep(
            "requirements",
            sum(bool(s.asks_for(on)) for s in services),
            tuple(s.id for s in services if not s.asks_for(on)),
            optional=True,
        ),
        SetUpStep(
            "standards",
            sum(bool(known.standards_of(s.id)) for s in services),
            tuple(s.id for s in services if not known.standards_of(s.id)),
            optional=True,
        ),
        SetUpStep("terms", len(with_terms), _ids(s for s in open_at["school"] if s.id not in with_terms)),
        SetUpStep(
            "people",
            sum(len(o.people) for held in open_at.values() for o in held),
            _ids(o for held in open_at.values() for o in held if _lacks_people(o, on)),
        ),
    )


def gaps_of_terms(known: Directory, on: date) -> tuple[TermGap, ...]:
    """The gaps in the terms of the open authorities, and of the open schools that keep terms of their own."""
    with_terms = [
        *known.of_kind("authority"),
        *(school for school in known.of_kind("school") if school.school_terms),
    ]
    return tuple(gap for one in with_terms if one.is_open(on) for gap in term_gaps(known, one.id, on))


def _goes_on(last_day: date | None, on: date) -> bool:
    return last_day is None or last_day >= on


def _ids(found: Iterable[Organisation]) -> tuple[UUID, ...]:
    return tuple(one.id for one in found)


def _lacks_people(organisation: Organisation, on: date) -> bool:
    roles = {a.role for held in organisation.people.values() for a in held if is_in_force(a, on)}
    return any(not roles & wanted for wanted in NEEDED_ROLES[organisation.kind])
