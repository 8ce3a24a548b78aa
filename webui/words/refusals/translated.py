"""The catalogue of refusals in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from coordination.errors import Refusal
from webui.words import refusals
from webui.words.languages import LOCALES, language
from webui.words.refusals import LABELLED, SENTENCES, SentenceLanguage, fill_sentence
from webui.words.text import Words


def sentence(refused: Refusal) -> str:
    """The sentence of a refusal. Raises KeyError for a code that is not in the catalogue."""
    return of_code(refused.code, refused.facts)


def of_code(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code with these facts. Raises KeyError for a code that is not in the catalogue."""
    return refusals.sentence(code, facts, _speech())


def of_field(code: str, facts: Mapping[str, Any], instead: Words | None = None) -> str:
    """The sentence for a field's error code: `instead` if the field has its own words. `facts` are the field's `label`
    and bounds. Raises KeyError for a code that is not in the catalogue."""
    template = gettext(LABELLED.get(code) or SENTENCES[code]) if instead is None else str(instead)
    return fill_sentence(template, facts, _speech())


def _speech() -> SentenceLanguage:
    return SentenceLanguage(language(), LOCALES[language()], gettext)
