"""The words of advice conversations."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from projections.advice.counting import AdviceOutcome
from projections.advice.queries import AdviceBy

CHANNELS: dict[str, Any] = {
    "call": _l("Telephone call"),
    "email": _l("Email"),
    "drop_in": _l("Drop-in session at the school"),
    "clinic": _l("Advice clinic of the service"),
}
ANSWERS: dict[str, Any] = {
    "try_first": _l("Try this first"),
    "refer": _l("Refer the pupil"),
    "another_service": _l("Ask another service"),
    "nothing_needed": _l("Nothing is needed"),
}
GROUPINGS: dict[AdviceBy, Any] = {
    "service": _l("Services"),
    "school": _l("Schools"),
    "month": _l("Months"),
}
OUTCOME_WORDS: dict[AdviceOutcome, Any] = {
    "unanswered": _l("No answer recorded"),
    "without_name": _l("Without a pupil’s name"),
    "already_referred": _l("Already referred"),
    "too_early": _l("Too early to say"),
    "referred": _l("Referral followed"),
    "advised_to_refer": _l("Advised to refer, no referral"),
    "no_referral": _l("No referral followed"),
}
