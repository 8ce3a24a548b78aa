"""The pages and the API of support, one-page profiles, programmes and teachers' concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.commands import AppointPerson
from coordination.pupil.casefile import PUPIL_STREAM
from tests.county import (
    ADMINISTRATOR,
    BOARD,
    CAMHS,
    OTHER_SCHOOL,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    order,
)
from tests.projections.casework import SECOND, TO_CAMHS, RecordedCase
from tests.webui.api.conftest import problem, program
from tests.webui.looking import looking
from tests.webui.papers.reading import TaggedPdf
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

TEACHER = UUID(int=0x7EA1)
Site = tuple[RunningService, RecordedCase]


@pytest.fixture(scope="module")
def school(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The story, and a teacher of 9B, in which is one of its two pupils."""
    with looking(postgres, template, tmp_path_factory.mktemp("support")) as (service, case):
        today = service.clock().date()
        appointed = AppointPerson(
            occurred_on=today,
            organisation=SCHOOL,
            person=TEACHER,
            role="class_teacher",
            service=None,
            effective_from=date(2024, 9, 1),
            name="Non Enghraifft",
        )
        case.service.perform(appointed, order(ADMINISTRATOR, today))
        service.person("class_teacher", organisation=SCHOOL, person=TEACHER, username="teacher")
        settled(service, case.service)
        sends(service, "alnco", f"/pupils/{PUPIL}/class", class_name="9B")
        sends(service, "alnco", "/classes/assign", person=str(TEACHER), class_name="9B")
        settled(service, case.service)
        yield service, case


def sends(service: RunningService, who: str, path: str, *, status: int = 303, **typed: str) -> str:
    """Sends the form of a page as somebody; the answer."""
    client = browser(service, who)
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    sent = send(client, path, form_in(page.text), **typed)
    assert sent.status_code == status, sent.text
    settled(service, service.app.extensions["cydlynu"].coordination)
    return sent.text


def day_of(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def started(service: RunningService, who: str = "alnco", **more: str) -> str:
    """Starts support; where it leads."""
    ends = service.clock().date() + timedelta(days=80)
    typed = {
        "level": "2",
        "need": "SLCD",
        "activity": "Grŵp siarad, dair gwaith yr wythnos",
        "aim": "Says what is needed in a group",
        **day_of("ends_by", ends),
    }
    return sends(service, who, f"/pupils/{PUPIL}/support/new", **{**typed, **more})


def support_ids(service: RunningService) -> list[str]:
    found = program(service, SCHOOL).get(f"/pupils/{PUPIL}/support").json
    assert found is not None
    return [one["support"] for one in found["items"]]


def test_support_is_started_reviewed_by_a_teacher_and_ended(school: Site) -> None:
    service, _ = school
    started(service)
    page = browser(service, "alnco").get(f"/pupils/{PUPIL}/support").text
    assert "Grŵp siarad" in page
    assert "The aim has no measure." in page
    (support,) = support_ids(service)
    sends(
        service,
        "teacher",
        f"/pupils/{PUPIL}/support/{support}/review",
        outcome="nearer",
        child_words="Dw i’n siarad mwy.",
        child_language="cy",
        next_step="go_on",
    )
    shown = browser(service, "teacher").get(f"/teaching/{PUPIL}").text
    assert '<q lang="cy">Dw i’n siarad mwy.</q>' in shown
    listed = browser(service, "alnco").get("/support").text
    assert "Nearer to the aim" in listed
    sends(service, "alnco", f"/pupils/{PUPIL}/support/{support}/end", reason="aim_met")
    assert "What was tried before" in browser(service, "alnco").get(f"/pupils/{PUPIL}/support").text


def test_a_measure_without_a_unit_is_refused_in_place(school: Site) -> None:
    service, _ = school
    shown = started_badly(service, measure="Words in a minute")
    assert "Enter the unit of the measure" in shown


def started_badly(service: RunningService, **more: str) -> str:
    ends = service.clock().date() + timedelta(days=80)
    typed = {"level": "2", "activity": "x", "aim": "y", **day_of("ends_by", ends), **more}
    return sends(service, "alnco", f"/pupils/{PUPIL}/support/new", status=422, **typed)


def test_a_teacher_starts_nothing_and_sees_no_adviser(school: Site) -> None:
    service, _ = school
    client = browser(service, "teacher")
    for path in (
        f"/pupils/{PUPIL}/support",
        f"/pupils/{PUPIL}/support/new",
        f"/pupils/{PUPIL}/one-page-profile/new",
        "/support",
        "/programmes/new",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get(f"/pupils/{SECOND}/one-page-profile").status_code == 404
    assert client.get(f"/pupils/{SECOND}/concern/tell").status_code == 404


def test_a_profile_is_written_read_and_printed(school: Site) -> None:
    service, _ = school
    sends(
        service,
        "alnco",
        f"/pupils/{PUPIL}/one-page-profile/new",
        language="cy",
        with_child="yes",
        important="Mot y ci",
        admired="Caredig",
        support="Amser i ateb",
    )
    assert "Mot y ci" in browser(service, "teacher").get(f"/teaching/{PUPIL}").text
    assert browser(service, "teacher").get(f"/pupils/{PUPIL}/one-page-profile").status_code == 200
    client = browser(service, "alnco")
    page = client.get(f"/pupils/{PUPIL}/one-page-profile").text
    assert "Non Enghraifft" in page
    assert "The child took part." in page
    printed = client.get(f"/pupils/{PUPIL}/one-page-profile/every_day/print").text
    assert "Pupil passport: Siân" in printed
    assert client.get(f"/pupils/{PUPIL}/one-page-profile/trip/print").status_code == 303
    other = program(service, OTHER_SCHOOL)
    body = {
        "occasion": "trip",
        "language": "en",
        "with_child": True,
        "important": "a",
        "admired": "b",
        "support": "c",
    }
    problem(other.post(f"/pupils/{PUPIL}/one-page-profile", body), 404, "not_found")
    own = program(service, SCHOOL)
    assert own.post(f"/pupils/{PUPIL}/one-page-profile", body).status_code == 201


def test_a_concern_is_told_answered_and_starts_the_school_s_days(school: Site) -> None:
    service, _ = school
    asked = browser(service, "teacher").get(f"/pupils/{PUPIL}/concern/tell").text
    assert "tel:999" in asked
    assert "NHS 111, option 2" in asked
    sends(service, "teacher", f"/pupils/{PUPIL}/concern/tell", danger="no", words="Colli’r edefyn.")
    mine = browser(service, "teacher").get("/concerns").text
    assert "Not answered yet" in mine
    listed = browser(service, "alnco").get("/concerns").text
    assert "Colli’r edefyn." in listed
    path = next(part for part in listed.split('"') if part.endswith("/answer"))
    sends(service, "alnco", path, outcome="referral", words="Diolch, Non.")
    mine = browser(service, "teacher").get("/concerns").text
    assert "The ALNCo takes it further" in mine
    assert "A referral is made" not in mine
    sends(service, "alnco", path, outcome="aln_decision")
    assert "The school is deciding" in browser(service, "alnco").get(f"/pupils/{PUPIL}/aln").text


def test_a_teacher_says_that_it_got_worse_and_learns_nothing_of_a_wait(school: Site) -> None:
    service, case = school
    said = {"danger": "no", "worse": "yes", "words": "Mae’n crio bob bore."}
    sends(service, "teacher", f"/pupils/{PUPIL}/concern/tell", **said)
    mine = browser(service, "teacher").get("/concerns").text
    assert "Mae’n crio bob bore." in mine
    assert "CAMHS" not in mine
    told = case.service.batch().state(PUPIL_STREAM, PUPIL).worse.values()
    open_services = {one.service for one in told}
    assert {one.voice for one in told} == {"teacher"}
    assert open_services == {CAMHS, PSYCHOLOGY}
    # each service reads and answers its own, and the first answer stays
    listed = browser(service, "clinician").get("/worse").text
    assert "Mae’n crio bob bore." in listed
    assert "Not answered yet" in listed
    path = next(part for part in listed.split('"') if part.endswith("/answer"))
    sends(service, "clinician", path, outcome="sooner", words="Wythnos nesaf.")
    read = browser(service, "alnco").get("/worse").text
    assert "Seen sooner" in read
    assert "Wythnos nesaf." in read
    assert browser(service, "teacher").get("/worse").status_code == 404


def test_worse_asks_first_about_danger_and_keeps_nothing(school: Site) -> None:
    service, case = school
    before = case.version()
    path = f"/pupils/{PUPIL}/referrals/{TO_CAMHS}/worse"
    asked = browser(service, "alnco").get(path).text
    assert "tel:999" in asked and "NHS 111, option 2" in asked
    assert "by " in asked and "at the latest" in asked
    shown = sends(service, "alnco", path, status=200, danger="yes", words="Dywedodd hi...")
    assert "Do this now" in shown and "Dywedodd" not in shown
    assert case.version() == before


def test_danger_keeps_nothing_that_was_typed(school: Site) -> None:
    service, case = school
    before = case.version()
    shown = sends(
        service, "teacher", f"/pupils/{PUPIL}/concern/tell", status=200, danger="yes", words="Dywedodd hi..."
    )
    assert "Do this now" in shown
    assert "Dywedodd" not in shown
    assert case.version() == before


def test_a_programme_is_set_used_and_not_ended_with_pupils_in_it(school: Site) -> None:
    service, _ = school
    today = service.clock().date()
    sends(
        service,
        "alnco",
        "/programmes/new",
        code="TALK",
        name="Talk Boost",
        level="2",
        entry_criteria="Below the screen",
        exit_criteria="Passes it",
        usual_weeks="10",
    )
    assert "Talk Boost" in browser(service, "alnco").get("/programmes").text
    started(service, programme="TALK")
    ended = day_of("effective_to", today)
    shown = sends(service, "alnco", "/programmes/TALK/change", status=422, **ended)
    assert "Pupils are in this programme" in shown
    report = browser(service, "alnco").get("/reports/support")
    assert "Talk Boost" in report.text
    for by in ("school", "need"):
        assert browser(service, "alnco").get(f"/reports/support?by={by}").status_code == 200


def test_the_api_starts_reviews_and_ends_support(school: Site) -> None:
    service, _ = school
    api, today = program(service, SCHOOL), service.clock().date()
    where = f"/pupils/{PUPIL}/support"
    body: dict[str, Any] = {
        "occurred_on": today.isoformat(),
        "level": 3,
        "activity": "Reading alone with an adult",
        "aim": "60 words a minute",
        "measure": "words read in a minute",
        "unit": "words a minute",
        "starting_point": "42",
        "ends_by": (today + timedelta(days=60)).isoformat(),
    }
    answer = api.post(where, body)
    assert answer.status_code == 201, answer.text
    one = f"{where}/{answer.json['support']}"  # type: ignore[index]
    review = {
        "occurred_on": today.isoformat(),
        "outcome": "nearer",
        "voices": [{"voice": "parent", "words": "Gwell.", "language": "cy"}],
        "next_step": "go_on",
        "value": "50",
    }
    early = {**review, "occurred_on": (today - timedelta(days=1)).isoformat()}
    seen = api.get(one).headers["ETag"]
    problem(api.post(f"{one}/review", early, match=seen), 422, "review_before_start")
    assert api.post(f"{one}/review", review, match=seen).status_code == 201
    found = api.get(one).json
    assert found is not None
    assert [(r["outcome"], r["value"]) for r in found["reviews"]] == [("nearer", "50")]
    assert program(service, BOARD).get(one).status_code == 404
    problem(program(service, OTHER_SCHOOL).post(where, body), 404, "not_found")


def test_the_governors_report_is_a_page_and_a_pdf_for_the_school_alone(school: Site) -> None:
    service, _case = school
    client = browser(service, "alnco")
    assert 'href="/reports/governors"' in client.get("/support").text
    page = client.get("/reports/governors?language=cy")
    assert "Adroddiad i’r corff llywodraethu" in page.text
    assert "Gŵyn-Llŷr" not in page.text
    sent = client.get("/reports/governors.pdf?language=cy")
    assert sent.mimetype == "application/pdf"
    pdf = TaggedPdf(sent.data)
    assert (pdf.marked, pdf.language, pdf.part) == (True, "cy-GB", "1")
    assert pdf.tags().count("Table") >= 1
    for other in ("teacher", "clinician"):
        assert browser(service, other).get("/reports/governors").status_code == 404
    assert client.get("/reports/governors?language=xx").status_code == 404


def test_papers_to_take_away_are_pages_and_pdfs(school: Site) -> None:
    """Each in both languages; the briefing of a teacher says nothing of a referral."""
    service, _case = school
    alnco, teacher = browser(service, "alnco"), browser(service, "teacher")
    papers = [
        (alnco, "/briefing/{}", "Weekly briefing", "Briff wythnosol"),
        (teacher, "/briefing/{}", "Weekly briefing", "Briff wythnosol"),
        (alnco, f"/pupils/{PUPIL}/home-school-log/{{}}", "Home-school log", "Llyfr cyswllt"),
        (
            alnco,
            f"/pupils/{PUPIL}/inclusion-monitoring/{{}}",
            "Inclusion monitoring form",
            "Ffurflen monitro",
        ),
        (browser(service, "auditor"), "/reports/overview/{}", "Overview by school", "Trosolwg yn ôl ysgol"),
    ]
    for client, path, english, welsh in papers:
        page = client.get(path.format("page"))
        assert page.status_code == 200, path
        assert english in page.text
        sent = client.get(path.format("pdf") + "?language=cy")
        pdf = TaggedPdf(sent.data)
        assert (pdf.marked, pdf.language, pdf.part) == (True, "cy-GB", "1")
        assert welsh in (pdf.title or "")
    told = teacher.get("/briefing/page").text
    assert "CAMHS" not in told and "referral" not in told.lower()
    assert teacher.get(f"/pupils/{PUPIL}/home-school-log/page").status_code == 404
    assert alnco.get("/briefing/page?language=xx").status_code == 404


def test_the_register_and_the_forecasts(school: Site) -> None:
    service, _case = school
    alnco = browser(service, "alnco")
    listed = alnco.get("/register").text
    assert "Siân" in listed
    assert "The school’s plan" in listed
    assert "Nobody is on the register" in alnco.get("/register?as_of=2020-01-01").text
    # no service of the county had enough waits: refused in words
    shown = alnco.get("/forecasts").text
    assert "No forecast: too few children waited in the last year to say." in shown
    assert browser(service, "teacher").get("/forecasts").status_code == 404
