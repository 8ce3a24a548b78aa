"""Documents in the record: sealed, found again, covered by the ledger, and gone with any pupil that they name."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from coordination.erasing import erase_child
from coordination.errors import Refusal
from coordination.event import RecordedEvent
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.documents.commands import AttachDocument
from coordination.pupil.documents.events import DocumentAttached, DocumentFiled
from coordination.sensitivity import ERASED, Coordinates
from coordination.service import Coordination
from coordination.store.application import SaveConflict
from coordination.store.documents import DocumentSeals
from coordination.store.keys import TamperedCiphertext
from coordination.store.ledger.verification import verify, verify_within
from coordination.store.migrate import APPEND, as_role
from coordination.store.server import ADMINISTRATOR
from tests.county import ALNCO, CAMHS, CASEWORKER, HEAD, PUPIL, SCHOOL, operator_order, order, register
from tests.given import header
from tests.projections.casework import AGREED_CAMHS, BOARD, TO_CAMHS, RecordedCase, day

REPORT, OTHER_REPORT = UUID(int=0xD0C1), UUID(int=0xD0C2)
OTHER = UUID(int=0xB2)
CONTENT = b"%PDF-1.7 Adroddiad am y disgybl " + bytes(range(256)) * 300
SOON = day(40)


def attach(document: UUID = REPORT, **changed: Any) -> AttachDocument:
    given: dict[str, Any] = {
        "occurred_on": day(1),
        "pupil": PUPIL,
        "document": document,
        "attached_to": "referral",
        "thing": TO_CAMHS,
        "content": CONTENT,
        "media_type": "application/pdf",
        "file_name": "Adroddiad Siân.pdf",
    }
    return AttachDocument(**{**given, **changed})


@pytest.fixture
def referred(county: Coordination) -> Coordination:
    register(county)
    case = RecordedCase(county)
    case.agrees(AGREED_CAMHS, BOARD, day(0))
    case.refers(TO_CAMHS, CAMHS, day(0))
    return county


def attached(service: Coordination, document: UUID = REPORT) -> RecordedEvent:
    [recorded] = service.record.load([document])[document]
    return recorded


def name_of(service: Coordination, document: UUID = REPORT) -> Any:
    event = attached(service, document).event
    place = Coordinates(document, 1, event.topic, event.sealed)
    return service.record.open([place])[0]


def findings(database: str) -> list[tuple[str, str, str]]:
    with psycopg.connect(as_role(database, APPEND), autocommit=True) as connection:
        return [(one.problem, one.source, one.place) for one in verify(connection).findings]


def test_the_bytes_are_sealed_in_the_transaction_of_the_event(referred: Coordination, database: str) -> None:
    referred.perform(attach(), order(ALNCO, day(1)))
    event = attached(referred).event
    assert isinstance(event, DocumentAttached)
    assert (event.document, event.size, event.pupils) == (REPORT, len(CONTENT), (PUPIL,))
    with psycopg.connect(database) as connection:
        stored = connection.execute(
            "select d.ciphertext, (select count(*) from log.stream_key k where k.stream = d.document),"
            " e.state, e.xmin = d.xmin from log.document d join log.event e on e.originator_id = d.document"
        ).fetchall()
    [(ciphertext, keys, state, together)] = stored
    assert event.sha256 == sha256(ciphertext).hexdigest()
    assert (keys, together) == (1, True)
    assert CONTENT[:20] not in ciphertext
    assert b"Adroddiad" not in bytes(state)
    assert referred.record.document(REPORT) == CONTENT
    assert name_of(referred)["file_name"] == "Adroddiad Siân.pdf"
    assert findings(database) == []


def test_sent_twice_it_is_attached_once(referred: Coordination, database: str) -> None:
    by = order(ALNCO, day(1), command_id="once")
    first = referred.perform(attach(), by)
    again = referred.perform(attach(), by)
    assert (again.repeated, again.version) == (True, first.version)
    with pytest.raises(Refusal) as other:
        referred.perform(attach(content=CONTENT + b"."), by)
    assert other.value.code == "command_id_reused"
    with pytest.raises(Refusal) as taken:
        referred.perform(attach(), order(ALNCO, day(1)))
    assert taken.value.code == "document_exists"
    assert referred.record.document(REPORT) == CONTENT
    assert findings(database) == []


def test_two_at_once_are_both_attached_whole(referred: Coordination, database: str) -> None:
    start = Barrier(2)

    def one(document: UUID) -> None:
        start.wait()
        referred.perform(attach(document), order(ALNCO, day(1)))

    threads = [Thread(target=one, args=(document,)) for document in (REPORT, OTHER_REPORT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [referred.record.document(d) for d in (REPORT, OTHER_REPORT)] == [CONTENT, CONTENT]
    assert set(referred.batch().state(PUPIL_STREAM, PUPIL).documents.filed) == {REPORT, OTHER_REPORT}
    assert findings(database) == []


def test_of_a_save_that_fails_nothing_is_left(referred: Coordination, database: str) -> None:
    """The pupil's part of the save is refused: neither bytes nor key stay behind."""
    held = referred.record.load([PUPIL])[PUPIL]
    seals = DocumentSeals()
    event = DocumentAttached(
        header=header(day(1), organisation=SCHOOL),
        document=REPORT,
        attached_to="referral",
        thing=TO_CAMHS,
        size=3,
        media_type="application/pdf",
        sha256=seals.seal(REPORT, b"abc"),
        pupils=(PUPIL,),
        data_class="referral",
        file_name="a.pdf",
    )
    filed = DocumentFiled(
        header=event.header,
        document=REPORT,
        attached_to="referral",
        thing=TO_CAMHS,
        data_class="referral",
    )
    taken = RecordedEvent(PUPIL, len(held), filed)
    with pytest.raises(SaveConflict):
        referred.record.append([RecordedEvent(REPORT, 1, event), taken], [], documents=seals)
    with psycopg.connect(database) as connection:
        [(rows, keys)] = connection.execute(
            "select (select count(*) from log.document),"
            " (select count(*) from log.stream_key where stream = %s)",
            (REPORT,),
        ).fetchall()
    assert (rows, keys) == (0, 0)


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (
            "update log.document set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)",
            "row_changed",
        ),
        ("update log.document set pupils = '{}'", "row_changed"),
        ("delete from log.document", "row_missing"),
        (
            "insert into log.document select gen_random_uuid(), pupils, attached_at, ciphertext"
            " from log.document",
            "row_added",
        ),
    ],
)
def test_tampering_with_a_document_is_found_and_does_not_open(
    referred: Coordination, database: str, tamper: str, problem: str
) -> None:
    referred.perform(attach(), order(ALNCO, day(1)))
    with psycopg.connect(make_conninfo(database, user=ADMINISTRATOR)) as connection:
        connection.execute("set local session_replication_role = replica")
        connection.execute(tamper.encode())
        found = [(one.problem, one.source) for one in verify_within(connection).findings]
        if "set_byte" not in tamper:
            connection.rollback()
    assert (problem, "document") in found
    if "set_byte" in tamper:
        with pytest.raises(TamperedCiphertext):
            referred.record.document(REPORT)


def test_the_services_own_role_changes_no_document(referred: Coordination, database: str) -> None:
    referred.perform(attach(), order(ALNCO, day(1)))
    for statement in ("update log.document set pupils = '{}'", "delete from log.document"):
        with (
            psycopg.connect(as_role(database, APPEND)) as service,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            service.execute(statement.encode())
    with psycopg.connect(database) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("delete from log.document")


def erase(service: Coordination, pupil: UUID) -> None:
    by = operator_order(SCHOOL, SOON)
    erase_child(service, pupil, by, SOON, ground="request", approvers=(HEAD, CASEWORKER))


def test_erasing_a_pupil_destroys_the_key_and_the_ledger_knows_why(
    referred: Coordination, database: str
) -> None:
    referred.perform(attach(), order(ALNCO, day(1)))
    RecordedCase(referred).says(ALNCO, TO_CAMHS, "withdrawn", day(2), details={"reason": "moved_away"})
    erase(referred, PUPIL)
    assert referred.record.document(REPORT) is None
    assert name_of(referred) is ERASED
    with psycopg.connect(database) as connection:
        assert connection.execute(
            "select count(*) from log.stream_key where stream = %s", (REPORT,)
        ).fetchone() == (0,)
    assert findings(database) == []


def test_a_key_of_a_document_that_went_without_an_erasure_is_found(
    referred: Coordination, database: str
) -> None:
    referred.perform(attach(), order(ALNCO, day(1)))
    with psycopg.connect(database) as owner:
        owner.execute("delete from log.stream_key where stream = %s", (REPORT,))
    assert ("key_without_erasure", "stream_key", str(REPORT)) in findings(database)


def test_any_pupil_that_it_names_takes_it_along(referred: Coordination, database: str) -> None:
    """And nothing that names an erased pupil is attached."""
    register(referred, OTHER, "E670200126001")
    seals = DocumentSeals()

    def recorded(document: UUID) -> RecordedEvent:
        event = DocumentAttached(
            header=header(day(1), organisation=SCHOOL, recorded_at=datetime(2025, 2, 5, 12, tzinfo=UTC)),
            document=document,
            attached_to="challenge",
            thing=UUID(int=0xCA),
            size=3,
            media_type="application/pdf",
            sha256=seals.seal(document, b"abc"),
            pupils=(PUPIL, OTHER),
            data_class="referral",
            file_name="a.pdf",
        )
        return RecordedEvent(document, 1, event)

    referred.record.append([recorded(REPORT)], [], documents=seals)
    assert referred.record.document(REPORT) == b"abc"
    erase(referred, OTHER)
    assert referred.record.document(REPORT) is None
    with pytest.raises(SaveConflict, match="document_pupils"):
        referred.record.append([recorded(OTHER_REPORT)], [], documents=seals)
    assert referred.record.document(OTHER_REPORT) is None
    assert findings(database) == []
