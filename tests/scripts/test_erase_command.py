"""Erasure end to end: `cydlynu erase`, and a search for what it must leave nowhere."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from coordination.desk.accounts import Account, add_account
from coordination.desk.doubts import RaisedDoubt, keep_doubt
from coordination.desk.drafts import DraftPlace, keep_draft
from coordination.erasing import erase_child
from coordination.errors import Refusal
from coordination.pupil.documents.commands import AttachDocument
from coordination.pupil.joining.commands import JoinPupils
from coordination.pupil.profile.commands import ContactDetails, RecordViews, RegisterPupil
from coordination.pupil.restriction.commands import DeclareInterest
from coordination.pupil.rights.commands import PlaceLegalHold
from coordination.service import Coordination
from coordination.store.backup.outer_keys import erased_streams
from coordination.store.erasures import erased_list, recorded_erasures
from coordination.store.migrate import APPEND, as_role
from coordination.store.server import ADMINISTRATOR as ADMINISTRATOR_OF_SERVER
from projections.erasure import blank_unkeyed
from tests.conftest import IN_MEMORY
from tests.county import (
    ALNCO,
    AUTHORITY,
    CAMHS,
    CASEWORKER,
    CLINICIAN,
    HEAD,
    MOTHER,
    SCHOOL,
    build,
    operator_order,
    order,
    register,
)
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, RecordedCase, day
from tests.projections.replays import contents, engine_on, make_schema, same
from tests.scripts.conftest import NOW, Cydlynu, one

REPORT = UUID(int=0xD0C1)
CHILD, JOINED = UUID(int=0xE51), UUID(int=0xE52)
NUMBER, SECOND_NUMBER = "E670200126001", "A670200126002"
WORDS = "Qwyddfrith a’r gath ddu"
NAMES = ("Qwyddfrithen", "Qwylio", "Qwyfantes")
BORN = date(2009, 11, 29)
WANTED = (*NAMES, WORDS, BORN.isoformat(), NUMBER)
TODAY = NOW.date()


def forms_of(text: str) -> set[bytes]:
    """The text as a file could hold it: as it is, in hexadecimal (a dump's bytea), in base64, escaped, in UTF-16."""
    raw = text.encode()
    return {
        raw,
        raw.hex().encode(),
        # whole groups of three bytes: a part of a group would be too short to be found by chance alone
        base64.b64encode(raw[: len(raw) // 3 * 3]),
        text.encode("ascii", "backslashreplace"),
        text.encode("utf-16-le"),
    }


def tell(service: Coordination) -> None:
    """A child with two files, a referral that ended, words, a doubt and a draft; and another child beside."""
    case = RecordedCase(build(service))
    register(service)
    for pupil, number in ((CHILD, NUMBER), (JOINED, SECOND_NUMBER)):
        case.does(
            ALNCO,
            day(-9),
            RegisterPupil,
            pupil=pupil,
            school=SCHOOL,
            upn=number,
            surname=NAMES[0],
            forename=NAMES[1],
            date_of_birth=BORN,
            sex="F",
            language="cy",
            needs=("VI",),
            year=9,
            contacts=(
                ContactDetails(
                    occurred_on=day(-9),
                    contact=MOTHER,
                    name=NAMES[2],
                    relationship="mother",
                    parental_responsibility=True,
                ),
            ),
        )
    case.does(ALNCO, day(-8), RecordViews, pupil=CHILD, whose="child", language="cy", words=WORDS)
    case.agrees(AGREED_CAMHS, UUID(int=0x61), day(0), CHILD)
    case.refers(TO_CAMHS, CAMHS, day(0), CHILD, reason=WORDS, reference="REF-QWYDD")
    case.does(
        ALNCO,
        day(0),
        AttachDocument,
        pupil=CHILD,
        document=REPORT,
        attached_to="referral",
        thing=TO_CAMHS,
        content=WORDS.encode() * 400,
        media_type="application/pdf",
        file_name=f"{NAMES[0]}.pdf",
    )
    case.says(CLINICIAN, TO_CAMHS, "received", day(1), pupil=CHILD)
    case.says(CLINICIAN, TO_CAMHS, "first_contact", day(20), pupil=CHILD)
    case.says(
        CLINICIAN, TO_CAMHS, "discharged", day(30), pupil=CHILD, details={"reason": "treatment_completed"}
    )
    case.does(ALNCO, day(31), JoinPupils, pupil=CHILD, other=JOINED, why="Twice")
    outer = service.record.outer
    raised = RaisedDoubt(kind="names_changed", about="x", school=SCHOOL, pupil=CHILD, content=WORDS.encode())
    with service.record.desk() as desk:
        keep_doubt(desk, outer, raised, doubt=uuid4(), now=NOW)
        for address in (f"/pupils/{JOINED}/views", f"/referrals/{TO_CAMHS}/note"):
            place = DraftPlace(ALNCO, SCHOOL, address)
            keep_draft(desk, outer, place, command="c", fields=[("words", WORDS)], now=NOW)
        other = DraftPlace(ALNCO, SCHOOL, f"/pupils/{UUID(int=0xB1)}/views")
        keep_draft(desk, outer, other, command="c", fields=[("words", "kept")], now=NOW)


def account(service: Coordination, person: UUID, organisation: UUID, role: str, username: str) -> None:
    held = Account(
        account=uuid4(),
        person=person,
        organisation=organisation,
        role=role,
        username=username,
        display_name=username,
        language="en",
    )
    with service.record.desk() as desk:
        add_account(desk, held, password_hash="x" * 40, created_at=NOW)


@pytest.fixture
def told(record: Coordination, database: str) -> Iterator[Coordination]:
    tell(record)
    interest = DeclareInterest(occurred_on=day(31), pupil=CHILD, interest=uuid4(), person=HEAD)
    record.perform(interest, order(HEAD, day(31)))
    account(record, HEAD, SCHOOL, "head", "pennaeth")
    account(record, CASEWORKER, AUTHORITY, "la_caseworker", "gweithiwr")
    with engine_on(database, record) as engine:
        engine.catch_up()
    yield record


def erasing(cydlynu: Cydlynu, *more: object) -> Any:
    named = ("--approved-by", "pennaeth", "--approved-by", "gweithiwr", "--ground", "retention", "--yes")
    return cydlynu("erase", "--pupil", JOINED, *named, *more)


def searched(database: str, folders: list[Path], wanted: dict[bytes, str]) -> set[str]:
    """Which texts are in a full dump of the database as COPY and as text, or in any file of these folders."""
    found: set[str] = set()
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname in ('log', 'desk', 'read')"
        ).fetchall()
        for (table,) in tables:
            with connection.cursor().copy(f"copy {table} to stdout".encode()) as copy:  # type: ignore[arg-type]
                dumped = b"".join(bytes(piece) for piece in copy)
            found |= {name for form, name in wanted.items() if form in dumped}
    for folder in folders:
        for path in (path for path in (folder, *folder.rglob("*")) if path.is_file()):
            content = path.read_bytes()
            found |= {name for form, name in wanted.items() if form in content}
    return found


def server_files(run_folder: Path, database: str) -> list[Path]:
    """The files of this database, the write-ahead log and the server's own log; not those of the other tests."""
    own = one(database, "select oid::text from pg_database where datname = current_database()")
    (cluster,) = {
        path.parent
        for path in server_home(run_folder).rglob("PG_VERSION")
        if path.parent.name != own and (path.parent / "pg_wal").is_dir()
    }
    return [cluster / "base" / own, cluster / "pg_wal", *cluster.parent.glob("*.log")]


def server_home(run_folder: Path) -> Path:
    return Path(os.environ.get(IN_MEMORY, run_folder)) / "data"


def test_after_an_erasure_nothing_of_the_child_is_anywhere_and_every_figure_stays(
    cydlynu: Cydlynu, told: Coordination, database: str, run_folder: Path
) -> None:
    by = ("service", "school", "agency", "age", "need", "language")

    def figures() -> dict[str, Any]:
        ask = ("report", "waiting-times", "--service", "CAMHS", "--format", "json", "--by")
        return {key: [{**group} for group in cydlynu(*ask, key).json["groups"]] for key in by}

    before, rows = figures(), contents(database)
    assert told.record.latest(CHILD, ("pupil.registered",))["surname"] == NAMES[0]
    assert told.record.document(REPORT) is not None
    done = erasing(cydlynu)
    assert (done.status, done.out.strip()) == (0, "Erased: 2 files of one child.")

    after = figures()
    assert {key for key in by if before[key] != after[key]} == {"need", "language"}
    assert contents(database)["wait"] == rows["wait"]
    assert told.record.latest(CHILD, ("pupil.registered",)) == {}
    assert told.record.document(REPORT) is None
    assert cydlynu("verify").status == 0

    # a text that is there is found: in a table, and in the files of the server
    canary = f"canary-{uuid4()}"
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(
            "insert into desk.keyed_request values (%s, sha256('a'), sha256('b'), now(), 200, %s)",
            (SCHOOL, f'"{canary}"'),
        )
    with psycopg.connect(make_conninfo(database, user=ADMINISTRATOR_OF_SERVER), autocommit=True) as whole:
        whole.execute("checkpoint")
    exports = cydlynu.data / "exports"
    exports.mkdir()
    for name, output in (("erased", done), ("status", cydlynu("status"))):
        (exports / f"{name}.log").write_text(output.out + output.err)
    cydlynu("export", "ctf", "--school", "6994001", exports)
    wanted = {form: text for text in (*WANTED, canary) for form in forms_of(text)}
    assert searched(database, [*server_files(run_folder, database), cydlynu.data], wanted) == {canary}


def test_what_finds_the_child_and_what_the_desk_held_is_gone(
    cydlynu: Cydlynu, told: Coordination, database: str
) -> None:
    assert told.record.pupils_by_upn([NUMBER]) == {NUMBER: CHILD}
    assert one(database, "select count(*) from log.interest") == 1
    assert erasing(cydlynu).status == 0
    gone = [CHILD, JOINED, REPORT]
    for table in ("log.stream_key", "log.pupil_upn", "log.pupil_likeness"):
        assert one(database, f"select count(*) from {table} where stream = any(%s)", gone) == 0
    assert one(database, "select count(*) from log.referral_ref where pupil = any(%s)", gone) == 0
    assert one(database, "select count(*) from log.interest where pupil = any(%s)", gone) == 0
    assert one(database, "select count(*) from desk.doubt") == 0
    assert one(database, "select count(*) from desk.draft") == 1, "the draft about another child stays"
    assert told.record.pupils_by_upn([NUMBER]) == {}
    assert set(erased_streams([erased_list(cydlynu.keys)])) == {CHILD, JOINED}
    assert [line.stream for line in recorded_erasures(told.record)] != []
    again = erasing(cydlynu)
    assert again.status == 1
    assert "record_erased" in again.err


def test_a_backup_from_before_brings_nobody_back(
    cydlynu: Cydlynu,
    told: Coordination,
    empty_database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The list beside the keys says who was erased since: a restore records it again, and the record verifies."""
    assert cydlynu("backup", tmp_path / "before").status == 0
    assert erasing(cydlynu).status == 0
    there = Cydlynu(empty_database, tmp_path / "new", capsys)
    assert there("restore", tmp_path / "before", "--erased", erased_list(cydlynu.keys)).status == 0
    assert one(empty_database, "select count(*) from log.document") == 1
    gone = [CHILD, JOINED, REPORT]
    for table in ("log.stream_key", "log.pupil_upn", "log.pupil_likeness"):
        assert one(empty_database, f"select count(*) from {table} where stream = any(%s)", gone) == 0
    assert one(empty_database, "select count(*) from desk.draft") == 1, "the draft about another child stays"
    assert one(empty_database, "select count(*) from log.event where topic = 'pupil.erased'") == 2
    assert there("verify").status == 0
    assert there("rebuild", "--compare-only").status == 0
    assert "'VI'" not in str(contents(empty_database))


def test_the_live_tables_are_those_of_a_rebuild_also_when_a_key_row_was_deleted_by_hand(
    cydlynu: Cydlynu, told: Coordination, database: str
) -> None:
    assert "'VI'" in str(contents(database))
    assert erasing(cydlynu).status == 0
    live = contents(database)
    assert "'VI'" not in str(live)
    make_schema(database, "again")
    with engine_on(database, told, schema="again") as engine:
        engine.catch_up()
    same(live, contents(database, "again"))
    with psycopg.connect(database) as owner:
        owner.execute("delete from log.stream_key where stream = %s", (UUID(int=0xB1),))
    assert "'ASD'" in str(contents(database))
    with psycopg.connect(database, options="-c search_path=read,log") as owner:
        assert blank_unkeyed(owner) > 0
        assert blank_unkeyed(owner) == 0
    assert "'ASD'" not in str(contents(database))


def test_of_two_erasures_at_once_one_erases_and_the_other_is_told(told: Coordination) -> None:
    start, ends = Barrier(2), list[str]()

    def erase(number: int) -> None:
        by = operator_order(SCHOOL, TODAY)
        start.wait()
        try:
            erase_child(told, CHILD, by, TODAY, ground="request", approvers=(HEAD, CASEWORKER))
            ends.append("erased")
        except Refusal as refusal:
            ends.append(refusal.code)

    threads = [Thread(target=erase, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["erased", "record_erased"]
    assert sorted(one.stream for one in recorded_erasures(told.record)) == [CHILD, JOINED]


def test_a_legal_hold_on_any_file_keeps_all_of_them(
    cydlynu: Cydlynu, told: Coordination, database: str
) -> None:
    hold = PlaceLegalHold(
        occurred_on=TODAY, pupil=JOINED, hold=uuid4(), review_on=date(2026, 9, 1), why="A claim"
    )
    told.perform(hold, order(CASEWORKER, TODAY))
    refused = erasing(cydlynu)
    assert refused.status == 1
    assert "under_legal_hold" in refused.err
    assert told.record.latest(CHILD, ("pupil.registered",))["surname"] == NAMES[0]
    assert recorded_erasures(told.record) == []


def test_the_services_own_role_destroys_no_key_without_the_event(told: Coordination, database: str) -> None:
    """Nor through the function that needs none."""
    for statement in ("select log.erase(%s)", "select log.destroy_keys(%s)"):
        with (
            psycopg.connect(as_role(database, APPEND)) as service,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            service.execute(statement.encode(), ([CHILD],))
    assert told.record.latest(CHILD, ("pupil.registered",))["surname"] == NAMES[0]


def test_it_needs_two_people_with_accounts_and_one_pupil(cydlynu: Cydlynu, told: Coordination) -> None:
    def refused(*arguments: object) -> str:
        output = cydlynu("erase", "--yes", "--ground", "court", *arguments)
        assert output.status == 1
        return str(output.err)

    assert "erasure_not_approved" in refused("--pupil", CHILD)
    twice = ("--approved-by", "pennaeth", "--approved-by", "pennaeth")
    assert "second_person_needed" in refused("--pupil", CHILD, *twice)
    assert "unknown_approver" in refused(
        "--pupil", CHILD, "--approved-by", "pennaeth", "--approved-by", "neb"
    )
    assert "Give --approved-by twice" in refused("--pupil", CHILD, "--approved-by", "pennaeth")
    assert "Name the pupil" in refused()
    assert recorded_erasures(told.record) == []
