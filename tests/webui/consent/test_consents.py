"""Agreement to share: asked, answered with its authority, in conflict, withdrawn; what already went where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import RefuseConsent, WithdrawConsent
from coordination.pupil.profile.commands import ContactDetails, RecordContact
from tests.county import ALNCO, BOARD, CAMHS, EDUCATION, HEAD, MOTHER, PUPIL
from tests.projections.casework import AGREED_CAMHS, ASKED, TO_CAMHS, RecordedCase
from tests.webui.looking import looking
from tests.webui.referring import browser, case_on, form_in, page_of, send, settled
from tests.webui.service import RunningService

HERE = f"/pupils/{PUPIL}/agreements"
FATHER, GRANDMOTHER = UUID(int=0xC3), UUID(int=0xC2)
ON = date(2025, 3, 15)


def family(service: RunningService, case: RecordedCase) -> None:
    """A father who holds parental responsibility, a grandmother who does not."""
    for contact, name, relationship in (
        (FATHER, "Huw Llŷr", "father"),
        (GRANDMOTHER, "Olwen Gŵyn", "grandparent"),
    ):
        details = ContactDetails(
            occurred_on=ON,
            contact=contact,
            name=name,
            relationship=relationship,
            parental_responsibility=contact == FATHER,
            language="cy",
        )
        case.does(ALNCO, ON, RecordContact, pupil=PUPIL, details=details)
    settled(service, case.service)


@pytest.fixture(scope="module")
def seen(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The site for what only looks."""
    with looking(postgres, template, tmp_path_factory.mktemp("consents")) as (service, case):
        family(service, case)
        yield service


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        family(service, told)
        yield told


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def of_agency(page: str, name: str) -> str:
    """What the page says of one agency."""
    parts = re.findall(r'<section class="c-sharing".*?</section>', page, re.DOTALL)
    return words_of(next(part for part in parts if f">{name}</h2>" in part))


def standing(case: RecordedCase, consent: UUID) -> Any:
    return case.service.batch().state(PUPIL_STREAM, PUPIL).consents.questions[consent]


GIVEN = {"answer": "given", "route": "verbal", "language": "cy", "authority": "parental_responsibility"}


# Looking


def test_questions_stand_by_agency_with_their_story(seen: RunningService) -> None:
    page = browser(seen, "alnco").get(HERE).text
    board, education = of_agency(page, "Dyffryn Health Board"), of_agency(page, "Dyffryn Education")
    assert "Agreed Dyffryn Health Board, Child and adolescent mental health. Since 3 February 2025" in board
    assert "In their own words Iawn." in board
    assert "parental responsibility" in board.lower()
    assert "Asked, no answer yet" in education and "Asked on 6 March 2025" in education
    assert "Person a1" in board


def test_what_already_went_there_says_on_what_it_rests(seen: RunningService) -> None:
    page = browser(seen, "alnco").get(HERE).text
    board = of_agency(page, "Dyffryn Health Board")
    assert (
        "What already went there 3 February 2025: Child and adolescent mental health:"
        " referral to Child and adolescent mental health" in board
    )
    assert "with the agreement of Mair Gŵyn, mother." in board
    assert "Lawful basis: Public task" in board
    assert page_of(TO_CAMHS) in page


# Asking


def test_a_question_waits_for_its_answer(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/ask?agency={BOARD}").text)
    assert (form["agency"], form["who"]) == (str(BOARD), str(MOTHER))
    assert form.getlist("data_classes") == ["identity", "needs", "referral"]
    unsaid = send(client, f"{HERE}/ask", form, who=str(FATHER), purpose="assessment", route="online")
    assert "The agency has several services. Choose one of them" in unsaid.text
    online = {"route": "online", "service": str(CAMHS)}
    answer = send(client, f"{HERE}/ask", form, who=str(FATHER), purpose="assessment", **online)
    assert answer.location == HERE
    assert send(client, f"{HERE}/ask", form, who=str(FATHER), purpose="assessment", **online).location == HERE
    page = client.get(HERE).text
    assert "It is recorded that you asked." in page
    assert of_agency(page, "Dyffryn Health Board").count("Huw Llŷr, father Asked, no answer yet") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"agency": ""}, "Answer this question: Share with which agency?"),
        ({"agency": str(UUID(int=0x51))}, "Share with which agency?: choose one of the answers offered"),
        ({"who": str(UUID(int=0x99))}, "Who is asked?: choose one of the answers offered"),
        ({"data_classes": []}, "Choose what may be shared"),
        ({"data_classes": ["everything"]}, "choose one of the answers offered"),
        ({"occurred_on": date(2041, 5, 1)}, "1 May 2041 is in the future"),
        ({"route": None}, "Answer this question: How?"),
    ],
)
def test_what_is_wrong_with_a_question_stands_beside_its_field(
    seen: RunningService, typed: dict[str, Any], said: str
) -> None:
    client = browser(seen, "alnco")
    form = form_in(client.get(f"{HERE}/ask").text)
    answer = send(client, f"{HERE}/ask", form, **({"agency": str(BOARD), "route": "paper"} | typed))
    assert answer.status_code == 422
    assert said in words_of(answer.text)


# Answers


def test_the_answer_to_a_question(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    path = f"{HERE}/{ASKED}/answer"
    page = client.get(path).text
    assert "Dyffryn Education" in page
    form = form_in(page)
    assert form["who"] == str(MOTHER)
    typed = GIVEN | {"words": "Wrth gwrs.\nDiolch.", "expires_on": date(2030, 7, 31)}
    assert send(client, path, form, **typed).location == HERE
    version = case.version()
    assert send(client, path, form, **typed).location == HERE
    assert case.version() == version
    held = standing(case, ASKED)
    assert (held.standing, held.contact, held.expires_on) == ("given", MOTHER, date(2030, 7, 31))
    page = client.get(HERE).text
    assert 'lang="cy">Wrth gwrs.\nDiolch.</blockquote>' in page
    assert "until 31 July 2030" in of_agency(page, "Dyffryn Education")


def test_an_answer_without_a_question(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "head")
    form = form_in(client.get(f"{HERE}/answer").text)
    typed = GIVEN | {"agency": str(EDUCATION), "purpose": "joint_planning", "who": str(FATHER)}
    assert send(client, f"{HERE}/answer", form, **typed, data_classes=["needs"]).location == HERE
    found = [
        c
        for c in case.service.batch().state(PUPIL_STREAM, PUPIL).consents.questions.values()
        if c.purpose == "joint_planning"
    ]
    assert [(c.contact, c.data_classes, c.standing) for c in found] == [(FATHER, ("needs",), "given")]


NO_AUTHORITY = "This person does not have the authority to agree."


UNFIT = [
    {"who": str(GRANDMOTHER)},
    {"who": "child"},
    {"who": str(MOTHER), "authority": "young_person"},
    {"who": str(MOTHER), "authority": "competent_child"},
]
# a refusal needs no proof of competence and no order
UNPROVED = [
    {"who": "child", "authority": "competent_child", "competence_judged_by": ""},
    {"who": str(GRANDMOTHER), "authority": "court", "evidence": " "},
]


@pytest.mark.parametrize("typed", [{"answer": a} | u for a in ("given", "refused") for u in UNFIT] + UNPROVED)
def test_agreement_without_authority_is_refused_beside_its_field(
    seen: RunningService, typed: dict[str, Any]
) -> None:
    client = browser(seen, "alnco")
    form = form_in(client.get(f"{HERE}/{ASKED}/answer").text)
    answered = send(client, f"{HERE}/{ASKED}/answer", form, **(GIVEN | {"words": "Ie"} | typed))
    assert answered.status_code == 422
    assert f'<a href="#authority">{NO_AUTHORITY}' in answered.text
    beside = re.search(r'id="authority-error"[^>]*>(.*?)</p>', answered.text, re.DOTALL)
    assert beside
    assert NO_AUTHORITY in words_of(beside[1])
    assert form_in(answered.text)["words"].strip() == "Ie"


@pytest.mark.parametrize(
    "typed",
    [
        {"who": "child", "authority": "young_person"},
        {
            "who": "child",
            "authority": "competent_child",
            "competence_judged_by": str(HEAD),
            "assessment": "She knows what is shared and why.",
            "kept_from_parents": "yes",
        },
        {"who": str(GRANDMOTHER), "authority": "court", "evidence": "Family court, 3 March 2025"},
    ],
)
def test_other_authorities_can_agree(
    case: RecordedCase, service: RunningService, typed: dict[str, Any]
) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/{ASKED}/answer").text)
    assert send(client, f"{HERE}/{ASKED}/answer", form, **(GIVEN | typed)).location == HERE
    # the question to the mother still waits; whoever else agreed stands beside it
    assert standing(case, ASKED).standing == "requested"
    page = client.get(HERE).text
    assert page.count('c-state--given">') == 3
    who = "Siân Gŵyn-Llŷr" if typed["who"] == "child" else "Olwen Gŵyn, grandparent"
    assert f"{who} Agreed" in of_agency(page, "Dyffryn Education")


def test_another_parents_refusal_does_not_take_the_first_ones_agreement_away(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    path = f"{HERE}/{AGREED_CAMHS}/answer"
    form = form_in(client.get(path).text)
    typed = GIVEN | {"answer": "refused", "who": str(FATHER)}
    assert send(client, path, form, **typed).location == HERE
    assert standing(case, AGREED_CAMHS).standing == "given"
    assert "Conflict." in of_agency(client.get(HERE).text, "Dyffryn Health Board")


def test_parents_in_conflict_are_both_shown(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/answer").text)
    typed = GIVEN | {"answer": "refused", "agency": str(BOARD), "who": str(FATHER), "words": "Na."}
    assert send(client, f"{HERE}/answer", form, **typed).location == HERE
    board = of_agency(client.get(HERE).text, "Dyffryn Health Board")
    assert "Conflict. One person with authority agrees and another does not." in board
    assert "Huw Llŷr, father Refused" in board
    assert "Mair Gŵyn, mother Agreed" in board
    assert "Conflict" in words_of(client.get(f"/pupils/{PUPIL}").text)
    assert standing(case, AGREED_CAMHS).standing == "given"


def test_an_agreement_past_its_day_is_shown_so(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/{ASKED}/answer").text)
    typed = GIVEN | {"occurred_on": date(2025, 3, 10), "expires_on": date(2025, 4, 1)}
    assert send(client, f"{HERE}/{ASKED}/answer", form, **typed).location == HERE
    education = of_agency(client.get(HERE).text, "Dyffryn Education")
    assert "Agreement expired" in education
    assert "until 1 April 2025" in education


def test_an_end_before_the_beginning_is_refused_beside_its_field(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    form = form_in(client.get(f"{HERE}/{ASKED}/answer").text)
    typed = GIVEN | {"occurred_on": date(2025, 4, 10), "expires_on": date(2025, 4, 1)}
    answer = send(client, f"{HERE}/{ASKED}/answer", form, **typed)
    assert 'href="#expires_on-day">The end date is before the start date.' in answer.text


def test_two_answers_at_once_the_second_sees_both(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/{ASKED}/answer").text)
    known = {"pupil": PUPIL, "consent": ASKED, "agency": EDUCATION, "purpose": "meeting", "contact": MOTHER}
    case.does(HEAD, ON, RefuseConsent, authority="parental_responsibility", **known)
    settled(service, case.service)
    answer = send(client, f"{HERE}/{ASKED}/answer", form, **(GIVEN | {"words": "Iawn."}))
    assert answer.status_code == 422
    said = words_of(answer.text)
    assert "This has changed. Check what is new, then send yours again." in said
    assert "The record now says: Refused: Mair Gŵyn, mother, on 15 March 2025" in said
    kept = form_in(answer.text)
    assert kept["words"].strip() == "Iawn."
    assert send(client, f"{HERE}/{ASKED}/answer", kept).location == HERE


# Withdrawing


def test_a_withdrawal_lists_what_went_and_both_sides_see_what_goes_on(
    case: RecordedCase, service: RunningService
) -> None:
    client, clinician = browser(service, "alnco"), browser(service, "clinician")
    path = f"{HERE}/{AGREED_CAMHS}/withdraw"
    page = client.get(path).text
    assert "This has already been shared with the agency under the agreement." in page
    assert "referral to Child and adolescent mental health" in words_of(page)
    form = form_in(page)
    assert form["who"] == str(MOTHER)
    assert "What does the family want?" in words_of(send(client, path, form).text), (
        "nobody guesses what is wanted"
    )
    stop = {"words": "Dim mwy.", "meaning": "stop_sharing"}
    assert send(client, path, form, **stop).location == HERE
    assert send(client, path, form, **stop).location == HERE
    board = of_agency(client.get(HERE).text, "Dyffryn Health Board")
    assert "Withdrawn" in board
    assert "Dim mwy." in board
    assert "What already went there 3 February 2025" in board
    assert "Nothing new since" in board
    agency = words_of(clinician.get(page_of(TO_CAMHS)).text)
    assert "You have received nothing new since" in agency
    inbox = words_of(clinician.get("/inbox").text)
    assert "No longer shared" in inbox and "The agreement to share was withdrawn." in inbox
    school = words_of(client.get(page_of(TO_CAMHS)).text)
    assert "Nothing new has been shared with" in school and "end the referral" in school


@pytest.mark.parametrize(
    ("consent", "on", "said"),
    [
        (
            AGREED_CAMHS,
            date(2025, 1, 1),
            "Enter a date on or after 3 February 2025, when the agreement was given.",
        ),
        (ASKED, date(2025, 4, 1), "There is no agreement in force to withdraw."),
        (AGREED_CAMHS, date(2041, 1, 1), "1 January 2041 is in the future."),
    ],
)
def test_what_cannot_be_withdrawn(seen: RunningService, consent: UUID, on: date, said: str) -> None:
    client = browser(seen, "alnco")
    path = f"{HERE}/{consent}/withdraw"
    answer = send(client, path, form_in(client.get(path).text), occurred_on=on, meaning="stop_sharing")
    assert answer.status_code == 422
    assert said in words_of(answer.text)


def test_two_withdrawals_at_once(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    path = f"{HERE}/{AGREED_CAMHS}/withdraw"
    form = form_in(client.get(path).text)
    case.does(HEAD, ON, WithdrawConsent, pupil=PUPIL, consent=AGREED_CAMHS, contact=MOTHER)
    settled(service, case.service)
    answer = send(client, path, form, words="Na.", meaning="stop_sharing")
    assert answer.status_code == 422
    assert "The record now says: Withdrawn: Mair Gŵyn, mother, on 15 March 2025" in words_of(answer.text)
    assert form_in(answer.text)["words"].strip() == "Na."


# The lawful basis


def test_the_lawful_basis_is_a_fact_of_its_own(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/basis?agency={BOARD}").text)
    assert (form["agency"], form["basis"]) == (str(BOARD), "public_task")
    answer = send(client, f"{HERE}/basis", form, basis="safeguarding", reason="Asked by social services.")
    assert answer.location == HERE
    assert "Lawful basis: Safeguarding" in of_agency(client.get(HERE).text, "Dyffryn Health Board")
    assert standing(case, AGREED_CAMHS).standing == "given"


@pytest.mark.parametrize("basis", ["historical_record", "consent", "anything", ""])
def test_only_a_basis_that_a_school_can_have(seen: RunningService, basis: str) -> None:
    client = browser(seen, "alnco")
    form = form_in(client.get(f"{HERE}/basis?agency={BOARD}").text)
    assert send(client, f"{HERE}/basis", form, basis=basis).status_code == 422
