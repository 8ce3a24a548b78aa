"""The page Who may see what says what the table of permissions says, in both languages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask_babel import force_locale

from coordination.permission_differences import DIFFERENCES
from coordination.permissions import TABLE, Right
from tests.webui.conftest import sign_in
from tests.webui.service import RunningService
from webui.words.permissions import RIGHTS, THINGS, role_in_table


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_page_says_what_the_table_says(language: str, service: RunningService) -> None:
    service.person("administrator", username="gwen", language=language)
    client = service.app.test_client()
    assert sign_in(client, "gwen").status_code == 303
    page = client.get("/permissions")
    assert page.status_code == 200
    shown = {
        _text(name): {
            (_text(right), _text(roles))
            for right, roles in re.findall(r"<li><strong>(.*?):</strong> (.*?)</li>", cell)
        }
        for name, cell in re.findall(
            r'<th class="govuk-table__header c-stack__name"[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>',
            page.text,
            re.S,
        )
    }
    with service.app.test_request_context(), force_locale(language):
        expected = {
            str(THINGS[thing]): {
                (
                    str(RIGHTS[right]),
                    ", ".join(str(role_in_table(r)) for r, has in held.items() if has is right),
                )
                for right in set(held.values()) - {Right.NO}
            }
            for thing, held in TABLE.items()
        }
    assert shown == expected
    for one in DIFFERENCES:
        assert (one.why_cy if language == "cy" else one.why) in unescape(page.text)


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
