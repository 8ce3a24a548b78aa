"""The kinds of one-time links: the page that each opens, and who acts there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from flask import Flask, current_app

from coordination.desk.one_time_links import OneTimeLink
from coordination.link_reach import SERVICE_ROLE
from webui.shell.authentication import Actor


def service_by_link(link: OneTimeLink) -> Actor:
    """The service of an agency for which a link was made. The person recorded is the link: who it was says so with each
    answer."""
    return Actor(link.link, link.organisation, SERVICE_ROLE, "link", link.audience)


class LinkKind(msgspec.Struct, frozen=True):
    """`endpoint`: the page, whose address has the `token`. `actor`: who acts there. `still_good` is asked at each
    opening, before anything is shown: a link whose audience may no longer have it is like one that is over."""

    endpoint: str
    actor: Callable[[OneTimeLink], Actor] = service_by_link
    still_good: Callable[[OneTimeLink], bool] = lambda _link: True


def register_link_kinds(app: Flask, kinds: Mapping[str, LinkKind]) -> None:
    """Say which kinds of links the application has."""
    app.extensions["link_kinds"] = dict(kinds)


def kind_of(link: OneTimeLink) -> LinkKind | None:
    """The kind of a link; None for one of an earlier version of the service that is no more."""
    found: LinkKind | None = current_app.extensions["link_kinds"].get(link.kind)
    return found
