"""A resource: the operations that list, show, find and record, declared once for the service and for its document."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from coordination.desk.keyed_requests import StoredAnswer
from coordination.desk.read_log import Cited
from coordination.errors import NotFound, StaleVersion
from coordination.event import Command, Receipt
from webui.api import described, idempotency, paging, preconditions, reading
from webui.api.bearer import authenticate
from webui.api.problems import Problem
from webui.shell import casework
from webui.shell.authentication import PROGRAMS

View = Callable[..., Any]


class ReadLogNote(msgspec.Struct, frozen=True):
    """What the read log records about a response (see casework.note_shown)."""

    kind: str
    ids: Sequence[UUID]
    purpose: str = "own_pupil"
    cites: Sequence[Cited] = ()


class ResourceView(msgspec.Struct, frozen=True):
    """A thing in a response. `version` is its last version, for the ETag; None: it has none."""

    document: Any
    version: int | None = None
    noted: ReadLogNote | None = None


class ResourceRows(msgspec.Struct, frozen=True):
    """A page of a list: its rows, and the total number of rows."""

    rows: Sequence[Any]
    total: int
    noted: ReadLogNote | None = None


class RecordingResult(msgspec.Struct, frozen=True):
    """The result of recording: the ids (and versions) by name, and the address of the thing below /api/v1. `status` is
    202 where it was only asked for. `once` is in the first answer only, and is not stored."""

    ids: Mapping[str, UUID | int]
    where: str
    status: int = 201
    once: Mapping[str, str] = {}


class RecordRequest(msgspec.Struct, frozen=True):
    """The context of a recording request. `seen` is the version named by If-Match, for the command."""

    command_id: str
    seen: int | None = None

    def new_id(self, what: str) -> UUID:
        """The id of a new thing: the same for a repeated request."""
        return casework.new_id(self.command_id, what)

    def perform(self, command: Command) -> Receipt:
        """Perform one command. Raises Refusal."""
        return casework.perform(command, self.command_id)

    def perform_all(self, commands: Sequence[Command]) -> int:
        """Perform several commands, all or none. Raises Refusal."""
        return casework.perform_all(commands, self.command_id)


class Resource(Blueprint):  # type: ignore[misc] # flask-smorest has no types
    """The addresses of one kind of thing. `name` is its tag in the document."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=PROGRAMS, description=description)
        self.tag = name

    def lists(
        self,
        rule: str,
        *,
        scope: str,
        answers: type[Schema],
        query: type[reading.ClosedSchema] = reading.ClosedSchema,
    ) -> Callable[[View], View]:
        """`view(query, page, **path) -> ResourceRows`."""
        asks, whole = _paged(query), _list_of(answers)

        def declare(view: View) -> View:
            @functools.wraps(view)
            def answer(**path: Any) -> Response:
                authenticate(scope)
                _acceptable()
                typed = reading.read_query(asks())
                page = paging.take_page(typed)
                found: ResourceRows = view(typed, page, **path)
                _note(found.noted)
                document = {
                    "items": found.rows,
                    "total": found.total,
                    "page": page.number,
                    "per_page": page.size,
                }
                response = _json(whole().dump(document))
                response.headers["Link"] = paging.page_links(page, found.total)
                return response

            doc = described.describe_get(self.tag, view, scope, whole, asks, listed=True)
            self._declare(rule, "GET", answer, doc)
            return view

        return declare

    def shows(
        self,
        rule: str,
        *,
        scope: str,
        answers: type[Schema],
        query: type[reading.ClosedSchema] | None = None,
        tagged: bool = True,
    ) -> Callable[[View], View]:
        """`view(**path) -> ResourceView`, or `view(query, **path)` with a query; not `tagged`: it has no ETag."""
        asks = query or reading.ClosedSchema

        def declare(view: View) -> View:
            @functools.wraps(view)
            def answer(**path: Any) -> Response:
                authenticate(scope)
                _acceptable()
                typed = reading.read_query(asks())
                shown: ResourceView = view(typed, **path) if query else view(**path)
                _note(shown.noted)
                return _shown(answers, shown)

            # the operations that change the thing return its ETag
            view.answers = answers  # type: ignore[attr-defined]
            doc = described.describe_get(self.tag, view, scope, answers, asks, tagged=tagged)
            self._declare(rule, "GET", answer, doc)
            return view

        return declare

    def finds(
        self, rule: str, *, scope: str, takes: type[reading.ClosedSchema], answers: type[Schema]
    ) -> Callable[[View], View]:
        """`view(typed, **path) -> ResourceView`: a query whose values must not be in an address; it records
        nothing."""

        def declare(view: View) -> View:
            @functools.wraps(view)
            def answer(**path: Any) -> Response:
                authenticate(scope)
                _acceptable()
                _no_query()
                shown: ResourceView = view(reading.read_body(takes()), **path)
                _note(shown.noted)
                return _json(answers().dump(shown.document))

            self._declare(
                rule, "POST", answer, described.describe_find(self.tag, view, scope, takes, answers)
            )
            return view

        return declare

    def records(
        self,
        rule: str,
        *,
        scope: str,
        takes: Callable[[], Any],
        makes: Sequence[str],
        may_ask: Sequence[str] = (),
        once: Sequence[str] = (),
        thing: View | None = None,
        described_body: Any = None,
    ) -> Callable[[View], View]:
        """`view(typed, asked, **path) -> RecordingResult`. With `thing`, the view that shows what is changed,
        If-Match is required and the ETag afterwards is answered. `may_ask` are the ids of an answer 202, where the
        view only asked for the thing; `once` texts that are answered but once. `described_body`
        replaces the body's schema in the document."""
        answers = _made_of(makes, once)
        asks = _made_of(may_ask) if may_ask else None

        def declare(view: View) -> View:
            @functools.wraps(view)
            def answer(**path: Any) -> Response:
                token = authenticate(scope)
                _acceptable()
                _no_query()
                key = idempotency.idempotency_key(token)
                seen = preconditions.expected_version() if thing is not None else None
                typed = reading.read_body(takes())
                shown: dict[str, str] = {}

                def act() -> StoredAnswer:
                    if seen is not None and thing is not None:
                        _not_ahead(thing(**path), seen)
                    made: RecordingResult = view(typed, RecordRequest(key.command_id, seen), **path)
                    shown.update(made.once)
                    form = asks if made.status == 202 and asks is not None else answers
                    return StoredAnswer(made.status, {"ids": form().dump(made.ids), "where": made.where})

                try:
                    answered, before = idempotency.perform_once(token, key, act)
                except StaleVersion:
                    tag = _tag_of(thing, path)
                    raise Problem("overtaken", headers={"ETag": tag} if tag else {}) from None
                response = _json(answered.answer["ids"] | shown, answered.status)
                response.headers["Location"] = PROGRAMS + answered.answer["where"]
                if before:
                    response.headers["Idempotency-Replayed"] = "true"
                if thing is not None and (tag := _tag_of(thing, path)):
                    response.headers["ETag"] = tag
                return response

            doc = described.describe_recording(
                self.tag, view, scope, described_body or takes, answers, matched=thing is not None, asks=asks
            )
            self._declare(rule, "POST", answer, doc)
            return view

        return declare

    def removes(self, rule: str, *, scope: str) -> Callable[[View], View]:
        """`view(**path)`: removes a thing for good; removing it again changes nothing."""

        def declare(view: View) -> View:
            @functools.wraps(view)
            def answer(**path: Any) -> Response:
                authenticate(scope)
                _no_query()
                view(**path)
                return Response(status=204)

            self._declare(rule, "DELETE", answer, described.describe_removing(self.tag, view, scope))
            return view

        return declare

    def _declare(self, rule: str, method: str, answer: View, doc: dict[str, Any]) -> None:
        # the list of all routes says which scope opens each
        [scope] = doc["security"][0]["bearer"] or [""]
        answer.scope = scope  # type: ignore[attr-defined]
        self.route(rule, methods=[method], tags=[self.tag], endpoint=answer.__name__)(self.doc(**doc)(answer))


def _shown(answers: type[Schema], shown: ResourceView) -> Response:
    response = _json(answers().dump(shown.document))
    if shown.version is not None:
        tag = preconditions.etag(shown.version, response.get_data())
        if preconditions.matches_etag(tag):
            response = Response(status=304)
        response.headers["ETag"] = tag
    return response


def _tag_of(thing: View | None, path: dict[str, Any]) -> str | None:
    """The ETag of a thing now; None if the actor can no longer see it."""
    answers = getattr(thing, "answers", None)
    if thing is None or answers is None:
        return None
    try:
        shown: ResourceView = thing(**path)
    except NotFound:
        return None
    return preconditions.etag(shown.version or 0, _json(answers().dump(shown.document)).get_data())


def _not_ahead(shown: ResourceView, seen: int) -> None:
    """Refuse a version that is not recorded yet: such an ETag belongs to something else."""
    if shown.version is not None and seen > shown.version:
        raise StaleVersion(seen, shown.version)


def _json(document: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, mimetype="application/json")


def _acceptable() -> None:
    if not request.accept_mimetypes:
        return
    if request.accept_mimetypes.best_match(["application/json"]) is None:
        raise Problem("not_acceptable")


def _no_query() -> None:
    """Refuse query parameters: the data must be in the body, because addresses are written to logs."""
    reading.read_query(reading.ClosedSchema())


def _note(noted: ReadLogNote | None) -> None:
    if noted is not None and noted.ids:
        casework.note_shown(noted.kind, noted.ids, noted.purpose, noted.cites)


@functools.cache
def _paged(query: type[reading.ClosedSchema]) -> type[reading.ClosedSchema]:
    meta = type("Meta", (), {"unknown": RAISE, "register": False})
    bases = (paging.PagedQuery,) if query is reading.ClosedSchema else (query, paging.PagedQuery)
    return type(f"Paged{query.__name__}", bases, {"Meta": meta})


@functools.cache
def _list_of(answers: type[Schema]) -> type[Schema]:
    number = functools.partial(fields.Integer, required=True, metadata={"minimum": 0})
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(answers), required=True),
            "total": number(),
            "page": number(),
            "per_page": number(),
        },
        name=f"{answers.__name__.removesuffix('Schema')}List",
    )


@functools.cache
def _made(makes: tuple[str, ...], once: tuple[str, ...]) -> type[Schema]:
    found: dict[str, fields.Field[Any]] = {
        name: fields.Integer(required=True) if name == "entry" else fields.UUID(required=True)
        for name in makes
    }
    found |= {name: fields.String() for name in once}
    named = "".join(name.title().replace("_", "") for name in (*makes, *once))
    return Schema.from_dict(found, name=f"Made{named}")


def _made_of(makes: Sequence[str], once: Sequence[str] = ()) -> type[Schema]:
    return _made(tuple(makes), tuple(once))
