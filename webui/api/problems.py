"""Errors as problem documents (RFC 9457): a code for the program and a sentence for its user.

A problem document contains no personal data, sent or recorded. The sentences are those of the catalogue
(webui/words/refusals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response, g
from flask_babel import lazy_gettext as _l
from psycopg import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from coordination.errors import NotFound, Refusal, StaleVersion
from webui.shell.authentication import DOCUMENTATION
from webui.words.refusals.translated import of_code, sentence

MIMETYPE = "application/problem+json"

# The codes of a request and their statuses. Refusals of the domain have their own codes and the status REFUSED.
STATUSES: dict[str, int] = {
    "malformed": 400,
    "bad_request": 400,
    "idempotency_key_missing": 400,
    "idempotency_key_wrong": 400,
    "if_match_wrong": 400,
    "token_missing": 401,
    "token_unknown": 401,
    "token_expired": 401,
    "token_not_co_signed": 401,
    "token_revoked": 401,
    "scope_missing": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "sight_ended": 410,
    "overtaken": 412,
    "too_large": 413,
    "not_json": 415,
    "not_as_described": 422,
    "idempotency_key_reused": 422,
    "if_match_missing": 428,
    "too_many_requests": 429,
    "broken": 500,
    "too_busy": 503,
    "not_available": 503,
}
REFUSED = 422
"""The status of a refusal of the domain, which is understood and not done."""

_OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "not_json",
    429: "too_many_requests",
    503: "not_available",
}


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One error: the field (empty: none, or one whose name must not be repeated), a code and a sentence."""

    field: str
    code: str
    detail: str


class Problem(Exception):
    """Ends the request with a problem document."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors
        self.headers = dict(headers or {})
        self.facts = facts


def of_problem(wrong: Problem) -> Response:
    """The document of a problem."""
    detail = of_code(wrong.code, wrong.facts)
    return _answer(STATUSES[wrong.code], wrong.code, detail, wrong.errors, wrong.headers)


def of_refused(refused: Refusal) -> Response:
    """The document of a refusal: "not found" and "no access" look the same."""
    if isinstance(refused, NotFound):
        return of_problem(Problem("not_found"))
    if isinstance(refused, StaleVersion) or refused.code == "too_busy":
        return of_problem(Problem(refused.code))
    if refused.code == "command_id_reused":
        return of_problem(Problem("idempotency_key_reused"))
    words = sentence(refused)
    about = FieldProblem(field=refused.field, code=refused.code, detail=words) if refused.field else None
    listed = [_gap(gap) for gap in refused.facts.get("gaps", ())]
    return _answer(REFUSED, refused.code, words, listed or ((about,) if about else ()))


def _gap(gap: Mapping[str, Any]) -> FieldProblem:
    """A gap that prevents a meeting from being finalised; the field is the address below the meeting where it can be
    fixed."""
    where = f"actions/{gap['action']}" if "action" in gap else f"register/{gap.get('party', '')}".rstrip("/")
    return FieldProblem(field=where, code=gap["gap"], detail=of_code(gap["gap"], {}))


def of_http(error: HTTPException) -> Response:
    """The document of an HTTP error, with its headers."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, OperationalError):
        return of_database(error.original_exception)
    code = _OF_STATUS.get(error.code or 500, "bad_request" if (error.code or 500) < 500 else "broken")
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return of_problem(Problem(code, headers=headers))


def of_database(_error: OperationalError) -> Response:
    """The document for a database that is temporarily unavailable."""
    return of_problem(Problem("not_available", headers={"Retry-After": "10"}))


def _answer(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem | None] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    listed = code if code in STATUSES else "refused"
    document: dict[str, Any] = {
        "type": f"{DOCUMENTATION}#{listed}",
        "title": _title(status),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        document["errors"] = errors
    if status >= 500:
        document["instance"] = f"urn:request:{g.get('request_id', '')}"
    response = Response(msgspec.json.encode(document), status, mimetype=MIMETYPE)
    response.headers.update(headers or {})
    return response


_TITLES = {
    400: _l("Request not understood"),
    401: _l("Token required"),
    403: _l("Not allowed"),
    404: _l("Not found"),
    405: _l("Method not allowed"),
    406: _l("Not available in this format"),
    412: _l("This has changed"),
    413: _l("Too large"),
    415: _l("Unsupported kind of body"),
    422: _l("Not recorded"),
    428: _l("If-Match required"),
    429: _l("Too many requests"),
    500: _l("Something went wrong on our side"),
    503: _l("Not available at the moment"),
}


def _title(status: int) -> str:
    return str(_TITLES.get(status) or HTTPStatus(status).phrase)
