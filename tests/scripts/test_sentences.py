"""The command line gives the sentences of the catalogue, in the language of the terminal."""

from __future__ import annotations

from datetime import date

import pytest

from scripts.cli.sentences import sentence
from webui.words.refusals import SENTENCES


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_facts_take_their_places_and_what_is_not_known_is_left_out() -> None:
    assert sentence("file_too_large", {"limit": 5}) == "The file is too large. It may have 5 bytes."
    assert sentence("json_malformed", {}) == "The file is not valid JSON."
    assert sentence("json_malformed", {"line": 3}) == "The file is not valid JSON: see line 3."
    said = sentence("header_missing", {"columns": ("upn", "needs")})
    assert said == "Some columns are missing from the header: needs, upn. Add them."
    assert "since 2 March 2026" in sentence("already_appointed", {"since": date(2026, 3, 2)})


def test_a_code_that_is_not_in_the_catalogue_is_an_error() -> None:
    with pytest.raises(KeyError):
        sentence("a code of tomorrow", {})


def test_in_a_welsh_terminal_every_sentence_is_welsh(monkeypatch: pytest.MonkeyPatch) -> None:
    order = {"step": "accepted", "on": "2026-03-01", "other": "received", "other_on": date(2026, 3, 4)}
    in_english = {code: sentence(code, order) for code in SENTENCES}
    monkeypatch.setenv("LC_ALL", "cy_GB.UTF-8")
    assert sentence("file_empty", {}) == "Mae’r ffeil yn wag. Dewiswch ffeil arall."
    said = sentence("impossible_order", order)
    assert "1 Mawrth 2026" in said
    assert "4 Mawrth 2026" in said
    assert "Received" not in said
    assert [code for code, words in in_english.items() if sentence(code, order) == words] == []
