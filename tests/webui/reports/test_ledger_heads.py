"""Signed heads of the ledger on reports and files, on their own page, and for other systems."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from coordination.store.ledger.heads import read_head
from scripts import check_ledger
from tests.county import SCHOOL, register
from tests.webui.api.conftest import program
from tests.webui.referring import browser, settled
from tests.webui.reports_county import reports_site, words_of
from tests.webui.signed_heads import AT, sign_head

REPORT = "/attendance?from_on=2024-12-02&as_of=2025-12-01"
FILE = "/attendance.csv?by=agency&from_on=2024-12-02&as_of=2025-12-01"


def test_heads_are_handed_to_everybody_who_asks(
    postgres: str, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.shell.ledger_heads.FRESH", 0.0)
    with reports_site(postgres, template, tmp_path) as (service, county):
        auditor = browser(service, "auditor")
        auditor.get("/language/en?to=/account")
        assert "No head has been signed yet." in auditor.get("/ledger-heads").text
        assert "Head of the ledger" not in auditor.get(REPORT).text
        before = auditor.get(FILE).data

        first = sign_head(service.database, tmp_path / "key")
        page = words_of(auditor.get(REPORT).text)
        assert f"Head of the ledger {first.head.short}, 1 December 2025" in page
        # a file at a position is the same whenever it is made: it has the last head from before that position
        assert auditor.get(FILE).data == before
        register(county, pupil=UUID(int=0xB2), upn="E670200126001")
        settled(service, county)
        [row, *_] = csv.DictReader(io.StringIO(auditor.get(FILE).data.decode("utf-8-sig")))
        assert row["ledger_head"] == f"{first.head.short} 2025-12-01T06:00Z"
        with_head = auditor.get(FILE).data

        second = sign_head(service.database, tmp_path / "key", AT + timedelta(days=1))
        assert auditor.get(FILE).data == with_head
        listed = words_of(auditor.get("/ledger-heads").text)
        assert first.head.short in listed and second.key.hex() in listed
        file = auditor.get(f"/ledger-heads/{second.head.size}.json")
        assert read_head(file.data)[0] == second
        assert check_ledger.check_head(json.loads(file.data), second.key.hex()) is None
        assert auditor.get("/ledger-heads/1.json").status_code == 404

        system = program(service, SCHOOL, "changes:read")
        heads = system.get("/ledger/heads").json["items"]
        assert [one["size"] for one in heads] == [second.head.size, first.head.size]
        assert [check_ledger.check_head(one, first.key.hex()) for one in heads] == [None, None]
