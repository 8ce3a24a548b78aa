"""Recording an answer by a one-time link of a service: on whose word, and when the link is used up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, session

from coordination.desk.one_time_links import OneTimeLink, use_link
from coordination.errors import NotFound
from coordination.event import GivenWord
from webui.links.forms import WordSchema
from webui.shell.runtime import runtime

WORD_FIELDS = tuple(WordSchema().fields)
_KEPT = "answers_as"


def said_by(link: OneTimeLink, typed: Mapping[str, Any]) -> None:
    """Record what follows in this request on the word of the person who typed their name and job. This browser
    remembers both until its links are closed, so that a second answer asks for one press less."""
    name, job = (str(typed[field]) for field in WORD_FIELDS)
    # a link that went by mail was made by the service itself, and not by a school
    g.link_word = GivenWord(name, job, link.school if link.made_by else None)
    session[_KEPT] = [name, job]


def last_word() -> dict[str, str]:
    """The name and job that were typed last in this browser."""
    held = session.get(_KEPT)
    return dict(zip(WORD_FIELDS, held, strict=False)) if isinstance(held, list) else {}


def forget_word() -> None:
    """The person has finished in this browser."""
    session.pop(_KEPT, None)


def use_up(link: OneTimeLink, over: Callable[[], bool]) -> None:
    """After an answer: nothing more can be answered by the link where its matter is over."""
    try:
        done = over()
    except NotFound:
        done = True
    if done:
        with runtime().desk() as conn:
            use_link(conn, link.link, runtime().now())
