"""Every route of the web and the API with whom it opens itself to, as listed in `routes.json` beside this file.

`python -m tests.webui.route_list` writes the list anew: look at the difference, because it says who may open what.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.routing import Rule

from webui.app import create_app
from webui.shell.settings import WebSettings

LISTED = Path(__file__).parent / "routes.json"
API = "/api/v1"


def roles_of(app: Flask, rule: Rule) -> frozenset[str] | None:
    """The roles a page opens itself to (empty: everybody who is signed in); None: it asks nobody to sign in."""
    return getattr(app.view_functions[rule.endpoint], "roles", None)


def is_program(rule: Rule) -> bool:
    """Whether the route is for programs with a token."""
    return rule.rule.startswith(API)


def routes(app: Flask) -> dict[str, str]:
    """Each route (method and path) with its roles, or what else lets somebody in: a token with a scope, a one-time
    link; open: nothing is asked."""
    found = {}
    for rule in app.url_map.iter_rules():
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())):
            found[f"{method} {rule.rule}"] = _opens_to(app, rule)
    return dict(sorted(found.items()))


def _opens_to(app: Flask, rule: Rule) -> str:
    roles = roles_of(app, rule)
    if roles is not None:
        return " ".join(sorted(roles)) or "signed in"
    if is_program(rule):
        scope = getattr(app.view_functions[rule.endpoint], "scope", None)
        return "open" if scope is None else f"token {scope}".strip()
    return "link" if rule.endpoint.startswith("links.") else "open"


def listed() -> dict[str, str]:
    """The list as it is kept."""
    found: dict[str, str] = json.loads(LISTED.read_text())
    return found


def main() -> None:
    """Write the list anew."""
    with TemporaryDirectory() as folder:
        app = create_app(WebSettings(database="host=nowhere", data=Path(folder)))
        LISTED.write_text(json.dumps(routes(app), indent=1) + "\n")
        app.extensions["cydlynu"].close()


if __name__ == "__main__":
    main()
