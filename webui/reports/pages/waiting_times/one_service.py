"""The criteria of the statistics of one service, from the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webui.forms import Form, FormSchema
from webui.reports.pages.question import report_question
from webui.reports.reading import offered_services
from webui.words.naming import directory, service_name
from webui.words.text import Words


def one_service(
    schema: type[FormSchema],
    values: Mapping[str, Any],
    choices: Mapping[str, Sequence[tuple[str, Words]]] | None = None,
) -> tuple[Form, dict[str, Any] | None]:
    """The form for this address, filled in over `values`, and the criteria, with a service: the first that is offered
    where the address names none. None if something in the address is wrong, or if no service is offered."""
    offered = sorted(offered_services(), key=service_name)
    standards = {s.code for one in offered for s in directory().standards_of(one.id)}
    several: dict[str, Sequence[tuple[str, Words]]] = {
        "service": [(service.code, service_name(service)) for service in offered],
        "standard": [(code, code) for code in sorted(standards)],
        **(choices or {}),
    }
    first = {"service": offered[0].code} if offered else {}
    form, asked = report_question(schema, {**first, **values}, several)
    if asked is None or not asked["service"]:
        return form, None
    service = directory().service_by_code(asked["service"])
    own = {s.code for s in directory().standards_of(service.id)} if service else set()
    if asked["standard"] not in own:  # left over from the service that was chosen before
        asked["standard"] = None
    return form, asked
