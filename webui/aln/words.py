"""The words for concerns, their steps and their time limits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from projections.sentences.aln_words import ALN_STEP_NAMES
from webui.words.languages import language

PHASES = {
    "to_answer": _l("A teacher waits for an answer"),
    "answered": _l("A teacher’s concern, answered"),
    "to_pass_on": _l("The school has to tell the local authority"),
    "with_school": _l("The school is deciding"),
    "with_authority": _l("The local authority is deciding"),
    "plan_due": _l("Decided: a plan is being prepared"),
    "no_plan": _l("Decided: no plan"),
    "plan_in_force": _l("Plan in force"),
    "plan_ceased": _l("The plan is no longer maintained"),
    "reconsidering": _l("The local authority is reconsidering"),
}
LIMITS = {
    "school_decision": _l("School’s decision"),
    "school_plan": _l("School’s plan"),
    "authority_decision": _l("Local authority’s decision"),
    "authority_plan": _l("Local authority’s plan"),
    "reconsideration": _l("Reconsideration"),
    "school_review": _l("Review of the school’s plan"),
    "authority_review": _l("Review of the local authority’s plan"),
    "none": _l("Decision, no time limit set"),
    "not_passed_on": _l("Telling the local authority, no time limit set"),
}
ENDINGS = {
    "stopped": _l("Done"),
    "passed_on": _l("Passed on"),
    "declined": _l("No plan due"),
    "moved_away": _l("Moved to another school"),
}


def step_name(step: str) -> str:
    """The name of a step in the language of the page."""
    return ALN_STEP_NAMES[step].in_language(language())
