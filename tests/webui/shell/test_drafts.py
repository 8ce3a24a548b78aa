"""What was begun in a long form is kept for whoever typed it, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from werkzeug.datastructures import MultiDict

from coordination.desk.drafts import MOST, DraftPlace, delete_sent_draft, find_draft, keep_draft
from coordination.desk.expiry import forget_drafts
from coordination.store.keys import load_or_make
from tests.county import BOARD, CAMHS, PUPIL
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.conftest import form_token
from tests.webui.looking import looking
from tests.webui.referring import Forms, browser, form_in, page_of, send
from tests.webui.service import RunningService

TYPED = "Mae hi’n dal i fethu cysgu. Siân said: “dw i wedi blino”."
CONTEST = f"{page_of(TO_CAMHS)}/steps/declined"
BEGUN = "You started this on"


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    with looking(postgres, template, tmp_path_factory.mktemp("drafts")) as found:
        yield found


@pytest.fixture
def service(site: tuple[RunningService, RecordedCase]) -> Iterator[RunningService]:
    yield site[0]
    with psycopg.connect(site[0].database) as conn:
        conn.execute("delete from desk.draft")


def rows(service: RunningService) -> list[tuple[Any, ...]]:
    with psycopg.connect(service.database) as conn:
        return conn.execute("select * from desk.draft").fetchall()


def kept(client: Any, path: str, containing: str = "command_id", **typed: Any) -> MultiDict[str, str]:
    """Types into a page's form and presses its button for drafts; the form as it was."""
    form = form_in(client.get(path).text, containing)
    answer = send(client, path, form, draft="keep", **typed)
    assert answer.status_code == 303
    assert answer.location.endswith(path)
    return form


def gone_on(client: Any, path: str) -> Any:
    """Presses "Go on with it"."""
    page = client.get(path).text
    assert BEGUN in page
    return client.post(path, data={"csrf_token": form_token(page), "draft": "resume"})


def test_what_was_typed_is_kept_said_given_back_and_gone_when_taken(service: RunningService) -> None:
    alnco = browser(service, "alnco")
    path = f"/pupils/{PUPIL}/agreements/ask"
    form = kept(alnco, path, agency=str(BOARD), occurred_on__day="30", occurred_on__month="")
    page = alnco.get(path).text
    assert "Draft saved at" in page
    assert BEGUN in page
    assert "Draft saved at" not in alnco.get(path).text
    on = gone_on(alnco, path)
    assert on.status_code == 200
    assert "Not recorded yet." in on.text
    again = form_in(on.text)
    same = {k: v for k, v in form.items() if k not in ("csrf_token", "agency")}
    assert {k: again[k] for k in same if not k.startswith("occurred_on")} == {
        k: v for k, v in same.items() if not k.startswith("occurred_on")
    }
    assert (again["occurred_on-day"], again["occurred_on-month"]) == ("30", "")
    assert again["agency"] == str(BOARD)


def test_a_form_that_was_taken_leaves_no_draft(
    service: RunningService, site: tuple[RunningService, RecordedCase]
) -> None:
    clinician = browser(service, "clinician")
    path = f"{page_of(TO_CAMHS)}/steps/advice_given"
    form = kept(clinician, path, note=TYPED)
    done = send(clinician, path, form_in(gone_on(clinician, path).text), advice="Cwsg", note=TYPED)
    assert done.status_code == 303, done.text
    assert BEGUN not in clinician.get(path).text
    assert all(row[6] is None for row in rows(service))
    # a script's last word about the form that was taken comes late: it is not kept
    assert send(clinician, path, form, draft="keep", note=TYPED).status_code == 303
    assert BEGUN not in clinician.get(path).text
    assert site[1] is not None


def test_thrown_away_is_gone(service: RunningService) -> None:
    clinician = browser(service, "clinician")
    kept(clinician, CONTEST, note=TYPED)
    token = form_token(clinician.get(CONTEST).text)
    answer = clinician.post(CONTEST, data={"csrf_token": token, "draft": "drop"})
    assert answer.status_code == 303
    page = clinician.get(CONTEST).text
    assert "Draft deleted." in page
    assert BEGUN not in page
    assert rows(service) == []


def test_nobody_else_and_no_other_organisation_sees_it(service: RunningService) -> None:
    clinician, therapist = browser(service, "clinician"), browser(service, "therapist")
    kept(clinician, CONTEST, note=TYPED)
    assert BEGUN not in therapist.get(CONTEST).text
    world = service.app.extensions["cydlynu"]
    with psycopg.connect(service.database) as conn:
        person, organisation = conn.execute("select person, organisation from desk.draft").fetchone() or ()
        outer = world.coordination.record.outer
        mine = DraftPlace(person, organisation, CONTEST)
        assert find_draft(conn, outer, mine, now=service.clock()) is not None
        elsewhere = DraftPlace(person, UUID(int=1), CONTEST)
        assert find_draft(conn, outer, elsewhere, now=service.clock()) is None
        # nor when somebody moves the row over to themselves
        conn.execute("update desk.draft set place = %s", [elsewhere.key(outer)])
        assert find_draft(conn, outer, elsewhere, now=service.clock()) is None


def test_nothing_of_it_stands_clear_in_the_table(service: RunningService) -> None:
    clinician = browser(service, "clinician")
    kept(clinician, CONTEST, note=TYPED, reason="not_met")
    [row] = rows(service)
    text = b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    for clear in ("blino", "not_met", "note", str(PUPIL), str(TO_CAMHS), "declined"):
        assert clear.encode() not in text, clear


def test_it_goes_after_a_fortnight(service: RunningService) -> None:
    clinician = browser(service, "clinician")
    kept(clinician, CONTEST, note=TYPED)
    with psycopg.connect(service.database) as conn:
        assert forget_drafts(conn, service.clock() + timedelta(days=13, hours=23)) == 0
        conn.execute("update desk.draft set expires_at = expires_at - interval '14 days'")
    assert BEGUN not in clinician.get(CONTEST).text
    with psycopg.connect(service.database) as conn:
        assert forget_drafts(conn, service.clock()) == 1


def test_a_script_is_told_in_a_line(service: RunningService) -> None:
    clinician = browser(service, "clinician")
    form = form_in(clinician.get(CONTEST).text)
    form["draft"] = "keep"
    answer = clinician.post(CONTEST, data=form, headers={"X-Draft": "1"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text.startswith("Draft saved at")
    # without the form's token nothing is kept
    form["csrf_token"] = "x"
    assert clinician.post(CONTEST, data=form, headers={"X-Draft": "1"}).status_code == 400


def test_who_may_not_open_the_page_keeps_nothing_on_it(service: RunningService) -> None:
    auditor = browser(service, "auditor")
    token = form_token(auditor.get("/account").text)
    for what in ("keep", "drop", "resume"):
        answer = auditor.post(CONTEST, data={"csrf_token": token, "draft": what, "note": "x"})
        assert answer.status_code == 404
    assert rows(service) == []


def test_no_password_and_nothing_without_end(service: RunningService) -> None:
    clinician = browser(service, "clinician")
    form = form_in(clinician.get(CONTEST).text)
    assert send(clinician, CONTEST, form, draft="keep", password="geheim").status_code == 303
    on = gone_on(clinician, CONTEST)
    assert "geheim" not in on.text
    assert send(clinician, CONTEST, form, draft="keep", note="x" * 100_001).status_code == 413


def test_going_on_records_nothing_and_a_lost_race_still_shows(service: RunningService) -> None:
    """The version that was seen comes back with the words, so that what came in between is told."""
    clinician = browser(service, "clinician")
    form = kept(clinician, CONTEST, note=TYPED)
    before = service.app.extensions["cydlynu"].coordination.record.last_position()
    again = form_in(gone_on(clinician, CONTEST).text)
    assert again["seen"] == form["seen"]
    assert again["note"] == TYPED
    assert service.app.extensions["cydlynu"].coordination.record.last_position() == before


def test_a_referral_comes_back_to_the_page_on_which_it_was_left(service: RunningService) -> None:
    alnco = browser(service, "alnco")
    path = f"/pupils/{PUPIL}/refer"
    begin = form_in(alnco.get(path).text, "told_on-day")
    details = send(alnco, path, begin, immediate_risk="no", service=str(CAMHS), stage="service")
    form = form_in(details.text, "reason")
    assert send(alnco, path, form, reason=TYPED, draft="keep").status_code == 303
    on = gone_on(alnco, path)
    again = form_in(on.text, "reason")
    assert again["reason"] == TYPED
    assert again["service"] == str(CAMHS)
    # and on the first page
    begin = form_in(alnco.get(path).text, "told_on-day")
    assert send(alnco, path, begin, draft="keep", service=str(CAMHS), concern=TYPED).status_code == 303
    on = gone_on(alnco, path)
    assert form_in(on.text, "told_on-day")["concern"] == TYPED
    assert f'value="{CAMHS}" checked' in on.text
    assert "There is a problem" not in on.text


def test_drafts_of_a_person_have_an_end(database: str, tmp_path: Any) -> None:
    outer, now = load_or_make(tmp_path / "keys.json"), datetime(2026, 1, 1, tzinfo=UTC)
    with psycopg.connect(database) as conn:
        for n in range(MOST + 3):
            place = DraftPlace(UUID(int=1), UUID(int=2), f"/{n}")
            later = now + timedelta(seconds=n)
            assert keep_draft(conn, outer, place, command=str(n), fields=[("a", "b")], now=later)
        assert (conn.execute("select count(*) from desk.draft").fetchone() or (0,))[0] == MOST
        assert find_draft(conn, outer, DraftPlace(UUID(int=1), UUID(int=2), "/2"), now=now) is None
        place = DraftPlace(UUID(int=1), UUID(int=2), "/7")
        assert find_draft(conn, outer, place, now=now) is not None
        delete_sent_draft(conn, outer, place, command="7", now=now)
        assert not keep_draft(conn, outer, place, command="7", fields=[("a", "b")], now=now)
        assert keep_draft(conn, outer, place, command="8", fields=[("a", "b")], now=now)


def test_the_button_stands_behind_the_one_that_sends(service: RunningService) -> None:
    """Enter in a box sends; it does not keep."""
    page = browser(service, "clinician").get(CONTEST).text
    assert Forms(page).found
    assert page.index(">Save as a draft<") > page.rindex('class="govuk-button" data-module')
