"""Setting up a county: each step with what is done, what is missing, and where to do it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.directory.term_gaps import TermGap
from webui.administration.pages.shared import ADMINISTRATOR, blueprint, today
from webui.administration.set_up import SetUpStep, set_up_steps
from webui.shell.authentication import signed_in
from webui.words.formats import day
from webui.words.naming import directory, organisation_name, service_name

SHOWN = 12
"""Of those that lack something, so many are listed by name."""

TITLES = {
    "authority": _l("Local authorities"),
    "terms_of_school": _l("School terms"),
    "schools": _l("Schools"),
    "agencies": _l("Agencies"),
    "services": _l("Services"),
    "requirements": _l("What each service asks for"),
    "standards": _l("Standards"),
    "terms": _l("Terms of reference"),
    "people": _l("People and first passwords"),
}
WHY = {
    "authority": _l("The local authority audits the waits and holds children between schools."),
    "terms_of_school": _l(
        "School days are counted by them. Without them a limit in school days cannot be counted."
    ),
    "schools": _l("Schools refer pupils and hold the meetings."),
    "agencies": _l("Health boards, council departments and charities that have services."),
    "services": _l(
        "Each service that takes referrals: CAMHS, speech and language therapy, educational psychology."
    ),
    "requirements": _l("A school is told what is missing before it sends a referral."),
    "standards": _l(
        "Waiting times are measured against them. A service without a published standard needs none."
    ),
    "terms": _l("A service is expected at a school’s meetings only under terms that its agency has agreed."),
    "people": _l(
        "Each school needs an ALNCo and a head teacher, each agency a clinician or service manager,"
        " the local authority an auditor and a caseworker."
    ),
}
LACKING = {
    "terms_of_school": _l("No terms from today on:"),
    "services": _l("No open service:"),
    "requirements": _l("Asks for nothing yet:"),
    "standards": _l("No standard:"),
    "terms": _l("No service is expected at its meetings:"),
    "people": _l("Somebody is missing:"),
}


@blueprint.get("/administration/set-up")
@signed_in(*ADMINISTRATOR)
def set_up() -> ResponseReturnValue:
    """List the steps from an empty directory to the first referral."""
    steps = set_up_steps(directory(), today())
    return render_template(
        "administration/set_up.html",
        steps=steps,
        titles=TITLES,
        why=WHY,
        lacking=LACKING,
        shown=SHOWN,
        where=_where,
        fixing=_fixing,
        gap_words=_gap_words,
        name=_name,
        to_do=sum(not s.done and not s.optional for s in steps),
    )


def _where(step: SetUpStep) -> str:
    """The address at which a step is done."""
    match step.name:
        case "authority":
            return url_for("administration.register", kind="authority")
        case "schools":
            return url_for("administration.register", kind="school")
        case "agencies":
            return url_for("administration.register", kind="agency")
        case "terms_of_school":
            return url_for("administration.organisations", kind="authority")
        case "services":
            return url_for("administration.organisations", kind="agency")
        case "requirements" | "standards":
            return url_for("administration.organisations", kind="agency")
        case "terms":
            return url_for("administration.terms_for_many")
        case "people":
            return url_for("administration.import_people")


def _fixing(step: SetUpStep, key: UUID) -> str:
    """The address at which one of those that lack something gets it."""
    match step.name:
        case "terms_of_school":
            return url_for("administration.school_term", key=key)
        case "services":
            return url_for("administration.open_service", key=key)
        case "requirements":
            return url_for("administration.requirements", key=key)
        case "standards":
            return url_for("administration.set_standard", key=key)
        case "terms":
            return url_for("administration.terms_for_many")
        case _:
            return url_for("administration.appoint", key=key)


def _name(key: UUID) -> str:
    return organisation_name(key) or service_name(key)


def _gap_words(gap: TermGap) -> str:
    """Which days cannot be counted."""
    if gap.before is None:
        return _(
            "The terms end on %(after)s. A limit in school days that begins today goes on after that.",
            after=day(gap.after),
        )
    return _(
        "There is no term between %(after)s and %(before)s. School days cannot be counted across these days.",
        after=day(gap.after),
        before=day(gap.before),
    )
