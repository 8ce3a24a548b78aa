"""The texts of refusals on the operator's terminal, in Welsh where the terminal is Welsh."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from scripts.service.messages import terminal_is_welsh
from webui.words import catalogue, refusals
from webui.words.refusals import ENGLISH, SentenceLanguage


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code with its facts. Raises KeyError for a code that is not in the catalogue."""
    return refusals.sentence(code, facts, _welsh() if terminal_is_welsh() else ENGLISH)


@cache
def _welsh() -> SentenceLanguage:
    translations = catalogue.welsh()
    return SentenceLanguage("cy", "cy", lambda english: str(translations[english].string))
