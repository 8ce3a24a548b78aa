"""The pupils who come to an age at which something changes, as a list for those who hold them: the school's page Today
and the caseworker's page."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.pupil.ages import AgePoint, age_points_near
from coordination.sensitivity import Coordinates
from projections.case_file.queries.of_age import older_pupils
from webui.desks.worklists import Worklist, WorklistItem
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.formats import day

# What is reached, and what changes then.
POINTS = {
    "sixteen": (
        _l("16 on %(day)s"),
        _l("From this age young people can agree to their own treatment."),
    ),
    "end_of_compulsory_school_age": (
        _l("End of compulsory school age on %(day)s"),
        _l(
            "From the day after, the young person decides about agreement to share and about their plan. Ask again."
        ),
    ),
    "seventeen_and_a_half": (
        _l("17 and a half on %(day)s"),
        _l(
            "Figures for specialist CAMHS count referrals received up to this age. Plan the move to adult services."
        ),
    ),
    "eighteen": (
        _l("18 on %(day)s"),
        _l("Parental responsibility ends, and so do most services for children."),
    ),
    "twenty_five": (
        _l("25 on %(day)s"),
        _l("Support under the ALN Act ends. The time for keeping the record is counted from this day."),
    ),
}


def places_of_age() -> Mapping[UUID, Coordinates | None]:
    """Where the identities of the older pupils are sealed; read once in a request."""
    return casework.once("of_age", lambda: older_pupils(casework.reader(), viewer()))


def of_age_list(size: int) -> Worklist:
    """The next to come to an age, the nearest day first; from six weeks before the day to two weeks after."""
    today = viewer().today
    places = places_of_age()
    opened = casework.open_sealed(list(places.values()))
    children = [open_identity(pupil, identity) for pupil, identity in zip(places, opened, strict=True)]
    found = sorted(
        ((point, child) for child in children if child.born for point in age_points_near(child.born, today)),
        key=lambda one: (one[0].on, one[1].listed.casefold()),
    )
    items = tuple(_item(point, child) for point, child in found[:size])
    return Worklist(key="of-age", heading=_("Coming of age"), items=items, total=len(found))


def _item(point: AgePoint, child: PupilIdentity) -> WorklistItem:
    reached, changes = POINTS[point.name]
    return WorklistItem(
        heading=child.name,
        words=str(changes),
        address=url_for("case_file.page", pupil=child.pupil),
        action=_("Open the case file"),
        pupil=child.pupil,
        tag=str(reached) % {"day": day(point.on)},
        late=point.on <= viewer().today,
    )
