"""Every refusal of the domain has a sentence in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask_babel import force_locale

import coordination
from coordination.errors import NotFound, Overtaken, Refused
from webui.words.refusals import FALLBACK, MATTERS, SENTENCES, sentence

DOMAIN = Path(coordination.__file__).parent
CODE = re.compile(r"[a-z][a-z0-9_]+")


def codes_of(source: str) -> Iterator[tuple[str, int]]:
    """Each code with its line: the strings in the first argument of `Refused(...)` and of `super().__init__(...)` in
    a class made from Refused."""
    tree = ast.parse(source)
    refusals = {"Refused"} | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "Refused" for base in node.bases)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in refusals:
            calls = [c for c in ast.walk(node) if isinstance(c, ast.Call)]
            named = [c for c in calls if getattr(c.func, "attr", "") == "__init__"]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
            named = [node]
        else:
            continue
        for call in named:
            for part in ast.walk(call.args[0]) if call.args else ():
                if (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and CODE.fullmatch(part.value)
                ):
                    yield part.value, call.lineno


def every_code() -> dict[str, str]:
    return {
        code: f"{path.relative_to(DOMAIN)}:{line}"
        for path in sorted(DOMAIN.rglob("*.py"))
        for code, line in codes_of(path.read_text(encoding="utf-8"))
    }


def test_the_scan_finds_codes_however_they_are_written():
    source = """
class Late(Refused):
    def __init__(self):
        super().__init__("too_late", on=1)
def f():
    raise Refused("plain", "field")
    raise Refused("one" if x else "another")
    raise Refused(code=5)
"""
    assert {code for code, _ in codes_of(source)} == {"too_late", "plain", "one", "another"}


def test_every_code_of_the_domain_has_a_sentence():
    used = every_code()
    assert len(used) > 100
    missing = {code: where for code, where in used.items() if code not in SENTENCES and code != "refused"}
    assert missing == {}


def test_no_code_has_two_sentences():
    assert sum(len(matter.SENTENCES) for matter in MATTERS) == len(SENTENCES)


@pytest.mark.parametrize("language", ["en_GB", "cy"])
def test_a_sentence_is_whole_even_without_its_facts(service, language):
    with service.app.test_request_context("/"), force_locale(language):
        for code in SENTENCES:
            said = sentence(Refused(code))
            assert said.endswith("."), code
            assert "%(" not in said, code


def test_facts_are_shown_as_people_write_them(service):
    with service.app.test_request_context("/"):
        assert sentence(Refused("in_the_future", "on", on="2026-03-01")).startswith("1 March 2026 has not")
        assert "since 1 March 2026" in sentence(Refused("already_appointed", since=date(2026, 3, 1)))
        assert (
            sentence(Refused("too_many_rows", limit=100000))
            == "The file has more than 100,000 rows. Split it."
        )
        order = Refused(
            "impossible_order", step="accepted", on="2026-03-01", other="received", other_on="2026-03-04"
        )
        assert sentence(order) == (
            "Accepted on 1 March 2026 cannot be, because of this on the record: Received on 4 March 2026."
        )


def test_a_code_nobody_knows_still_says_something(service):
    with service.app.test_request_context("/"):
        assert sentence(Refused("brand_new", secret="Nia")) == str(FALLBACK)
        assert sentence(NotFound()) == "This is not here, or it is not yours to see."
        assert sentence(Overtaken(1, 2)).startswith("Somebody recorded something")


def test_a_fact_that_looks_like_a_format_is_only_text(service):
    with service.app.test_request_context("/"):
        said = sentence(Refused("duplicate_column", column="%(limit)s %s %d <b>"))
        assert "%(limit)s %s %d <b>" in said
