"""The desk of a class teacher: the pupils of their classes today, and what a teacher must know of each. No referral, no
meeting and no contact is on these pages, nor a count of them."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from projections.classes.queries import TaughtPupil, taught_pupil, taught_pupils
from webui.pupil.identity import PupilIdentity, age, by_name, open_identity, text_of, year_of, year_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import TEACHER_DESK
from webui.support.reading import open_support
from webui.support.words import HEADINGS, OCCASIONS, words_of_support
from webui.words.naming import code_words

blueprint = Blueprint("teaching", __name__)


class TaughtPupilItem(msgspec.Struct, frozen=True):
    """A pupil of a class with the identity, and the year in words."""

    pupil: TaughtPupil
    child: PupilIdentity
    year: str


@blueprint.get("/teaching")
@signed_in(*TEACHER_DESK)
def page() -> ResponseReturnValue:
    """Show the pupils of the teacher's classes, by class and name."""
    found = taught_pupils(casework.reader(), viewer())
    opened = casework.open_sealed([row.identity for row in found.rows])
    items = [_item(row, open_identity(row.pupil, one)) for row, one in zip(found.rows, opened, strict=True)]
    casework.note_shown("class_list", [row.pupil for row in found.rows])
    classes: dict[str, list[TaughtPupilItem]] = {}
    for item in items:
        classes.setdefault(item.pupil.class_name, []).append(item)
    return render_template(
        "classes/teaching.html",
        classes={name: sorted(held, key=lambda one: by_name(one.child)) for name, held in classes.items()},
        log_position=found.position,
    )


@blueprint.get("/teaching/<uuid:pupil>")
@signed_in(*TEACHER_DESK)
def profile(pupil: UUID) -> ResponseReturnValue:
    """Show what the teacher must know of one pupil."""
    found = taught_pupil(casework.reader(), viewer(), pupil)
    opened = open_support(pupil)
    identity, wish = casework.open_sealed([found.identity, found.language_wish])
    child = open_identity(pupil, identity)
    casework.note_shown("class_profile", [pupil])
    today = viewer().today
    return render_template(
        "classes/profile.html",
        item=_item(found, child),
        child=child,
        age=age(child.born, today) if child.born else None,
        wish=code_words("language", text_of(wish, "language") or child.language),
        opened=opened,
        headings=HEADINGS,
        occasions=OCCASIONS,
        **words_of_support(),
    )


def _item(row: TaughtPupil, child: PupilIdentity) -> TaughtPupilItem:
    return TaughtPupilItem(row, child, year_words(year_of(row.year, child.born, viewer().today)))
