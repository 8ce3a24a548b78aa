"""What the pages of the inbox share: the filters in the address, which hold no personal data, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from coordination.errors import Refusal
from webui.forms import Form
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import number
from webui.words.naming import directory, organisation_name
from webui.words.refusals.translated import sentence

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

FILTERS = ("service", "who", "new", "school", "phase", "over", "step", "sort", "found")
"""The names of the filters in an address; each page reads its own. `found` is the key of a search text."""


def chosen_service() -> UUID | None:
    """The service in the address; without one, the user's own service if it belongs to this agency."""
    asked = request.args.get("service")
    if asked == "all":
        return None
    ours = {s.code: s.id for s in directory().services_of(viewer().organisation)}
    if asked:
        return ours[asked] if asked in ours else abort(404)
    person = directory().person(viewer().person)
    own = {a.service for a in person.on(viewer().today)} if person else set()
    return next((service for service in ours.values() if service in own), None)


def chosen_school() -> UUID | None:
    """The school in the address, by its number; None for none and for one that there is not."""
    code = request.args.get("school")
    return next((one.id for one in directory().of_kind("school") if code and one.code == code), None)


def school_choices(schools: Collection[UUID]) -> list[tuple[str, str]]:
    """Schools by number, in the order of their names."""
    found = [(one.code, organisation_name(one)) for one in directory().of_kind("school") if one.id in schools]
    return sorted(found, key=lambda one: one[1].casefold())


def where(**other: Any) -> dict[str, Any]:
    """The selected filters, to keep in addresses."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)} | other


def after(
    form: Form,
    done: int,
    refused: Sequence[Refusal],
    again: Callable[[Form], ResponseReturnValue],
    address: str,
) -> ResponseReturnValue:
    """Redirect to the list, with a message about each refusal; the others are recorded."""
    if done:
        flash(ngettext("%(count)s entry recorded.", "%(count)s entries recorded.", done, count=number(done)))
    if not refused:
        return redirect(address, 303)
    for words in dict.fromkeys(sentence(why) for why in refused):
        form.say(words)
    left = len(refused)
    form.say(
        ngettext("%(count)s was not recorded.", "%(count)s were not recorded.", left, count=number(left))
    )
    form.command_id = str(runtime().new_id())
    return again(form)
