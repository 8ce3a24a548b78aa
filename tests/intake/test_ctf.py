from __future__ import annotations

import resource
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.ctf import NEEDS, PROVISIONS, read_ctf
from coordination.intake.limits import FileLimits
from coordination.intake.pupils import ImportedContact, ImportedProvision, ParsedPupilFile, PupilRow
from tests.intake.samples import CODES, ENDED, FILES, ON, known, said, upn


def example(name: str) -> ParsedPupilFile:
    return read_ctf((FILES / name).read_bytes(), known, ON)


def transfer(inside: str, serial: int = 1, head: str = "") -> bytes:
    """A file with one pupil, who has the elements `inside` besides the first ones."""
    return (
        f"{head}<CTfile><Header><SourceSchool><LEA>699</LEA><Estab>4001</Estab></SourceSchool></Header>"
        f"<CTFpupilData><Pupil><UPN>{upn(serial)}</UPN><Surname>Jones</Surname><Forename>Non</Forename>"
        f"<DOB>2012-03-04</DOB><Sex>F</Sex>{inside}</Pupil></CTFpupilData></CTfile>"
    ).encode()


def one(inside: str) -> tuple[PupilRow, list[tuple[str | None, str, dict[str, object]]]]:
    found = read_ctf(transfer(inside), known, ON)
    return found.rows[0], [(p.field, p.code, p.facts) for p in found.problems]


def refused(data: bytes, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        read_ctf(data, known, ON, **options)  # type: ignore[arg-type]
    return caught.value.code


def test_the_example() -> None:
    found = example("ctf_21_wales.xml")
    assert found.read == 3
    assert found.rows[0] == PupilRow(
        row=1,
        upn=upn(11),
        surname="Prydderch",
        forename="Siŵan",
        date_of_birth=date(2012, 3, 4),
        sex="F",
        school_number="6994001",
        language=None,
        provision="school_action_plus",
        needs=("ASD", "BESD"),
        year=8,
        looked_after=True,
        contacts=(
            ImportedContact("Gwenllian Prydderch", "mother", True),
            ImportedContact("Llŷr ap Huw", "foster_carer", False),
        ),
        care_authority="699",
        middle_names="Mair Gwen",
        preferred_surname="Rhys",
        preferred_forename="Siw",
        former_surname="Bowen",
        former_upn=upn(11, letter="B"),
        provision_history=(
            ImportedProvision(date(2019, 9, 2), "school_action", "A"),
            ImportedProvision(date(2022, 9, 5), "school_action_plus", "P"),
        ),
        needs_not_mapped=("SPLD",),
    )
    assert found.rows[1].provision is None
    assert found.rows[1].provision_history == (ImportedProvision(date(2024, 9, 2), None, "K"),)
    assert said(found.problems) == [
        (1, "needs", "need_not_mapped"),
        (1, "provision", "code_ended"),
        (2, "provision", "provision_not_mapped"),
        (3, "upn", "upn_check_letter"),
    ]
    assert [p.facts for p in found.problems if p.code == "provision_not_mapped"] == [{"given": "K"}]


def test_a_namespace_another_order_another_encoding() -> None:
    found = example("ctf_23_namespaced.xml")
    assert found.problems == ()
    pupil = found.rows[0]
    assert (pupil.forename, pupil.surname, pupil.school_number) == ("Zoë", "O’Neill", "8013333")
    assert pupil.provision == "ehc_plan"


def test_the_school_it_was_sent_to() -> None:
    data = (FILES / "ctf_23_namespaced.xml").read_bytes()
    assert read_ctf(data, known, ON, school="destination").rows[0].school_number == "6994002"


@pytest.mark.parametrize(
    "name", ["ctf_billion_laughs.xml", "ctf_external_entity.xml", "ctf_external_dtd.xml"]
)
def test_document_types_and_entities_are_refused(name: str) -> None:
    assert refused((FILES / name).read_bytes()) == "xml_entities"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \n", "file_empty"),
        (b"upn,surname\n", "xml_malformed"),
        (b"<CTfile><Header></CTfile>", "xml_malformed"),
        (b"<CTfile>&eacute;</CTfile>", "xml_malformed"),
        (b"<html><body/></html>", "not_a_ctf"),
        (b"<ATFfile/>", "not_a_ctf"),
        (b'<?xml version="1.0" encoding="shift_jis"?><CTfile/>', "encoding_unknown"),
        (b'<?xml version="1.0" encoding="klingon"?><CTfile/>', "encoding_unknown"),
        (b"<CTfile>" + b"<a>" * 1_000_000, "xml_too_deep"),
        (b"<CTfile>" + b"<a/>" * 60_000, "xml_too_many_elements"),
        (transfer("<a/>" * 60_000), "xml_too_many_elements"),
        (transfer("<Address>" + "<a/>" * 60_000 + "</Address>"), "xml_too_many_elements"),
    ],
)
def test_files_that_are_not_read(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_size_is_capped() -> None:
    assert refused(transfer(""), limits=FileLimits(file_bytes=100)) == "file_too_large"


def test_many_pupils_are_not_too_many_elements() -> None:
    pupil = transfer("<a/>" * 200).decode().partition("<CTFpupilData>")[2].partition("</CTFpupilData>")[0]
    whole = transfer("").decode().replace("</CTFpupilData>", pupil * 500 + "</CTFpupilData>")
    found = read_ctf(whole.encode(), known, ON)
    assert found.read == 501
    assert [p.code for p in found.problems] == ["duplicate_in_file"] * 500


def test_encodings_that_are_declared() -> None:
    for encoding in ("utf-16", "iso-8859-14", "windows-1252", "us-ascii"):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        assert len(read_ctf(transfer("", head=head).decode().encode(encoding), known, ON).rows) == 1


def test_without_a_school_nobody_is_taken() -> None:
    data = transfer("").replace(b"<Estab>4001", b"<Estab>LLLL")
    found = read_ctf(data, known, ON)
    assert found.rows == ()
    assert said(found.problems) == [(1, "school_number", "school_number_format")]
    assert said(read_ctf(transfer(""), known, ON, school="destination").problems) == [
        (1, "school_number", "missing")
    ]


def test_the_provision_in_force_is_the_latest_begun() -> None:
    entry = "<SEN><StartDate>{}</StartDate><SENprovision>{}</SENprovision></SEN>"
    history = (
        entry.format("2027-01-01", "E") + entry.format("2025-09-01", "N") + entry.format("2020-01-01", "S")
    )
    pupil, problems = one(f"<SENhistory>{history}</SENhistory>")
    assert pupil.provision == "no_aln"
    assert [e.given for e in pupil.provision_history] == ["S", "N", "E"]
    assert problems == []


def test_an_undated_and_an_unknown_step_are_kept_and_said() -> None:
    pupil, problems = one("<SENhistory><SEN><SENprovision>I2</SENprovision></SEN></SENhistory>")
    assert pupil.provision is None
    assert pupil.provision_history == (ImportedProvision(None, None, "I2"),)
    assert problems == [
        ("provision", "provision_date_not_read", {"given": "I2"}),
        ("provision", "provision_not_mapped", {"given": "I2"}),
    ]


def test_text_where_a_code_should_be_is_not_repeated() -> None:
    pupil, problems = one(
        "<SENhistory><SENneeds><SENneed><SENtype>Siôn Llewelyn</SENtype></SENneed></SENneeds></SENhistory>"
    )
    assert pupil.needs_not_mapped == ("?",)
    assert problems == [("needs", "need_not_mapped", {"given": "?"})]


def test_a_formula_in_a_contact_s_name_keeps_the_pupil_out() -> None:
    contact = "<Contacts><Contact><Surname>=1+1</Surname></Contact></Contacts>"
    found = read_ctf(transfer(contact), known, ON)
    assert found.rows == ()
    assert said(found.problems) == [(1, "contact_name", "formula_in_name")]


def test_a_contact_without_a_name_or_a_former_number_that_is_none_is_said() -> None:
    pupil, problems = one(
        "<BasicDetails><FormerUPN>123</FormerUPN></BasicDetails>"
        "<Contacts><Contact><Relationship>PAM</Relationship></Contact></Contacts>"
    )
    assert (pupil.former_upn, pupil.contacts) == (None, ())
    assert problems == [
        ("former_upn", "former_upn_not_read", {}),
        ("contact_name", "contact_not_read", {}),
    ]


def test_every_mapped_code_is_one_of_ours() -> None:
    from coordination.directory.codes import initial

    ours = {(code.table, code.code) for code in initial()}
    assert {("provision", code) for code in PROVISIONS.values()} <= ours
    assert {("need", code) for code in NEEDS.values()} == {(t, c) for t, c in ours if t == "need"}
    assert set(PROVISIONS.values()) <= CODES["provision"] | ENDED["provision"]


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: b"<CTfile>" + text.encode("utf-8", "replace"))
)
def test_no_bytes_crash_it(data: bytes) -> None:
    try:
        read_ctf(data, known, ON)
    except Refusal as refusal:
        assert refusal.code.islower()


ELEMENTS = [
    "BasicDetails", "FormerUPN", "NCyearActual", "SENhistory", "SEN", "SENprovision", "StartDate", "SENneeds",
    "SENneed", "SENtype", "SENtypeRank", "Contacts", "Contact", "Surname", "Forename", "Order", "LookedAfter",
    "InCare", "UPN", "DOB", "Pupil", "Header",
]  # fmt: skip
words = st.sampled_from(["A", "K", "ASD", "2024-01-01", "true", "x", "=1", "-1", "", upn(3)])


def nested(element: str, inside: str) -> str:
    return f"<{element}>{inside}</{element}>"


trees = st.recursive(
    st.builds(nested, st.sampled_from(ELEMENTS), words),
    lambda deeper: st.builds(nested, st.sampled_from(ELEMENTS), st.lists(deeper, max_size=4).map("".join)),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.lists(trees, max_size=5).map("".join))
def test_elements_in_any_order_and_number_crash_nothing(inside: str) -> None:
    found = read_ctf(transfer(inside), known, ON)
    assert found.read == 1
    assert len(found.rows) + len(found.refused) == 1


@pytest.mark.slow
def test_forty_thousand_pupils_in_bounded_time_and_memory() -> None:
    """A whole authority's file: seconds, and far less memory than its tree would take."""
    contacts = "<Contacts>" + "<Contact><Surname>Rhys</Surname></Contact>" * 2 + "</Contacts>"
    one, _, rest = transfer(contacts).decode().partition("<Pupil>")
    body, _, end = rest.partition("</Pupil>")
    pupils = (body.replace(upn(1), upn(n % 1000, year=f"{n // 1000:02d}")) for n in range(40_000))
    data = (one + "".join(f"<Pupil>{pupil}</Pupil>" for pupil in pupils) + end).encode()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = read_ctf(data, known, ON)
    assert (found.read, len(found.rows)) == (40_000, 40_000)
    assert time.process_time() - begun < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024, "kilobytes"
