"""The criteria of the statistics of one service, from the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webui.forms import Form, FormSchema
from webui.reports.pages.question import report_question
from webui.reports.reading import offered_services, offered_standards
from webui.reports.words import CLOCK_NAMES
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
    standards = dict.fromkeys(code for one in offered for code in offered_standards(one.id))
    several: dict[str, Sequence[tuple[str, Words]]] = {
        "service": [(service.code, service_name(service)) for service in offered],
        "standard": [(code, CLOCK_NAMES.get(code, code)) for code in standards],
        **(choices or {}),
    }
    first = {"service": offered[0].code} if offered else {}
    form, asked = report_question(schema, {**first, **values}, several)
    service = directory().service_by_code(asked["service"]) if asked and asked["service"] else None
    if asked is None or service is None:
        return form, None
    own = offered_standards(service.id)
    if asked["standard"] not in own:  # left over from the service that was chosen before
        asked["standard"] = None
    form.choices["standard"] = [(code, CLOCK_NAMES.get(code, code)) for code in own]
    return form, asked
