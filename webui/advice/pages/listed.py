"""The list of conversations, those about one pupil, and one conversation with what can be recorded next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from projections.advice import queries
from projections.advice.queries import AdviceAsk
from projections.case_file.queries.children import shown_file
from webui.advice.pages.shared import blueprint
from webui.advice.reading import at_the_agency, child_of, open_list, own_services
from webui.advice.words import ANSWERS, CHANNELS
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.parts.paging import Paging, page_number
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import ADVICE_DESK, SCHOOL_DESK
from webui.words.naming import directory

PAGE_SIZE = 50


@blueprint.get("/advice")
@signed_in(*ADVICE_DESK)
def page() -> ResponseReturnValue:
    """List the conversations, all or only those without an answer, of all services or of one."""
    chosen = _service()
    asked = AdviceAsk(
        service=chosen,
        open=request.args.get("open") == "yes",
        page=page_number(request.args.get("page")),
        size=PAGE_SIZE,
    )
    found = queries.advice_list(casework.reader(), viewer(), asked)
    if not found.rows and asked.page > 1:
        asked = msgspec.structs.replace(asked, page=1)
        found = queries.advice_list(casework.reader(), viewer(), asked)
    kept = {name: request.args[name] for name in ("service", "open") if request.args.get(name)}

    def here(**other: Any) -> str:
        return url_for("advice.page", **kept | other)

    return Form(NothingSchema).page(
        "advice/list.html",
        at_agency=at_the_agency(),
        lines=open_list(found),
        asked=asked,
        services=own_services(viewer().today),
        here=here,
        channels=CHANNELS,
        answers=ANSWERS,
        pages=Paging.of(found.total, asked.page, PAGE_SIZE),
        page_address=lambda n: here(page=n if n > 1 else None),
        log_position=found.position,
    )


@blueprint.get("/pupils/<uuid:pupil>/advice")
@signed_in(*SCHOOL_DESK)
def of_pupil(pupil: UUID) -> ResponseReturnValue:
    """List the conversations about a pupil of the school."""
    child = child_of(shown_file(casework.reader(), viewer(), pupil), viewer().organisation)
    asked = AdviceAsk(pupils=tuple({pupil, child.pupil}), size=PAGE_SIZE)
    found = queries.advice_list(casework.reader(), viewer(), asked)
    return Form(NothingSchema).page(
        "advice/of_pupil.html",
        child=child,
        lines=open_list(found),
        channels=CHANNELS,
        answers=ANSWERS,
        log_position=found.position,
    )


def _service() -> UUID | None:
    code = request.args.get("service")
    if not code:
        return None
    found = directory().service_by_code(code)
    return found.id if found is not None else abort(404)
