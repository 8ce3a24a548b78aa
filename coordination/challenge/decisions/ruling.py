"""Ruling on a disputed mark: who may rule, who may be asked, and the ruling."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.authority import acting_organisation, command_day
from coordination.challenge.commands import NameRuler, RuleOnDispute
from coordination.challenge.decisions.checks import require_agency, require_order, require_school
from coordination.challenge.escalation import HEALTH, LOCAL_AUTHORITY
from coordination.challenge.events import AnyChallengeEvent, DisputeRuled, RulerNamed
from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.directory.organisation import Organisation
from coordination.directory.state import Directory
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_words, speaks_for_agency
from coordination.world import World


class ChallengeParties(Protocol):
    """The organisations concerned: the school, its authority, and the agency challenged."""

    @property
    def school(self) -> UUID: ...
    @property
    def agency(self) -> UUID: ...
    @property
    def authority(self) -> UUID | None: ...


def decide_name_ruler(
    challenge: Challenge, command: NameRuler, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The school or the agency asks a person to rule while a dispute is open. Refuses `no_dispute_open`,
    `ruling_by_a_party`, `may_not_rule` (the person has no role that may rule), `already_named`."""
    if speaks_for_agency(header, challenge.agency):
        require_agency(challenge, command, header, world, WITH_THE_AGENCY)
    else:
        require_school(challenge, command, header, WITH_THE_AGENCY)
    if not challenge.open_disputes():
        raise Refusal("no_dispute_open", "person")
    on, of_a_party = command_day(header), parties(challenge, world.directory)
    directory, organisation = world.directory, command.of_organisation
    if organisation in of_a_party or any(directory.roles_of(command.person, p, on) for p in of_a_party):
        raise Refusal("ruling_by_a_party", "person")
    if (command.person, organisation) not in rulers(challenge, directory, on):
        raise Refusal("may_not_rule", "person")
    if command.person in challenge.rulers:
        raise Refusal("already_named", "person")
    return [RulerNamed(header=header, to_person=command.person, to_organisation=organisation)]


def decide_rule(
    challenge: Challenge, command: RuleOnDispute, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """Rules on a dispute. The actor belongs to neither party (`ruling_by_a_party`): an officer of the school's
    authority, or a DECLO of another health board. `partly` requires what the mark is to be read as. Refuses
    `already_ruled`, and a day before the dispute."""
    _require_neutral(challenge, header, world.directory)
    require_order(challenge, command, header, None)
    dispute = challenge.disputes.get(command.dispute)
    if dispute is None:
        raise NotFound
    if dispute.ruling is not None:
        raise Refusal("already_ruled", "dispute", ruling=dispute.ruling)
    reads = command.reads or (dispute.claims if command.ruling == "upheld" else None)
    if command.ruling == "partly" and reads is None:
        raise Refusal("cannot_be_empty", "reads")
    if command.ruling == "not_upheld" and reads is not None:
        raise Refusal("mark_stands", "reads")
    return [
        DisputeRuled(
            header=header,
            dispute=command.dispute,
            ruling=command.ruling,
            reads=reads,
            reasons=require_words(command.reasons, "reasons"),
        )
    ]


def rulers(challenge: ChallengeParties, directory: Directory, on: date) -> tuple[tuple[UUID, UUID], ...]:
    """The people who may be asked to rule on a day, each with their organisation. Officers of the school's authority,
    where it is not a party, see the challenge without being asked and are left out."""
    of_a_party = parties(challenge, directory)
    found = []
    for body in directory.organisations.values():
        if body.id in of_a_party or body.id == challenge.authority:
            continue
        for held in directory.people_of(body.id, on):
            one = (held.person, body.id)
            theirs = any(directory.roles_of(held.person, party, on) for party in of_a_party)
            if one not in found and not theirs and _office(challenge, body, held.role, of_a_party):
                found.append(one)
    return tuple(found)


def parties(challenge: ChallengeParties, directory: Directory) -> frozenset[UUID]:
    """The organisations that may not rule: the school and the agency. Where the agency is a department of a local
    authority, that authority too; when it is unknown which, the school's authority."""
    found = {challenge.school, challenge.agency}
    agency = directory.organisation(challenge.agency)
    if agency is not None and agency.agency_kind in LOCAL_AUTHORITY:
        own = agency.authority or challenge.authority
        if own is not None:
            found.add(own)
    return frozenset(found)


def may_rule(
    challenge: ChallengeParties, person: UUID, organisation: UUID, role: str, directory: Directory, on: date
) -> bool:
    """Whether a person in this role at this organisation may rule on a day: of no party in any of their roles, and an
    officer of the school's authority, of another authority where that one is a party, or a DECLO of another health
    board."""
    return not _of_a_party(challenge, person, {organisation}, directory, on) and _in_office(
        challenge, person, organisation, role, directory, on
    )


def _require_neutral(challenge: Challenge, header: Header, directory: Directory) -> None:
    """Also refuses a person who has a role at a party but signed in at another organisation."""
    if not challenge.raised:
        raise NotFound
    on, person, organisation = command_day(header), header.person, header.organisation
    speaks_for = {organisation, acting_organisation(header)}
    if _of_a_party(challenge, person, speaks_for, directory, on):
        raise Refusal("ruling_by_a_party", "person")
    if not _in_office(challenge, person, organisation, header.role, directory, on):
        raise NotFound


def _of_a_party(
    challenge: ChallengeParties, person: UUID, speaks_for: AbstractSet[UUID], directory: Directory, on: date
) -> bool:
    """Whether a person speaks for a party, or has any role at one."""
    of_a_party = parties(challenge, directory)
    return bool(speaks_for & of_a_party) or any(directory.roles_of(person, p, on) for p in of_a_party)


def _in_office(
    challenge: ChallengeParties, person: UUID, organisation: UUID, role: str, directory: Directory, on: date
) -> bool:
    """Whether a person has this role at the organisation, and it allows ruling on this challenge."""
    body = directory.organisation(organisation)
    return (
        body is not None
        and role in directory.roles_of(person, organisation, on)
        and _office(challenge, body, role, parties(challenge, directory))
    )


def _office(challenge: ChallengeParties, body: Organisation, role: str, of_a_party: frozenset[UUID]) -> bool:
    """Whether a role at an organisation that is not a party allows ruling on this challenge."""
    if role == "administrator":
        return False
    if body.kind == "authority":
        return body.id == challenge.authority or challenge.authority in of_a_party
    if body.agency_kind == "la_education":
        return body.authority is not None and body.authority == challenge.authority
    return role == "declo" and body.agency_kind in HEALTH
