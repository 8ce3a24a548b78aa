"""One visit for several children: who waits for the same service at one school or nearby, and is ready."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from coordination.directory.organisation import Organisation
from coordination.pupil.referral.short_notice import in_turn, urgency
from projections.places.queries import WaitingAlike, waiting_alike
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import sight, signed_in, viewer
from webui.shell.roles import AGENCY_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, service_name

blueprint = Blueprint("visits", __name__)


class ChildOnVisit(msgspec.Struct, frozen=True):
    """A child who waits, with the name."""

    waits: WaitingAlike
    child: PupilIdentity


@blueprint.get("/visits")
@signed_in(*AGENCY_DESK)
def page() -> ResponseReturnValue:
    """Show who waits for one of the viewer's services at a school, and who can be offered a free hour there or at the
    other schools of the same authority."""
    known, today = directory(), runtime().today()
    services = [s for s in known.services if s.agency == viewer().organisation and sight().sees(s.id)]
    service = next((s for s in services if str(s.id) == request.args.get("service")), None) or next(
        iter(services), None
    )
    schools = known.of_kind("school")
    school = next((s for s in schools if str(s.id) == request.args.get("school")), None)
    near = _near(school)
    found = waiting_alike(casework.reader(), viewer(), service.id, near, today) if service and near else ()
    opened = casework.open_sealed([one.identity for one in found])
    rows = {
        one.child.referral: ChildOnVisit(one, open_identity(one.pupil, who))
        for one, who in zip(found, opened, strict=True)
    }
    if rows:
        casework.note_shown("visit", [one.waits.pupil for one in rows.values()])
    order = sorted(
        rows.values(),
        key=lambda r: (urgency(r.waits.child.priority), r.waits.child.waits_since, r.waits.child.referral),
    )
    turn = in_turn([one.waits.child for one in rows.values()], near)
    return render_template(
        "places/visit.html",
        services=[(str(s.id), service_name(s)) for s in services],
        schools=[(str(s.id), organisation_name(s)) for s in schools],
        service=service,
        school=school,
        at_school=[r for r in order if school is not None and r.waits.child.school == school.id],
        turn=[rows[one.referral] for one in turn],
        today=today,
    )


def _near(school: Organisation | None) -> list[UUID]:
    """The school, and the other schools of its authority."""
    if school is None or school.authority is None:
        return []
    return [one.id for one in directory().schools_of(school.authority)]
