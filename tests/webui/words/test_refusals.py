"""The catalogue of refusals: every code of the source has its sentence, and every sentence a code that uses it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from flask_babel import force_locale

from coordination.errors import NotFound, Refusal, StaleVersion
from webui.words import catalogue, refusals
from webui.words.refusals import LABELLED, MATTERS, SENTENCES, required_facts
from webui.words.refusals.translated import of_code, of_field, sentence

CATALOGUE = Path(refusals.__file__).parent
ROOT = catalogue.SOURCE
# Which argument of a call is the code.
CALLS = {
    "Refusal": 0,
    "Problem": 0,
    "_not_let_in": 0,
    "fault": 0,
    "CellFault": 0,
    "CheckedIdentifier": 1,
    "error": 2,
    "warning": 2,
    "field_problem": 2,
    "ValidationError": 0,
    "MappingDoubt": 0,
}
# Of a field: its facts are its label and bounds.
OF_FIELDS = {"field_problem", "ValidationError"}
FACTS_OF_FIELDS = {"label", "limit", "least", "most"}
# Arguments that only pass on the code of another call or of a table. Any other argument must be the code itself.
PASSED_ON = {
    "'missing' if checked.problem == 'upn_missing' else checked.problem",
    "[CellFault(code, facts)]",
    "{self.HOMES[0]: [CellFault('one_organisation_expected', {})]}",
    "None",
    "code",
    "{'surname': fault('missing').messages}",
    "codes.get(lost.constraint, 'code_taken')",
    "doubt.code",
    "f'{part}_not_read'",
    "f'unknown_{kind}'",
    "fault.code",
    "foreign.code",
    "first.code",
    "found.problem",
    "kind",
    "missing",
    "one.code",
    "over or 'token_unknown'",
    "problem.code",
    "refused.code",
    "row.refused",
    "self.wrong",
    "str(messages)",
    "table.refused",
    "wrong",
    "wrong | unknown",
}
# Codes that stand in a table, in a return value or in the answer of the workbook's reader rather than in a call.
BY_NAME = {
    *("exchanged_numbers", "another_number", "birth_date_changed", "names_changed", "number_of_another"),
    *("two_files", "contact_renamed", "contact_missing", "upn_of_another_pupil"),
    *("code_taken", "reference_taken", "request_not_readable"),
    *("head_by_another_key", "head_of_another_store"),
    *("too_many_columns", "too_many_rows"),
    *("missing", "text_expected", "unknown_key", "not_an_object", "limit_not_positive"),
    *("nobody_present", "unmarked", "apology_marked_absent"),
    *("action_without_owner", "action_without_due_date"),
    *(
        "unknown_field",
        "repeated",
        "wrong_type",
        "not_an_id",
        "not_text",
        "not_a_number",
        "not_offered",
        "too_long",
    ),
    *(
        "bad_request",
        "method_not_allowed",
        "not_found",
        "too_large",
        "broken",
        "token_expired",
        "token_revoked",
        "token_not_co_signed",
    ),
}


class Raised(NamedTuple):
    """A code in the source: where, and the facts that go with it (None: not to be seen there)."""

    code: str
    facts: frozenset[str] | None
    where: str


def _given(name: str, call: ast.Call) -> set[str | None]:
    """The names of the facts of a call; a doubt about a mapping has them in a dictionary of its own."""
    if name != "MappingDoubt":
        return {keyword.arg for keyword in call.keywords}
    facts = call.args[1:2]
    if any(not isinstance(one, ast.Dict) for one in facts):
        return {None}  # as for **facts: not to be seen there
    return {ast.literal_eval(key) for one in facts if isinstance(one, ast.Dict) for key in one.keys if key}


def calls_of(source: str, where: str = "") -> Iterator[Raised | str]:
    """Each code of each call of CALLS, and of `super().__init__` in a class made from Refusal; the text of an argument
    that is none."""
    tree = ast.parse(source)
    made_from = [
        call
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "Refusal" for base in node.bases)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "__init__"
    ]
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        place = 0 if call in made_from else CALLS.get(name)
        if place is None or len(call.args) <= place:
            continue
        given = _given(name, call)
        facts = None if name in OF_FIELDS or None in given else frozenset(str(fact) for fact in given)
        codes = list(codes_in(call.args[place]))
        if not codes or not all(codes):
            yield ast.unparse(call.args[place])
        yield from (Raised(code, facts, f"{where}:{call.lineno}") for code in codes if code)


def codes_in(argument: ast.expr) -> Iterator[str]:
    """The codes that an argument can be; "" for a part that is no constant."""
    match argument:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=otherwise):
            yield from (*codes_in(body), *codes_in(otherwise))
        case ast.Dict(values=values) | ast.List(elts=values):
            for value in values:
                yield from codes_in(value)
        case ast.DictComp(value=value):
            yield from codes_in(value)
        case _:
            yield ""


def sources() -> Iterator[tuple[str, str]]:
    for room in ("coordination", "projections", "webui", "scripts"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if CATALOGUE not in path.parents:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found() -> list[Raised | str]:
    return [one for where, source in sources() for one in calls_of(source, where)]


def test_the_scan_finds_codes_however_they_are_written() -> None:
    source = """
class Late(Refusal):
    def __init__(self):
        super().__init__("too_late", on=1)
def f():
    raise Refusal("plain", "field")
    raise Refusal("one" if x else "another", **facts)
    raise Refusal(code=5)
    raise Refusal(computed(x))
    yield error(1, None, "third", row=2)
    raise ValidationError({name: ["listed"] for name in lacking})
    log.error("no code")
"""
    found = list(calls_of(source))
    assert {(one.code, one.facts) for one in found if isinstance(one, Raised)} == {
        ("too_late", frozenset({"on"})),
        ("plain", frozenset()),
        ("one", None),
        ("another", None),
        ("third", frozenset({"row"})),
        ("listed", None),
    }
    assert [one for one in found if isinstance(one, str)] == ["computed(x)"]


def test_every_code_is_written_where_it_is_raised(found: list[Raised | str]) -> None:
    assert {one for one in found if isinstance(one, str)} == PASSED_ON


def test_every_code_has_a_sentence(found: list[Raised | str]) -> None:
    raised = {one.code: one.where for one in found if isinstance(one, Raised)}
    assert len(raised) > 200
    assert {code: where for code, where in raised.items() if code not in SENTENCES} == {}
    assert SENTENCES.keys() >= BY_NAME


def test_every_sentence_is_used(found: list[Raised | str]) -> None:
    raised = {one.code for one in found if isinstance(one, Raised)}
    assert sorted(SENTENCES.keys() - raised - BY_NAME) == []
    text = "".join(source for _where, source in sources())
    assert [code for code in sorted(BY_NAME) if f'"{code}"' not in text] == []


def test_every_code_comes_with_the_facts_that_its_sentence_needs(found: list[Raised | str]) -> None:
    lacking = {
        (one.where, one.code): sorted(required_facts(SENTENCES[one.code]) - one.facts)
        for one in found
        if isinstance(one, Raised)
        and one.facts is not None
        and required_facts(SENTENCES[one.code]) - one.facts
    }
    assert lacking == {}
    for code in BY_NAME:
        assert required_facts(SENTENCES[code]) <= {"limit"}, code
    for code, words in (MATTERS["Fields of a request"] | LABELLED).items():
        assert required_facts(words) <= FACTS_OF_FIELDS, code


def test_no_code_has_two_sentences() -> None:
    assert sum(map(len, MATTERS.values())) == len(SENTENCES)
    assert LABELLED.keys() <= SENTENCES.keys()


def test_the_welsh_leaves_out_the_same_parts() -> None:
    welsh = catalogue.welsh()
    for words in (*SENTENCES.values(), *LABELLED.values()):
        translated = str(welsh[words].string)
        assert required_facts(translated) == required_facts(words)
        assert translated.count("[") == translated.count("]") == words.count("[") == words.count("]")


@pytest.mark.parametrize("language", ["en_GB", "cy"])
def test_a_sentence_is_whole_even_without_its_facts(service, language) -> None:
    with service.app.test_request_context("/"), force_locale(language):
        for code in SENTENCES:
            said = of_code(code, {})
            assert said[:1].isupper() or said[:1] == "…", code
            assert said.endswith(".") or code in MATTERS["Fields of a request"], code
            assert not re.search(r"%\(|\[|\]|  ", said), code


def test_facts_are_shown_as_people_write_them(service) -> None:
    with service.app.test_request_context("/"):
        assert sentence(Refusal("in_the_future", "on", on="2026-03-01")).startswith("1 March 2026 is in")
        assert sentence(Refusal("in_the_future")) == "Enter today’s date or an earlier date."
        assert "since 1 March 2026" in sentence(Refusal("already_appointed", since=date(2026, 3, 1)))
        assert sentence(Refusal("too_many_rows", limit=100000)) == (
            "The file has more than 100,000 rows. Split it."
        )
        order = Refusal(
            "impossible_order", step="accepted", on="2026-03-01", other="received", other_on="2026-03-04"
        )
        assert sentence(order) == (
            "Accepted on 1 March 2026 conflicts with Received on 4 March 2026. Check the dates."
        )
        assert of_field("too_long", {"label": "Name", "limit": 4000}) == "Name: use 4,000 characters or fewer"
        assert of_field("no_such_day", {"label": None}) == "Enter a real date"
        with force_locale("cy"):
            assert sentence(Refusal("in_the_future", "on", on="2026-03-01")).startswith(
                "Mae 1 Mawrth 2026 yn"
            )


def test_not_found_and_overtaken(service) -> None:
    with service.app.test_request_context("/"):
        assert sentence(NotFound()) == "Not found, or you do not have access to it."
        assert sentence(StaleVersion(1, 2)) == "This has changed. Check what is new, then send yours again."


def test_a_code_without_a_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        refusals.sentence("brand_new", {})


def test_a_fact_that_looks_like_a_format_is_only_text(service) -> None:
    with service.app.test_request_context("/"):
        said = sentence(Refusal("duplicate_column", column="%(limit)s %s %d [<b>]"))
        assert "%(limit)s %s %d [<b>]" in said
