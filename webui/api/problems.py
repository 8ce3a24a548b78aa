"""What goes wrong, as a problem document (RFC 9457): a code for the program, a sentence for the person who reads it.

Nothing personal stands in one: not what was sent, not what is on the record.
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

from coordination.errors import NotFound, Overtaken, Refused
from webui.shell.signed_in import DOCUMENTATION
from webui.words.refusals import SENTENCES, sentence

MIMETYPE = "application/problem+json"

# code: the status and what it means. Refusals of the domain have codes and sentences of their own.
PROBLEMS: dict[str, tuple[int, Any]] = {
    "malformed": (400, _l("The body is not JSON as RFC 8259 has it, in UTF-8.")),
    "bad_request": (400, _l("The request could not be read.")),
    "idempotency_key_missing": (
        400,
        _l("What records needs an Idempotency-Key, so that sending it again does not record it twice."),
    ),
    "idempotency_key_wrong": (400, _l("An Idempotency-Key has 1 to 100 printable ASCII characters.")),
    "if_match_wrong": (400, _l("If-Match must hold the ETag with which the thing was last answered.")),
    "token_missing": (401, _l("Send a token: Authorization: Bearer …")),
    "token_unknown": (401, _l("This token is not known.")),
    "token_expired": (401, _l("This token has expired.")),
    "token_revoked": (401, _l("This token was revoked.")),
    "scope_missing": (403, _l("The token does not allow this. It needs the scope %(scope)s.")),
    "not_found": (404, _l("This is not here, or it is not yours to see.")),
    "method_not_allowed": (405, _l("This address does not take this method.")),
    "not_acceptable": (406, _l("This is answered as application/json only.")),
    "overtaken": (
        412,
        _l(
            "Something was recorded here after what you have. Get it again, look at what is new, then send yours."
        ),
    ),
    "too_large": (413, _l("The body is larger than is taken.")),
    "not_json": (415, _l("Send the body as application/json.")),
    "not_as_described": (
        422,
        _l("Something in the request is not as the document of this API describes it."),
    ),
    "idempotency_key_reused": (422, _l("Something else was sent under this Idempotency-Key before.")),
    "if_match_missing": (428, _l("What changes something needs If-Match with its ETag.")),
    "too_many_requests": (429, _l("The token made too many requests. Wait before the next one.")),
    "broken": (500, _l("Something went wrong on our side. It was noted, without anything about a pupil.")),
    "too_busy": (503, SENTENCES["too_busy"]),
    "not_available": (
        503,
        _l("The record cannot be reached for the moment. Send the same again in a while."),
    ),
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


# What stands in the way of finalising a meeting; its errors are one for each, in place of the field the address below
# the meeting where it is put right.
GAPS = {
    "nobody_present": _l("Nobody is marked as present."),
    "unmarked": _l("A party was expected and has no mark."),
    "apology_marked_absent": _l("A party sent apologies and is marked absent without apology."),
    "action_without_owner": _l("An action has no owner."),
    "action_without_due_date": _l("An action has no due date."),
}


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: the field (empty: none, or one whose name cannot be repeated), a code, a sentence."""

    field: str
    code: str
    detail: str


class Problem(Exception):
    """Ends the request with a problem document."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[Wrong] = (),
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
    status, words = PROBLEMS[wrong.code]
    return _answer(status, wrong.code, str(words) % wrong.facts, wrong.errors, wrong.headers)


def of_refused(refused: Refused) -> Response:
    """The document of a refusal: not found and not yours look the same."""
    if isinstance(refused, NotFound):
        return of_problem(Problem("not_found"))
    if isinstance(refused, Overtaken) or refused.code == "too_busy":
        return of_problem(Problem(refused.code))
    if refused.code == "command_id_reused":
        return of_problem(Problem("idempotency_key_reused"))
    words = sentence(refused)
    about = Wrong(field=refused.field, code=refused.code, detail=words) if refused.field else None
    listed = [_gap(gap) for gap in refused.facts.get("gaps", ())]
    return _answer(REFUSED, refused.code, words, listed or ((about,) if about else ()))


def _gap(gap: Mapping[str, Any]) -> Wrong:
    where = f"actions/{gap['action']}" if "action" in gap else f"register/{gap.get('party', '')}".rstrip("/")
    return Wrong(field=where, code=gap["gap"], detail=str(GAPS[gap["gap"]]))


def of_http(error: HTTPException) -> Response:
    """The document of an HTTP error, with the headers that belong to it."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, OperationalError):
        return of_database(error.original_exception)
    code = _OF_STATUS.get(error.code or 500, "bad_request" if (error.code or 500) < 500 else "broken")
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return of_problem(Problem(code, headers=headers))


def of_database(_error: OperationalError) -> Response:
    """The database is away for a moment."""
    return of_problem(Problem("not_available", headers={"Retry-After": "10"}))


def _answer(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[Wrong | None] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    listed = code if code in PROBLEMS else "refused"
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
    400: _l("Not understood"),
    401: _l("Who is asking?"),
    403: _l("Not allowed"),
    404: _l("Not found"),
    405: _l("Not this method"),
    406: _l("Not to be had in this form"),
    412: _l("Somebody was quicker"),
    413: _l("Too large"),
    415: _l("Not this kind of body"),
    422: _l("Not recorded"),
    428: _l("Not without If-Match"),
    429: _l("Too many requests"),
    500: _l("Something went wrong on our side"),
    503: _l("Not available for the moment"),
}


def _title(status: int) -> str:
    return str(_TITLES.get(status) or HTTPStatus(status).phrase)
