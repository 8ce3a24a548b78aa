"""Pupils of other schools: asked for, never opened or overwritten. Each test has the name of its case.

The files are of a review on 29 November 2026; all people and schools are fictional.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from coordination.directory.commands import RegisterOrganisation
from coordination.intake.file_requests import carry_out_requests
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.transfer import read_transfer
from coordination.intake.xml_text import is_xml
from coordination.service import Coordination
from tests.cases.primary import CASES, NOW, ON
from tests.county import ADMINISTRATOR, AUTHORITY, SCHOOL, order
from tests.intake import samples
from tests.intake.recorded import case, words

ASKING, RHIW = UUID(int=0x57), UUID(int=0x58)
BECA = "A699400124056"
"""A pupil of 6994001, the number in the case's file."""
LOST = "U699200120701"


@pytest.fixture
def schools(county: Coordination) -> Coordination:
    """The county with the school 6991101 of the cases, and a pupil of 6994001."""
    asking = RegisterOrganisation(
        occurred_on=date(2025, 1, 1),
        organisation=ASKING,
        kind="school",
        code="6991101",
        name="Ysgol y Dref",
        phase="primary",
        language="welsh",
        authority=AUTHORITY,
    )
    county.perform(asking, order(ADMINISTRATOR, ON, source="command_line"))
    own = samples.pupil(upn=BECA, forename="Beca", surname="Prydderch")
    record_pupils(county, read_pupils(samples.sheet([own]), county.directory().code, ON), now=NOW)
    return county


def take(service: Coordination, data: bytes, school: UUID = ASKING) -> ImportResult:
    """Imports a file on behalf of a school, as the command does."""
    known = service.directory().code
    organisation = service.directory().organisation(school)
    assert organisation is not None
    transfer = is_xml(data)
    if transfer:
        file = read_transfer(data, known, ON, own=organisation.code)
    else:
        file = read_pupils(data, known, ON)
    result = record_pupils(service, file, now=NOW, whole=not transfer, school=school)
    carry_out_requests(service, now=NOW)
    return result


def of_file(name: str) -> bytes:
    return (CASES / "pupils" / name).read_bytes()


def test_22_other_schools_pupil(schools: Coordination) -> None:
    """One row of another school's file opened and overwrote any pupil's file."""
    before = case(schools, BECA)
    result = take(schools, of_file("22_other_schools_pupil.csv"))
    assert (words(result), result.status) == (["asked"], 2)
    after = case(schools, BECA)
    assert after.profile == before.profile
    [request] = after.moves.requests.values()
    assert (request.school, request.open, request.put_to) == (ASKING, True, (SCHOOL,))
    # sent again, it is the same request
    assert words(take(schools, of_file("22_other_schools_pupil.csv"))) == ["asked"]
    assert case(schools, BECA).version == after.version


def as_xlsx() -> bytes:
    lines = [line.split(",") for line in of_file("22_other_schools_pupil.csv").decode().splitlines()]
    return samples.workbook(lines)


def as_ctf(upn: str = BECA, destination: tuple[str, str] = ("XXX", "XXXX")) -> bytes:
    text = of_file("07_ctf_lost_pupil.xml").decode().replace(LOST, upn)
    lea, estab = destination
    return text.replace("<LEA>XXX</LEA><Estab>XXXX", f"<LEA>{lea}</LEA><Estab>{estab}").encode()


@pytest.mark.parametrize("form", ["csv", "xlsx", "ctf", "ctf to the school"])
@pytest.mark.parametrize("known", [True, False], ids=["a number somebody has", "a number nobody has"])
def test_22_right_number_and_everything_else_wrong(schools: Coordination, form: str, known: bool) -> None:
    """The report is the same whether or not the number exists, and nothing of a recorded pupil changes."""
    upn = BECA if known else samples.upn(77, year="24")
    files = {
        "csv": of_file("22_other_schools_pupil.csv").replace(BECA.encode(), upn.encode()),
        "xlsx": as_xlsx(),
        "ctf": as_ctf(upn),
        "ctf to the school": as_ctf(upn, ("699", "1101")),
    }
    if form == "xlsx" and not known:
        lines = [line.split(",") for line in files["csv"].decode().splitlines()]
        files["xlsx"] = samples.workbook(lines)
    before = case(schools, BECA)
    preview = record_preview(schools, files[form])
    result = take(schools, files[form])
    assert words(result) == words(preview) == ["asked"]
    assert [o.problems for o in result.outcomes] == [o.problems for o in preview.outcomes]
    assert [p.code for o in result.outcomes for p in o.problems] == []
    assert case(schools, BECA).profile == before.profile
    if not known:
        assert case(schools, upn).profile.schools() == {ASKING}


def record_preview(service: Coordination, data: bytes) -> ImportResult:
    known = service.directory().code
    file = read_transfer(data, known, ON, own="6991101") if is_xml(data) else read_pupils(data, known, ON)
    return record_pupils(service, file, now=NOW, whole=False, school=ASKING, preview=True)


def test_07_ctf_lost_pupil(schools: Coordination) -> None:
    """A file to an unknown destination could be taken by nobody; the receiving school claims the pupil."""
    sender = RegisterOrganisation(
        occurred_on=date(2025, 1, 1),
        organisation=RHIW,
        kind="school",
        code="6992002",
        name="Ysgol y Rhiw",
        phase="primary",
        language="welsh",
        authority=AUTHORITY,
    )
    schools.perform(sender, order(ADMINISTRATOR, ON, source="command_line"))
    # the sender, which did not issue the number, asks too: nobody has it, so that it gets the pupil
    assert words(take(schools, of_file("07_ctf_lost_pupil.xml"), RHIW)) == ["asked"]
    assert words(take(schools, of_file("07_ctf_lost_pupil.xml"))) == ["asked"]
    held = case(schools, LOST)
    assert held.profile.schools() == {RHIW}
    assert [(r.school, r.open) for r in held.moves.requests.values()] == [(ASKING, True)]


def test_07_ctf_lost_pupil_whom_nobody_has(schools: Coordination) -> None:
    assert words(take(schools, of_file("07_ctf_lost_pupil.xml"))) == ["asked"]
    assert case(schools, LOST).profile.schools() == {ASKING}
