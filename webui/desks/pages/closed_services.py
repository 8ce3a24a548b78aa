"""The closed services whose open referrals no service of theirs has taken on, as a list of the caseworker's page."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.directory.organisation import Service
from projections.case_file.queries.open_referrals import open_referrals_by_service
from webui.desks.worklists import Worklist, WorklistItem
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.formats import day, number
from webui.words.naming import directory, organisation_name, service_name


def closed_services_list(size: int) -> Worklist:
    """Closed services with open referrals of the authority's schools, the longest closed first."""
    known, on = directory(), viewer().today
    closed = [s for s in known.services if s.closed_by(on)]
    waiting = open_referrals_by_service(casework.reader(), viewer(), [s.id for s in closed])
    found = sorted(
        (s for s in closed if s.id in waiting and _nobody_has_them(s)),
        key=lambda s: (s.open_to or on, s.code),
    )
    items = tuple(_item(s, waiting[s.id]) for s in found[:size])
    return Worklist(key="closed-services", heading=_("At a closed service"), items=items, total=len(found))


def _nobody_has_them(service: Service) -> bool:
    """Whether no service has taken its referrals on, or one of another agency that may not have all of them."""
    taken_on = directory().taken_on_by(service.id, viewer().today)
    return taken_on is None or taken_on.agency != service.agency


def _item(service: Service, waiting: int) -> WorklistItem:
    taken_on = directory().taken_on_by(service.id, viewer().today)
    words = (
        _("Closed on %(day)s. Nobody has taken these on.", day=day(service.open_to))
        if taken_on is None
        else _(
            "Closed on %(day)s. Now with %(other)s; each goes there once there is agreement to share.",
            day=day(service.open_to),
            other=service_name(taken_on),
        )
    )
    return WorklistItem(
        heading=f"{service_name(service)}, {organisation_name(service.agency)}",
        words=words,
        address=url_for("waiting_times.page", service=service.code),
        action=_("See who is waiting"),
        tag=ngettext("%(count)s open referral", "%(count)s open referrals", waiting, count=number(waiting)),
        late=taken_on is None,
    )
