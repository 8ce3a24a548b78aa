"""Who sees a request, an emergency access, an expected move and the record that follows a pupil."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.event import Command
from coordination.pupil.moves.commands import (
    AgreeToMove,
    AnswerFileRequest,
    ExpectMove,
    OpenEmergencyAccess,
    RequestFile,
    ReviewEmergencyAccess,
    SendRecord,
)
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUTHORITY,
    CAMHS,
    CLINICIAN,
    HEAD,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PUPIL,
    SCHOOL,
    UPN,
    at,
    order,
    register,
)
from tests.projections.casework import TO_CAMHS, RecordedCase, viewer

ON = date(2025, 3, 3)
REQUEST, ACCESS, MOVE = UUID(int=0xF1), UUID(int=0xF3), UUID(int=0xF2)
NOON = at(ON)
TABLES = (
    "file_request",
    "emergency_access",
    "expected_move",
    "record_transfer",
    "pupil",
    "identity",
    "contact",
    "referral",
    "coded",
    "said",
    "timeline",
    "seal",
    "roll",
)


def ask(**changed: Any) -> RequestFile:
    usual: dict[str, Any] = {
        "occurred_on": ON,
        "pupil": PUPIL,
        "request": REQUEST,
        "school": OTHER_SCHOOL,
        "upn": UPN,
        "surname": "Gwyn",
        "forename": "Sian",
        "date_of_birth": date(2011, 5, 20),
    }
    return RequestFile(**{**usual, **changed})


OPEN = OpenEmergencyAccess(occurred_on=ON, pupil=PUPIL, access=ACCESS, request=REQUEST, why="Fainted")


def authority(role: str) -> Viewer:
    return Viewer(person=UUID(int=0), organisation=AUTHORITY, role=role, today=ON, now=NOON)


def looking(person: UUID, now: datetime = NOON, **changed: Any) -> Viewer:
    return msgspec.structs.replace(viewer(person, now.date()), now=now, **changed)


@pytest.fixture
def does(county: Coordination, engine: Engine) -> Any:
    case = RecordedCase(county)
    register(county)
    case.opens(TO_CAMHS, CAMHS, ON)

    def do(person: UUID, command: Command, hour: int = 12) -> None:
        county.perform(command, order(person, ON, hour=hour))
        engine.catch_up()

    engine.catch_up()
    return do


def seen(reader: Reader, who: Viewer) -> set[str]:
    """The tables of which the viewer sees a row about the pupil."""
    found = set()
    with reader.viewing(who) as cursor:
        for table in TABLES:
            query = f"select exists (select from read.{table} where pupil = %s) as there"
            row = cursor.execute(query.encode(), (PUPIL,)).fetchone()
            if row is not None and row["there"]:
                found.add(table)
    return found


def test_before_the_answer_the_school_that_asked_sees_nothing(does: Any, reader: Reader) -> None:
    does(OTHER_ALNCO, ask())
    assert seen(reader, looking(OTHER_ALNCO)) == set()
    assert "file_request" in seen(reader, looking(ALNCO))
    assert "file_request" in seen(reader, looking(HEAD))
    assert "file_request" not in seen(reader, looking(ALNCO, role="class_teacher"))
    assert "file_request" not in seen(reader, looking(CLINICIAN))
    for role in ("la_caseworker", "la_safeguarding", "auditor"):
        assert not seen(reader, authority(role)) & {"file_request", "identity", "pupil"}


def test_a_disputed_request_opens_the_file_to_the_caseworker_until_the_answer(
    does: Any, reader: Reader, county: Coordination
) -> None:
    does(OTHER_ALNCO, ask())
    does(ALNCO, AnswerFileRequest(occurred_on=ON, pupil=PUPIL, request=REQUEST, answer="disputed", why="No"))
    assert {"file_request", "identity", "pupil"} <= seen(reader, authority("la_caseworker"))
    assert not seen(reader, authority("la_safeguarding")) & {"file_request", "identity", "pupil"}
    does(ALNCO, AnswerFileRequest(occurred_on=ON, pupil=PUPIL, request=REQUEST, answer="released"))
    assert not seen(reader, authority("la_caseworker")) & {"identity", "pupil"}


def test_a_confidential_request_is_the_safeguarding_persons_alone(does: Any, reader: Reader) -> None:
    before = seen(reader, looking(ALNCO))
    with reader.viewing(looking(ALNCO)) as cursor:
        entries = cursor.execute("select count(*) as n from read.timeline").fetchone()
    does(OTHER_ALNCO, ask(confidential=True, why="Refuge"))
    assert {"file_request", "identity", "pupil"} <= seen(reader, authority("la_safeguarding"))
    assert not seen(reader, authority("la_caseworker")) & {"file_request", "identity", "pupil"}
    assert seen(reader, looking(ALNCO)) == before
    with reader.viewing(looking(ALNCO)) as cursor:
        assert cursor.execute("select count(*) as n from read.timeline").fetchone() == entries


def test_emergency_access_shows_its_parts_until_its_instant(does: Any, reader: Reader) -> None:
    does(OTHER_ALNCO, ask())
    does(OTHER_ALNCO, OPEN)
    open_ = {"pupil", "identity", "contact", "referral", "emergency_access"}
    last = NOON + timedelta(hours=24) - timedelta(seconds=1)
    assert seen(reader, looking(OTHER_ALNCO)) == open_
    assert seen(reader, looking(OTHER_ALNCO, last)) == open_
    assert seen(reader, looking(OTHER_ALNCO, NOON + timedelta(hours=24))) == {"emergency_access"}
    assert seen(reader, looking(OTHER_ALNCO, role="class_teacher")) == set()
    without_instant = msgspec.structs.replace(looking(OTHER_ALNCO), now=None)
    assert seen(reader, without_instant) == {"emergency_access"}
    # the school that has the pupil is told at once, and the safeguarding person reviews it
    assert "emergency_access" in seen(reader, looking(ALNCO))
    assert "emergency_access" in seen(reader, authority("la_safeguarding"))
    assert "emergency_access" not in seen(reader, authority("la_caseworker"))


def test_the_record_of_a_pupil_who_left(does: Any, reader: Reader) -> None:
    does(OTHER_ALNCO, ask())
    does(ALNCO, AnswerFileRequest(occurred_on=ON, pupil=PUPIL, request=REQUEST, answer="released"))
    # the former school reads the name until it has sent the record, and nothing else
    assert seen(reader, looking(ALNCO)) == {"record_transfer", "identity"}
    does(ALNCO, SendRecord(occurred_on=ON, pupil=PUPIL, from_school=SCHOOL, parts=("transfer_file",)))
    assert seen(reader, looking(ALNCO)) == {"record_transfer"}
    assert {"record_transfer", "identity", "pupil"} <= seen(reader, looking(OTHER_ALNCO))


def test_an_expected_pupils_name_is_on_the_list_of_the_receiving_school(does: Any, reader: Reader) -> None:
    expect = ExpectMove(
        occurred_on=ON,
        pupil=PUPIL,
        move=MOVE,
        from_school=SCHOOL,
        to_school=OTHER_SCHOOL,
        expected_on=date(2025, 9, 1),
    )
    does(ALNCO, expect)
    assert seen(reader, looking(OTHER_ALNCO)) == {"expected_move", "identity"}
    does(OTHER_ALNCO, AgreeToMove(occurred_on=ON, pupil=PUPIL, move=MOVE))
    with reader.viewing(looking(ALNCO)) as cursor:
        assert cursor.execute("select state from read.expected_move").fetchall() == [{"state": "agreed"}]


def test_a_review_is_kept_beside_the_access(
    does: Any, reader: Reader, county: Coordination, engine: Engine
) -> None:
    does(OTHER_ALNCO, ask())
    does(OTHER_ALNCO, OPEN)
    review = ReviewEmergencyAccess(
        occurred_on=ON, pupil=PUPIL, access=ACCESS, finding="justified", why="Ambulance"
    )
    context = msgspec.structs.replace(order(ALNCO, ON), organisation=AUTHORITY, role="la_safeguarding")
    county.perform(review, context)
    engine.catch_up()
    with reader.viewing(looking(ALNCO)) as cursor:
        found = cursor.execute("select finding, reviewed_on from read.emergency_access").fetchall()
    assert found == [{"finding": "justified", "reviewed_on": ON}]
