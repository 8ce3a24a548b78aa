"""Files of other layouts: the columns shown as guessed, corrected, kept under a name, and used for the next file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.intake.pupil_columns import field_of_header
from coordination.service import Coordination
from tests.county import UPN
from tests.county import register as register_siân
from tests.intake.samples import pupil, sheet, upn, workbook
from tests.webui.county_site import county_on
from tests.webui.pupil.test_pupil_files import HERE, names, preview, take, words_of
from tests.webui.referring import browser, form_in, settled
from tests.webui.service import RunningService

LAYOUT = (
    "Ysgol y Bryn,,,,\n"
    "Disgybl no,Family,Given,Born,Bl\n"
    f"{upn(31)},Prydderch,Non,04/05/2014,7\n"
    f"{upn(32)},ap Rhys,Gwyn,05/06/2014,7\n"
).encode()


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    """The county with one pupil."""
    with county_on(service) as coordination:
        register_siân(coordination)
        settled(service, coordination)
        yield coordination


def choose(client: FlaskClient, shown: Any, action: str, **chosen: str) -> Any:
    """Send the page of columns with these choices."""
    typed = form_in(shown.text, containing="kept", action="columns")
    for name, value in (chosen | {"action": action}).items():
        typed[name] = value
    return client.post(f"{HERE}/columns", data=typed)


RIGHT = {"c0": "upn", "c1": "surname", "c2": "forename", "c3": "date_of_birth", "c4": "year"}


def test_an_unknown_layout_is_mapped_kept_and_used_again(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    shown = preview(client, LAYOUT)
    said = words_of(shown.text)
    assert "Check the columns" in said and "Guessed from the values" in said
    assert upn(31) in said, "the first values of each column are shown"
    done = choose(client, shown, "preview", **RIGHT, name="Ein system ni", language="cy")
    assert "would be registered: 2" in words_of(done.text)
    assert "1 pupil on your roll is not in the file" in words_of(done.text)
    assert "Record that Gŵyn-Llŷr, Siân has left" in words_of(done.text)
    take(client, done)
    assert "Prydderch, Non" in names(client)
    again = words_of(preview(client, LAYOUT).text)
    assert "The columns were read with your mapping “Ein system ni”." in again
    assert "is already recorded, with no changes: 2" in again
    start = client.get(HERE).text
    assert "Ein system ni" in start
    with psycopg.connect(service.database) as conn:
        (kept,) = conn.execute("select contents::text from desk.column_mapping").fetchone() or ("",)
    client.post(f"{HERE}/forget", data=form_in(start, containing="name", action="forget"))
    assert "Ein system ni" not in client.get(HERE).text
    assert '"language": "cy"' in kept, "the language where the file gives none"
    assert "family" in kept and "Prydderch" not in kept and upn(31) not in kept


def test_two_columns_for_one_field_are_refused_with_their_names(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    shown = preview(client, LAYOUT)
    wrong = choose(client, shown, "preview", **(RIGHT | {"c2": "surname"}))
    assert wrong.status_code == 422
    assert "Family, Given" in words_of(wrong.text)
    assert 'href="#c1"' in wrong.text and 'id="c1-error"' in wrong.text
    assert 'value="surname" selected' in wrong.text, "what was chosen stays"


def test_the_file_is_read_again_with_another_header_row_or_other_columns(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    shown = preview(client, LAYOUT)
    again = choose(client, shown, "again", header_row="1")
    assert again.status_code == 200 and "Ysgol y Bryn" in words_of(again.text)
    nothing = choose(client, shown, "again", header_row="99")
    assert nothing.status_code == 422 and "Choose another row" in words_of(nothing.text)
    sims = choose(client, shown, "use", start="SIMS")
    assert sims.status_code == 422 and "The mapping does not fit this file" in words_of(sims.text)
    assert "not confirmed by a school" in words_of(shown.text)


def test_a_pupil_s_row_is_not_kept_as_a_header(county: Coordination, service: RunningService) -> None:
    client = browser(service, "alnco")
    shown = choose(client, preview(client, LAYOUT), "again", header_row="3")
    kept = choose(client, shown, "preview", **RIGHT, name="Wrong row")
    assert kept.status_code == 422 and "has a pupil’s number in it" in words_of(kept.text)


def test_refused_rows_are_named_and_downloaded_with_the_reason(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    shown = preview(
        client, sheet([pupil(), pupil(upn="A801200005001", forename="Wrong letter", surname="Ap")])
    )
    assert "Ap, Wrong letter" in words_of(shown.text)
    answer = client.post(f"{HERE}/refused", data=form_in(shown.text, containing="kept", action="refused"))
    head, row = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert head[:3] == ["Row", "Reason", "upn"]
    assert row[0] == "3" and "does not fit the rest" in row[1] and row[2] == "A801200005001"


def test_what_would_change_is_said_from_what_to_what(county: Coordination, service: RunningService) -> None:
    client = browser(service, "alnco")
    row = pupil(upn=UPN, surname="Gŵyn-Llŷr", forename="Siân", date_of_birth="2011-05-20", needs="ASD;HI")
    said = words_of(preview(client, sheet([row])).text)
    assert "Needs: " in said and "→" in said and "Hearing impairment" in said


def test_the_sheet_is_offered_where_several_hold_pupils(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    row = pupil()
    book = workbook(
        [list(row), list(row.values())], more={"Blwyddyn 8": [list(row), list(pupil(upn=upn(2)).values())]}
    )
    shown = preview(client, book, "pupils.xlsx")
    assert "More than one sheet has pupils" in words_of(shown.text)
    assert "Blwyddyn 8" in shown.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_template_has_columns_that_are_known(
    county: Coordination, service: RunningService, kind: str, language: str
) -> None:
    from webui.pupil.template_file import HEADERS

    fields = [field_of_header(header) for header in HEADERS[language]]
    assert None not in fields and len(set(fields)) == len(fields)
    answer = browser(service, "alnco").get(f"{HERE}/template.{kind}")
    assert answer.status_code == 200 and len(answer.data) > 100


def test_several_transfer_files_at_once(county: Coordination, service: RunningService) -> None:
    from tests.intake.test_ctf import transfer
    from tests.webui.conftest import form_token

    client = browser(service, "alnco")
    files = [(io.BytesIO(transfer("", serial)), f"{serial}.xml") for serial in (41, 42)]
    typed = {"csrf_token": form_token(client.get(HERE).text), "file": files}
    shown = client.post(HERE, data=typed, content_type="multipart/form-data")
    assert "would be registered: 2" in words_of(shown.text)
    mixed = typed | {"file": [(io.BytesIO(transfer("")), "a.xml"), (io.BytesIO(LAYOUT), "b.csv")]}
    assert "one file at a time" in words_of(
        client.post(HERE, data=mixed, content_type="multipart/form-data").text
    )


@pytest.mark.parametrize("mapping", ["{", '{"name": "x"}', '{"name": "", "columns": {}}'])
def test_a_mapping_that_is_none_is_refused(
    county: Coordination, service: RunningService, mapping: str
) -> None:
    client = browser(service, "alnco")
    typed = form_in(preview(client, sheet([pupil()])).text, containing="kept")
    typed["mapping"] = mapping
    assert client.post(f"{HERE}/take", data=typed).status_code == 400
