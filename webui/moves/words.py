"""The words of answers, grounds, findings and parts of a record."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ANSWERS: dict[str, Any] = {
    "released": _l("The pupil has left our school: release the file"),
    "kept_on_both": _l("The pupil stays on our roll, and is registered at both schools"),
    "not_this_pupil": _l("The request is not about this pupil"),
    "disputed": _l("We dispute the request"),
}
GROUNDS: dict[str, Any] = {
    "school_closed": _l("The pupil’s school is closed."),
    "no_answer": _l("The pupil’s school did not answer within five working days."),
    "disputed": _l("The pupil’s school disputes the request."),
    "on_no_roll": _l("The pupil was on no school’s roll."),
    "confidential": _l("The move is confidential, or there is a concern about the school."),
}
TOLD: dict[str, Any] = {
    "school": _l("The child’s school"),
    "authority": _l("Only the local authority’s safeguarding person"),
}
FINDINGS: dict[str, Any] = {
    "justified": _l("The emergency access was justified"),
    "not_justified": _l("The emergency access was not justified"),
}
PARTS: dict[str, Any] = {
    "educational_record": _l("The educational record"),
    "transfer_file": _l("The Common Transfer File"),
    "individual_development_plan": _l("The individual development plan"),
    "reports_and_assessments": _l("Reports and assessments"),
    "minutes_and_actions": _l("Minutes and actions"),
    "child_protection_file": _l("The child protection file, sent apart from the rest"),
}
