"""What a refusal of the domain sounds like. One sentence a code; `%(name)s` are the refusal's facts.

tests/webui/test_refusals.py fails when the domain uses a code that has no sentence here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from coordination.errors import Refused
from webui.formats import day, instant, number

SENTENCES: dict[str, Any] = {
    "not_found": _l("This is not here, or it is not yours to see."),
    "overtaken": _l(
        "Somebody recorded something here after you opened this page. "
        "Look at what is new, then send yours again."
    ),
    "username_taken": _l("This username is already in use. Choose another."),
    "password_too_short": _l("The password must have %(least)s characters or more."),
    "password_too_long": _l("The password must have %(most)s characters or fewer."),
}
FALLBACK = _l("This could not be recorded. Nothing was changed.")


def sentence(refused: Refused) -> str:
    """The sentence for a refusal, in the language of the page. A fact that is missing never breaks the
    page."""
    words = str(SENTENCES.get(refused.code, FALLBACK))
    try:
        return words % _Shown(refused.facts) if "%(" in words else words
    except (TypeError, ValueError):
        return str(FALLBACK)


class _Shown(dict[str, str]):
    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__({name: _show(fact) for name, fact in facts.items()})

    def __missing__(self, name: str) -> str:
        return "?"


def _show(fact: Any) -> str:
    match fact:
        case datetime():
            return instant(fact)
        case date():
            return day(fact)
        case bool():
            return str(fact)
        case int():
            return number(fact)
        case _:
            return str(fact)
