"""Audit samples: waits drawn at random by a seed that is kept, and what the auditor found about each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.audit_samples import (
    VERDICTS,
    AuditFinding,
    AuditSample,
    Verdict,
    find_sample,
    findings_of,
    keep_sample,
    samples_of,
    write_finding,
)
from coordination.errors import Refusal
from projections.stamps.asking import read_stamp
from projections.waiting_times.queries import AuditSampleCriteria, AuditSampleReport
from projections.waiting_times.queries.sample import LARGEST_SEED
from webui.forms import Form
from webui.reports.days import span_of_a_year
from webui.reports.forms import AuditFindingSchema, AuditSampleSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import address_of, files_of
from webui.reports.pages.waiting_times.question import blueprint
from webui.reports.reading import note_report, offered_services, service_code
from webui.reports.stamping import stamp_row, stamped
from webui.reports.words import ENDING_WORDS, clock_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AUDIT_DESK
from webui.shell.runtime import runtime
from webui.words.naming import organisation_name, service_name

VERDICT_WORDS: dict[Verdict, Any] = {
    "agrees": _l("The record agrees with the evidence"),
    "other_day": _l("The evidence gives another day"),
    "no_evidence": _l("No evidence was found"),
    "missing_entry": _l("Something happened that is not on the record"),
    "should_not_count": _l("The wait should not count"),
    "other": _l("Something else (say what)"),
}
USUAL_SIZE = 20


@blueprint.route("/waiting-times/audit", methods=["GET", "POST"])
@signed_in(*AUDIT_DESK)
def audit_page() -> ResponseReturnValue:
    """List the samples that the organisation drew, and draw another."""
    who, today = viewer(), runtime().today()
    services = [(one.code, service_name(one)) for one in sorted(offered_services(), key=service_name)]
    form = Form(
        AuditSampleSchema,
        values=span_of_a_year(today) | {"size": str(USUAL_SIZE)},
        choices={"service": services},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            sample = _draw(typed, casework.new_id(form.command_id, "sample"))
        except Refusal as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("waiting_times.audit_sample_page", sample=sample), 303)
    with runtime().desk() as conn:
        drawn = samples_of(conn, who.organisation)
    return form.page("reports/waiting_times/audit.html", drawn=drawn)


def _draw(typed: Mapping[str, Any], sample: UUID) -> UUID:
    """Draw a sample and keep its seed and stamp; sent again, once. Raises Refusal."""
    who = viewer()
    ask = AuditSampleCriteria(
        as_of=typed["as_of"] or runtime().today(),
        seed=secrets.randbelow(LARGEST_SEED) if typed["seed"] is None else typed["seed"],
        size=typed["size"],
        service=typed["service"],
        from_on=typed["from_on"],
        to_on=typed["to_on"],
    )
    found: AuditSampleReport = stamped("audit-sample", ask)
    if not found.rows:
        raise Refusal("nothing_to_sample", "from_on")
    if found.stamp is None:
        raise Refusal("rebuild_under_way")
    with runtime().desk() as conn:
        keep_sample(
            conn,
            who.organisation,
            sample=sample,
            seed=found.seed,
            size=len(found.rows),
            stamp=found.stamp,
            by=who.person,
            now=runtime().now(),
        )
    note_report("audit_sample_drawn", who)
    return sample


@blueprint.get("/waiting-times/audit/<uuid:sample>")
@signed_in(*AUDIT_DESK)
def audit_sample_page(sample: UUID) -> ResponseReturnValue:
    """Show a sample: its waits, drawn again from the stamp, and what was found about each."""
    held, found, written = _sample(sample)
    casework.note_shown("audit_sample", [line.pupil for line in found.rows], purpose="audit")
    form = Form(AuditFindingSchema, choices={"verdict": _verdicts()})
    return form.page(
        "reports/waiting_times/audit_sample.html",
        held=held,
        found=found,
        lines=[(place, line, written.get(place)) for place, line in enumerate(found.rows, 1)],
        verdict_words=VERDICT_WORDS,
        clock_words=clock_words,
        ending_words=ENDING_WORDS,
        wait_address=lambda line: address_of(
            "waiting_times.wait",
            {"as_of": found.as_of, "at": found.log_position, "standard": line.standard.code},
            referral=line.referral,
        ),
        files=files_of("waiting_times.audit_file", {}, sample=sample),
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.route("/waiting-times/audit/<uuid:sample>/<int:place>", methods=["GET", "POST"])
@signed_in(*AUDIT_DESK)
def audit_finding(sample: UUID, place: int) -> ResponseReturnValue:
    """Write down what was found about one wait of a sample."""
    held, found, written = _sample(sample)
    if not 1 <= place <= len(found.rows):
        abort(404)
    line, before = found.rows[place - 1], written.get(place)
    values = {"verdict": before.verdict, "words": before.words or ""} if before else {}
    form = Form(AuditFindingSchema, values=values, choices={"verdict": _verdicts()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if typed["verdict"] == "other" and not typed["words"]:
            form.errors["words"] = _("Say what you found.")
        else:
            with runtime().desk() as conn:
                write_finding(
                    conn,
                    runtime().coordination.record.outer,
                    held.sample,
                    place=place,
                    verdict=typed["verdict"],
                    words=typed["words"],
                    by=viewer().person,
                    now=runtime().now(),
                )
            flash(_("The finding is written down."))
            return redirect(url_for("waiting_times.audit_sample_page", sample=sample), 303)
    casework.note_shown("audit_finding", [line.pupil], purpose="audit")
    return form.page(
        "reports/waiting_times/audit_finding.html",
        held=held,
        place=place,
        line=line,
        clock_words=clock_words,
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.get("/waiting-times/audit/<uuid:sample>.<any(csv, xlsx, pdf):kind>")
@signed_in(*AUDIT_DESK)
def audit_file(sample: UUID, kind: str) -> Response:
    """Send a sample with its findings as a file."""
    held, found, written = _sample(sample)
    rows = []
    for place, line in enumerate(found.rows, 1):
        finding = written.get(place)
        rows.append(
            {
                "place": place,
                "referral": str(line.referral)[:8],
                "service": service_code(line.service),
                "standard": line.standard.code,
                "school_name": organisation_name(line.school),
                "start_on": line.start_on,
                "stop_on": line.stop_on,
                "elapsed_days": line.elapsed,
                "verdict": finding.verdict if finding else "",
                "words": (finding.words or "") if finding else "",
            }
        )
    stamp = {
        "seed": held.seed,
        "as_of": found.as_of,
        "metric_version": found.metric_version,
        "log_position": found.log_position,
        **stamp_row(held.stamp),
    }
    casework.note_shown("audit_file", [line.pupil for line in found.rows], purpose="audit")
    return as_file(kind, FigureFile(_("Audit sample"), f"audit-sample-{held.drawn_at:%Y-%m-%d}", rows, stamp))


def _verdicts() -> list[tuple[str, Any]]:
    return [(verdict, VERDICT_WORDS[verdict]) for verdict in VERDICTS]


def _sample(sample: UUID) -> tuple[AuditSample, AuditSampleReport, dict[int, AuditFinding]]:
    """A sample of the organisation, drawn again at the position of its stamp, and its findings; 404 where there
    is none."""
    outer = runtime().coordination.record.outer
    with runtime().desk() as conn:
        held = find_sample(conn, viewer().organisation, sample) or abort(404)
        written = findings_of(conn, outer, sample)
    try:
        _stamp, ask = read_stamp(runtime().coordination, casework.reader(), viewer(), held.stamp)
    except Refusal:
        abort(404)
    return held, stamped("audit-sample", ask), written
