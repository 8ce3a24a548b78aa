"""`cydlynu report replay` and `compare` on PostgreSQL: the same bytes, later and elsewhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict

from coordination.authority import OPERATOR
from coordination.directory.commands import ChangeOrganisation, SetStandard
from coordination.directory.state import Directory
from coordination.event import CommandContext
from coordination.pupil.referral.decide import StrikeEntry
from coordination.service import Coordination
from coordination.store.ledger.signing import signing_file
from coordination.store.migrate import migrate
from projections.stamps.stamp import decode, encode
from scripts.cli import reports
from tests.beginnings import begin_with, keys_in
from tests.conftest import _fresh
from tests.intake.recorded import history
from tests.intake.samples import pupil, sheet, upn
from tests.readers import end_readers
from tests.scripts.conftest import Cydlynu, one
from tests.scripts.test_report_command import FIRST, directory, rows

ASKED = ("report", "waiting-times", "--service", "CAMHS", "--by", "school")


# the key that signed the head of the county, which is told once in each worker
_signed_with: list[bytes] = []


@pytest.fixture
def county(cydlynu: Cydlynu, database: str) -> Cydlynu:
    signing = signing_file(keys_in(cydlynu.data))
    if _signed_with:
        signing.write_bytes(_signed_with[0])
    begin_with("stamps", database, lambda: fill(cydlynu))
    if not _signed_with:
        _signed_with.append(signing.read_bytes())
    return cydlynu


def fill(cydlynu: Cydlynu) -> Cydlynu:
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(directory())))
    pupils = [pupil(upn=upn(n), needs="ASD;ADHD" if n == 0 else "ASD") for n in range(6)]
    pupils.append(pupil(upn=upn(9, school="6994002"), school_number="6994002"))
    assert cydlynu("import", "pupils", cydlynu.file("p.csv", sheet(pupils))).status == 0
    assert cydlynu("ledger", "head").status == 0  # before the last position: it stands on the reports
    assert cydlynu("import", "referrals", cydlynu.file("r.csv", history(rows()))).status == 0
    return cydlynu


def in_all_forms(monkeypatch: pytest.MonkeyPatch, cydlynu: Cydlynu, *arguments: object) -> dict[str, Any]:
    """What the command gives in each form; the workbook as bytes."""
    books: list[bytes] = []
    with monkeypatch.context() as patch:
        patch.setattr(reports, "_to_file", books.append)
        found: dict[str, Any] = {}
        for form in ("json", "csv", "table", "xlsx"):
            said = cydlynu(*arguments, "--format", form)
            assert said.status == 0, said.err
            found[form] = said.out
    return found | {"xlsx": books[0]}


def stamp_of(cydlynu: Cydlynu, *arguments: object) -> str:
    stamp: str = cydlynu(*arguments, "--format", "json").json["stamp"]
    return stamp


def change_the_standard(cydlynu: Cydlynu, service: Coordination, limit: int) -> None:
    camhs = service.directory().service_by_code("CAMHS")
    assert camhs is not None
    by = CommandContext(
        recorded_at=cydlynu.now,
        person=OPERATOR,
        source="command_line",
        organisation=OPERATOR,
        role="operator",
        command_id=f"limit-{limit}",
    )
    changed = SetStandard(
        occurred_on=FIRST,
        organisation=camhs.agency,
        service=camhs.id,
        code="camhs-first",
        start="received",
        stop="first_contact",
        limit=limit,
        unit="calendar_days",
        bands=(limit,),
        effective_from=date(2017, 12, 13),
        source="test",
    )
    service.perform(changed, by)
    service.perform(
        ChangeOrganisation(
            occurred_on=FIRST,
            organisation=camhs.agency,
            effective_from=date(2017, 1, 1),
            ods_code="7ZZ",
        ),
        replace(by, command_id=f"ods-{limit}"),
    )


def go_on(cydlynu: Cydlynu, service: Coordination) -> None:
    """Later: a late entry that ends the open wait, an entry struck out, and a changed standard."""
    cydlynu.now += timedelta(days=7)
    later = [*rows(), ("W9", upn(9, school="6994002"), "first_contact", "2026-02-20", "", "CAMHS", "6994002")]
    assert cydlynu("import", "referrals", cydlynu.file("r2.csv", history(later))).status == 0
    strike_a_stop(cydlynu, service)
    change_the_standard(cydlynu, service, 21)


def strike_a_stop(cydlynu: Cydlynu, service: Coordination) -> None:
    """The first contact of the longest wait was another child's."""
    assert cydlynu(*ASKED).status == 0  # the read models have it all
    with psycopg.connect(cydlynu.database) as connection:
        found = connection.execute(
            "select w.pupil, e.referral, e.version, e.organisation"
            " from read.wait_entry e join read.wait w using (referral)"
            " where e.kind = 'first_contact' and w.known_to is null order by e.occurred_on - w.start_on desc limit 1"
        ).fetchone()
    assert found is not None
    pupil, referral, entry, recorded_for = found
    by = CommandContext(
        recorded_at=cydlynu.now,
        person=OPERATOR,
        source="command_line",
        organisation=OPERATOR,
        role="operator",
        command_id="strike",
        on_behalf_of=recorded_for,
    )
    strike = StrikeEntry(
        occurred_on=cydlynu.now.date(), pupil=pupil, referral=referral, entry=entry, why="Another child's."
    )
    service.perform(strike, by)


@pytest.mark.parametrize("report", [ASKED, ("report", "attendance"), (*ASKED[:4], "--by", "board")])
def test_a_replay_gives_the_same_bytes_after_all_that_came_later(
    county: Cydlynu, record: Coordination, monkeypatch: pytest.MonkeyPatch, report: tuple[str, ...]
) -> None:
    before = in_all_forms(monkeypatch, county, *report)
    stamp = json.loads(before["json"])["stamp"]
    head = f"{one(county.database, 'select size from log.head')}:"
    assert json.loads(before["json"])["ledger_head"].startswith(head)
    assert "ledger_head" in before["csv"].splitlines()[0] and f"ledger head {head}" in before["table"]
    go_on(county, record)
    assert county("ledger", "head").status == 0
    assert in_all_forms(monkeypatch, county, *report) != before
    assert in_all_forms(monkeypatch, county, "report", "replay", stamp) == before
    at = json.loads(before["json"])["log_position"]
    as_of = ("--as-of", "2026-03-02")
    assert in_all_forms(monkeypatch, county, *report, *as_of, "--at", at) == before


def test_a_workbook_tells_no_time_of_making(county: Cydlynu, monkeypatch: pytest.MonkeyPatch) -> None:
    before = in_all_forms(monkeypatch, county, *ASKED, "--as-of", "2026-03-02")["xlsx"]
    county.now += timedelta(hours=3)
    assert in_all_forms(monkeypatch, county, *ASKED, "--as-of", "2026-03-02")["xlsx"] == before
    with zipfile.ZipFile(io.BytesIO(before)) as book:
        assert b"2000-01-01" in book.read("docProps/core.xml")
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}


def test_what_changed_is_explained(county: Cydlynu, record: Coordination) -> None:
    first = stamp_of(county, *ASKED)
    go_on(county, record)
    second = stamp_of(county, *ASKED)
    said = county("report", "compare", first, second)
    assert said.status == 0, said.err
    low, high = decode(first).position, decode(second).position
    assert f"position {low}" in said.out and f"position {high}" in said.out
    assert "Late entries, dated on or before the day of the first report: 1 (position" in said.out
    assert "Entries struck out: 1 (position" in said.out
    assert "Standards set or changed: 1 (position" in said.out
    assert "Other changes of the directory: 1 (position" in said.out
    assert "The question differs in as of: first “2026-03-02”, then “2026-03-09”." in said.out
    assert "groups 6994002 2017-12-13 completed count" in said.out
    same = county("report", "compare", first, first)
    assert same.out.splitlines()[3:] == [
        "Nothing that these figures rest on was recorded between the two.",
        "All figures are equal.",
    ]
    meetings = stamp_of(county, "report", "attendance")
    refused = county("report", "compare", first, meetings)
    assert (refused.status, refused.err.split(":")[0]) == (1, "stamps_of_two_kinds")


def test_a_foreign_log_is_refused(
    county: Cydlynu, postgres: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp = stamp_of(county, *ASKED)
    there = tmp_path / "other"
    there.mkdir()
    with _fresh(postgres, "template0") as address:
        migrate(address)
        other = fill(Cydlynu(address, there, capsys))
        assert one(address, "select id from log.store") != one(county.database, "select id from log.store")
        refused = other("report", "replay", stamp)
        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith("stamp_of_another_log: This stamp is of another record.")


def test_a_log_that_went_on_differently_from_the_same_backup_is_refused(
    county: Cydlynu, postgres: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = one(county.database, "select max(notification_id) from log.event")
    name = str(conninfo_to_dict(county.database)["dbname"])
    there = tmp_path / "copy"
    there.mkdir()
    (there / "keys.json").write_bytes(county.keys.read_bytes())
    end_readers(county.database)  # a database is copied while nobody reads it
    with _fresh(postgres, name) as address:
        copy = Cydlynu(address, there, capsys)
        shared = stamp_of(county, *ASKED)
        as_of = ("--as-of", "2026-03-02")
        assert stamp_of(copy, *ASKED, *as_of) == shared, "a copy on another machine gives the same stamp"
        assert copy("report", "replay", shared).out == county("report", "replay", shared).out
        for store, day in ((county, "2026-02-20"), (copy, "2026-02-21")):
            later = [("W9", upn(9, school="6994002"), "first_contact", day, "", "CAMHS", "6994002")]
            assert store("import", "referrals", store.file("r2.csv", history(later))).status == 0
        stamp = stamp_of(county, *ASKED)
        assert decode(stamp).position > before
        refused = copy("report", "replay", stamp)
        assert refused.err.startswith("stamp_of_another_log: ")
        assert copy("report", "replay", shared).status == 0


@pytest.mark.parametrize(
    ("stamp", "code"),
    [
        ("cyd1-AAAAAAAAAAAAAAAA", "stamp_broken"),
        ("CAMHS", "stamp_broken"),
        ("", "stamp_broken"),
    ],
)
def test_a_broken_stamp_is_refused_clearly(county: Cydlynu, stamp: str, code: str) -> None:
    for command in (("report", "replay", stamp), ("report", "compare", stamp, stamp)):
        refused = county(*command)
        assert (refused.status, refused.out, refused.err.split(":")[0]) == (1, "", code)


def test_a_stamp_of_an_unknown_kind_or_question_is_of_another_program(county: Cydlynu) -> None:
    stamp = decode(stamp_of(county, *ASKED))
    for changed in (
        {"kind": "unheard-of"},
        {"question": {**stamp.question, "unheard_of": "x"}},
        {"question": {**stamp.question, "by": "pupil"}},
    ):
        refused = county("report", "replay", encode(replace(stamp, **changed)))
        assert (refused.status, refused.err.split(":")[0]) == (1, "stamp_of_another_program")


def test_under_another_version_of_the_program_the_figures_are_equal_and_it_is_said(county: Cydlynu) -> None:
    before = county(*ASKED, "--format", "json").json
    stamp = encode(replace(decode(before["stamp"]), code="0000000000000000"))
    said = county("report", "replay", stamp)
    assert said.status == 0
    assert "This program is of another version" in said.err
    assert said.json == before


def test_a_position_that_is_not_there(county: Cydlynu) -> None:
    refused = county(*ASKED, "--at", 10**9)
    assert (refused.status, refused.err.split(":")[0]) == (1, "position_not_reached")
    assert county(*ASKED, "--at", 0).status == 0


def test_before_the_service_existed_nothing_is_known_of_it(county: Cydlynu, record: Coordination) -> None:
    asked = (*ASKED, "--known-at", "2020-01-01", "--format", "json")
    before = county(*asked)
    assert before.status == 0
    assert before.json["log_position"] == 0
    go_on(county, record)
    assert county("report", "replay", before.json["stamp"]).out == before.out
    refused = county("report", "waiting-times", "--service", "NONE", "--known-at", "2020-01-01")
    assert refused.err.startswith("unknown_service: ")


def test_each_view_of_an_authority_is_replayed_as_that_view(county: Cydlynu, record: Coordination) -> None:
    """The operator replays a stamp as the view in it, and sees no more in it than that viewer did."""
    [school, other] = sorted(record.directory().of_kind("school"), key=lambda found: found.code)
    stamp = decode(stamp_of(county, *ASKED))
    counted = {}
    for name, organisation in (("first", school.id), ("second", other.id)):
        theirs = replace(stamp, organisation=organisation, role="alnco")
        found = county("report", "replay", encode(theirs))
        assert found.json["stamp"] == encode(theirs)
        counted[name] = [group["key"] for group in found.json["groups"]]
    assert counted == {"first": ["6994001"], "second": ["6994002"]}


def test_the_store_keeps_its_id(county: Cydlynu) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only")
    with psycopg.connect(county.database) as connection, refused:
        connection.execute("update log.store set id = gen_random_uuid()")


@pytest.mark.parametrize(
    "report",
    [
        ("report", "survival", "--service", "CAMHS"),
        ("report", "data-quality"),
        ("report", "due-soon"),
        ("report", "waiting-times", "--service", "CAMHS", "--published"),
        ("report", "waiting-times", "--service", "CAMHS", "--by", "need", "--standard", "not_received"),
    ],
    ids=lambda report: "-".join(report[1:]),
)
def test_every_kind_is_replayed_byte_for_byte(
    county: Cydlynu, record: Coordination, monkeypatch: pytest.MonkeyPatch, report: tuple[str, ...]
) -> None:
    before = in_all_forms(monkeypatch, county, *report)
    stamp = re.search(r"cyd1-[A-Za-z0-9_-]+", before["json"])
    assert stamp is not None
    go_on(county, record)
    county.now += timedelta(days=40)
    assert in_all_forms(monkeypatch, county, *report) != before
    assert in_all_forms(monkeypatch, county, "report", "replay", stamp[0]) == before


def test_the_services_side_by_side_are_replayed_too(county: Cydlynu, record: Coordination) -> None:
    """That report is asked for on screen only; from its stamp the command prints it."""
    stamp = decode(stamp_of(county, *ASKED))
    side = encode(
        replace(stamp, kind="waiting-times-overview", question={"as_of": "2026-03-02"}, standards={})
    )
    before = [county("report", "replay", side, "--format", form).out for form in ("json", "csv", "table")]
    assert len(json.loads(before[0])["services"]) > 1
    go_on(county, record)
    assert [
        county("report", "replay", side, "--format", form).out for form in ("json", "csv", "table")
    ] == before


def test_the_directory_as_at_a_position(county: Cydlynu, record: Coordination) -> None:
    before = record.directory()
    position = record.record.last_position()
    last = max(at for at in record.record.organisation_positions(0) if at <= position)
    assert record.directory_at(position) == (before, last)
    go_on(county, record)
    again = Coordination(record.record)
    assert again.directory_at(position) == (before, last)
    assert again.directory() != before
    assert again.directory_at(record.record.last_position())[0] == again.directory()
    assert again.directory_at(0)[0].services == Directory.of(()).services
