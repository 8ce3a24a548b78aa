"""Every milestone has all its words, in English and in Welsh."""

from __future__ import annotations

import re
from typing import get_args

import msgspec
import pytest

from coordination.pupil.referral.milestones import MILESTONES
from projections.sentences.milestones import WORDS, milestone_words
from projections.sentences.text import Language, MilestoneWords

LANGUAGES: tuple[Language, ...] = get_args(Language)


def sentences(words: MilestoneWords) -> dict[str, str]:
    """Its sentences by the value of the field that they depend on."""
    if isinstance(words.sentence, str):
        return {"": words.sentence}
    return {**words.sentence.cases, "otherwise": words.sentence.otherwise}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_milestone_has_words_and_no_other_name_has(language: Language) -> None:
    assert list(WORDS[language]) == list(MILESTONES), "in the natural order of a day"


@pytest.mark.parametrize("name", sorted(MILESTONES))
def test_its_words_are_complete_in_both_languages(name: str) -> None:
    english, welsh = milestone_words(name, "en"), milestone_words(name, "cy")
    for field in msgspec.structs.fields(MilestoneWords):
        assert field.required, f"{field.name} has a default, which hides an omission"
        said, medd = getattr(english, field.name), getattr(welsh, field.name)
        assert type(said) is type(medd), f"{field.name} is there in one language only"
        if isinstance(said, str):
            assert said.strip()
            assert medd.strip()
            assert said != medd


@pytest.mark.parametrize("name", sorted(MILESTONES))
def test_its_sentences_tell_the_same_facts_in_both_languages(name: str) -> None:
    english, welsh = (sentences(milestone_words(name, language)) for language in LANGUAGES)
    assert english.keys() == welsh.keys()
    for case, text in english.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", welsh[case]))
        assert text.endswith(".")
        assert welsh[case].endswith(".")


@pytest.mark.parametrize("name", sorted(MILESTONES))
def test_its_sentence_depends_on_a_field_of_its_event(name: str) -> None:
    for language in LANGUAGES:
        sentence = milestone_words(name, language).sentence
        if not isinstance(sentence, str):
            assert sentence.field in MILESTONES[name].__struct_fields__


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_milestones_have_the_same_name_or_action(language: Language) -> None:
    words = WORDS[language].values()
    assert len({one.name for one in words}) == len(words)
    assert len({one.action for one in words}) == len(words)
