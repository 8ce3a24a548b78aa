"""The types of the texts: in both languages, for each value of a field, for a milestone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

import msgspec

Language = Literal["en", "cy"]
T = TypeVar("T")


class BilingualText(msgspec.Struct, frozen=True):
    """One text in both languages. A translator has to look at the Welsh, unless its terms are those of statute."""

    en: str
    cy: str
    statute: bool = False

    @property
    def cy_review(self) -> bool:
        return not self.statute

    def in_language(self, language: str) -> str:
        return self.cy if language == "cy" else self.en


class TextByValue(msgspec.Struct, Generic[T], frozen=True):
    """A text for each value of a field; "" where the field has no value, `otherwise` for any other."""

    field: str
    cases: Mapping[str, T]
    otherwise: T

    def texts(self) -> tuple[T, ...]:
        """Every text of it."""
        return (*self.cases.values(), self.otherwise)


class MilestoneWords(msgspec.Struct, frozen=True, kw_only=True):
    """What a milestone is called in one language. None: it has no such words.

    - `name`: in lists, on the timeline, as a phase.
    - `action`: what a person does who records it in their own name; a button and the title of its form.
    - `explanation`: what is not common knowledge, above the form.
    - `date_question`: the form's question about the day, where the general one would not do.
    - `sentence`: on the timeline, with the facts as in `words.SENTENCES`. Of a report the first sentence says so.
    """

    name: str
    action: str
    explanation: str | None
    date_question: str | None
    sentence: str | TextByValue[str]
