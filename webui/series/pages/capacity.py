"""To how many meetings at the same time each service of an agency can send somebody."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.commands import SetServiceCapacity
from webui.forms import Form
from webui.series.forms import CapacitySchema
from webui.series.pages.shared import blueprint, done, perform_series_form, today
from webui.series.reading import own_capacity_services
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK
from webui.words.naming import directory, service_name


@blueprint.get("/meetings/capacity")
@signed_in(*AGENCY_DESK)
def capacities() -> ResponseReturnValue:
    """List the services of the user's agency with what each said."""
    known = directory()
    services = sorted(own_capacity_services(), key=lambda s: service_name(s).casefold())
    return render_template(
        "series/capacities.html",
        services=[(service, known.people_to_send(service.id, today())) for service in services],
    )


@blueprint.route("/meetings/capacity/<uuid:service>", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
def capacity(service: UUID) -> ResponseReturnValue:
    """Say to how many meetings at the same time the service can send somebody, from a day on."""
    found = next((one for one in own_capacity_services() if one.id == service), None) or abort(404)
    values = {"people": directory().people_to_send(service, today()), "effective_from": today()}
    form = Form(CapacitySchema, values=values)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetServiceCapacity(
            occurred_on=today(), organisation=viewer().organisation, service=service, **typed
        )
        if perform_series_form(form, [command]):
            return done(url_for("series.capacities"), _("Recorded."))
    return form.page("series/capacity.html", service=found)
