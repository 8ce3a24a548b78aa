"""The scheduled jobs of the service: when each ran last and runs next, and what failed."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coordination.desk.job_runs import failures, job_overview
from coordination.scheduled_jobs import Daily, Every, Schedule
from webui.administration.pages.shared import ADMINISTRATOR, blueprint
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime

JOB_WORDS = {
    "forget_what_ended": _l("Delete expired sessions, links and drafts"),
    "erase_old_advice": _l("Erase the words of advice that name nobody, after a year"),
    "remind": _l("Send reminders of what was not answered"),
    "moves_due": _l("Escalate unanswered requests for files, and move pupils on the agreed day"),
    "suggest_challenges": _l("Suggest challenges"),
    "renew_family_cards": _l("Renew the families’ cards"),
    "keep_ledger": _l("Keep the ledger: chain the logs, sign the day’s head"),
    "take_in_bounces": _l("Take in notices of mail that did not arrive"),
    "reorganise": _l("Follow closed schools and reorganised services"),
    "follow_erasures": _l("Finish erasures"),
}
STATES = {"done": _l("Done"), "failed": _l("Failed"), "running": _l("Running")}


@blueprint.get("/administration/jobs")
@signed_in(*ADMINISTRATOR)
def jobs() -> ResponseReturnValue:
    """Show every job with its last and next run, and the runs that failed."""
    with runtime().desk() as desk:
        overview = job_overview(desk, runtime().now())
        failed = failures(desk)
    return render_template(
        "administration/jobs.html",
        overview=overview,
        failed=failed,
        words=JOB_WORDS,
        states=STATES,
        when=schedule_words,
    )


def schedule_words(schedule: Schedule) -> str:
    """When a job runs, in words."""
    match schedule:
        case Daily(at=at):
            return _("Every day at %(time)s", time=f"{at:%H:%M}")
        case Every(minutes=minutes):
            return ngettext("Every minute", "Every %(num)s minutes", minutes)
