"""The words for codes, in both languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ROLES = {
    "alnco": _l("ALNCo"),
    "head": _l("Head teacher"),
    "safeguarding": _l("Designated safeguarding person"),
    "wellbeing": _l("Wellbeing co-ordinator"),
    "teacher": _l("Class teacher"),
    "clinician": _l("Clinician"),
    "service_manager": _l("Service manager"),
    "declo": _l("DECLO"),
    "caseworker": _l("Local authority caseworker"),
    "early_years": _l("Early years ALN lead officer"),
    "auditor": _l("Auditor"),
    "administrator": _l("Administrator"),
}


def word_for(table: dict[str, Any], code: str) -> Any:
    """The word for a code; the code itself, readable, where a table that grew has no word yet."""
    return table.get(code, code.replace("_", " ").capitalize())
