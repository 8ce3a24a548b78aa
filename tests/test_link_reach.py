"""A one-time link reaches the commands of its kind, about its own thing and for its own audience, and nothing else."""

from __future__ import annotations

from datetime import date
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from coordination.domain import DECISIONS, decision_of
from coordination.errors import NotFound
from coordination.event import Command, CommandContext, LinkReach
from coordination.link_reach import OF_KIND, SERVICE_ROLE, require_reach
from coordination.permissions import ROLES
from tests.given import NOON
from webui.app import LINK_KINDS

AGENCY, SERVICE, THING, PUPIL, CONTACT = (uuid4() for _ in range(5))


def order(kind: str, **changed: Any) -> CommandContext:
    """As the pages give it for a link of this kind."""
    role = OF_KIND[kind].role
    service = SERVICE if role == SERVICE_ROLE else None
    usual = CommandContext(
        person=uuid4(),
        organisation=AGENCY,
        role=role,
        source="link",
        command_id="x",
        recorded_at=NOON,
        service=service,
        services=(SERVICE,) if service else None,
        link=LinkReach(
            kind=kind,
            thing=THING if service else PUPIL,
            audience=service or CONTACT,
            pupil=None if kind in ("meeting", "challenge") else PUPIL,
        ),
    )
    return replace(usual, **changed)


def _value(hint: Any) -> Any:
    """Some value of a type, for a field without a default."""
    first = next((a for a in get_args(hint) if a is not NoneType), None)
    if get_origin(hint) is Literal:
        return first
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    made = {UUID: uuid4, date: lambda: NOON.date(), str: lambda: "x", int: int, bool: bool, bytes: bytes}
    return made.get(hint, tuple)()


def command(of: type[Command], **fields: Any) -> Command:
    """A command of a class, with anything in the fields that are not given."""
    hints = get_type_hints(of)
    needed = {
        f.name: _value(hints[f.name])
        for f in msgspec.structs.fields(of)
        if f.required and f.name not in fields
    }
    known = {name: value for name, value in fields.items() if name in hints}
    return of(**needed, **known)


def own(kind: str) -> dict[str, Any]:
    """The fields of the link's own thing and audience."""
    found = order(kind).link
    assert found is not None
    return {field: of(found) for field, of in OF_KIND[kind].own.items()}


EVERY = sorted(DECISIONS, key=lambda c: c.__name__)
WITH_COMMANDS = sorted(k for k in OF_KIND if OF_KIND[k].commands)


def test_every_kind_of_link_says_what_it_reaches() -> None:
    assert set(OF_KIND) == set(LINK_KINDS)
    assert {of.role for of in OF_KIND.values()} <= set(ROLES)


@pytest.mark.parametrize("kind", sorted(OF_KIND))
def test_of_all_commands_only_those_of_the_kind_are_reached(kind: str) -> None:
    reached = []
    for of in EVERY:
        try:
            decision_of(command(of, **own(kind)), order(kind))
        except NotFound:
            continue
        reached.append(of)
    assert reached == sorted(OF_KIND[kind].commands, key=lambda c: c.__name__)


@pytest.mark.parametrize("kind", WITH_COMMANDS)
def test_nothing_of_another_thing_or_audience_is_reached(kind: str) -> None:
    for of in OF_KIND[kind].commands:
        require_reach(command(of, **own(kind)), order(kind))
        for field in own(kind):
            with pytest.raises(NotFound):
                require_reach(command(of, **own(kind) | {field: uuid4()}), order(kind))


@pytest.mark.parametrize("kind", WITH_COMMANDS)
def test_a_link_speaks_as_its_own_audience_only(kind: str) -> None:
    first = command(OF_KIND[kind].commands[0], **own(kind))
    wrong: list[dict[str, Any]] = [
        {"link": None},
        *({"role": role} for role in set(ROLES) - {OF_KIND[kind].role}),
    ]
    if OF_KIND[kind].role == SERVICE_ROLE:
        wrong += [{"services": None}, {"services": (SERVICE, uuid4())}, {"service": uuid4()}]
    for changed in wrong:
        with pytest.raises(NotFound):
            require_reach(first, order(kind, **changed))


def test_the_pupil_s_own_link_speaks_for_no_contact() -> None:
    given = order("family")
    assert given.link is not None
    of_pupil = replace(given, link=replace(given.link, audience=PUPIL))
    words = OF_KIND["family"].commands
    for of in words:
        require_reach(command(of, pupil=PUPIL, contact=None), of_pupil)
        with pytest.raises(NotFound):
            require_reach(command(of, pupil=PUPIL, contact=CONTACT), of_pupil)


def test_who_signs_in_is_not_limited_by_it() -> None:
    for of in EVERY:
        require_reach(command(of), replace(order("referral"), source="screen", link=None))
