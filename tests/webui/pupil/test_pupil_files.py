"""Pupils by file: the preview writes nothing, the same file is then taken in, and what is wrong is said row by row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.service import Coordination
from tests.conftest import database_of_a_module
from tests.county import ALNCO, PUPIL, UPN
from tests.county import register as register_siân
from tests.intake.samples import FILES, pupil, sheet, upn, workbook
from tests.webui.conftest import form_token
from tests.webui.county_site import county_on
from tests.webui.referring import browser, form_in, settled
from tests.webui.service import RunningService, service_on

HERE = "/pupils/import"


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    """The county with one pupil."""
    with county_on(service) as coordination:
        register_siân(coordination)
        settled(service, coordination)
        yield coordination


@pytest.fixture(scope="module")
def seen(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A site for what writes nothing, which takes files of at most 2 MB."""
    folder = tmp_path_factory.mktemp("pupil-files")
    with (
        database_of_a_module(postgres, template) as address,
        service_on(address, folder, largest_file=2 * 2**20) as service,
        county_on(service),
    ):
        yield service


def preview(client: FlaskClient, data: bytes, name: str = "pupils.csv", **more: str) -> Any:
    typed = {"csrf_token": form_token(client.get(HERE).text)} | more
    return client.post(
        HERE, data=typed | {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def take(client: FlaskClient, previewed: Any) -> Any:
    return client.post(f"{HERE}/take", data=form_in(previewed.text, containing="kept"))


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def names(client: FlaskClient) -> list[str]:
    return re.findall(r'href="/pupils/[0-9a-f-]{36}">([^<]+)</a>', client.get("/pupils").text)


def test_the_preview_writes_nothing_and_the_same_file_is_then_taken(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    data = sheet([pupil(), pupil(upn=upn(2), forename="Gŵyn", surname="ap Rhŷs", needs="HI;VI")])
    before = county.record.last_position()
    shown = preview(client, data)
    assert shown.status_code == 200
    assert "would be registered: 2" in words_of(shown.text)
    assert "Prydderch, Non" in shown.text
    assert "Import 2 rows" in shown.text
    assert county.record.last_position() == before
    done = take(client, shown)
    assert "is registered: 2" in words_of(done.text)
    assert names(client) == ["ap Rhŷs, Gŵyn", "Gŵyn-Llŷr, Siân", "Prydderch, Non"]
    after = county.record.last_position()
    again = take(client, shown)
    assert "was already recorded, with no changes: 2" in words_of(again.text)
    assert county.record.last_position() == after
    with psycopg.connect(service.database) as conn:
        state = conn.execute("select convert_from(state, 'utf8') from log.event order by 1").fetchall()
    assert sum(f'"person":"{ALNCO}"' in s and '"source":"import"' in s for (s,) in state) >= 2
    assert not any("Prydderch" in s for (s,) in state)


def test_bad_rows_are_said_and_the_good_ones_taken(county: Coordination, service: RunningService) -> None:
    client = browser(service, "alnco")
    rows = [
        pupil(),
        pupil(upn="A801200005001", forename="Wrong letter"),
        pupil(upn=upn(3), surname="=cmd|' /C calc'!A0"),
        pupil(upn=upn(4), school_number="6994002"),
        pupil(upn=upn(5), school_number="9999999"),
        pupil(upn=upn(6), needs="NONSENSE"),
        pupil(upn=upn(7), date_of_birth="30/02/2012"),
        pupil(upn=upn(8), forename="Non", provision="school_action"),
    ]
    shown = preview(client, sheet(rows))
    said = words_of(shown.text)
    for words in (
        "The first letter of the unique pupil number does not fit the rest.",
        "A name may not begin with = + - or @",
        "This row is for another school.",
        "This school is not in the directory.",
        "Choose a code from the list for entry 1: MLD",
        "Enter a real date.",
        "This code is no longer in use.",
        "6 rows cannot be imported",
        "under another number",
        "Import 2 rows",
    ):
        assert words in said, words
    assert "cmd|" not in shown.text
    take(client, shown)
    assert names(client).count("Prydderch, Non") == 1


def test_the_record_is_brought_up_to_the_file(county: Coordination, service: RunningService) -> None:
    client = browser(service, "alnco")
    row = pupil(upn=UPN, surname="Gŵyn-Llŷr", forename="Siân", date_of_birth="2011-05-20", needs="ASD;HI")
    shown = preview(client, sheet([row]))
    assert "would be changed : Needs" in words_of(shown.text) or "would be changed: Needs" in words_of(
        shown.text
    )
    take(client, shown)
    assert "Hearing impairment" in client.get(f"/pupils/{PUPIL}").text


def test_a_pupil_of_another_school_is_asked_for_and_nothing_is_shown(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "other-alnco")
    for name in ("Siân", "Somebody"):
        row = pupil(upn=UPN, surname="Gŵyn-Llŷr", forename=name, school_number="6994002")
        shown = preview(client, sheet([row]))
        assert "is another school’s pupil: the file would be asked for: 1" in words_of(shown.text)
        assert "Bryn" not in words_of(shown.text)
    assert "the file was asked for: 1" in words_of(take(client, shown).text)
    assert names(client) == []
    assert names(browser(service, "alnco")) == ["Gŵyn-Llŷr, Siân"]


def test_a_preview_notes_the_own_pupils_that_were_compared(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    preview(client, sheet([pupil(upn=UPN, surname="Gŵyn-Llŷr", forename="Siân", date_of_birth="2011-05-20")]))
    with psycopg.connect(service.database) as conn:
        noted = conn.execute("select ids from desk.read_log where kind = 'pupil_file'").fetchall()
    assert noted == [([PUPIL],)]


def test_a_transfer_file_comes_in_at_either_end(county: Coordination, service: RunningService) -> None:
    data = (FILES / "ctf_21_wales.xml").read_bytes()
    sender, receiver = browser(service, "alnco"), browser(service, "other-alnco")
    take(sender, preview(sender, data, "file.xml"))
    assert "Rhys, Siw" in names(sender)
    shown = preview(receiver, data, "file.xml")
    assert "the file would be asked for" in words_of(shown.text)
    take(receiver, shown)
    assert "Rhys, Siw" not in names(receiver)
    assert "Rhys, Siw" in names(sender)


def test_a_workbook(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    row = pupil()
    shown = preview(client, workbook([list(row), list(row.values())]), "pupils.xlsx")
    assert "would be registered: 1" in words_of(shown.text)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 40_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file"),
        (b"\x00\x01\x02" * 50, ""),
        (b"just,some\nwords,here\n", "Some columns are missing from the header"),
        ((FILES / "ctf_billion_laughs.xml").read_bytes(), "declares a document type or entities"),
        ((FILES / "ctf_external_entity.xml").read_bytes(), "declares a document type or entities"),
        (b"<html></html>", "This is not a Common Transfer File."),
        (bomb(), "unpacks to more"),
    ],
    ids=["nothing", "bytes", "columns", "laughs", "entity", "html", "bomb"],
)
def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    seen: RunningService, data: bytes, said: str
) -> None:
    answer = preview(browser(seen, "alnco"), data)
    assert answer.status_code == 422
    assert said in words_of(answer.text)
    assert 'id="file-error"' in answer.text
    assert 'href="#file"' in answer.text


def test_a_file_that_is_too_large_is_refused(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    assert preview(client, b"x" * 50 * 2**20).status_code == 413
    assert preview(client, b"upn,surname\n" + b"x" * (2 * 2**20 + 10)).status_code == 422


def test_nobody_who_is_not_signed_in_gets_the_room(seen: RunningService) -> None:
    stranger = seen.app.test_client()
    token = form_token(stranger.get("/sign-in").text)
    sent = {"csrf_token": token, "file": (io.BytesIO(b"x" * (2**20 + 2**16)), "f.csv")}
    assert stranger.post(HERE, data=sent, content_type="multipart/form-data").status_code == 413


@pytest.mark.parametrize("kept", ["", "!!!", "AAAA", "eJwDAAAAAAE="])
def test_a_kept_file_that_is_not_whole_is_refused(seen: RunningService, kept: str) -> None:
    client = browser(seen, "alnco")
    token = form_token(client.get(HERE).text)
    answer = client.post(f"{HERE}/take", data={"csrf_token": token, "kept": kept})
    assert answer.status_code == 400


@pytest.mark.parametrize("who", ["clinician", "auditor", "administrator"])
def test_no_other_desk_imports(seen: RunningService, who: str) -> None:
    client = browser(seen, who)
    assert client.get(HERE).status_code == 404
    token = form_token(client.get("/account").text)
    assert client.post(f"{HERE}/take", data={"csrf_token": token}).status_code == 404


def test_a_long_file_lists_what_needs_a_look_first(
    seen: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.pupil.import_report.SHOWN", 3)
    client = browser(seen, "alnco")
    rows = [pupil(upn=upn(n), forename=f"Non {n}") for n in range(1, 8)] + [pupil(upn="X")]
    shown = preview(client, sheet(rows)).text
    listed = re.findall(r'scope="row" role="rowheader">(\d+)</th>', shown)
    assert listed == ["9", "2", "3"]
    assert "5 more rows are not listed" in shown
