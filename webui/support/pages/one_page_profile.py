"""The one-page profile: read, written, printed as a page and as a pupil passport card."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.one_page_profile.decide import WriteOnePageProfile
from webui.forms import Form
from webui.forms.recording import record
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_DESK, TEACHER_DESK
from webui.shell.runtime import runtime
from webui.support.forms import OnePageProfileSchema
from webui.support.reading import OpenedSupportOfPupil, open_support, readers_of_profile
from webui.support.words import HEADINGS, OCCASIONS
from webui.words.languages import language
from webui.words.naming import code_words, directory

blueprint = Blueprint("one_page_profile", __name__)

STAFF = (*SCHOOL_DESK, *CASEWORKER_DESK)


@blueprint.get("/pupils/<uuid:pupil>/one-page-profile")
@signed_in(*STAFF, *TEACHER_DESK)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show the newest profile of each occasion, and who has read it."""
    opened = _opened(pupil)
    first = min((one.profile.written_on for one in opened.profiles), default=None)
    return render_template(
        "support/one_page_profile.html",
        opened=opened,
        child=opened.child,
        occasions=OCCASIONS,
        headings=HEADINGS,
        readers=readers_of_profile(pupil, first) if first is not None and viewer().role in STAFF else [],
        may_write=viewer().role in STAFF,
        back=url_for("case_file.page", pupil=pupil)
        if viewer().role in STAFF
        else url_for("teaching.profile", pupil=pupil),
        log_position=opened.found.position,
    )


@blueprint.get("/pupils/<uuid:pupil>/one-page-profile/<occasion>/print", endpoint="printed")
@signed_in(*STAFF, *TEACHER_DESK)
def printed(pupil: UUID, occasion: str) -> ResponseReturnValue:
    """Show one profile to be printed: as a page, with the pupil passport card below it to cut out."""
    opened = _opened(pupil)
    one = next((p for p in opened.profiles if p.profile.occasion == occasion), None)
    if one is None:
        return redirect(url_for("one_page_profile.page", pupil=pupil), 303)
    return render_template(
        "support/printed_profile.html",
        opened=opened,
        child=opened.child,
        one=one,
        occasions=OCCASIONS,
        headings=HEADINGS,
    )


@blueprint.route("/pupils/<uuid:pupil>/one-page-profile/new", methods=["GET", "POST"])
@signed_in(*STAFF)
def write(pupil: UUID) -> ResponseReturnValue:
    """Write a profile with the child; the words of the newest one of the same occasion are there to change."""
    opened = _opened(pupil)
    occasion = request.args.get("occasion", "every_day")
    earlier = next((p for p in opened.profiles if p.profile.occasion == occasion), None)
    known, today = directory(), runtime().today()
    form = Form(
        OnePageProfileSchema,
        values={
            "occasion": occasion if occasion in OCCASIONS else "every_day",
            "language": earlier.profile.language if earlier else opened.child.language or language(),
            **({name: getattr(earlier, name) for name in HEADINGS} if earlier else {}),
        },
        choices={
            "language": [(code, code_words("language", code)) for code in known.codes("language", today)]
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = WriteOnePageProfile(
            occurred_on=today,
            pupil=pupil,
            profile=casework.new_id(form.command_id, "profile"),
            **typed,
        )
        if record(form, command) is None:
            flash(_("The profile is recorded."))
            return redirect(url_for("one_page_profile.page", pupil=pupil), 303)
    return form.page("support/write_profile.html", pupil=pupil, child=opened.child)


def _opened(pupil: UUID) -> OpenedSupportOfPupil:
    opened = open_support(pupil)
    purpose = "held_by_authority" if viewer().role in CASEWORKER_DESK else "own_pupil"
    casework.note_shown("one_page_profile", [pupil], purpose)
    return opened
