"""Authentication: the session of each request, and the roles that a page requires."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from psycopg import OperationalError
from werkzeug.wrappers import Response

from coordination.authority import ROLES_AT
from coordination.calendars import local_date
from coordination.desk.co_signing import AWAITING
from coordination.desk.places import Place, may_sit
from coordination.desk.sessions import Session, choose_place, end_session, session_of
from coordination.desk.tokens import Token, sight_of_token
from coordination.directory.sight import Sight, sight_of
from coordination.event import LinkReach, Source
from coordination.viewer import Viewer
from webui.shell.headers import secure_cookies
from webui.shell.runtime import runtime

View = TypeVar("View", bound=Callable[..., Any])

PROGRAMS = "/api/v1"
"""Below this address programs come in with a token: no cookie is looked at there."""
DOCUMENTATION = "/api/v1/docs"
"""Except for the page that people read."""


class Actor(msgspec.Struct, frozen=True):
    """The actor of this request: a person, the system of an organisation with its token (then `person` is the token's
    id), or whoever has a one-time link and gave the second proof (then it is the link's id)."""

    person: UUID
    organisation: UUID
    role: str
    source: Source
    service: UUID | None = None


def needs_no_database(view: View) -> View:
    """Mark a page that is shown even while the database is unavailable; no user is signed in on it then."""
    view.without_database = True  # type: ignore[attr-defined]
    return view


def needs_no_session(view: View) -> View:
    """Mark a page that needs no sign-in (files, health): the session is not even looked up."""
    view.without_session = True  # type: ignore[attr-defined]
    return view


def before_second_step(view: View) -> View:
    """Mark a page that a person may open whose role requires an authenticator app and who has not added one yet."""
    view.before_second_step = True  # type: ignore[attr-defined]
    return view


def second_step_missing(found: Session) -> bool:
    """Whether the role in this session requires a second step and none was taken."""
    return found.second_factor is None and found.account.role in runtime().settings.sign_in.totp_roles


def register_sessions(app: Flask) -> None:
    """Find the session of each request before anything else uses it (the CSRF check does)."""

    @app.before_request
    def find() -> None:
        g.session = g.session_over = g.token = None
        token, view = request.cookies.get(cookie_name()), _view()
        if not token or is_api_request() or hasattr(view, "without_session"):
            return
        try:
            with runtime().desk() as conn:
                found = session_of(conn, token, now=runtime().now(), length=runtime().settings.session_length)
        except OperationalError:
            # an unknown address is unknown with or without a database
            if view is not None and not hasattr(view, "without_database"):
                raise
            return
        if found is None or found.over:
            g.session_over = found
            return
        if found.chosen and not _still_there(found):
            # the role ended since it was chosen: back to the place of the account, with the next request
            with runtime().desk() as conn:
                choose_place(conn, token, None)
            g.session_over = None
            return
        g.session = found
        # forms are checked against the session's own token, so a planted cookie has no effect
        if session.get("csrf_token") != found.csrf:
            session["csrf_token"] = found.csrf


def _still_there(found: Session) -> bool:
    account = found.account
    if account.role == AWAITING:  # the place is theirs, and opens nothing yet
        return True
    place = Place(account.organisation, account.role, account.service)
    return may_sit(account, place, runtime().coordination.directory(), runtime().today())


def choose_desk(place: Place) -> None:
    """Sit at another desk for the rest of this session. The caller has checked that it is the person's."""
    token = request.cookies.get(cookie_name())
    if token:
        with runtime().desk() as conn:
            choose_place(conn, token, place)


def cookie_name() -> str:
    """The name of the session cookie. `__Host-` makes the browser refuse the cookie from a sibling domain; it requires
    https."""
    return "__Host-cydlynu" if secure_cookies() else "cydlynu"


def current() -> Session | None:
    """The session of this request, or None if no user is signed in."""
    found: Session | None = g.get("session")
    return found


def is_api_request() -> bool:
    """Whether this request is for the API, whatever address below it."""
    path = request.path
    return path != DOCUMENTATION and (path == PROGRAMS or path.startswith(PROGRAMS + "/"))


def acting() -> Actor | None:
    """The actor of this request, or None if it has no identification."""
    token: Token | None = g.get("token")
    if token is not None:
        return Actor(token.token, token.organisation, token.role, "api")
    linked: Actor | None = g.get("link_actor")
    if linked is not None:
        return linked
    found = current()
    if found is None:
        return None
    account = found.account
    return Actor(account.person, account.organisation, account.role, "screen", account.service)


def act_by_link(actor: Actor, reach: LinkReach) -> None:
    """Let whoever holds a one-time link act for the rest of this request, within its reach. The caller has checked the
    second proof."""
    g.link_actor, g.link_reach = actor, reach


def sight() -> Sight:
    """The services of an agency for which the actor of this request looks and acts; of other organisations none."""
    found = acting()
    if found is None or found.role not in ROLES_AT["agency"]:
        return Sight()
    held: Sight | None = g.get("sight")
    if held is None:
        held = g.sight = _sight_of(found)
    return held


def _sight_of(found: Actor) -> Sight:
    known, today = runtime().coordination.directory(), runtime().today()
    if request.method in ("GET", "HEAD"):
        g.directory = known  # read once for the page
    token: Token | None = g.get("token")
    if token is not None:
        return sight_of_token(token, known, today)
    if found.source == "link":
        return Sight((found.service,) if found.service else ())
    held = current()
    chosen = held is not None and held.chosen
    person = known.person(found.person)
    appointments = [
        a
        for a in (person.on(today) if person else ())
        if (a.organisation, a.role) == (found.organisation, found.role)
        and (not chosen or a.service == found.service)
    ]
    return sight_of(known, appointments, today)


def viewer() -> Viewer:
    """The first argument of every query, on a page behind `signed_in` or for a program with a token."""
    found = acting()
    if found is None:
        raise RuntimeError("viewer() on a page that is open to everybody")
    # one instant for the whole request: what a page reads is of one moment
    now: datetime | None = g.get("instant")
    if now is None:
        now = g.instant = runtime().now()
    return Viewer(
        person=found.person,
        organisation=found.organisation,
        role=found.role,
        today=local_date(now),
        now=now,
        services=sight().services,
        whole_agency=sight().whole_agency,
    )


def signed_in(*roles: str) -> Callable[[View], View]:
    """Restrict a page to these roles (none named: to every signed-in user).

    Not signed in: redirect to the sign-in page, and back afterwards. Another role: 404, without details.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            found = current()
            if found is None:
                return _ask_to_sign_in()
            if roles and found.account.role not in roles:
                abort(404)
            if not hasattr(view, "before_second_step") and second_step_missing(found):
                return redirect(url_for("second_step.add"), 303)
            return view(*args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def begin_session(opened: Session) -> None:
    """Sign the user in for the rest of this request; data of the browser from before the sign-in is removed."""
    g.session = opened
    session.clear()
    session["csrf_token"] = opened.csrf


def set_session_cookie(response: Response, token: str) -> None:
    """Set the session cookie in the browser."""
    response.set_cookie(
        cookie_name(), token, path="/", httponly=True, samesite="Lax", secure=secure_cookies()
    )


def has_session_cookie() -> bool:
    """Whether the browser still holds the token of a session, so that the user can be told that it has ended."""
    return cookie_name() in request.cookies


def end_current_session(response: Response) -> None:
    """End the session here and in the database."""
    token = request.cookies.get(cookie_name())
    if token:
        with runtime().desk() as conn:
            end_session(conn, token)
    session.clear()
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="Lax", secure=secure_cookies())


def _ask_to_sign_in() -> Any:
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("sign_in.page", next=current_address()), 303)
    # pages import this module, so the page that keeps what was typed is reached through the application
    return current_app.extensions["session_over_page"]()


def current_address() -> str:
    """The path and query of this request, for a later redirect back."""
    return request.full_path.rstrip("?")


def _view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint) if request.endpoint else None
