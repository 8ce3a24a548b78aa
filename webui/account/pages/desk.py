"""Choosing the desk: a person with several roles or places works at one of them at a time."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.places import Place, places_of
from webui.account.forms import DeskSchema
from webui.forms import Form
from webui.shell import casework
from webui.shell.authentication import choose_desk, current, signed_in
from webui.shell.local_paths import local_path
from webui.shell.navigation import home_of
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name, service_name

blueprint = Blueprint("desk", __name__)


def own_places() -> tuple[Place, ...]:
    """The places of the signed-in user today."""
    session = current()
    if session is None:
        return ()
    return places_of(session.account, casework.directory(), runtime().today())


def place_words(place: Place) -> str:
    """A place as people say it: role, service, organisation."""
    parts = (
        code_words("role", place.role),
        service_name(place.service),
        organisation_name(place.organisation),
    )
    return ", ".join(part for part in parts if part)


@blueprint.route("/desk", methods=["GET", "POST"], endpoint="choose")
@signed_in()
def choose() -> ResponseReturnValue:
    """Choose at which desk to work; every page then says which it is. 404 for a person with one place."""
    session = current()
    places = own_places()
    if session is None or len(places) < 2:
        abort(404)
    account = session.account
    here = Place(account.organisation, account.role, account.service)
    form = Form(
        DeskSchema,
        values={"place": str(places.index(here)) if here in places else None},
        choices={"place": [(str(number), place_words(place)) for number, place in enumerate(places)]},
    )
    after = local_path(request.values.get("next"))
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        place = places[int(typed["place"])]
        choose_desk(place)
        # an address from before may belong to another desk
        return redirect(after if place == here and after else home_of(place.role), 303)
    return form.page("account/desk.html", after=after, title=_("Choose your desk"))
