"""Raising a challenge. The evidence is read on the server, never taken from the form."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.challenge.commands import RaiseAttendanceChallenge, RaiseDelayChallenge, WaitEvidence
from coordination.errors import Refusal
from projections.attendance.queries import attendance_evidence
from projections.challenges.queries import DelayGround, delays, identities
from webui.challenge.commands import raise_attendance_command, raise_delay_command
from webui.challenge.forms import RaiseAttendanceSchema, RaiseDelaySchema
from webui.challenge.pages.shared import blueprint
from webui.challenge.reading import challenge_exists, digest
from webui.forms import Form
from webui.reports.attendance_words import answers_of, finding_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_COORDINATION
from webui.words.formats import in_unit, short_day
from webui.words.naming import directory


@blueprint.route("/challenges/raise/attendance/<uuid:service>", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION)
def raise_attendance(service: UUID) -> ResponseReturnValue:
    """Raise a challenge about a service's attendance at the school's meetings."""
    if directory().service(service) is None:
        abort(404)
    who = viewer()
    found = attendance_evidence(
        casework.reader(), who, who.organisation, service, who.today, meetings=_known_kind()
    )
    form = Form(RaiseAttendanceSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if found.open_challenge and found.open_challenge != _new_id(form):
            form.say(_("There is already an open challenge about this."))
        elif typed["shown"] != digest(found):
            form.say(_("The register changed after you opened this page. Check the evidence again."))
        elif (raised := _raised(form, raise_attendance_command(found, _new_id(form)))) is not None:
            return raised
    return form.page(
        "challenge/raise_attendance.html",
        evidence=found,
        shown_digest=digest(found),
        finding=finding_words(found.code, found.kind, found.counted, found.threshold, found.window),
        answers=answers_of(found.rebuttals),
        others=[mark for mark in found.marks if mark not in found.considered][::-1],
        log_position=found.log_position,
        parked=found.parked,
    )


def _known_kind() -> str | None:
    """The kind of meeting in the address, if it is one."""
    asked = request.args.get("meetings")
    return asked if asked is not None and directory().knows("meeting_kind", asked) else None


@blueprint.route("/challenges/raise/delay/<uuid:service>/<standard>", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION)
def raise_delay(service: UUID, standard: str) -> ResponseReturnValue:
    """Raise a challenge about waits over the limit of a service's standard."""
    known, who = directory(), viewer()
    if standard not in {s.code for s in known.standards_of(service)}:
        abort(404)
    [found] = delays(
        casework.reader(), who, who.organisation, who.today, service=service, standard=standard
    ) or (None,)
    if found is None:
        return Form(RaiseDelaySchema).page("challenge/nothing_over.html", service=service, standard=standard)
    names = _names(found)
    free = [wait for wait in found.waits if wait.referral not in found.challenged]
    form = Form(
        RaiseDelaySchema,
        values={"waits": [wait.referral for wait in free]},
        choices={"waits": [(str(w.referral), _wait_words(found, w, names)) for w in free]},
    )
    if (
        request.method == "POST"
        and (typed := form.take(request.form)) is not None
        and (raised := _raised(form, raise_delay_command(found, _new_id(form), typed["waits"]))) is not None
    ):
        return raised
    casework.note_shown("waits", [wait.pupil for wait in found.waits])
    in_force = known.standard(service, standard, who.today) or known.standards_of(service)[-1]
    return form.page(
        "challenge/raise_delay.html",
        delay=found,
        free=free,
        standard=in_force,
        limit=in_unit(in_force.limit, in_force.unit),
        challenged=[(w, found.challenged[w.referral]) for w in found.waits if w.referral in found.challenged],
        log_position=found.log_position,
        parked=found.parked,
    )


def _names(found: DelayGround) -> dict[UUID, str]:
    """The names of the school's own pupils, opened once for the page."""
    pupils = [wait.pupil for wait in found.waits]
    places = identities(casework.reader(), viewer(), pupils)
    opened = casework.open_sealed(list(places.values()))
    return {p: casework.name_of(o, _("Name erased")) for p, o in zip(places, opened, strict=True)}


def _wait_words(found: DelayGround, wait: WaitEvidence, names: dict[UUID, str]) -> str:
    return _(
        "%(name)s: waiting since %(since)s; the limit was %(due)s",
        name=names.get(wait.pupil, _("Name not known")),
        since=short_day(wait.started_on),
        due=short_day(found.due_on[wait.referral]),
    )


def _new_id(form: Form) -> UUID:
    return casework.new_id(form.command_id, "challenge")


def _raised(
    form: Form, command: RaiseAttendanceChallenge | RaiseDelayChallenge
) -> ResponseReturnValue | None:
    """A redirect to the challenge that this form raised, now or when it was sent before; None if it was refused, and
    the form then shows why."""
    if not challenge_exists(command.challenge):
        try:
            casework.perform(command, form.command_id)
        except Refusal as refused:
            # at another log position the same evidence makes another command: the form was sent twice at once
            if not challenge_exists(command.challenge):
                form.refuse(refused)
                return None
    return redirect(url_for("challenges.one", challenge=command.challenge, done="raised"), 303)
