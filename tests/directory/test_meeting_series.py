"""Series of meetings: dated data of the school or authority whose meetings they are."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.dated import in_force
from coordination.directory.decide import AppointPerson
from coordination.directory.decisions.meeting_series import decide_set_series
from coordination.directory.meeting_series import Rhythm, SeriesMember, SetMeetingSeries
from tests.directory.county import BOARD, CAMHS, COUNSEL, GWYNEDD, NIA, TODAY, TYWYN, County, full_county

SERIES = UUID(int=0x5E1)
LATER = date(2026, 9, 1)
MONTHLY = Rhythm(every="month", weekday=2, week=2, starts_at=time(13, 30), ends_at=time(15))
ALNCO, CLINICIAN = UUID(int=0xF1), UUID(int=0xF2)
OF_CAMHS = SeriesMember(organisation=BOARD, service=CAMHS)


def county() -> County:
    """The county with an ALNCo at the school and a clinician at the board."""
    here = full_county()
    for organisation, person, role in ((TYWYN, ALNCO, "alnco"), (BOARD, CLINICIAN, "clinician")):
        here.does(
            AppointPerson(
                occurred_on=TODAY,
                organisation=organisation,
                person=person,
                role=role,
                effective_from=TODAY,
                name="A name",
            )
        )
    return here


def series(**changed: Any) -> SetMeetingSeries:
    usual: dict[str, Any] = {
        "occurred_on": TODAY,
        "organisation": TYWYN,
        "series": SERIES,
        "kind": "hwb",
        "name": "Hwb Aber",
        "rhythm": MONTHLY,
        "members": (OF_CAMHS, SeriesMember(organisation=TYWYN, person=ALNCO)),
        "school": TYWYN,
        "effective_from": TODAY,
    }
    return SetMeetingSeries(**{**usual, **changed})


def test_a_series_has_dated_versions_and_the_directory_knows_its_host() -> None:
    here = county()
    here.does(series(quorum=2))
    here.does(series(effective_from=LATER, quorum=1))
    found = here.directory.series(SERIES)
    assert found is not None
    host, versions = found
    assert host.id == TYWYN
    assert [in_force(versions, on).quorum for on in (TODAY, date(2026, 8, 31), LATER)] == [2, 2, 1]  # type: ignore[union-attr]
    assert here.does(series(quorum=2)) == []
    assert here.directory.series(UUID(int=1)) is None
    assert here.directory.series(None) is None


def test_every_sort_of_member_can_belong_to_it() -> None:
    here = county()
    members = (
        OF_CAMHS,
        SeriesMember(organisation=TYWYN, person=ALNCO),
        SeriesMember(organisation=GWYNEDD),
        *(
            SeriesMember(organisation=TYWYN, part=p)
            for p in ("parents", "pupil", "gp", "police", "interpreter")
        ),  # type: ignore[arg-type]
    )
    [event] = here.does(series(members=members))
    assert event.members == members  # type: ignore[attr-defined]


OUT_OF_ORDER = Rhythm(every="month", weekday=2, starts_at=time(15), ends_at=time(15))


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"name": " "}, "cannot_be_empty", "name"),
        ({"kind": "tea"}, "unknown_code", "kind"),
        ({"effective_to": date(2026, 1, 1)}, "end_before_start", "effective_to"),
        ({"rhythm": OUT_OF_ORDER}, "ends_before_it_starts", "ends_at"),
        ({"school": BOARD}, "unknown_school", "school"),
        ({"members": ()}, "no_members", "members"),
        ({"members": (OF_CAMHS, OF_CAMHS)}, "member_twice", "members"),
        ({"quorum": 3}, "out_of_range", "quorum"),
        ({"notice_working_days": 61}, "out_of_range", "notice_working_days"),
        ({"members": (SeriesMember(organisation=COUNSEL, service=CAMHS),)}, "unknown_service", "members"),
        ({"members": (SeriesMember(organisation=UUID(int=9)),)}, "unknown_organisation", "members"),
        ({"members": (SeriesMember(organisation=TYWYN, person=NIA),)}, "unknown_person", "members"),
        ({"members": (SeriesMember(organisation=BOARD, part="gp"),)}, "seat_of_the_host", "members"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], code: str, field: str) -> None:
    here = county()
    given = here.given(TYWYN, role="operator", source="command_line")
    given.when(decide_set_series, series(**changed), here.world).refused(code, field)


def test_a_substitute_from_another_agency_is_refused() -> None:
    here = county()
    own = SeriesMember(organisation=BOARD, service=CAMHS, substitutes=(CLINICIAN,))
    assert here.does(series(members=(own,)))
    stranger = SeriesMember(organisation=TYWYN, person=ALNCO, substitutes=(CLINICIAN,))
    given = here.given(TYWYN, role="alnco", organisation=TYWYN)
    outcome = given.when(decide_set_series, series(members=(stranger,)), here.world)
    outcome.refused("substitute_elsewhere", "substitutes")


def test_only_the_hosts_own_staff_set_it_up() -> None:
    here = county()
    for who, allowed in (
        ({"role": "alnco", "organisation": TYWYN}, True),
        ({"role": "class_teacher", "organisation": TYWYN}, False),
        ({"role": "alnco", "organisation": UUID(int=0x2)}, False),
        ({"role": "la_caseworker", "organisation": GWYNEDD}, False),
    ):
        outcome = here.given(TYWYN, **who).when(decide_set_series, series(), here.world)
        if allowed:
            assert outcome.events
        else:
            outcome.refused("not_permitted")
    authority = series(organisation=GWYNEDD, kind="admissions_panel", members=(OF_CAMHS,))
    given = here.given(GWYNEDD, role="la_caseworker", organisation=GWYNEDD)
    assert given.when(decide_set_series, authority, here.world).events
