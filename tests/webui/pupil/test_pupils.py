"""The list of a school's pupils: found as typed, filtered, in pages; one registered by form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import EndRegistration, RegisterPupil
from tests.county import ALNCO, PUPIL, SCHOOL, UPN, order
from tests.projections.casework import SECOND, SECOND_UPN, RecordedCase
from tests.webui.conftest import form_token
from tests.webui.looking import counted, looking
from tests.webui.referring import browser, case_on, form_in, send, settled
from tests.webui.service import RunningService
from webui.parts.paging import Paging, page_number
from webui.pupil.identity import PupilIdentity, PupilSearch, age, by_name, fold_text

THIRD = UUID(int=0xB3)
THIRD_UPN = "H66621012601A"


def register(case: RecordedCase, pupil: UUID, upn: str, surname: str, forename: str, **more: object) -> None:
    known = {"date_of_birth": date(2012, 3, 1), "sex": "M", "language": "en", "needs": ("HI",), "year": 7}
    case.does(
        more.pop("by", ALNCO),  # type: ignore[arg-type]
        date(2025, 1, 6),
        RegisterPupil,
        pupil=pupil,
        upn=upn,
        surname=surname,
        forename=forename,
        **({"school": SCHOOL} | known | more),
    )


def third(service: RunningService, told: RecordedCase) -> None:
    """Beside the two called Siân Gŵyn-Llŷr, Owain ap Gwilym who waits for nobody."""
    register(told, THIRD, THIRD_UPN, "ap Gwilym", "Owain", provision="no_aln")
    settled(service, told.service)


@pytest.fixture(scope="module")
def seen(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The site for what only looks."""
    with looking(postgres, template, tmp_path_factory.mktemp("pupils")) as (service, told):
        third(service, told)
        yield service


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    """The same, for a test that writes."""
    with case_on(service) as told:
        third(service, told)
        yield told


def find(client: object, words: str, **chosen: str) -> object:
    token = form_token(client.get("/pupils").text)
    return client.post("/pupils/find", data={"csrf_token": token, "words": words} | chosen)


def listed(page: str) -> list[str]:
    """The pupils of the page, in its order."""
    return re.findall(r'href="/pupils/[0-9a-f-]{36}">([^<]+)</a>', page)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_all_pupils_by_surname(seen: RunningService) -> None:
    page = browser(seen, "alnco").get("/pupils")
    assert listed(page.text) == ["ap Gwilym, Owain", "Gŵyn-Llŷr, Siân", "Gŵyn-Llŷr, Siân"]
    assert "3 pupils on the roll." in page.text
    assert "2 1 over the limit" in words_of(page.text)


@pytest.mark.parametrize(
    "typed",
    [
        "Siân",
        "sian",
        "SIAN GWYN",
        "gwyn-llyr",
        "Llyr Sian",
        "Gŵyn, Siân",
        unicodedata.normalize("NFD", "Gŵyn-Llŷr"),
        "  llŷr  ",
        UPN[:6],
        UPN.lower()[2:8],
    ],
)
def test_found_by_name_or_number_as_typed(seen: RunningService, typed: str) -> None:
    client = browser(seen, "alnco")
    answer = find(client, typed)
    assert answer.status_code == 303
    found = listed(client.get(answer.location).text)
    assert "Gŵyn-Llŷr, Siân" in found
    assert "ap Gwilym, Owain" not in found


def test_what_was_typed_is_in_no_address_and_no_log(
    case: RecordedCase, service: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    client = browser(service, "alnco")
    answer = find(client, "Gŵyn-Llŷr", need="ASD")
    assert answer.location.startswith("/pupils?need=ASD&found=")
    page = client.get(answer.location)
    assert 'value="Gŵyn-Llŷr"' in page.text
    for address in re.findall(r'href="([^"]+)"', page.text):
        assert "yn-Ll" not in address
        assert "Llyr" not in address
    with psycopg.connect(service.database) as conn:
        kinds = conn.execute("select distinct kind from desk.read_log").fetchall()
        columns = conn.execute("select * from desk.read_log").fetchall()
    assert {kind for (kind,) in kinds} == {"pupil_list", "pupil_search"}
    assert "Llŷr" not in str(columns)
    said = capsys.readouterr()
    assert "Llŷr" not in said.out + said.err


def test_two_tabs_keep_their_searches_apart_and_a_later_visit_knows_none(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    first, second = find(client, "owain").location, find(client, "sian").location
    assert listed(client.get(first).text) == ["ap Gwilym, Owain"]
    assert listed(client.get(second).text) == ["Gŵyn-Llŷr, Siân", "Gŵyn-Llŷr, Siân"]
    assert listed(client.get(first).text) == ["ap Gwilym, Owain"]
    assert len(listed(browser(seen, "alnco").get(first).text)) == 3


def test_the_whole_number_opens_the_file(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    assert find(client, THIRD_UPN).location == f"/pupils/{THIRD}"
    # of a pupil of another school nothing is told
    stranger = browser(seen, "other-alnco")
    answer = find(stranger, THIRD_UPN)
    assert answer.location.startswith("/pupils?found=")
    assert listed(stranger.get(answer.location).text) == []


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("need=HI", ["ap Gwilym, Owain"]),
        ("year=10", ["Gŵyn-Llŷr, Siân"] * 2),
        ("provision=no_aln", ["ap Gwilym, Owain"]),
        (f"service={UUID(int=0x71)}", ["Gŵyn-Llŷr, Siân"]),
        (f"service={UUID(int=0x72)}", []),
        ("need=HI&year=10", []),
        # what is not on offer is left out
        ("need=XXX&year=99&provision=&service=nonsense", ["ap Gwilym, Owain"] + ["Gŵyn-Llŷr, Siân"] * 2),
        (
            f"service={UUID(int=0x99)}&year=-7&need=%00&page=1000000000",
            ["ap Gwilym, Owain"] + ["Gŵyn-Llŷr, Siân"] * 2,
        ),
    ],
)
def test_filtered(seen: RunningService, chosen: str, expected: list[str]) -> None:
    page = browser(seen, "alnco").get(f"/pupils?{chosen}")
    assert page.status_code == 200
    assert listed(page.text) == expected


def test_another_school_sees_none_of_them(seen: RunningService) -> None:
    page = browser(seen, "other-alnco").get("/pupils")
    assert listed(page.text) == []
    assert "There are no pupils on your roll yet" in page.text


@pytest.mark.parametrize("who", ["clinician", "auditor", "administrator"])
def test_no_other_desk_opens_these_pages(seen: RunningService, who: str) -> None:
    client = browser(seen, who)
    for path in ("/pupils", "/pupils/register", f"/pupils/{PUPIL}", f"/pupils/{PUPIL}/agreements"):
        assert client.get(path).status_code == 404, path
    token = form_token(client.get("/account").text)
    assert client.post("/pupils/find", data={"csrf_token": token, "words": "sian"}).status_code == 404


def test_a_page_of_the_list_costs_the_same_whatever_it_holds(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    client.get("/pupils")
    with counted() as few:
        client.get("/pupils")
    batch = case.service.batch()
    for number in range(60):
        command = RegisterPupil(
            occurred_on=date(2025, 1, 6),
            pupil=UUID(int=0xF000 + number),
            school=SCHOOL,
            upn=f"Z{number:012}",
            surname=f"Jones {number:02}",
            forename="Tomos",
            date_of_birth=date(2012, 3, 1),
            sex="M",
            language="en",
            needs=("HI", "VI"),
        )
        batch.perform(command, order(ALNCO, date(2025, 1, 6)))
    batch.commit()
    settled(service, case.service)
    with counted() as many:
        page = client.get("/pupils?page=2")
    assert listed(page.text)[0] == "Jones 47, Tomos"
    assert len(listed(page.text)) == 13
    assert many == few
    assert listed(client.get("/pupils?page=9").text) == listed(page.text)


# Registering by form

WHOLE = {
    "forename": "Mali",
    "surname": "O’Sháughnessy-Ŵyn",
    "date_of_birth": date(2013, 2, 28),
    "year": "7",
    "language": "cy",
    "needs": ["SLCD", "HI"],
    "provision": "being_decided",
    "looked_after": "no",
    "contact_name": "Nest Ŵyn",
    "contact_relationship": "mother",
    "contact_responsible": "yes",
    "sex": "F",
}


def upn(body: str) -> str:
    from stdnum.gb import upn as numbers

    return str(numbers.calc_check_digit(body)) + body


def test_one_pupil_is_registered_by_form_and_once(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get("/pupils/register").text)
    number = upn("699400126001")
    answer = send(client, "/pupils/register", form, upn=f" {number.lower()} ", **WHOLE)
    assert answer.status_code == 303
    again = send(client, "/pupils/register", form, upn=number, **WHOLE)
    assert again.location == answer.location
    page = client.get(answer.location)
    for said in ("Mali O’Sháughnessy-Ŵyn", number, "Year 7", "Being decided", "Nest Ŵyn", "28 February 2013"):
        assert said in page.text, said
    assert "The pupil is registered." in page.text
    assert listed(client.get("/pupils").text).count("O’Sháughnessy-Ŵyn, Mali") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"upn": "A801200005001"}, "The first letter does not match the digits"),
        ({"upn": "B80120000500"}, "has 13 characters"),
        ({"upn": "B80120000500O"}, "followed by 12 digits"),
        ({"upn": ""}, "Enter the unique pupil number"),
        ({"surname": "", "forename": ""}, "Enter a surname or a first name."),
        ({"date_of_birth__month": "2", "date_of_birth__day": "30"}, "enter a real date"),
        ({"date_of_birth": date(2040, 1, 1)}, "1 January 2040 is in the future"),
        ({"occurred_on": date(2040, 1, 1)}, "1 January 2040 is in the future"),
        ({"needs": ["NONE"]}, "choose one of the answers offered"),
        ({"contact_name": ""}, "Enter the name of the contact"),
        ({"upn": UPN, "forename": "Nobody"}, "Nothing is recorded until you decide"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    seen: RunningService, typed: dict[str, object], said: str
) -> None:
    client = browser(seen, "alnco")
    form = form_in(client.get("/pupils/register").text)
    answer = send(client, "/pupils/register", form, **({"upn": upn("699400126001")} | WHOLE | typed))
    assert answer.status_code == 422
    assert said in words_of(answer.text)
    assert "Error: Register a pupil" in answer.text
    assert 'value="Nest Ŵyn"' in answer.text or typed.get("contact_name") == ""


def test_a_pupil_already_here_leads_to_the_file(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    form = form_in(client.get("/pupils/register").text)
    typed = WHOLE | {"forename": "Sian", "surname": "Gwyn-Llyr", "date_of_birth": date(2011, 5, 20)}
    answer = send(client, "/pupils/register", form, upn=UPN, **typed)
    assert answer.status_code == 422
    assert "This pupil is already registered at this school." in answer.text
    assert f'href="/pupils/{PUPIL}"' in answer.text


def test_who_left_comes_back(case: RecordedCase, service: RunningService) -> None:
    case.does(ALNCO, date(2025, 3, 1), EndRegistration, pupil=SECOND, school=SCHOOL)
    settled(service, case.service)
    client = browser(service, "alnco")
    form = form_in(client.get("/pupils/register").text)
    typed = WHOLE | {"forename": "Siân", "surname": "Gŵyn-Llŷr", "date_of_birth": date(2011, 5, 20)}
    answer = send(client, "/pupils/register", form, upn=SECOND_UPN, **typed)
    assert answer.location == f"/pupils/{SECOND}"
    assert client.get(answer.location).status_code == 200
    assert SCHOOL in case.service.batch().state(PUPIL_STREAM, SECOND).profile.schools()


# The laws of finding and of pages

NAMES = st.text(st.characters(codec="utf-8", categories=["L", "M", "Zs", "Pd"]), max_size=30)


@given(NAMES)
def test_folding_is_the_same_in_every_normal_form(name: str) -> None:
    forms = {fold_text(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(forms) == 1
    assert fold_text(fold_text(name)) == fold_text(name)


@given(st.lists(st.from_regex(r"[a-zâêîôûŵŷ]{1,8}", fullmatch=True), min_size=1, max_size=4), st.randoms())
def test_the_beginnings_of_a_name_find_it_in_any_order(parts: list[str], random: object) -> None:
    somebody = PupilIdentity(pupil=PUPIL, forename=" ".join(parts[:1]), surname="-".join(parts[1:]))
    cut = [part[: random.randint(1, len(part))] for part in parts]
    random.shuffle(cut)
    assert PupilSearch(" ".join(cut)).finds(somebody)
    assert not PupilSearch("x" + parts[0] + "x").finds(somebody)


def test_each_word_needs_a_name_of_its_own() -> None:
    ann = PupilIdentity(pupil=PUPIL, forename="Ann", surname="Owen")
    assert PupilSearch("an ow").finds(ann)
    assert not PupilSearch("an an").finds(ann)
    assert not PupilSearch("").finds(ann)
    assert not PupilSearch(" - ").finds(ann)


def test_an_erased_child_is_last_and_is_not_named() -> None:
    erased = PupilIdentity(pupil=PUPIL, erased=True)
    ann = PupilIdentity(pupil=PUPIL, forename="Ann", surname="Zed")
    assert sorted([erased, ann], key=by_name) == [ann, erased]
    assert "Ann" not in repr(ann)


def test_age_counts_whole_years() -> None:
    assert age(date(2012, 2, 29), date(2026, 2, 28)) == 13
    assert age(date(2012, 2, 29), date(2026, 3, 1)) == 14


@given(st.integers(0, 5000), st.integers(-5, 10**9), st.integers(1, 100))
def test_every_row_stands_on_one_page(total: int, number: int, size: int) -> None:
    page = Paging.of(total, number, size)
    assert 1 <= page.number <= page.last
    assert 0 <= page.first <= page.past <= total
    assert total == 0 or page.past > page.first
    assert page.around[0] == 1
    assert page.around[-1] == page.last
    assert page.number in page.around


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.5", "٣", "9" * 30])
def test_no_page_is_the_first(text: str | None) -> None:
    assert page_number(text) == 1
