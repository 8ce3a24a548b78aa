"""The pages about the files of one child: choose the other file, compare two and join them, see them, separate them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from projections.case_file.queries.files import files_of_child, single_files
from webui.forms import Form
from webui.forms.recording import record
from webui.joining.forms import JoinSchema, OtherFileSchema, SeparateSchema
from webui.joining.reading import OpenedFile, open_files, require_both, similar_pupils
from webui.pupil.identity import year_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, organisation_name, people_names

blueprint = Blueprint("joining", __name__)

MAY_JOIN = (*SCHOOL_COORDINATION, *CASEWORKER_DESK)


@blueprint.route("/pupils/<uuid:pupil>/join", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION)
def choose(pupil: UUID) -> ResponseReturnValue:
    """Find the other file: among similar pupils of the school, or by its number."""
    found = files_of_child(casework.reader(), viewer(), pupil)
    if not found.files:
        abort(404)
    files = open_files(found)
    form = Form(OtherFileSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        other = _by_number(typed["upn"])
        if other is not None and other not in {one.file.pupil for one in files}:
            return redirect(url_for("joining.compare", pupil=files[0].file.pupil, other=other), 303)
        form.refuse(Refusal("no_other_file", "upn"))
    return form.page(
        "joining/choose.html",
        pupil=files[0].file.pupil,
        child=files[0].child,
        similar=similar_pupils(files[0].child, [one.file.pupil for one in files]),
        log_position=found.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/join/<uuid:other>", methods=["GET", "POST"])
@signed_in(*MAY_JOIN)
def compare(pupil: UUID, other: UUID) -> ResponseReturnValue:
    """Show two files side by side, and join them."""
    found = require_both(single_files(casework.reader(), viewer(), (pupil, other)))
    files = open_files(found)
    form = Form(JoinSchema, choices={"leads": [(str(one.file.pupil), _named(one)) for one in files]})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        leads = UUID(typed["leads"])
        follows = other if leads == pupil else pupil
        command = JoinPupils(occurred_on=runtime().today(), pupil=leads, other=follows, why=typed["why"])
        if record(form, command) is None:
            flash(_("The two files are joined."))
            return redirect(_after(leads), 303)
    return form.page("joining/compare.html", files=files, rows=_rows(files), log_position=found.position)


@blueprint.get("/pupils/<uuid:pupil>/files")
@signed_in(*MAY_JOIN)
def files(pupil: UUID) -> ResponseReturnValue:
    """Show the files of a child, the one that leads first."""
    found = files_of_child(casework.reader(), viewer(), pupil)
    if not found.files:
        abort(404)
    opened = open_files(found)
    return render_template(
        "joining/files.html",
        files=opened,
        rows=_rows(opened),
        names=people_names({one.joined_by for one in found.files if one.joined_by is not None}),
        at_school=viewer().role in SCHOOL_COORDINATION,
        log_position=found.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/files/<uuid:other>/separate", methods=["GET", "POST"])
@signed_in(*MAY_JOIN)
def separate(pupil: UUID, other: UUID) -> ResponseReturnValue:
    """Separate a file from the one that leads."""
    found = require_both(single_files(casework.reader(), viewer(), (pupil, other)))
    opened = open_files(found)
    form = Form(SeparateSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SeparatePupils(occurred_on=runtime().today(), pupil=pupil, other=other, why=typed["why"])
        if record(form, command) is None:
            flash(_("The two files are separated."))
            return redirect(_after(pupil), 303)
    return form.page("joining/separate.html", files=opened, rows=_rows(opened), log_position=found.position)


def _after(pupil: UUID) -> str:
    """Where a person comes to after joining and separating: the case file, for the caseworker their own page."""
    if viewer().role in SCHOOL_COORDINATION:
        return url_for("case_file.page", pupil=pupil)
    return url_for("caseworker.page")


def _by_number(upn: str) -> UUID | None:
    """The file with this number, if the viewer may see it; one of another school is like one that does not exist."""
    pupil = runtime().coordination.record.pupils_by_upn([upn]).get(upn)
    if pupil is None:
        return None
    found = single_files(casework.reader(), viewer(), [pupil])
    return pupil if found.files else None


def _named(one: OpenedFile) -> str:
    return _("%(name)s, %(number)s", name=one.child.name, number=one.child.upn or _("no number"))


def _rows(opened: tuple[OpenedFile, ...]) -> list[tuple[str, list[str], bool]]:
    """What is compared: the words of the row, a value for each file, and whether they differ."""
    values: list[tuple[str, list[str]]] = [
        (_("Name"), [one.child.name for one in opened]),
        (_("Unique pupil number"), [one.child.upn for one in opened]),
        (_("Date of birth"), [_day(one) for one in opened]),
        (_("Year"), [year_words(one.file.year) for one in opened]),
        (_("On the roll of"), [", ".join(map(organisation_name, one.file.schools)) for one in opened]),
        (_("Needs"), [", ".join(code_words("need", need) for need in one.file.needs) for one in opened]),
        (_("Contacts"), [str(one.file.contacts) for one in opened]),
        (_("Open referrals"), [str(one.file.open_referrals) for one in opened]),
        (_("All referrals"), [str(one.file.referrals) for one in opened]),
    ]
    return [(label, row, len(set(row)) > 1) for label, row in values]


def _day(one: OpenedFile) -> str:
    return day(one.child.born) if one.child.born else ""
