"""Who holds a one-time link, and whether they gave the second proof in this browser."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import g, request

from coordination.desk.link_proofs import LinkSession, link_session_of
from coordination.desk.one_time_links import OneTimeLink, link_of_secret, reach_of
from coordination.desk.throttle import ThrottleLimits, attempt_succeeded, begin_attempt, key_of
from webui.links.browser import browser_token
from webui.links.door import ask_for_proof, link_not_good
from webui.links.kinds import kind_of
from webui.shell.authentication import act_by_link, needs_no_session
from webui.shell.runtime import runtime

View = TypeVar("View", bound=Callable[..., Any])

# The attempts with invalid links from one address in a quarter of an hour; an address may be shared by a hospital.
LIMITS = ThrottleLimits(by_pair=30, by_address=30)


def by_link(*kinds: str) -> Callable[[View], View]:
    """A page behind a one-time link of one of these kinds. The view gets the link, as its argument `link` in place of
    the `token` of the address; the actor of the request is whoever answers by it.

    A link that is wrong, expired, revoked or used up: one page that tells nothing. Without the second proof in this
    browser: the page that asks for it; a form that was sent is kept through it.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(token: str, **given: Any) -> Any:
            link = open_link(token)
            if link is None or link.kind not in kinds:
                return link_not_good()
            proof = proof_in_browser(link)
            if proof is None:
                return ask_for_proof(link)
            kind = kind_of(link)
            if kind is None:
                return link_not_good()
            act_by_link(kind.actor(link), reach_of(link))
            g.link_proof = proof
            return view(link=link, **given)

        guarded.link_kinds = frozenset(kinds)  # type: ignore[attr-defined]
        return cast(View, needs_no_session(guarded))

    return guard


def open_link(token: str) -> OneTimeLink | None:
    """The link of a secret, unless it is wrong, expired, revoked or no longer its audience's, or too many wrong ones
    came from this address. A link that was used up is open only where the second proof was given before."""
    here, now = runtime(), runtime().now()
    secret, address = here.settings.secret_key, request.remote_addr or ""
    with here.desk() as conn:
        attempt = here.new_id()
        wait = begin_attempt(
            conn,
            attempt=attempt,
            username_key=key_of(secret, "link " + address),
            address_key=key_of(secret, "links from " + address),
            now=now,
            limits=LIMITS,
        )
        link = link_of_secret(conn, token) if wait is None else None
        if link is None or link.revoked_at is not None or now >= link.expires_at:
            return None
        proved = _session(link) is not None
        if link.used_at is not None and not proved:
            return None
        attempt_succeeded(conn, attempt)
    kind = kind_of(link)
    return link if kind is not None and kind.still_good(link) else None


def proof_in_browser(link: OneTimeLink) -> LinkSession | None:
    """The second proof, where it was given in this browser within the last twelve hours."""
    return _session(link)


def _session(link: OneTimeLink) -> LinkSession | None:
    token = browser_token()
    if not token:
        return None
    with runtime().desk() as conn:
        return link_session_of(conn, token, link, runtime().now())
