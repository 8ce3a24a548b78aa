"""What a refusal of the domain sounds like: one sentence a code; `%(name)s` in it are the refusal's facts.

A new code gets its sentence in the module of its matter. tests/webui/words/test_refusals.py fails when the
domain uses a code that has none.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from coordination.errors import Refused
from webui.words.codes import milestone_name
from webui.words.formats import day, instant, number
from webui.words.refusals import challenges, directory, files, general, meetings, pupils, referrals, rows

MATTERS = (general, pupils, referrals, meetings, challenges, directory, files, rows)
SENTENCES: dict[str, Any] = {code: words for matter in MATTERS for code, words in matter.SENTENCES.items()}
FALLBACK = _l("This could not be recorded. Nothing was changed.")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The facts that are milestones.
_MILESTONES = frozenset({"step", "other"})


def sentence(refused: Refused) -> str:
    """The sentence for a refusal, in the language of the page. A fact that is missing never breaks the page."""
    words = str(SENTENCES.get(refused.code, FALLBACK))
    return words % _Shown(refused.facts) if "%(" in words else words


class _Shown(dict[str, str]):
    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__({name: _show(name, fact) for name, fact in facts.items()})

    def __missing__(self, name: str) -> str:
        return "…"


def _show(name: str, fact: Any) -> str:
    if name in _MILESTONES:
        return milestone_name(str(fact))
    match fact:
        case datetime():
            return instant(fact)
        case date():
            return day(fact)
        case bool():
            return str(fact)
        case int():
            return number(fact)
        case list() | tuple() | set() | frozenset():
            return ", ".join(sorted(str(one) for one in fact))
        case str() if _ISO_DAY.fullmatch(fact):
            return day(date.fromisoformat(fact))
        case None:
            return "…"
        case _:
            return str(fact)
