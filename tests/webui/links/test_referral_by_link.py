"""A referral behind a one-time link: a service without an account answers all of it, on whose word it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from coordination.errors import Refusal
from coordination.event import CommandContext, LinkReach
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.referral.commands import RecordMilestone
from coordination.pupil.referral.state import Referral
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, EDUCATION, MOTHER, PSYCHOLOGY, PUPIL
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, RecordedCase
from tests.webui.links.opening import WORD, answer, made_link, prove
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, page_of, send, settled
from tests.webui.service import NOW, RunningService

TO_PSYCHOLOGY = {"to_service": str(PSYCHOLOGY), "to_agency": str(EDUCATION)}


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def held(case: RecordedCase) -> Referral:
    found: Referral = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[TO_CAMHS]
    return found


def reported(case: RecordedCase) -> int:
    """The one report that nobody has answered."""
    (step,) = (s for s in held(case).counting() if s.word == "reported" and s.standing == "said")
    return step.version


def test_the_whole_answer_is_given_and_says_on_whose_word(
    case: RecordedCase, service: RunningService
) -> None:
    path = made_link(service)
    client = prove(service, path)
    page = client.get(f"{path}/referral")
    for words in ("Siân", "What was shared, and its lawful basis", "Your answer"):
        assert words in page.text
    assert "Sign out" not in page.text
    steps = f"{path}/referral/steps"
    nameless = answer(client, f"{steps}/information_requested", asked_of="school", answered_by="")
    assert nameless.status_code == 422
    assert "Enter your name" in nameless.text
    offered: dict[str, Any] = {
        "offered_1": date(2026, 12, 14),
        "offered_1_at": "9:30",
        "place": "Clinig",
        "language": "cy",
    }
    for milestone, typed in (
        ("information_requested", {"asked_of": "school", "note": "Pwy yw’r meddyg teulu?"}),
        ("accepted", {}),
        ("appointment_offered", offered),
        ("first_contact", {}),
        ("discharged", {}),
    ):
        done = answer(client, f"{steps}/{milestone}", **typed)
        assert done.status_code == 303, (milestone, done.text)
        assert "Recorded:" in client.get(f"{path}/referral").text
    names = [s.name for s in sorted(held(case).steps, key=lambda s: s.version)][-5:]
    assert names == [
        "information_requested",
        "accepted",
        "appointment_offered",
        "first_contact",
        "discharged",
    ]
    settled(service, case.service)
    seen = text(browser(service, "alnco").get(page_of(TO_CAMHS)).text)
    assert "(Eleri Huws, Ysgrifennydd), by a link" in seen
    assert "Pwy yw’r meddyg teulu?" in seen
    with psycopg.connect(service.database) as link:
        rows = link.execute(
            "select convert_from(state, 'utf8') from log.event where convert_from(state, 'utf8') like %s",
            ('%"source":"link"%',),
        ).fetchall()
    assert len(rows) == 5
    assert "Eleri" not in str(rows), "sealed"


def test_a_report_is_confirmed_or_contested(case: RecordedCase, service: RunningService) -> None:
    entry, path = reported(case), made_link(service)
    client = prove(service, path)
    assert f"entries/{entry}/confirm" in client.get(f"{path}/referral").text
    contest = f"{path}/referral/entries/{entry}/contest"
    assert answer(client, contest).status_code == 422, "without saying what"
    assert answer(client, contest, why="Nid ni oedd hynny.", says_on=date(2025, 3, 4)).status_code == 303
    step = held(case).step(entry)
    assert step is not None
    assert step.standing == "contested"
    settled(service, case.service)
    page = text(browser(service, "alnco").get(page_of(TO_CAMHS)).text)
    assert "it says that it was on 4 March" in page
    assert "by a link that Ysgol y Bryn created: Eleri Huws, Ysgrifennydd." in page
    late = answer(client, f"{path}/referral/entries/{entry}/confirm")
    assert late.status_code == 303, "and it may say otherwise later"
    assert client.get(f"{path}/referral/entries/1/confirm").status_code == 404, "nothing that was reported"


def test_of_two_people_the_second_is_told_what_happened_and_loses_nothing(
    case: RecordedCase, service: RunningService
) -> None:
    path = made_link(service)
    one, two = prove(service, path), prove(service, path)
    steps = f"{path}/referral/steps"
    form = form_in(two.get(f"{steps}/declined").text)
    assert answer(one, f"{steps}/accepted").status_code == 303
    reason = {"reason": "other_service_fits", "signposting": "Ring 111"}
    second = send(two, f"{steps}/declined", form, answered_by="Huw", answered_as="Nyrs", **reason)
    assert second.status_code == 422
    said = text(second.text)
    assert "Recorded since you opened this page" in said
    assert "Eleri Huws, Ysgrifennydd" in said, "who was first, and with what"
    assert "Ring 111" in second.text
    assert [s.name for s in held(case).counting()][-1] != "declined"


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [
        ("withdrawn", 422, "Withdrawn"),
        ("passed_on", 422, "passed the referral on"),
        ("in_error", 409, "The referral was recorded in error."),
        ("stopped", 303, "You have received nothing new since"),
    ],
)
def test_an_answer_to_what_was_withdrawn_or_passed_on_is_not_lost(
    why: str, status: int, said: str, case: RecordedCase, service: RunningService
) -> None:
    path = made_link(service)
    client = prove(service, path)
    steps = f"{path}/referral/steps/information_requested"
    form = form_in(client.get(steps).text)
    today = NOW.date()
    match why:
        case "withdrawn":
            case.says(ALNCO, TO_CAMHS, "withdrawn", today)
        case "passed_on":
            case.says(CLINICIAN, TO_CAMHS, "redirected", today, details=TO_PSYCHOLOGY)
        case "in_error":
            case.says(ALNCO, TO_CAMHS, "recorded_in_error", today, note="Another child")
        case _:
            case.does(ALNCO, today, WithdrawConsent, pupil=PUPIL, consent=AGREED_CAMHS, contact=MOTHER)
    settled(service, case.service)
    late = send(client, steps, form, asked_of="school", note="Long in typing", **WORD)
    assert late.status_code == status, late.text
    page = client.get(f"{path}/referral").text
    assert "Long in typing" in (page if status == 303 else late.text), (
        "recorded, or shown to whoever typed it"
    )
    assert said in text(page)
    if status == 409:
        assert said in text(late.text)
        assert "Siân" not in late.text


def test_without_a_name_nothing_is_recorded_by_a_link(case: RecordedCase) -> None:
    nobody = CommandContext(
        person=TO_CAMHS,
        organisation=BOARD,
        role="clinician",
        source="link",
        command_id="nameless",
        recorded_at=NOW,
        service=CAMHS,
        services=(CAMHS,),
        link=LinkReach(kind="referral", thing=TO_CAMHS, audience=CAMHS, pupil=PUPIL),
    )
    accepted = RecordMilestone(
        occurred_on=NOW.date(), pupil=PUPIL, referral=TO_CAMHS, milestone="acknowledged"
    )
    with pytest.raises(Refusal) as refused:
        case.service.perform(accepted, nobody)
    assert (refused.value.code, refused.value.field) == ("cannot_be_empty", "answered_by")
