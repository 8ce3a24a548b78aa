"""The pages and the API of a base: its panel's desk, places, reviews; and one visit for several children."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import AppointPerson, OpenService
from coordination.meeting.commands import Invite, ScheduleMeeting
from coordination.meeting.events import Party
from coordination.place.commands import SetPlaces
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.place_held import place_of
from tests.county import ADMINISTRATOR, AUTHORITY, CASEWORKER, PUPIL, SCHOOL, order
from tests.projections.casework import SECOND, RecordedCase
from tests.projections.replays import contents, replay, same
from tests.webui.api.conftest import program
from tests.webui.looking import looking
from tests.webui.referring import browser, form_in, settled
from tests.webui.service import RunningService
from tests.webui.support.test_support import day_of, sends

PANEL, PANEL_MEETING = UUID(int=0xBA1), UUID(int=0xBA3)
BASE, ASKED, ALSO_ASKED = UUID(int=0xBA5E), UUID(int=0xBA01), UUID(int=0xBA02)
Site = tuple[RunningService, RecordedCase]


@pytest.fixture(scope="module")
def base(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A base with one place, for which two pupils of a school wait."""
    with looking(postgres, template, tmp_path_factory.mktemp("places")) as (service, case):
        today = service.clock().date()
        known = {"occurred_on": today, "organisation": AUTHORITY}
        opened = OpenService(
            **known,
            service=BASE,
            code="BASE",
            profession="resource_base",
            open_from=today,
            name="Canolfan Dyffryn",
        )
        appointed = AppointPerson(
            **known,
            person=PANEL,
            role="service_manager",
            service=BASE,
            effective_from=today,
            name="Mari Enghraifft",
        )
        for command in (opened, appointed):
            case.service.perform(command, order(ADMINISTRATOR, today))
        number = SetPlaces(
            occurred_on=today, place=BASE, number=1, effective_from=today, source="Cabinet 14/2025"
        )
        case.service.perform(number, order(ADMINISTRATOR, today))
        case.agrees(UUID(int=0xBAC1), AUTHORITY, today, service=BASE)
        case.opens(ASKED, BASE, today)
        case.sends(ASKED, today)
        case.opens(ALSO_ASKED, BASE, today, SECOND)
        case.sends(ALSO_ASKED, today, SECOND, override="safeguarding", override_reason="The panel needs it.")
        met = {"host": AUTHORITY, "held_on": today, "kind": "admissions_panel", "starts_at": time(9)}
        case.does(CASEWORKER, today, ScheduleMeeting, meeting=PANEL_MEETING, **met)
        of_base = Party(organisation=AUTHORITY, service=BASE)
        case.does(CASEWORKER, today, Invite, meeting=PANEL_MEETING, party=of_base)
        service.person("service_manager", organisation=AUTHORITY, person=PANEL, username="panel")
        settled(service, case.service)
        yield service, case


def test_a_panel_places_one_child_and_goes_beyond_the_number_with_a_reason(base: Site) -> None:
    service, case = base
    desk = browser(service, "panel").get(f"/places/{BASE}").text
    assert "empty: 1; waiting: 2" in desk
    assert "There are empty places while pupils wait." in desk
    today = service.clock().date()
    steps = f"/pupils/{PUPIL}/referrals/{ASKED}/steps"
    decided = {"decision": "place", "meeting": str(PANEL_MEETING)}
    sends(service, "panel", f"{steps}/panel_decided", **decided, **day_of("occurred_on", today))
    sends(service, "panel", f"{steps}/place_offered", **day_of("occurred_on", today))
    exit_due = day_of("exit_due_on", today)
    sends(service, "panel", f"{steps}/placed", **day_of("occurred_on", today), **exit_due)
    placed = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[ASKED]
    assert place_of(placed).meeting == PANEL_MEETING
    correcting = f"/pupils/{PUPIL}/referrals/{ASKED}/entries/{placed.steps[-1].version}/correct"
    shown = form_in(browser(service, "panel").get(correcting).text, "why")
    assert shown["exit_due_on-year"] == str(today.year)
    second = f"/pupils/{SECOND}/referrals/{ALSO_ASKED}/steps/place_offered"
    refused = sends(service, "panel", second, status=422, **day_of("occurred_on", today))
    assert "All 1 places are taken or offered" in refused
    sends(service, "panel", second, **day_of("occurred_on", today), beyond_reason="Brawd yn y ganolfan")
    desk = browser(service, "panel").get(f"/places/{BASE}").text
    assert "Brawd yn y ganolfan" in desk
    assert "Exits due" in desk
    assert "offered or taken: 2; empty: 0; waiting: 0" in desk


def test_a_place_is_reviewed_by_the_school_too(base: Site) -> None:
    service, _ = base
    later = day_of("next_review_on", service.clock().date() + timedelta(days=90))
    sends(
        service,
        "alnco",
        f"/placements/{ASKED}/review",
        outcome="exit_planned",
        words="Darllen yn dda.",
        **later,
    )
    for who in ("alnco", "panel", "caseworker"):
        assert "Darllen yn dda." in browser(service, who).get(f"/placements/{ASKED}/reviews").text
    for who in ("other-alnco", "clinician"):
        assert browser(service, who).get(f"/placements/{ASKED}/reviews").status_code in (403, 404)


def test_the_authority_arranges_its_base_and_fewer_places_need_a_reason(base: Site) -> None:
    service, _ = base
    typed = {"number": "0", "source": "Cabinet 3/2026"}
    refused = sends(service, "administrator", f"/places/{BASE}/places", status=422, **typed)
    assert "To record fewer places, give the reason." in refused
    sends(
        service,
        "administrator",
        f"/places/{BASE}/criteria",
        admission="MLD",
        exit="Reads",
        source="Policy 2026",
    )
    sends(
        service, "panel", f"/places/{BASE}/training", subject="Manual handling", people="3", source="Register"
    )
    page = browser(service, "alnco").get(f"/places/{BASE}").text
    assert "Admitted: MLD" in page
    assert "Manual handling" in page
    assert "offered or taken" not in page


def test_the_api_lists_bases_and_a_foreign_id_tells_nothing(base: Site) -> None:
    service, _ = base
    school = program(service, SCHOOL, "places:read")
    listed = school.get("/places").json
    assert listed is not None
    (one,) = listed["items"]
    assert (one["place"], one["number"], one["taken"]) == (str(BASE), 1, None)
    assert {entry["kind"] for entry in one["entries"]} >= {"places", "criteria", "training"}
    for unknown in (UUID(int=0xDEAD), SCHOOL):
        assert school.get(f"/places/{unknown}").status_code == 404
    own = program(service, AUTHORITY, "places:read", "places:write", services=(BASE,))
    held = own.get(f"/places/{BASE}/placements").json
    assert held is not None
    assert {(p["referral"], p["state"], p["beyond"]) for p in held["items"]} == {
        (str(ASKED), "placed", False),
        (str(ALSO_ASKED), "offered", True),
    }


def test_one_visit_shows_who_waits_alike_and_who_agreed_to_short_notice(base: Site) -> None:
    service, _ = base
    path = f"/visits?service={BASE}&school={SCHOOL}"
    assert "Nobody who is ready agreed" in browser(service, "panel").get(path).text
    today = service.clock().date()
    reviewed = f"/pupils/{SECOND}/referrals/{ALSO_ASKED}/steps/waiting_list_reviewed"
    sends(service, "panel", reviewed, **day_of("occurred_on", today))
    sends(service, "alnco", f"/pupils/{SECOND}/referrals/{ALSO_ASKED}/short-notice", agreed="yes")
    shown = browser(service, "panel").get(path).text
    assert "Short notice agreed" in shown


def test_live_rows_equal_a_rebuild(base: Site) -> None:
    service, case = base
    replay(service.database, case.service, "rebuilt")
    same(contents(service.database), contents(service.database, "rebuilt"))
