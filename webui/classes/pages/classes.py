"""The classes of a school, their teachers, and the class of a pupil: for the school's own staff."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.authority import CLASS_TEACHER
from coordination.directory.commands import AssignClassTeacher
from coordination.pupil.profile.commands import RecordClass
from projections.classes.queries import ClassAssignment, class_of, school_classes
from webui.classes.forms import AssignTeacherSchema, EndAssignmentSchema, PupilClassSchema
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.pages.profile import seen_file
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CLASS_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory, people_names

blueprint = Blueprint("classes", __name__)


@blueprint.get("/classes")
@signed_in(*SCHOOL_DESK)
def page() -> ResponseReturnValue:
    """Show the classes of today with the number of their pupils, and who teaches which."""
    found = school_classes(casework.reader(), viewer())
    return render_template(
        "classes/classes.html",
        found=found,
        names=people_names(one.person for one in found.assignments),
        may_change=viewer().role in CLASS_DESK,
        today=viewer().today,
        log_position=found.position,
    )


@blueprint.route("/classes/assign", methods=["GET", "POST"])
@signed_in(*CLASS_DESK)
def assign() -> ResponseReturnValue:
    """Give a class to a class teacher of the school, from a day on."""
    form = Form(
        AssignTeacherSchema, values={"effective_from": runtime().today()}, choices={"person": _teachers()}
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AssignClassTeacher(
            occurred_on=runtime().today(),
            organisation=viewer().organisation,
            assignment=casework.new_id(form.command_id, "assignment"),
            person=UUID(typed["person"]),
            class_name=typed["class_name"],
            effective_from=typed["effective_from"],
            effective_to=typed["effective_to"],
        )
        if record(form, command) is None:
            flash(_("The teacher now sees what they must know of the pupils in this class."))
            return redirect(url_for("classes.page"), 303)
    return form.page("classes/assign.html")


def _teachers() -> list[tuple[str, str]]:
    """The class teachers of the school today, by name."""
    found = directory().organisation(viewer().organisation)
    people = found.people if found else {}
    today = runtime().today()
    teachers = {
        person
        for person, held in people.items()
        if any(a.role == CLASS_TEACHER and (a.effective_to is None or a.effective_to >= today) for a in held)
    }
    names = people_names(teachers)
    return sorted(((str(p), names[p]) for p in teachers), key=lambda one: one[1].casefold())


@blueprint.route("/classes/<uuid:assignment>/end", methods=["GET", "POST"])
@signed_in(*CLASS_DESK)
def end(assignment: UUID) -> ResponseReturnValue:
    """Set the last day on which a teacher has a class."""
    held = _assignment(assignment)
    form = Form(EndAssignmentSchema, values={"effective_to": runtime().today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AssignClassTeacher(
            occurred_on=runtime().today(),
            organisation=viewer().organisation,
            assignment=assignment,
            person=held.person,
            class_name=held.class_name,
            effective_from=held.from_on,
            effective_to=typed["effective_to"],
        )
        if record(form, command) is None:
            flash(_("The last day is recorded."))
            return redirect(url_for("classes.page"), 303)
    return form.page("classes/end.html", held=held, names=people_names([held.person]))


def _assignment(wanted: UUID) -> ClassAssignment:
    found = school_classes(casework.reader(), viewer()).assignments
    return next((one for one in found if one.assignment == wanted), None) or abort(404)


@blueprint.route("/pupils/<uuid:pupil>/class", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def of_pupil(pupil: UUID) -> ResponseReturnValue:
    """Record the class or registration group of a pupil."""
    seen, file = seen_file(pupil)
    held = class_of(casework.reader(), viewer(), pupil)
    form = Form(PupilClassSchema, values={"class_name": held.class_name if held else ""}, seen=seen)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordClass(
            occurred_on=runtime().today(), pupil=pupil, class_name=typed["class_name"] or ""
        )
        if record(form, command) is None:
            flash(_("The class is recorded."))
            return redirect(url_for("case_file.page", pupil=pupil), 303)
    return form.page(
        "classes/of_pupil.html",
        file=file.file,
        child=file.child,
        held=held,
        log_position=file.file.position,
    )
