"""A class teacher: the school says which class, and the teacher sees the pupils of it and nothing of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import psycopg
import pytest

from coordination.directory.commands import AppointPerson
from coordination.viewer import Viewer
from projections.reader import Reader
from tests.county import ADMINISTRATOR, OTHER_SCHOOL, PUPIL, SCHOOL, UPN, order
from tests.projections.casework import MEETING, MINUTE, SECOND, TO_CAMHS, RecordedCase
from tests.readers import readers
from tests.webui.api.conftest import fields, problem, program
from tests.webui.looking import looking
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

TEACHER, OTHER_TEACHER = UUID(int=0x7EA1), UUID(int=0x7EA2)
SEEN = {"class_teacher", "coded", "identity", "pupil", "pupil_class"}
"""The tables of which a class teacher sees rows; the rest of the read schema is empty for them."""


@pytest.fixture(scope="module")
def school(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    """The story; a teacher of 9B, in which is one of its two pupils; a teacher of no class."""
    with looking(postgres, template, tmp_path_factory.mktemp("classes")) as (service, case):
        today = service.clock().date()
        for number, person in enumerate((TEACHER, OTHER_TEACHER), 1):
            appointed = AppointPerson(
                occurred_on=today,
                organisation=SCHOOL,
                person=person,
                role="class_teacher",
                service=None,
                effective_from=date(2024, 9, 1),
                name=f"Athro {number}",
            )
            case.service.perform(appointed, order(ADMINISTRATOR, today))
            service.person("class_teacher", organisation=SCHOOL, person=person, username=f"teacher-{number}")
        settled(service, case.service)
        alnco = browser(service, "alnco")
        path = f"/pupils/{PUPIL}/class"
        assert send(alnco, path, form_in(alnco.get(path).text), class_name=" 9 b ").status_code == 303
        sent = send(
            alnco,
            "/classes/assign",
            form_in(alnco.get("/classes/assign").text),
            person=str(TEACHER),
            class_name="9B",
        )
        assert sent.status_code == 303, sent.text
        settled(service, case.service)
        yield service, case


def test_the_school_sees_its_classes_and_who_teaches_them(
    school: tuple[RunningService, RecordedCase],
) -> None:
    page = browser(school[0], "alnco").get("/classes").text
    assert "9 b: 1 pupil" in page
    assert "Athro 1" in page
    assert "9 b" in browser(school[0], "alnco").get(f"/pupils/{PUPIL}").text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_teacher_sees_what_they_must_know(
    language: str, school: tuple[RunningService, RecordedCase]
) -> None:
    client = browser(school[0], "teacher-1")
    client.post("/language", data={"language": language})
    listed = client.get("/teaching").text
    profile = client.get(f"/teaching/{PUPIL}")
    assert profile.status_code == 200
    for page in (listed, profile.text):
        assert "Siân" in page
        for hidden in (UPN, "CAMHS", "referral", "Mair", "secretary", "wedi blino", "sleep", str(TO_CAMHS)):
            assert hidden not in page, hidden
    assert str(SECOND) not in listed
    assert client.get(f"/teaching/{SECOND}").status_code == 404


def test_a_teacher_without_a_class_sees_no_pupil(school: tuple[RunningService, RecordedCase]) -> None:
    client = browser(school[0], "teacher-2")
    assert "No pupil is in a class of yours today." in client.get("/teaching").text
    assert client.get(f"/teaching/{PUPIL}").status_code == 404


def test_no_page_of_a_case_opens(school: tuple[RunningService, RecordedCase]) -> None:
    client = browser(school[0], "teacher-1")
    home = client.get("/account").text
    for path in (
        "/today",
        "/pupils",
        f"/pupils/{PUPIL}",
        f"/pupils/{PUPIL}/timeline",
        f"/referrals/{TO_CAMHS}",
        "/meetings",
        f"/meetings/{MEETING}",
        f"/meetings/{MEETING}/minutes/{MINUTE}",
        "/waiting-times",
        "/challenges",
        "/classes",
    ):
        assert client.get(path).status_code == 404, path
        assert f'href="{path}"' not in home


def seen_tables(service: RunningService, who: Viewer) -> set[str]:
    """The tables of the read schema with row-level security of which somebody sees a row."""
    with psycopg.connect(service.database) as owner:
        secured = owner.execute(
            "select relname from pg_class where relnamespace = 'read'::regnamespace and relrowsecurity"
        ).fetchall()
    with (
        readers(service.database) as pool,
        Reader(pool).viewing(who) as cursor,
    ):
        return {
            name
            for (name,) in secured
            if cursor.execute(f"select from read.{name} limit 1".encode()).fetchone() is not None
        }


def test_the_database_has_nothing_else_for_a_teacher(school: tuple[RunningService, RecordedCase]) -> None:
    service, _ = school
    today = service.clock().date()

    def of(person: UUID, on: date, organisation: UUID = SCHOOL) -> set[str]:
        who = Viewer(
            person=person, organisation=organisation, role="class_teacher", today=on, now=service.clock()
        )
        return seen_tables(service, who)

    assert of(TEACHER, today) == SEEN
    assert of(OTHER_TEACHER, today) == set()
    assert of(TEACHER, today, OTHER_SCHOOL) == set()
    # the class holds until 31 August; the teacher's own assignment has no last day
    year = today.year if today.month >= 9 else today.year - 1
    assert of(TEACHER, date(year + 1, 8, 31)) == SEEN
    assert of(TEACHER, date(year + 1, 9, 1)) == {"class_teacher"}


def test_a_school_s_own_system_records_a_class(school: tuple[RunningService, RecordedCase]) -> None:
    service, case = school
    own, other = program(service, SCHOOL), program(service, OTHER_SCHOOL)
    path = f"/pupils/{SECOND}/class"
    before = own.get(path)
    assert (before.status_code, before.json["class_name"]) == (200, None)
    assert own.post(path, {"class_name": "7C"}, match=before.headers["ETag"]).status_code == 201
    settled(service, case.service)
    after = own.get(path)
    assert after.json["class_name"] == "7C"
    assert after.json["until"].endswith("-08-31")
    refused = own.post(path, {"class_name": "C" * 61}, match=after.headers["ETag"])
    assert fields(problem(refused, 422, "not_as_described")) == {"class_name": "too_long"}
    for client, one in ((other, SECOND), (own, UUID(int=0x5EED)), (other, UUID(int=0x5EED))):
        problem(client.get(f"/pupils/{one}/class"), 404, "not_found")


def test_the_last_day_ends_what_a_teacher_sees(school: tuple[RunningService, RecordedCase]) -> None:
    service, case = school
    alnco = browser(service, "alnco")
    with psycopg.connect(service.database) as owner:
        row = owner.execute("select assignment from read.class_teacher").fetchone()
    assert row is not None
    path = f"/classes/{row[0]}/end"
    other = browser(service, "other-alnco")
    assert other.get(path).status_code == 404
    sent = send(alnco, path, form_in(alnco.get(path).text))
    assert sent.status_code == 303
    settled(service, case.service)
    today = service.clock().date()
    who = Viewer(person=TEACHER, organisation=SCHOOL, role="class_teacher", today=today, now=service.clock())
    assert seen_tables(service, who) == SEEN
    tomorrow = Viewer(
        person=TEACHER,
        organisation=SCHOOL,
        role="class_teacher",
        today=date.fromordinal(today.toordinal() + 1),
        now=service.clock(),
    )
    assert seen_tables(service, tomorrow) == set()
