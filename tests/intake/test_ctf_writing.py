"""Transfer files that go out, and what our own reader makes of them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.directory.state import Organisation, OrganisationDetails
from coordination.errors import NotFound
from coordination.intake.cells import parse_name
from coordination.intake.ctf import PROVISIONS, read_ctf
from coordination.intake.ctf_contacts import KEPT_WITHOUT_RESPONSIBILITY
from coordination.intake.ctf_pupils import pupils_on_roll, transferred_pupils
from coordination.intake.ctf_writing import (
    UNKNOWN_DESTINATION,
    TransferredPupil,
    file_name,
    write_ctf,
)
from coordination.intake.pupils import PupilRow
from coordination.intake.recording.recorded_profiles import RecordedContact, RecordedProfile
from coordination.pupil.moves.commands import SendRecord
from coordination.pupil.profile.commands import MovePupil, RecordNeeds
from coordination.service import Coordination
from tests.county import (
    ALNCO,
    MOTHER,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PUPIL,
    SCHOOL,
    operator_order,
    order,
    register,
)
from tests.intake import samples

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
ON = date(2026, 11, 29)
SENDER = Organisation(
    id=SCHOOL,
    kind="school",
    code="6994001",
    details=(OrganisationDetails(effective_from=ON, name="Ysgol y Bryn & <Cwm>"),),
)


def known(table: str, code: str, on: date) -> Any:
    return "unknown" if code in ("???", "") else "current"


def written(*pupils: TransferredPupil, destination: str = "6994002") -> bytes:
    parts: list[str] = []
    write_ctf(parts.append, pupils, source=SENDER, destination=destination, now=NOW, today=ON)
    return "".join(parts).encode()


def readable(name: str) -> bool:
    try:
        return bool(parse_name(name)) and parse_name(name) == name
    except Exception:
        return False


letters = st.characters(codec="utf-8", categories=["L", "M", "Pd", "Zs"], include_characters="'’.&<>\"")
names = st.text(letters, min_size=1, max_size=30).filter(readable)
maybe = st.none() | names
contacts = st.builds(
    RecordedContact,
    name=names,
    relationship=st.sampled_from([None, "mother", "father", "step_parent", "foster_carer", "social_worker"]),
    parental_responsibility=st.booleans(),
    language=st.none(),
    telephone=st.sampled_from([None, "01654 700000", "+44 7700 900123"]),
    email=st.sampled_from([None, "mam@example.org"]),
    address=st.sampled_from([None, "1 Stryd Fawr, Tywyn, LL36 9AE"]),
)
profiles = st.builds(
    RecordedProfile,
    upn=st.integers(1, 999).map(lambda serial: samples.upn(serial)),
    surname=names,
    forename=names,
    date_of_birth=st.dates(date(2008, 1, 1), date(2022, 8, 31)),
    sex=st.sampled_from(["M", "F"]),
    needs=st.lists(st.sampled_from(["ASD", "SLCD", "HI", "MLD"]), unique=True).map(tuple),
    provisions=st.lists(
        st.tuples(st.dates(date(2015, 1, 1), ON), st.sampled_from(sorted(PROVISIONS.values()))), max_size=3
    ).map(tuple),
    looked_after=st.sampled_from([None, True, False]),
    care_authority=st.none(),
    contacts=st.dictionaries(st.uuids(), contacts, max_size=4),
    middle_names=maybe,
    preferred_surname=maybe,
    preferred_forename=maybe,
    former_surname=maybe,
)
years = st.sampled_from([None, *range(-2, 15)])


def back(data: bytes) -> PupilRow:
    found = read_ctf(data, known, ON, "destination")
    assert [p for p in found.problems if p.severity == "error"] == []
    [row] = found.rows
    return row


@given(profiles, years)
@settings(max_examples=150)
def test_what_is_written_is_read_again(profile: RecordedProfile, year: int | None) -> None:
    row = back(written(TransferredPupil(profile, year)))
    same = ("upn", "surname", "forename", "date_of_birth", "sex", "needs", "looked_after")
    more = ("middle_names", "preferred_surname", "preferred_forename", "former_surname")
    for field in (*same, *more):
        assert getattr(row, field) == getattr(profile, field), field
    assert row.year == year
    assert row.school_number == "6994002"
    steps = sorted(profile.provisions, key=lambda step: step[0])
    assert [(step.starts_on, step.code) for step in row.provision_history] == steps
    sent = sorted(profile.contacts.values(), key=lambda c: not c.parental_responsibility)
    kept = [c for c in sent if c.parental_responsibility or c.relationship in KEPT_WITHOUT_RESPONSIBILITY]
    assert [
        (c.name, c.relationship, bool(c.parental_responsibility), c.telephone, c.email, c.address)
        for c in row.contacts
    ] == [(c.name, c.relationship, c.parental_responsibility, c.telephone, c.email, c.address) for c in kept]


def child(serial: int = 1, **changed: Any) -> TransferredPupil:
    usual: dict[str, Any] = {
        "upn": samples.upn(serial),
        "surname": "Gŵyn",
        "forename": "Siân",
        "date_of_birth": date(2014, 1, 20),
        "sex": "F",
        "contacts": {},
    }
    return TransferredPupil(RecordedProfile(**(usual | changed)), 7)


def header(data: bytes) -> Element:
    found: Element | None = fromstring(data).find("Header")
    assert found is not None
    return found


def test_name_and_header_are_those_of_a_transfer_file() -> None:
    assert file_name(SENDER, "6994002", 7) == "6994001_CTF_6994002_007.xml"
    assert file_name(SENDER, UNKNOWN_DESTINATION, 1) == "6994001_CTF_XXXXXXX_001.xml"
    top = header(written(child(), destination=UNKNOWN_DESTINATION))
    assert top.findtext("DocumentName") == "Common Transfer File"
    assert top.findtext("DateTime") == "2026-11-29T09:00:00"
    assert top.findtext("SourceSchool/SchoolName") == "Ysgol y Bryn & <Cwm>"
    assert top.findtext("SourceSchool/AcademicYear") == "2026"
    assert (top.findtext("DestSchool/LEA"), top.findtext("DestSchool/Estab")) == ("XXX", "XXXX")


def test_what_has_no_code_is_left_out_and_counted() -> None:
    plan = child(provisions=((date(2025, 9, 1), "idp_school"), (date(2024, 9, 1), "no_aln")), sex="U")
    parts: list[str] = []
    left_out = write_ctf(
        parts.append, [plan], source=SENDER, destination="6994002", now=NOW, today=date(2026, 8, 31)
    )
    text = "".join(parts)
    assert left_out == 1 and "idp" not in text and text.count("<SENprovision>") == 1
    assert "<Sex>" not in text and "<AcademicYear>2025<" in text


def test_a_contact_who_ended_is_not_sent() -> None:
    gone = RecordedContact("Ianto", "father", True, None, None, None, ended=True)
    assert "Ianto" not in written(child(contacts={MOTHER: gone})).decode()


def test_a_file_of_40_000_pupils_is_written_in_bounded_memory() -> None:
    def many() -> Iterator[TransferredPupil]:
        return (child(serial % 900 + 1) for serial in range(40_000))

    size = 0

    def count(text: str) -> None:
        nonlocal size
        size += len(text)

    tracemalloc.start()
    write_ctf(count, many(), source=SENDER, destination="6994002", now=NOW, today=ON)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 5_000_000
    assert peak < 1_000_000


# Whom a school may send


def sent(service: Coordination, school: UUID) -> list[TransferredPupil]:
    return list(transferred_pupils(service, school, [PUPIL]))


def test_a_school_sends_its_own_roll_and_who_has_just_left_as_they_were(county: Coordination) -> None:
    register(county)
    assert pupils_on_roll(county, SCHOOL, ON) == [PUPIL]
    assert pupils_on_roll(county, OTHER_SCHOOL, ON) == []
    [own] = sent(county, SCHOOL)
    assert own.profile.forename == "Siân" and own.profile.needs == ("ASD", "SLCD")
    with pytest.raises(NotFound):
        sent(county, OTHER_SCHOOL)
    moved = MovePupil(occurred_on=ON, pupil=PUPIL, from_school=SCHOOL, to_school=OTHER_SCHOOL)
    county.perform(moved, operator_order(OTHER_SCHOOL, ON))
    county.perform(RecordNeeds(occurred_on=ON, pupil=PUPIL, needs=("HI",)), order(OTHER_ALNCO, ON))
    [left] = sent(county, SCHOOL)
    assert left.profile.needs == ("ASD", "SLCD")  # what the next school recorded is not the former school's
    assert sent(county, OTHER_SCHOOL)[0].profile.needs == ("HI",)
    record = SendRecord(occurred_on=ON, pupil=PUPIL, from_school=SCHOOL, parts=("transfer_file",))
    county.perform(record, order(ALNCO, ON))
    with pytest.raises(NotFound):
        sent(county, SCHOOL)
