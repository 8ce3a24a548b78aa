"""The words for codes, in both languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from coordination.desk.co_signing import AWAITING
from projections.sentences.milestones import WORDS
from webui.words.languages import language

ROLES = {
    "alnco": _l("ALNCo"),
    "head": _l("Head teacher"),
    "designated_safeguarding_person": _l("Designated safeguarding person"),
    "wellbeing_coordinator": _l("Wellbeing co-ordinator"),
    "class_teacher": _l("Class teacher"),
    "clinician": _l("Clinician"),
    "service_manager": _l("Service manager"),
    "declo": _l("DECLO"),
    "la_caseworker": _l("Local authority caseworker"),
    "la_safeguarding": _l("Local authority safeguarding person"),
    "early_years_aln_lead": _l("Early years ALN lead officer"),
    "adoption_officer": _l("Adoption officer"),
    "auditor": _l("Auditor"),
    "administrator": _l("Administrator"),
    "data_protection_officer": _l("Data protection officer"),
    "national_analyst": _l("National analyst"),
    AWAITING: _l("Not co-signed yet"),
}


def milestone_name(milestone: str) -> str:
    """The name of a milestone in the language of the page; an unknown name in readable form."""
    words = WORDS[language()].get(milestone)
    return words.name if words else _readable(milestone)


def word_for(table: dict[str, Any], code: str) -> Any:
    """The word for a code; the code itself in readable form, if there is no word for it yet."""
    return table.get(code, _readable(code))


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()
