"""Drafts: the values typed in a long form that was not sent, kept for the user and offered when they return.

A page takes part with one decorator (`@saves_draft` below `@signed_in`), its template with one line next to the send
button (`{{ keep_draft() }}` of forms/fields.html). Without scripts the button of that line saves the draft; with
scripts (drafts.js) it is saved automatically. A draft is restored by a form too, so that it is never in an address; the
request then looks as if it had just been typed, and `Form.take` only shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from coordination.desk.drafts import Draft, DraftPlace, delete_sent_draft, drop_draft, find_draft, keep_draft
from coordination.desk.minute_texts import MinutePlace, forget_own_texts, keep_minute_text
from coordination.store.keys import OuterKeys
from webui.shell.authentication import current, current_address
from webui.shell.runtime import runtime
from webui.words.formats import clock

View = TypeVar("View", bound=Callable[..., Any])

FIELD = "draft"
LARGEST = 100_000
# generated for each showing, or not text of the user
_DROPPED = frozenset({"csrf_token", "password", "new_password", "one_time_code", FIELD})
# the header of a script's request, which is answered with a line and not a page
BY_ITSELF = "X-Draft"
_SAID = "draft_said"
# the version of the shared text upon which the form was typed
CONTINUES = "text_version"
_ABOUT_THE_FORM = frozenset({"command_id", "seen", CONTINUES})


def saves_draft(view: View) -> View:
    """Mark a page whose form is long enough to keep a draft."""
    view.keeps_draft = True  # type: ignore[attr-defined]
    return view


def shares_draft(place: Callable[..., MinutePlace | None]) -> Callable[[View], View]:
    """Mark a page with drafts whose text other minute-takers read too; `place` says, of the arguments of the page,
    where (None: nowhere)."""

    def mark(view: View) -> View:
        view.draft_is_at = place  # type: ignore[attr-defined]
        return view

    return mark


def offer_drafts(app: Flask) -> None:
    """Save, find, restore and delete drafts before the page itself handles a request (but after the CSRF check), and
    delete a draft when its form was accepted."""
    app.before_request(_before)
    app.after_request(_after)
    app.jinja_env.globals.update(draft_here=current_draft, draft_said=lambda: g.get("draft_said", ""))


def current_draft() -> Draft | None:
    """The draft for the page that is being shown."""
    found: Draft | None = g.get("draft")
    return found


def is_resumed_draft(submitted: Mapping[str, str]) -> bool:
    """Whether a form contains a resumed draft, to be shown and not performed."""
    return submitted.get(FIELD) == "resume"


def _before() -> Response | None:
    if not _joins():
        return None
    if request.method in ("GET", "HEAD"):
        g.draft, g.draft_said = _find(), session.pop(_SAID, "")
        return None
    match request.form.get(FIELD):
        case "keep":
            return _keep()
        case "drop":
            with runtime().desk() as desk:
                drop_draft(desk, _keys(), _place())
            return _back(_("Draft deleted."))
        case "resume":
            return _resume()
        case _:
            return None


def _after(response: Any) -> Any:
    """Delete the draft of a form that was accepted and redirects: what was typed in it is recorded."""
    led_on = request.method == "POST" and response.status_code == 303 and _joins()
    if led_on and not request.form.get(FIELD):
        with runtime().desk() as desk:
            delete_sent_draft(desk, _keys(), _place(), command=_command(), now=runtime().now())
            if (shared := _shared_place()) is not None:
                person = _place().person
                forget_own_texts(desk, _keys(), shared, person=person, showing=_command())
    return response


def _keep() -> Response:
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in _DROPPED]
    if sum(len(name) + len(text) for name, text in fields) > LARGEST:
        abort(413)
    now, shared, version = runtime().now(), _shared_place(), None
    with runtime().desk() as desk:
        kept = keep_draft(desk, _keys(), _place(), command=_command(), fields=fields, now=now)
        if shared is not None and kept:
            typed = {name: text for name, text in fields if text and name not in _ABOUT_THE_FORM}
            version = keep_minute_text(
                desk,
                _keys(),
                shared,
                person=_place().person,
                showing=_command(),
                continues=request.form.get(CONTINUES, 0, int),
                fields=typed,
                now=now,
            )
    words = _("Draft saved at %(time)s.", time=clock(now))
    if BY_ITSELF in request.headers:
        headers = {} if version is None else {"X-Draft-Version": str(version)}
        return Response(words, mimetype="text/plain", headers=headers)
    return _back(words)


def _shared_place() -> MinutePlace | None:
    """Where the text is shared with other minute-takers."""
    view = current_app.view_functions.get(request.endpoint) if request.endpoint else None
    place = getattr(view, "draft_is_at", None)
    return None if place is None else place(**(request.view_args or {}))


def _back(words: str) -> Response:
    """Redirect to the page with a message; it is not flashed, because most form pages do not show flashed messages."""
    session[_SAID] = words
    return redirect(current_address(), 303)


def _resume() -> Response | None:
    found = g.draft = _find()
    if found is None:
        return redirect(current_address(), 303)
    request.form = ImmutableMultiDict([*found.fields, (FIELD, "resume")])
    return None


def _joins() -> bool:
    """Whether the page keeps drafts, for a user who may open it."""
    view = current_app.view_functions.get(request.endpoint) if request.endpoint else None
    person = current()
    if person is None or not hasattr(view, "keeps_draft"):
        return False
    roles = getattr(view, "roles", None)
    return not roles or person.account.role in roles


def _find() -> Draft | None:
    """The draft for this page. One that was typed before the pupil's identity was replaced is withheld and deleted."""
    with runtime().desk() as desk:
        found = find_draft(desk, _keys(), _place(), now=runtime().now())
        pupil = (request.view_args or {}).get("pupil")
        if found is None or pupil is None:
            return found
        replaced = runtime().coordination.record.identity_replaced_at(pupil)
        if replaced is None or found.begun_at > replaced:
            return found
        drop_draft(desk, _keys(), _place())
        return None


def _place() -> DraftPlace:
    person = current()
    assert person is not None
    return DraftPlace(person.account.person, person.account.organisation, current_address())


def _command() -> str:
    return "".join(sign for sign in request.form.get("command_id", "")[:100] if sign.isprintable())


def _keys() -> OuterKeys:
    keys: OuterKeys = runtime().coordination.record.outer
    return keys
