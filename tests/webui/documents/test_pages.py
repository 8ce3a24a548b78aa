"""The pages of documents: attached by the school, opened by the service, taken back; for everybody else not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg.conninfo import make_conninfo

from coordination.outbox.message import case_reference
from coordination.store.keys import TamperedCiphertext
from coordination.store.server import ADMINISTRATOR
from tests.county import PUPIL
from tests.intake.documents.made_files import PROGRAM, office, pdf, taken_at
from tests.projections.casework import MINUTE, TO_CAMHS, TO_PSYCHOLOGY, RecordedCase
from tests.webui.documents.test_virus_scanner import EICAR, clamd, serving
from tests.webui.links.opening import made_link, prove
from tests.webui.papers.reading import TaggedPdf
from tests.webui.referring import browser, case_on, form_in, page_of
from tests.webui.service import RunningService
from webui.shell.document_settings import DocumentSettings

HERE = f"{page_of(TO_CAMHS)}/documents"
LINK = re.compile(r'href="(/documents/[0-9a-f-]{36})"')


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def attach(
    client: FlaskClient, content: bytes, name: str = "Adroddiad Siân.pdf", path: str = HERE, **typed: Any
) -> Any:
    form = form_in(client.get(path).text, "data_class")
    return client.post(
        path,
        data={**form.to_dict(), "data_class": "reports", **typed, "file": (BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def attached(client: FlaskClient, path: str = HERE) -> list[str]:
    return LINK.findall(client.get(path).text)


def readings(service: RunningService, document: str) -> list[tuple[str, str, list[int]]]:
    with psycopg.connect(service.database) as link:
        return link.execute(
            "select role, purpose, cited_versions from desk.read_log where kind = 'document'"
            " and %s = any(ids) order by at",
            (document.rsplit("/", 1)[-1],),
        ).fetchall()


def test_the_service_opens_what_the_school_attached_and_nobody_else(
    service: RunningService, case: RecordedCase
) -> None:
    alnco, clinician = browser(service, "alnco"), browser(service, "clinician")
    content = pdf()
    sent = attach(alnco, content, requirement="")
    assert (sent.status_code, sent.location) == (303, HERE)
    [document] = attached(alnco)
    assert "Adroddiad Siân.pdf" in alnco.get(HERE).text
    assert attached(clinician) == [document]
    given = clinician.get(document)
    assert given.data == content
    assert given.mimetype == "application/pdf"
    assert given.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "Adroddiad%20Si%C3%A2n.pdf" in given.headers["Content-Disposition"]
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"].startswith("sandbox;")
    assert given.headers["Cache-Control"] == "no-store"
    [(role, purpose, cited)] = readings(service, document)
    assert (role, purpose, len(cited)) == ("clinician", "disclosed", 1)
    told = case.service.record.load([PUPIL])[PUPIL]
    [made] = [r for r in told if r.version == cited[0]]
    assert made.event.topic == "consent.disclosure_made"
    assert alnco.get(document).status_code == 200

    for username in ("psychologist", "other-alnco", "auditor", "administrator"):
        other = browser(service, username)
        assert other.get(document).status_code in (403, 404), username
        assert other.get(f"{document}/remove").status_code in (403, 404), username
    psychologist = browser(service, "psychologist")
    assert psychologist.get(document).status_code == 404
    assert psychologist.get(HERE).status_code == 404
    assert psychologist.get(f"{page_of(TO_PSYCHOLOGY)}/documents").status_code == 200
    assert clinician.get(f"/documents/{uuid4()}").status_code == 404
    assert service.app.test_client().get(document).status_code == 303


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PROGRAM, "This file is a program"),
        (b"", "Choose a file|This file is empty"),
        (office("docx", word__vbaProject_bin=b"x"), "macros, scripts"),
    ],
)
def test_a_bad_file_is_refused_on_the_page_and_nothing_is_kept(
    service: RunningService, case: RecordedCase, content: bytes, says: str
) -> None:
    alnco, position = browser(service, "alnco"), case.service.record.last_position()
    answer = attach(alnco, content, "report.pdf")
    assert answer.status_code == 422
    assert re.search(says, answer.text)
    assert case.service.record.last_position() == position
    assert attached(alnco) == []


def test_too_large_a_request_is_not_read(service: RunningService, case: RecordedCase) -> None:
    limits = service.app.extensions["cydlynu"].settings.documents.limits
    alnco = browser(service, "alnco")
    assert attach(alnco, b"%PDF-" + b"x" * limits.largest).status_code == 422
    assert attach(alnco, b"%PDF-" + b"x" * limits.largest * 2).status_code == 413
    assert attached(alnco) == []


def test_a_form_that_is_sent_twice_attaches_once(service: RunningService, case: RecordedCase) -> None:
    alnco = browser(service, "alnco")
    form = form_in(alnco.get(HERE).text, "data_class").to_dict() | {"data_class": "reports"}
    for _ in range(2):
        data = {**form, "file": (BytesIO(pdf()), "a.pdf")}
        assert alnco.post(HERE, data=data, content_type="multipart/form-data").status_code == 303
    assert len(attached(alnco)) == 1


def test_a_picture_goes_without_where_it_was_taken(service: RunningService, case: RecordedCase) -> None:
    alnco, clinician = browser(service, "alnco"), browser(service, "clinician")
    assert attach(alnco, taken_at(), "Llun.JPG").status_code == 303
    [document] = attached(clinician)
    assert b"Ty Si" not in clinician.get(document).data


def test_one_attached_in_error_is_gone_for_everybody(service: RunningService, case: RecordedCase) -> None:
    alnco, clinician = browser(service, "alnco"), browser(service, "clinician")
    attach(alnco, pdf())
    [document] = attached(alnco)
    assert clinician.get(f"{document}/remove").status_code == 404
    form = form_in(alnco.get(f"{document}/remove").text, "why")
    assert alnco.post(f"{document}/remove", data=form.to_dict() | {"why": "Plentyn arall"}).status_code == 303
    for client in (alnco, clinician):
        assert attached(client) == []
        assert client.get(document).status_code == 404


def test_a_minute_s_document_is_the_school_s_and_of_those_who_received_the_minute(
    service: RunningService, case: RecordedCase
) -> None:
    alnco, path = browser(service, "alnco"), f"/pupils/{PUPIL}/minutes/{MINUTE}/documents"
    assert path in alnco.get(f"/pupils/{PUPIL}").text
    assert attach(alnco, office("docx"), "Papur.docx", path).status_code == 303
    [document] = attached(alnco, path)
    assert alnco.get(document).status_code == 200
    assert browser(service, "psychologist").get(document).status_code == 404
    assert browser(service, "other-alnco").get(path).status_code == 404


def test_where_there_is_a_virus_scanner_it_is_asked_and_waited_for(
    service: RunningService, case: RecordedCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    alnco, runtime = browser(service, "alnco"), service.app.extensions["cydlynu"]

    def scanned_by(address: str) -> None:
        settings = msgspec.structs.replace(runtime.settings, documents=DocumentSettings(scanner=address))
        monkeypatch.setattr(runtime, "settings", settings)

    scanned_by("127.0.0.1:1")
    refused = attach(alnco, pdf())
    assert refused.status_code == 422
    assert "The virus scanner does not answer" in refused.text
    with serving(clamd) as address:
        scanned_by(address)
        assert "found something" in attach(alnco, pdf(EICAR.decode(), compress_streams=False)).text
    with serving(clamd) as address:
        scanned_by(address)
        assert attach(alnco, pdf()).status_code == 303
    assert len(attached(alnco)) == 1


def test_bytes_that_were_changed_are_not_given(service: RunningService, case: RecordedCase) -> None:
    alnco = browser(service, "alnco")
    attach(alnco, pdf())
    [document] = attached(alnco)
    with psycopg.connect(make_conninfo(service.database, user=ADMINISTRATOR)) as link:
        link.execute("set local session_replication_role = replica")
        link.execute(
            "update log.document set ciphertext = set_byte(ciphertext, 20, 1 # get_byte(ciphertext, 20))"
        )
    with pytest.raises(TamperedCiphertext):
        alnco.get(document)


def test_the_complete_referral_says_what_is_there_and_what_is_missing(
    service: RunningService, case: RecordedCase
) -> None:
    alnco, clinician = browser(service, "alnco"), browser(service, "clinician")
    letter = pdf()
    assert attach(alnco, letter, "Golwg.pdf", requirement="").status_code == 303
    assert attach(alnco, office("docx"), "Ffurflen.docx", requirement="").status_code == 303
    page = clinician.get(f"{page_of(TO_CAMHS)}/complete")
    assert page.status_code == 200
    for said in ("Golwg.pdf", "Nid yw’n cysgu.", "What the service asks for"):
        assert said in page.text
    assert browser(service, "psychologist").get(f"{page_of(TO_CAMHS)}/complete").status_code == 404
    for language, title in (("en", "Referral "), ("cy", "Atgyfeiriad ")):
        sent = clinician.get(f"{page_of(TO_CAMHS)}/complete.pdf?language={language}")
        assert (sent.status_code, sent.mimetype) == (200, "application/pdf")
        found = TaggedPdf(sent.data)
        assert (found.part, found.language) == ("1", f"{language}-GB")
        assert found.title == f"{title}{case_reference(TO_CAMHS)}", "no name where lists of files show it"
        assert found.tags().count("H1") >= 3
        inside = found.attached()
        assert sorted(name[:2] for name in inside) == ["01", "02"]
        by_name = {name[3:]: content[:2] for name, content in inside.items()}
        assert by_name == {"Golwg.pdf": b"%P", "Ffurflen.docx": b"PK"}
    assert clinician.get(f"{page_of(TO_CAMHS)}/complete.pdf?language=fr").status_code == 404
    assert browser(service, "psychologist").get(f"{page_of(TO_CAMHS)}/complete.pdf").status_code == 404

    # by a link the same is seen and downloaded, each opening cites the disclosure, and nothing besides
    path = made_link(service)
    there = prove(service, path)
    assert f'href="{path}/referral/complete"' in there.get(f"{path}/referral").text
    shown = there.get(f"{path}/referral/complete")
    assert "Golwg.pdf" in shown.text
    assert "/pupils/" not in shown.text, "no link leads to a page behind the sign-in"
    documents = re.findall(rf'href="({path}/referral/documents/[0-9a-f-]+)"', shown.text)
    assert len(set(documents)) == 2
    assert {there.get(one).data[:2] for one in set(documents)} == {b"%P", b"PK"}
    own = attached(alnco)
    for one in own:
        assert [found for found in readings(service, one) if found[1] == "disclosed" and found[2]]
    assert TaggedPdf(there.get(f"{path}/referral/complete.pdf?language=cy").data).attached()
    assert attach(alnco, pdf(), "Arall.pdf", f"{page_of(TO_PSYCHOLOGY)}/documents").status_code == 303
    [other] = attached(alnco, f"{page_of(TO_PSYCHOLOGY)}/documents")
    assert there.get(f"{path}/referral{other}").status_code == 404
    assert service.app.test_client().get(documents[0]).status_code in (200, 303)
    assert b"%PDF" not in service.app.test_client().get(documents[0]).data
