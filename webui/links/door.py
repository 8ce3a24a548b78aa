"""The page before a one-time link's own, which asks for the second proof, and the page of a link that does not work."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from coordination.desk.one_time_links import OneTimeLink
from webui.forms import Form
from webui.links.browser import link_url
from webui.links.forms import LinkCodeSchema
from webui.shell.saved_forms import seal_form, submitted_form


def ask_for_proof(
    link: OneTimeLink,
    form: Form | None = None,
    *,
    sent: bool = False,
    kept: str | None = None,
    status: int = 422,
) -> Response:
    """The page that asks for the second proof. It says nothing of what the link is about. A form that was sent without
    the proof is kept."""
    arrived = form is None
    typed = submitted_form(link.audience) if arrived else None
    form = form or Form(LinkCodeSchema)
    response = form.page(
        "links/door.html",
        status=status,
        link=link,
        sent=sent,
        kept=seal_form(typed) if typed else kept,
        interrupted=request.method == "POST" and arrived,
        code_to=link_url("links.send_code"),
        proof_to=link_url("links.prove"),
        switch_to=link_url("links.page"),
        signing_in=True,
    )
    if arrived and request.method == "POST":
        response.status_code = 401
    return response


def link_not_good() -> Response:
    """The one page for every link that does not work."""
    return make_response(render_template("links/not_good.html", signing_in=True), 404)
