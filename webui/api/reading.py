"""Strict reading of requests: the body as one JSON object, the address as its parameters.

The schemas are those of the forms. A form is lenient with typed text; a program can be exact, so an unknown field, a
number in place of text or a date that is not an ISO date is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from flask import request
from marshmallow import RAISE, ValidationError, fields, pre_load
from marshmallow.fields import Field
from marshmallow.validate import Length

from webui.api.problems import FieldProblem, Problem
from webui.forms.base import FormSchema, words_of_field
from webui.forms.fields import ChoiceField, ChoicesField, DateField, TextField, WholeNumberField, YesNoField
from webui.words.refusals import SENTENCES
from webui.words.refusals.translated import of_code
from webui.words.text import Words

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""The days that are taken: within them every clock and calendar can count."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class DocumentReader(Protocol):
    """What reads a document: a schema, or the body of any milestone."""

    @property
    def fields(self) -> Mapping[str, Field[Any]]: ...

    def load(self, document: Any, /) -> Any: ...


class ClosedSchema(FormSchema):
    """A schema that accepts only the fields it names, each in its JSON type."""

    class Meta:
        unknown = RAISE

    @pre_load
    def take_typed(self, data: Any, **_more: Any) -> Any:
        """Refuse wrong JSON types before the forms' own lenient reading."""
        if not isinstance(data, Mapping):
            raise ValidationError("not_an_object")
        wrong = {
            name: [code]
            for name, value in data.items()
            if name in self.fields and (code := _type_code(self.fields[name], value))
        }
        if wrong:
            unknown = {name: ["unknown_field"] for name in data if name not in self.fields}
            raise ValidationError(wrong | unknown)
        return {
            name: self._cleaned(name, value) if name in self.fields else value for name, value in data.items()
        }


class IdField(TextField):
    """An id: a UUID as text."""

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, longest=36, **options)


class IdsField(ChoicesField):
    """A list of ids."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        listed = super()._deserialize(value, attr, data, **kwargs)
        if not all(_UUID.fullmatch(one) for one in listed):
            raise ValidationError("not_an_id")
        return [UUID(one) for one in listed]


class ObjectsField(fields.List[Any]):
    """A list of objects, each with its own schema. An error in one of them is reported for the whole field."""

    def __init__(self, label: Words, of: type[ClosedSchema], *, most: int = 50) -> None:
        super().__init__(
            fields.Nested(of),
            load_default=(),
            validate=Length(max=most, error="too_long"),
            metadata={"label": label, "description": label},
        )
        self.longest = most


@cache
def closed_schema(schema: type[FormSchema]) -> type[ClosedSchema]:
    """The strict version of a form's schema."""
    meta = type("Meta", (), {"unknown": RAISE, "register": False})
    return type(f"{schema.__name__}Body", (ClosedSchema, schema), {"Meta": meta})


def read_body(schema: DocumentReader) -> dict[str, Any]:
    """Read the body of this request with a schema. Raises Problem: 415, 413, 400 for invalid JSON, 422."""
    if request.mimetype != "application/json":
        raise Problem("not_json", headers={"Accept": "application/json"})
    sent = request.get_data(cache=True)
    try:
        document = json.loads(sent.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Problem("malformed") from None
    return load_document(schema, document)


def read_query(schema: DocumentReader) -> dict[str, Any]:
    """Read the parameters in the address of this request with a schema. Raises Problem 422."""
    typed: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, values in request.args.lists():
        field = schema.fields.get(name)
        if len(values) > 1:
            wrong[name] = ["repeated"]
        elif isinstance(field, WholeNumberField):
            typed[name] = int(values[0]) if _WHOLE.fullmatch(values[0]) else values[0]
        elif isinstance(field, YesNoField):
            typed[name] = {"true": True, "false": False}.get(values[0], values[0])
        else:
            typed[name] = values[0]
    if wrong:
        raise fields_problem(schema, wrong)
    return load_document(schema, typed)


def load_document(schema: DocumentReader, document: Any) -> dict[str, Any]:
    """Load a document with a schema. Raises Problem 422, which names each field that is wrong."""
    try:
        loaded: dict[str, Any] = schema.load(document)
    except ValidationError as refused:
        raise fields_problem(schema, refused.normalized_messages()) from None  # type: ignore[no-untyped-call]
    return loaded


def fields_problem(schema: DocumentReader, messages: Mapping[str, Any]) -> Problem:
    """The problem for fields with error codes; a field is named only if its name could be one of ours."""
    errors = [_wrong(schema, str(name), _first(codes)) for name, codes in messages.items()]
    return Problem("not_as_described", errors=errors)


def field_problem(schema: DocumentReader, name: str, code: str) -> Problem:
    """The problem for one field."""
    return fields_problem(schema, {name: code})


def _wrong(schema: DocumentReader, name: str, code: str) -> FieldProblem:
    field = schema.fields.get(name)
    if field is not None:
        known = code if code in SENTENCES else "not_offered"
        return FieldProblem(field=name, code=known, detail=words_of_field(field, known, name))
    known = code if code in SENTENCES else "unknown_field"
    shown = name if _NAME.fullmatch(name) and name != "_schema" else ""
    return FieldProblem(field=shown, code=known, detail=of_code(known, {}))


def _first(codes: Any) -> str:
    while isinstance(codes, list | dict) and codes:
        codes = codes[0] if isinstance(codes, list) else next(iter(codes.values()))
    return str(codes)


def _type_code(field: Field[Any], value: Any) -> str | None:
    """The error code for a value of the wrong JSON type; None if the type is right."""
    if value is None:
        return None if field.allow_none else "missing"
    match field:
        case ObjectsField():
            return None if isinstance(value, list) else "wrong_type"
        case YesNoField():
            return None if isinstance(value, bool) else "wrong_type"
        case WholeNumberField():
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return None if whole and not isinstance(value, bool) else "not_a_number"
        case ChoicesField():
            listed = isinstance(value, list) and all(isinstance(one, str) and _text(one) for one in value)
            return _offered(field, value) if listed else "wrong_type"
        case DateField():
            return _day_code(value)
        case _ if not isinstance(value, str):
            return "not_text"
        case _ if not _text(value):
            return "not_text"
        case ChoiceField():
            return _offered(field, [value])
        case IdField():
            return None if _UUID.fullmatch(value) else "not_an_id"
        case TextField():
            return "too_long" if len(value) > field.longest else None
        case _:
            return None


def _offered(field: ChoiceField | ChoicesField, codes: list[str]) -> str | None:
    """Limit a field to the choices that the form itself offers; choices that are passed in later are checked by the
    decision."""
    offered = {code for code, _words in field.choices}
    if offered and not set(codes) <= offered:
        return "not_offered"
    return "too_long" if any(len(code) > LONGEST_CODE for code in codes) else None


LONGEST_CODE = 80


def _day_code(value: Any) -> str | None:
    if not (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return "no_such_day"
    try:
        on = date.fromisoformat(value)
    except ValueError:
        return "no_such_day"
    return None if FIRST <= on <= LAST else "no_such_day"


def _text(value: str) -> bool:
    """Whether the text can be stored: a lone surrogate cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(_name: str) -> Any:
    raise ValueError


def _once(pairs: list[tuple[str, Words]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)
