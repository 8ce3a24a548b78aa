"""An agency's own meetings across schools."""

from __future__ import annotations

from datetime import timedelta

from coordination.service import Coordination
from projections.attendance.queries.places import MeetingPlace, MeetingPlaceCriteria, places
from projections.engine import Engine
from projections.reader import Reader
from tests.county import ALNCO, CAMHS, CLINICIAN, OTHER_SCHOOL, PSYCHOLOGIST, PSYCHOLOGY, SCHOOL, THERAPY
from tests.projections.hwb import (
    TODAY,
    accept_terms,
    answers,
    held_on,
    hold,
    meeting_id,
    schedule,
    viewer,
    viewers,
)


def story(county: Coordination) -> None:
    """CAMHS with terms at one school only; one meeting held at each, one to come."""
    accept_terms(county, CAMHS)
    hold(county, 0, {CAMHS: "late", THERAPY: "absent"})
    hold(county, 1, {CAMHS: "attended"}, school=OTHER_SCHOOL)
    coming = schedule(county, 2, CAMHS, PSYCHOLOGY)
    answers(county, coming, CAMHS, "apologies", held_on(2) - timedelta(days=3))


def test_an_agency_finds_its_own_places_at_every_school(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    story(county)
    engine.catch_up()

    def ask(**of: object) -> list[MeetingPlace]:
        return list(places(reader, viewer(CLINICIAN), MeetingPlaceCriteria(**of)).rows)  # type: ignore[arg-type]

    of_camhs = ask(service=CAMHS)
    assert [(p.meeting, p.school, p.mark, p.expected, p.because) for p in of_camhs] == [
        (meeting_id(0), SCHOOL, "late", True, None),
        (meeting_id(1, OTHER_SCHOOL), OTHER_SCHOOL, "attended", False, "no_terms"),
        (meeting_id(2), SCHOOL, None, True, None),
    ]
    last = of_camhs[-1]
    assert (last.answer, last.own_word, last.finalised, last.notice_required) == (
        "apologies",
        False,
        False,
        10,
    )
    assert last.invitation_version is not None
    assert [p.party for p in ask()] == [CAMHS, CAMHS, CAMHS], "another service of the board is not theirs"
    assert ask(latest=True, service=CAMHS) == of_camhs[::-1]
    assert ask(from_on=held_on(1), to_on=held_on(1)) == of_camhs[1:2]
    assert ask(size=3) + ask(size=3, page=2) == ask()
    assert places(reader, viewer(CLINICIAN), MeetingPlaceCriteria(size=1)).total == 3


def test_nobody_finds_the_places_of_others(county: Coordination, engine: Engine, reader: Reader) -> None:
    story(county)
    engine.catch_up()
    assert [p.service for p in places(reader, viewer(PSYCHOLOGIST), MeetingPlaceCriteria()).rows] == [
        PSYCHOLOGY
    ]
    for name, who in viewers(TODAY).items():
        found = places(reader, who, MeetingPlaceCriteria()).rows
        if name not in ("clinician", "other_clinician"):
            # of a school: its own staff at its own meetings
            assert all(p.person is not None and p.service is None for p in found), name
    assert {p.person for p in places(reader, viewer(ALNCO), MeetingPlaceCriteria()).rows} == {ALNCO}
