"""Challenge rules and suggestions in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.directory.challenge_rules import OF_MEETINGS, ChallengeRule
from projections.challenges.queries.suggestions import SuggestionRow
from webui.words.formats import in_unit, number

RULES: dict[str, Any] = {
    "own_not_sent": _l("The school has not sent referrals"),
    "own_action_overdue": _l("The school’s own actions are overdue"),
    "missed_of_last": _l("Meetings missed"),
    "absent_without_apology": _l("Absent without apologies"),
    "delay": _l("Waits over the limit"),
    "silence": _l("Referrals sent and not confirmed"),
    "information": _l("Advice asked for and not given"),
    "support": _l("The support advised does not meet the need"),
}


def rule_words(rule: ChallengeRule) -> str:
    """What has to be met, in a sentence."""
    if rule.code in OF_MEETINGS:
        return _(
            "At least %(least)s of the last %(window)s meetings at which the service was expected.",
            least=number(rule.least),
            window=number(rule.window or 0),
        )
    if not rule.days:
        return _("At least %(least)s.", least=number(rule.least))
    return _(
        "At least %(least)s, each more than %(days)s late.",
        least=number(rule.least),
        days=in_unit(rule.days, "working_days"),
    )


def counted_words(row: SuggestionRow) -> str:
    """What was counted, in a sentence."""
    if row.out_of is not None:
        return _(
            "%(counted)s of the last %(window)s meetings.",
            counted=number(row.counted),
            window=number(row.out_of),
        )
    if not row.days:
        return _("%(counted)s on the record.", counted=number(row.counted))
    return _(
        "%(counted)s, each more than %(days)s late.",
        counted=number(row.counted),
        days=in_unit(row.days, "working_days"),
    )
