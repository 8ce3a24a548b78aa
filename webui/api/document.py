"""The API as a whole: its resources, its OpenAPI document, and the documentation page."""

from __future__ import annotations

import json
from functools import cache
from threading import Lock
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, render_template
from flask_babel import force_locale, gettext
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from webui.api import described, problems
from webui.api.problems import STATUSES, Problem
from webui.api.resource import Resource
from webui.shell.authentication import DOCUMENTATION, PROGRAMS
from webui.words import refusals
from webui.words.languages import LOCALES, language
from webui.words.refusals.translated import of_code, of_field

blueprint = Blueprint("api_document", __name__)

ABOUT = (
    "The API for a school's or an agency's own system, which uses a bearer token of its organisation. Dates are dates "
    "in Wales (2026-03-02); times are RFC 3339. Requests that record something need an Idempotency-Key; those "
    "that change something need If-Match with its ETag. Errors are RFC 9457 documents with a code. A resource that "
    "your organisation cannot see gives 404."
)


API = {"API_TITLE": "Cydlynu", "API_VERSION": "v1", "OPENAPI_VERSION": "3.1.0"}
_describing = Lock()


class JsonApi(Api):  # type: ignore[misc] # flask-smorest has no types
    """flask-smorest without its error handlers for the whole application: below /api/v1 errors are problem documents
    (see webui/shell/errors.py), elsewhere pages."""

    def _register_error_handlers(self) -> None:
        self._app.register_error_handler(Problem, problems.of_problem)

    def handle_http_exception(self, error: HTTPException) -> Response:
        """An HTTP error as a problem document, including `Allow`."""
        return problems.of_http(error)


def open_api(app: Flask, resources: tuple[Resource, ...], forms_checked: CSRFProtect) -> None:
    """Register the resources, in the order of the document.

    They are exempt from the CSRF check: a program has no session that another site could use.
    """
    app.config.update(API)
    JsonApi(app)
    app.extensions["api_resources"] = resources
    for resource in resources:
        forms_checked.exempt(resource)
        app.register_blueprint(resource)
    app.register_blueprint(blueprint)

    @app.after_request
    def say_the_rate(response: Response) -> Response:
        response.headers.update(g.get("rate_headers") or {})
        return response


def document() -> dict[str, Any]:
    """The OpenAPI document, made when first requested: describing a hundred operations takes longer than starting the
    service."""
    with _describing, force_locale(LOCALES["en"]):
        return _described(current_app.extensions["api_resources"])


@cache
def _described(resources: tuple[Resource, ...]) -> dict[str, Any]:
    # a separate application: one that has served a request accepts no more registrations
    bare = Flask(__name__)
    bare.config.update(API)
    api = JsonApi(bare, spec_kwargs={"info": {"description": ABOUT}, "servers": [{"url": "/"}]})
    api.ma_plugin.converter.add_attribute_function(described.field_properties)
    api.spec.components.schema("Problem", described.PROBLEM)
    for status in sorted(set(STATUSES.values())):
        api.spec.components.response(described.response_name(status), described.problem_response(status))
    api.spec.components.security_scheme(
        "bearer",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of your organisation. Your administrator creates it with its scopes.",
        },
    )
    for resource in resources:
        api.register_blueprint(resource)
    return _finished(api.spec.to_dict(), resources)


@blueprint.get(f"{PROGRAMS}/openapi.json")
def openapi() -> Response:
    """Send the document; no token is required."""
    return Response(json.dumps(document()), mimetype="application/json")


@blueprint.get(DOCUMENTATION)
def page() -> str:
    """Show the documentation page."""
    whole = document()
    return render_template(
        "api/docs.html",
        document=whole,
        operations=_operations(whole),
    )


def _operations(document: dict[str, Any]) -> Markup:
    """The long part of the page, cached for each language."""
    drawn: dict[str, Markup] = current_app.extensions.setdefault("api_operations", {})
    if language() not in drawn:
        html = render_template(
            "api/operations.html",
            document=document,
            operations=_by_tag(document),
            fields_of=lambda schema: _fields(document, schema),
            matters=_matters(),
        )
        drawn[language()] = Markup(html)  # noqa: S704 - our own template, escaped when it was rendered
    return drawn[language()]


def _matters() -> list[dict[str, Any]]:
    """The catalogue of refusals by subject in the language of the page: each code, its status if it concerns the
    request itself, and its meaning. A code with a different meaning for a field is listed there too."""
    fields = refusals.fields.SENTENCES
    of_fields = [
        {
            "name": code,
            "status": None,
            "anchor": code if code in fields else f"field-{code}",
            "meaning": of_field(code, {}),
        }
        for code in fields | refusals.LABELLED
    ]
    return [
        {
            "title": gettext(title),
            "codes": of_fields
            if sentences is fields
            else [
                {"name": code, "anchor": code, "status": STATUSES.get(code), "meaning": of_code(code, {})}
                for code in sentences
            ],
        }
        for title, sentences in refusals.MATTERS.items()
    ]


def _finished(document: dict[str, Any], resources: tuple[Resource, ...]) -> dict[str, Any]:
    """The document ready for JSON: lazy strings become text, and tags get the names of the resources."""
    document["tags"] = [{"name": resource.tag, "description": resource.description} for resource in resources]
    finished: dict[str, Any] = json.loads(json.dumps(document, default=str))
    for methods in finished["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                if parameter.get("in") == "query":
                    _never_null(parameter["schema"])
    return finished


def _never_null(schema: dict[str, Any]) -> None:
    """Remove null from query parameters: a parameter that is not needed is left out of the address."""
    schema.pop("default", None)
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "enum" in schema:
        schema["enum"] = [one for one in schema["enum"] if one is not None]


def _by_tag(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post"):
                found[operation["tags"][0]].append({"path": path, "method": method.upper(), **operation})
    return found


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a body for a table: name, type, whether it is required, and a description."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "type": _type(about),
            "required": name in required,
            "about": about.get("description", ""),
            "offered": [one for one in about.get("enum", ()) if one is not None],
        }
        for name, about in schema.get("properties", {}).items()
    ]


def _type(about: dict[str, Any]) -> str:
    kind = about.get("type", "object")
    kinds = [one for one in (kind if isinstance(kind, list) else [kind]) if one != "null"]
    form = about.get("format")
    return " ".join(kinds) + (f" ({form})" if form else "")
