"""Every refusal that the service can give, for pages, API and command line: one English sentence for each code.

`%(name)s` is a fact of the refusal. A part in square brackets is left out where one of its facts is not known. The
Welsh is in translations/cy/refusals.po. A new code gets its sentence in the module of its subject; the tests fail if
a code has no sentence, a sentence has no code, or a required fact is not given.

This package does not import Flask: the language is an argument. `translated` uses the language of a request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal

from projections.sentences import milestones
from projections.sentences.aln_words import ALN_STEP_NAMES
from projections.sentences.text import Language
from webui.words.refusals import (
    advice,
    aln,
    challenges,
    directory,
    documents,
    fields,
    files,
    general,
    machine,
    meetings,
    moves,
    places,
    pupils,
    referrals,
    requests,
    rights,
    rows,
    support,
)
from webui.words.refusals.marker import N_

MATTERS: dict[str, dict[str, str]] = {
    N_("Requests"): requests.SENTENCES,
    N_("Fields of a request"): fields.SENTENCES,
    N_("General rules"): general.SENTENCES,
    N_("Pupils and agreements to share"): pupils.SENTENCES,
    N_("Moves and requests for a file"): moves.SENTENCES,
    N_("Legal holds, erasure and requests about a record"): rights.SENTENCES,
    N_("Referrals"): referrals.SENTENCES,
    N_("Places in resource bases, and transition"): places.SENTENCES,
    N_("Documents"): documents.SENTENCES,
    N_("Additional learning needs"): aln.SENTENCES,
    N_("Support and one-page profiles"): support.SENTENCES,
    N_("Meetings and actions"): meetings.SENTENCES,
    N_("Challenges and enquiries"): challenges.SENTENCES,
    N_("Advice"): advice.SENTENCES,
    N_("Organisations, people and standards"): directory.SENTENCES,
    N_("Imported files"): files.SENTENCES,
    N_("Rows of imported files"): rows.SENTENCES,
    N_("The command line"): machine.SENTENCES,
}
SENTENCES: dict[str, str] = {code: words for matter in MATTERS.values() for code, words in matter.items()}
LABELLED = fields.LABELLED

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"%\((\w+)\)s")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# the facts that are milestones
_MILESTONES = ("step", "other")
# the facts that are steps of a statutory decision
_ALN_STEPS = ("aln_step", "aln_other")


class SentenceLanguage(NamedTuple):
    """A language (`en` or `cy`), its locale, and its translation of an English sentence."""

    language: Language
    locale: str
    translate: Callable[[str], str]


ENGLISH = SentenceLanguage("en", "en_GB", str)


def sentence(code: str, facts: Mapping[str, Any], speech: SentenceLanguage = ENGLISH) -> str:
    """The sentence of a code with its facts in place; "…" for a required fact that is not known.

    Raises KeyError for a code that is not in the catalogue.
    """
    return fill_sentence(speech.translate(SENTENCES[code]), facts, speech)


def fill_sentence(template: str, facts: Mapping[str, Any], speech: SentenceLanguage) -> str:
    """A translated sentence with its facts in place, beginning with a capital letter."""
    known = {name: _shown(name, fact, speech) for name, fact in facts.items() if fact is not None}

    def kept(part: re.Match[str]) -> str:
        return part[1] if all(name in known for name in _FACT.findall(part[1])) else ""

    words = _FACT.sub(lambda fact: known.get(fact[1], "…"), _OPTIONAL.sub(kept, template))
    return words[:1].upper() + words[1:]


def required_facts(template: str) -> frozenset[str]:
    """The facts that a sentence requires."""
    return frozenset(_FACT.findall(_OPTIONAL.sub("", template)))


def _shown(name: str, fact: Any, speech: SentenceLanguage) -> str:
    if name in _MILESTONES:
        return milestones.WORDS[speech.language][fact].name
    if name in _ALN_STEPS:
        return ALN_STEP_NAMES[fact].in_language(speech.language)
    match fact:
        case date():
            return str(format_date(fact, "d MMMM y", locale=speech.locale))
        case bool():
            return str(fact)
        case int():
            return format_decimal(fact, "#,##0", locale=speech.locale)
        case list() | tuple() | set() | frozenset():
            return ", ".join(sorted(str(one) for one in fact))
        case str() if _ISO_DAY.fullmatch(fact):
            return _shown(name, date.fromisoformat(fact), speech)
        case _:
            return str(fact)
