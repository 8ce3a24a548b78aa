"""Allocation of a referral inside the agency: the people to choose from, and reading the choice of a form."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.authority import AGENCY_ROLES
from coordination.errors import NotFound
from coordination.pupil.referral.decide import ALLOCATING
from webui.shell.authentication import viewer
from webui.words.naming import code_words, directory, people_names

ALLOCATES = tuple(sorted(ALLOCATING - {"operator"}))
NOT_ALLOCATED = "nobody"


class AllocationChoices(msgspec.Struct, frozen=True):
    """The choices of a form (the user first, "not allocated" last), and the names of all people requested."""

    choices: tuple[tuple[str, str], ...]
    names: dict[UUID, str]


def may_allocate() -> bool:
    """Whether the user may allocate referrals inside their agency."""
    return viewer().role in ALLOCATES


def allocation_choices(also: Iterable[UUID | None] = ()) -> AllocationChoices:
    """The people in post at the user's agency today, and the names of `also`, with one look-up of keys."""
    own = viewer()
    roles: dict[UUID, list[str]] = {}
    for appointment in directory().people_of(own.organisation, own.today):
        if appointment.role in AGENCY_ROLES:
            roles.setdefault(appointment.person, []).append(code_words("role", appointment.role))
    names = people_names({*roles, *also})
    others = sorted((p for p in roles if p != own.person), key=lambda p: names[p].casefold())
    listed = [(str(p), f"{names[p]} ({', '.join(dict.fromkeys(roles[p]))})") for p in others]
    me = [(str(own.person), _("Me"))] if own.person in roles else []
    return AllocationChoices((*me, *listed, (NOT_ALLOCATED, _("Remove the allocation"))), names)


def person_of(code: str) -> UUID | None:
    """The person for a choice; None for "not allocated". Raises NotFound for any other value."""
    if code == NOT_ALLOCATED:
        return None
    return uuid_of(code)


def uuid_of(code: str) -> UUID:
    """An id from a form. Raises NotFound."""
    try:
        return UUID(code)
    except ValueError:
        raise NotFound from None
