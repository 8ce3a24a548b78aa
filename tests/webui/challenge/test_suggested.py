"""Suggestions of the nightly job at the school's pages, and promises followed on Today."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg

from coordination.directory.challenge_rules import SetChallengeRule
from coordination.service import Coordination
from scripts.service.suggesting import suggest_challenges
from tests.county import ADMINISTRATOR, AUTHORITY, order
from tests.webui.challenge.conftest import ChallengeDesk
from tests.webui.referring import form_in, send, settled
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService


def test_what_the_record_gives_ground_for_is_suggested_to_the_school_only_and_a_person_decides(
    service: RunningService, county: Coordination
) -> None:
    app = service.app.extensions["cydlynu"]
    county.perform(
        SetChallengeRule(
            occurred_on=app.today(),
            organisation=AUTHORITY,
            code="silence",
            least=1,
            days=3,
            source="ALN panel, 3 September",
            effective_from=app.today() - timedelta(days=400),
        ),
        order(ADMINISTRATOR, app.today()),
    )
    made = suggest_challenges(county, service.database, app.now())
    assert made > 0
    assert suggest_challenges(county, service.database, app.now()) == 0, "the same is suggested once"
    settled(service, county)
    alnco = ChallengeDesk(service, county, "alnco")
    page = words_of(alnco.get("/challenges/suggested"))
    assert page.index("The school’s own matters") < page.index("Services")
    assert "Meetings missed" in page
    with psycopg.connect(service.database) as conn:
        (meetings,) = conn.execute(
            "select suggestion from read.challenge_suggestion where code = 'missed_of_last' limit 1"
        ).fetchone() or (None,)
    assert isinstance(meetings, UUID)
    address = f"/challenges/suggested/{meetings}"
    form = form_in(alnco.get("/challenges/suggested"), "why", action=f"{address}/aside")
    assert send(alnco.client, f"{address}/aside", form, why="").status_code == 422
    # an agency and another school know nothing of it
    clinician = ChallengeDesk(service, county, "clinician")
    assert clinician.client.get("/challenges/suggested").status_code in (403, 404)
    accepted = send(alnco.client, f"{address}/accept", form)
    assert accepted.status_code == 303
    assert accepted.location.startswith("/challenges/raise/attendance/")
    again = send(alnco.client, f"{address}/aside", form, why="Too late", command_id="another")
    assert again.status_code in (404, 422)


def test_a_promise_is_followed_on_today_until_the_school_says_how_it_ended(
    service: RunningService, county: Coordination
) -> None:
    alnco = ChallengeDesk(service, county, "alnco")
    page = alnco.raises()
    ChallengeDesk(service, county, "head").does(f"{page}/approve")
    alnco.does(f"{page}/send")
    settled(service, county)
    clinician = ChallengeDesk(service, county, "clinician")
    today = service.app.extensions["cydlynu"].today()
    clinician.does(f"{page}/promise", text="We will come to the next two.", promised_by=today)
    settled(service, county)
    shown = words_of(alnco.get(page))
    assert "We will come to the next two." in shown
    assert "It was not kept" not in shown
    assert "The day of a promise has passed" not in words_of(alnco.get("/today"))
    service.clock.advance(days=1)
    alnco, clinician = (ChallengeDesk(service, county, name) for name in ("alnco", "clinician"))
    late = words_of(alnco.get("/today"))
    assert "The day of a promise has passed" in late
    assert "The day of a promise has passed" in words_of(clinician.get("/challenges"))
    (key,) = alnco.state(page).promises
    assert clinician.client.get(f"{page}/promises/{key}/kept").status_code in (403, 404)
    alnco.does(f"{page}/promises/{key}/broken", why="Nobody came.")
    settled(service, county)
    assert "Not kept" in words_of(alnco.get(page))
    assert "The day of a promise has passed" not in words_of(alnco.get("/today"))
