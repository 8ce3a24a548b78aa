"""The words of the milestones: one file for each language, in which each milestone has all its words together."""

from __future__ import annotations

from projections.sentences.milestones import english, welsh
from projections.sentences.text import Language, MilestoneWords

WORDS: dict[Language, dict[str, MilestoneWords]] = {"en": english.WORDS, "cy": welsh.WORDS}


def milestone_words(milestone: str, language: Language) -> MilestoneWords:
    """The words of a milestone. Raises KeyError for a name that is none."""
    return WORDS[language][milestone]
