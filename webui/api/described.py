"""The operations of the OpenAPI document: parameters, bodies and all possible responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema
from marshmallow.fields import Field

from webui.api import idempotency, preconditions
from webui.api.problems import MIMETYPE, STATUSES
from webui.api.reading import LONGEST_CODE, ClosedSchema, IdField
from webui.forms.fields import ChoiceField, ChoicesField, DateField, TextField, WholeNumberField, YesNoField

Doc = dict[str, Any]

KEY: Doc = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Your own name for this request. If you send it again with the same body, you get the same "
    "response and nothing more is recorded.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": idempotency.LONGEST,
        "pattern": idempotency.PATTERN,
    },
    "example": "3f1c8c1e-offer-1",
}
MATCH: Doc = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag from your last response for this resource. You get 412 if it has changed since.",
    "schema": {"type": "string", "pattern": preconditions.PATTERN},
    "example": '"12-0123456789abcdef"',
}
NONE_MATCH: Doc = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag that you have. You get 304 if the response would be the same.",
    "schema": {"type": "string"},
    "example": '"12-0123456789abcdef"',
}
LANGUAGE: Doc = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of problem texts: en or cy.",
    "schema": {"type": "string"},
    "example": "cy",
}
ETAG: Doc = {"ETag": {"description": "The latest version of the resource.", "schema": {"type": "string"}}}
LINK: Doc = {"Link": {"description": "first, prev, next, last (RFC 8288)", "schema": {"type": "string"}}}
LOCATION: Doc = {"Location": {"description": "The address of the resource.", "schema": {"type": "string"}}}

PROBLEM: Doc = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["field", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}


def problem_response(status: int) -> Doc:
    """The response of a status, with its possible error codes."""
    codes = ", ".join(code for code, of in STATUSES.items() if of == status)
    more = ", or the code of the rule that refused the request" if status == 422 else ""
    return {
        "description": f"Code: {codes}{more}.",
        "content": {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def response_name(status: int) -> str:
    """The name of a status's response in the document."""
    return f"Problem{status}"


def describe_get(
    tag: str,
    view: Callable[..., Any],
    scope: str,
    answers: type[Schema],
    query: type[ClosedSchema],
    *,
    listed: bool = False,
    tagged: bool = False,
) -> Doc:
    """Describe a GET operation."""
    answer: Doc = {
        "description": "What the token's organisation can see.",
        "content": {"application/json": {"schema": answers}},
    }
    responses: Doc = {"200": answer}
    parameters: list[Any] = [LANGUAGE]
    if tagged:
        parameters.append(NONE_MATCH)
        answer["headers"] = ETAG
        responses["304"] = {"description": "You already have this version."}
    if listed:
        answer["headers"] = LINK
    if query._declared_fields:
        parameters.append({"in": "query", "schema": query})
    return _operation(tag, view, scope, parameters, responses, (401, 403, 404, 406, 422, 429, 500, 503))


def describe_find(
    tag: str, view: Callable[..., Any], scope: str, takes: type[Schema], answers: type[Schema]
) -> Doc:
    """Describe a POST operation that queries and records nothing."""
    answer: Doc = {
        "description": "What was found.",
        "content": {"application/json": {"schema": answers}},
    }
    statuses = (400, 401, 403, 404, 406, 413, 415, 422, 429, 500, 503)
    return _operation(tag, view, scope, [LANGUAGE], {"200": answer}, statuses) | _body(takes)


def describe_recording(
    tag: str,
    view: Callable[..., Any],
    scope: str,
    takes: Any,
    answers: type[Schema],
    *,
    matched: bool,
    asks: type[Schema] | None = None,
) -> Doc:
    """Describe a POST operation that records; `asks` is the answer 202, where it may only ask for the thing."""
    answer: Doc = {
        "description": "Recorded. The same request again gets the same response.",
        "headers": LOCATION | (ETAG if matched else {}),
        "content": {"application/json": {"schema": answers}},
    }
    responses = {"201": answer}
    if asks is not None:
        responses["202"] = {
            "description": "Asked for. The same request again gets the same response.",
            "headers": LOCATION,
            "content": {"application/json": {"schema": asks}},
        }
    parameters = [LANGUAGE, KEY, *([MATCH] if matched else [])]
    statuses = (400, 401, 403, 404, 406, *((412,) if matched else ()), 413, 415, 422)
    more = (*((428,) if matched else ()), 429, 500, 503)
    return _operation(tag, view, scope, parameters, responses, (*statuses, *more)) | _body(takes)


def describe_removing(tag: str, view: Callable[..., Any], scope: str) -> Doc:
    """Describe a DELETE operation."""
    responses = {"204": {"description": "Removed. The same request again changes nothing."}}
    statuses = (400, 401, 403, 404, 406, 422, 429, 500, 503)
    return _operation(tag, view, scope, [LANGUAGE], responses, statuses)


def _body(takes: Any) -> Doc:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": takes}}}}


def _operation(
    tag: str,
    view: Callable[..., Any],
    scope: str,
    parameters: list[Any],
    responses: Doc,
    statuses: tuple[int, ...],
) -> Doc:
    problems = {
        str(status): {"$ref": f"#/components/responses/{response_name(status)}"} for status in statuses
    }
    return {
        "operationId": f"{tag}_{view.__name__}",
        "security": [{"bearer": [scope] if scope else []}],
        "parameters": parameters,
        "responses": responses | problems,
    }


def field_properties(_converter: Any, field: Field[Any], **_more: Any) -> Doc:
    """The JSON Schema properties of a form field: type, bounds and choices. An attribute function of apispec's
    converter."""
    label = field.metadata.get("label")
    found: Doc = {"description": str(label)} if isinstance(field, _ASKED) and label is not None else {}
    match field:
        case YesNoField():
            found["type"] = "boolean"
        case WholeNumberField():
            found |= {"type": "integer", "minimum": field.least, "maximum": field.most}
        case ChoicesField():
            found |= {"type": "array", "items": _code(field)} | (
                {"minItems": 1} if field.at_least_one else {}
            )
        case ChoiceField():
            found |= _code(field)
        case DateField():
            found |= {"type": "string", "format": "date", "pattern": "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"}
        case IdField():
            found |= {"type": "string", "format": "uuid"}
        case TextField():
            found |= {"type": "string", "maxLength": field.longest} | (
                {"minLength": 1} if field.required else {}
            )
        case _:
            return {}
    if field.allow_none:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


_ASKED = (TextField, WholeNumberField, ChoiceField, ChoicesField, DateField)


def _code(field: ChoiceField | ChoicesField) -> Doc:
    offered = [code for code, _words in field.choices]
    return {"type": "string", "enum": offered} if offered else {"type": "string", "maxLength": LONGEST_CODE}
