"""Who may restrict a file, and who may say that somebody has an interest in a pupil."""

from __future__ import annotations

from coordination.authority import (
    ROLES_AT,
    acting_organisation,
    require_not_in_future,
)
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words
from coordination.permissions import Thing, roles_with
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.restriction.commands import (
    DeclareInterest,
    EndInterest,
    LiftRestriction,
    RestrictPupil,
)
from coordination.pupil.restriction.events import (
    InterestDeclared,
    InterestEnded,
    PupilRestricted,
    RestrictionLifted,
)
from coordination.world import World

MAY_RESTRICT = frozenset(roles_with(Thing.RESTRICTION))
"""Who restricts a file, and records the interests of others, for their own organisation."""


def decide_restrict(
    case: CaseFile, command: RestrictPupil, header: Header, world: World
) -> list[PupilRestricted]:
    """A safeguarding person restricts the file for their own organisation, with a reason. The same restriction again
    records nothing.

    Refuses `unknown_code` (a role that the organisation does not have), `restriction_without_self` (whoever restricts
    must still see the file), `not_of_your_organisation` and `cannot_be_empty`.
    """
    kind = _restricting(case, header, world)
    require_not_in_future(header, command.occurred_on)
    roles = tuple(sorted(set(command.roles)))
    people = tuple(sorted(set(command.people)))
    if not set(roles) <= ROLES_AT[kind]:
        raise Refusal("unknown_code", "roles", table="role")
    organisation = world.directory.organisation(acting_organisation(header))
    if organisation is None or not set(people) <= set(organisation.people):
        raise Refusal("not_of_your_organisation", "people")
    if header.role not in roles and header.person not in people:
        raise Refusal("restriction_without_self", "roles")
    why = require_words(command.why, "why")
    held = case.restrictions.held.get(acting_organisation(header))
    if held is not None and (held.roles, held.people) == (roles, people):
        return []
    return [
        PupilRestricted(
            header=header, organisation=acting_organisation(header), roles=roles, people=people, why=why
        )
    ]


def decide_lift(
    case: CaseFile, command: LiftRestriction, header: Header, world: World
) -> list[RestrictionLifted]:
    """Ends the restriction of the own organisation. Records nothing where there is none; refuses `cannot_be_empty`."""
    _restricting(case, header, world)
    why = require_words(command.why, "why")
    if acting_organisation(header) not in case.restrictions.held:
        return []
    return [RestrictionLifted(header=header, organisation=acting_organisation(header), why=why)]


def decide_declare(
    case: CaseFile, command: DeclareInterest, header: Header, world: World
) -> list[InterestDeclared]:
    """Of oneself, or, by a safeguarding person, of somebody of the own organisation (otherwise refuses
    `not_of_your_organisation`)."""
    if not case.profile.registered:
        raise NotFound
    if command.person != header.person:
        _restricting(case, header, world)
        organisation = world.directory.organisation(acting_organisation(header))
        if organisation is None or command.person not in organisation.people:
            raise Refusal("not_of_your_organisation", "person")
    if command.interest in case.restrictions.interests:
        return []
    return [
        InterestDeclared(
            header=header,
            interest=command.interest,
            organisation=acting_organisation(header),
            interested=command.person,
        )
    ]


def decide_end(case: CaseFile, command: EndInterest, header: Header, world: World) -> list[InterestEnded]:
    """A safeguarding person of the organisation ends an interest, with a reason: never the person, who cannot reach the
    file. Refuses `cannot_be_empty`."""
    _restricting(case, header, world)
    if case.restrictions.interests.get(command.interest) != acting_organisation(header):
        raise NotFound
    why = require_words(command.why, "why")
    return [
        InterestEnded(
            header=header, interest=command.interest, organisation=acting_organisation(header), why=why
        )
    ]


def _restricting(case: CaseFile, header: Header, world: World) -> str:
    """The kind of the actor's organisation. Raises NotFound unless they are its safeguarding person, and it holds the
    file or received something of it."""
    own = acting_organisation(header)
    organisation = world.directory.organisation(own)
    if organisation is None or header.role not in MAY_RESTRICT & ROLES_AT[organisation.kind]:
        raise NotFound
    holds = own in case.profile.schools() or own == case.profile.authority
    received = any(own == disclosed.agency for disclosed in case.consents.disclosures)
    if not holds and not received:
        raise NotFound
    return organisation.kind


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RestrictPupil, decide_restrict, PUPIL_STREAM),
        decides(LiftRestriction, decide_lift, PUPIL_STREAM),
        decides(DeclareInterest, decide_declare, PUPIL_STREAM),
        decides(EndInterest, decide_end, PUPIL_STREAM),
    ]
)
