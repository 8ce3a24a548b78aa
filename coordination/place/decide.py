"""Who may say what of a base: the authority whose service it is. For anyone else it does not exist (NotFound)."""

from __future__ import annotations

from coordination.authority import acting_organisation, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.directory.decisions.checks import require_code, require_order
from coordination.directory.organisation import Service
from coordination.directory.permission import OPERATORS
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, strip_text
from coordination.permissions import Right, Thing, right
from coordination.place.commands import (
    MakeHostAgreement,
    PlaceCommand,
    RecordStaffTraining,
    ReviewBaseFunction,
    SetPlaceCriteria,
    SetPlaces,
)
from coordination.place.events import (
    AnyPlaceEvent,
    BaseFunctionReviewed,
    BaseStaffTrained,
    HostAgreementMade,
    PlaceCriteriaSet,
    PlacesSet,
)
from coordination.place.state import PLACE_STREAM, Base
from coordination.world import World

MOST_PLACES = 500
SETS = (Right.CHANGE, Right.OWN_SERVICE)
"""The authority's administrator, of any of its bases; whoever runs the base, of that one."""


def decide_set_places(place: Base, command: SetPlaces, header: Header, world: World) -> list[AnyPlaceEvent]:
    """Refuses `places_out_of_range`, and fewer places than pupils who have one without a reason
    (`fewer_places_than_placed`). The same again changes nothing."""
    _require_own(place, command, header, world)
    if not 0 <= command.number <= MOST_PLACES:
        raise Refusal("places_out_of_range", "number", most=MOST_PLACES)
    reason = strip_text(command.reason)
    placed = sum(state == "placed" for state in world.places_taken(command.place).values())
    if command.number < placed and reason is None:
        raise Refusal("fewer_places_than_placed", "reason", placed=placed)
    if any(
        (one.effective_from, one.number) == (command.effective_from, command.number) for one in place.numbers
    ):
        return []
    return [
        PlacesSet(
            header=header,
            number=command.number,
            effective_from=command.effective_from,
            source=require_words(command.source, "source"),
            reason=reason,
        )
    ]


def decide_set_criteria(
    place: Base, command: SetPlaceCriteria, header: Header, world: World
) -> list[AnyPlaceEvent]:
    """Refuses `cannot_be_empty`."""
    _require_own(place, command, header, world)
    return [
        PlaceCriteriaSet(
            header=header,
            admission=require_words(command.admission, "admission"),
            exit=require_words(command.exit, "exit"),
            effective_from=command.effective_from,
            source=require_words(command.source, "source"),
        )
    ]


def decide_agreement(
    place: Base, command: MakeHostAgreement, header: Header, world: World
) -> list[AnyPlaceEvent]:
    """Refuses `unknown_school`, `end_before_start`, `cannot_be_empty`."""
    _require_own(place, command, header, world)
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refusal("unknown_school", "school")
    require_order(command.effective_from, command.effective_to, "effective_to")
    return [
        HostAgreementMade(
            header=header,
            school=command.school,
            terms=require_words(command.terms, "terms"),
            effective_from=command.effective_from,
            effective_to=command.effective_to,
            source=require_words(command.source, "source"),
        )
    ]


def decide_function(
    place: Base, command: ReviewBaseFunction, header: Header, world: World
) -> list[AnyPlaceEvent]:
    """Refuses `unknown_code` for a need, `next_review_not_later` where the next is not later, `in_the_future`."""
    _require_own(place, command, header, world)
    require_not_in_future(header, command.occurred_on)
    for need in command.needs:
        require_code(world.directory, "need", need, "needs")
    if command.next_review_on <= command.occurred_on:
        raise Refusal("next_review_not_later", "next_review_on")
    return [
        BaseFunctionReviewed(
            header=header,
            function=require_words(command.function, "function"),
            needs=tuple(dict.fromkeys(command.needs)),
            next_review_on=command.next_review_on,
            source=require_words(command.source, "source"),
        )
    ]


def decide_training(
    place: Base, command: RecordStaffTraining, header: Header, world: World
) -> list[AnyPlaceEvent]:
    """Refuses `out_of_range` for the number of people, `in_the_future`."""
    _require_own(place, command, header, world)
    require_not_in_future(header, command.occurred_on)
    if not 1 <= command.people <= MOST_PLACES:
        raise Refusal("out_of_range", "people", at_least=1)
    return [
        BaseStaffTrained(
            header=header,
            subject=require_words(command.subject, "subject"),
            people=command.people,
            source=require_words(command.source, "source"),
        )
    ]


def place_service(world: World, command: PlaceCommand) -> Service | None:
    """The service of an authority with the id of the base; None for any other id."""
    service = world.directory.service(command.place)
    owner = world.directory.organisation(service.agency) if service is not None else None
    return service if owner is not None and owner.kind == "authority" else None


def _require_own(place: Base, command: PlaceCommand, header: Header, world: World) -> None:
    """Raises NotFound for a service that is not of the actor's authority, or that the actor does not run;
    StaleVersion."""
    service = place_service(world, command)
    if service is None:
        raise NotFound
    if header.source not in OPERATORS:
        allowed = right(header.role, Thing.PLACES)
        own = acting_organisation(header) == service.agency and allowed in SETS
        if not own or (allowed is Right.OWN_SERVICE and not world.acts_for(service.id)):
            raise NotFound
    require_current_version(command, place.version)


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(SetPlaces, decide_set_places, PLACE_STREAM),
        decides(SetPlaceCriteria, decide_set_criteria, PLACE_STREAM),
        decides(MakeHostAgreement, decide_agreement, PLACE_STREAM),
        decides(ReviewBaseFunction, decide_function, PLACE_STREAM),
        decides(RecordStaffTraining, decide_training, PLACE_STREAM),
    ]
)
