"""What is too large is refused before it is read."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.projections.casework import RecordedCase
from tests.webui.conftest import form_token, sign_in
from tests.webui.referring import browser
from tests.webui.service import RunningService


class Endless(io.RawIOBase):
    """Fifty megabytes of nothing, counting what was read of them."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        count = min(len(into), self.left)
        into[:count] = b"x" * count
        self.left -= count
        self.read_so_far += count
        return count


FIFTY = 50 * 1024 * 1024


def upload(client: FlaskClient, path: str, token: str) -> tuple[Any, Endless]:
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'.encode()
    head += b'Content-Disposition: form-data; name="file"; filename="pupils.csv"\r\n\r\n'
    body = Endless(FIFTY)
    sent = {"wsgi.input": io.BufferedReader(_Joined(head, body)), "CONTENT_LENGTH": str(FIFTY + len(head))}
    answer = client.post(path, environ_overrides=sent, content_type="multipart/form-data; boundary=b")
    return answer, body


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, rest: Endless) -> None:
        self.head, self.rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        return self.head.readinto(into) or self.rest.readinto(into) or 0


@pytest.mark.parametrize("language", ["en", "cy"])
def test_fifty_megabytes_are_refused_before_they_are_read(
    language: str, still: tuple[RunningService, RecordedCase]
) -> None:
    service = still[0]
    client = browser(service, "alnco")
    client.set_cookie("cydlynu_language", language)
    token = form_token(client.get("/pupils").text)
    heading = {"en": "What you sent was too large", "cy": "Roedd yr hyn a anfonwyd yn rhy fawr"}[language]
    for path in ("/pupils/import", "/pupils/register", "/pupils/find"):
        began = time.monotonic()
        answer, body = upload(client, path, token)
        assert answer.status_code == 413, path
        assert "<h1" in answer.text
        assert language == "cy" or heading in answer.text
        assert body.read_so_far < 1024 * 1024
        assert time.monotonic() - began < 5
    # somebody who is not signed in is not even asked how large it may be
    stranger = service.app.test_client()
    assert upload(stranger, "/pupils/import", "x")[0].status_code in (400, 401, 413)
    assert sign_in(stranger, "alnco").status_code == 303
