"""Who may see what: the table of permissions as it stands in the code, for everyone who signs in."""

from __future__ import annotations

import msgspec
from flask import Blueprint, render_template

from coordination.permission_differences import DIFFERENCES, PermissionDifference
from coordination.permissions import TABLE, Right, Thing
from webui.shell.authentication import signed_in
from webui.words.languages import language
from webui.words.permissions import RIGHTS, THINGS, role_in_table
from webui.words.text import Words

blueprint = Blueprint("permissions", __name__)


class PermissionLine(msgspec.Struct, frozen=True):
    """A thing, and for each kind of right to it the roles that have it. Roles without a right are left out."""

    thing: Words
    rights: tuple[tuple[Words, tuple[Words, ...]], ...]


class DifferenceLine(msgspec.Struct, frozen=True):
    """Where the table differs from the one that was agreed first, and why."""

    who: Words
    things: tuple[Words, ...]
    why: str


@blueprint.get("/permissions")
@signed_in()
def page() -> str:
    """Show the whole table, and where it differs from the starting table."""
    return render_template(
        "account/permissions.html",
        lines=[permission_line(thing) for thing in TABLE],
        differences=[_difference(one) for one in DIFFERENCES],
    )


def permission_line(thing: Thing) -> PermissionLine:
    """The line of a thing: its kinds of right in the order of the roles that have them."""
    by_right: dict[Right, list[Words]] = {}
    for role, right in TABLE[thing].items():
        if right is not Right.NO:
            by_right.setdefault(right, []).append(role_in_table(role))
    return PermissionLine(
        THINGS[thing], tuple((RIGHTS[right], tuple(roles)) for right, roles in by_right.items())
    )


def _difference(one: PermissionDifference) -> DifferenceLine:
    return DifferenceLine(
        role_in_table(one.role),
        tuple(THINGS[thing] for thing in one.things),
        one.why_cy if language() == "cy" else one.why,
    )
