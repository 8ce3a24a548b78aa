"""Who sees what of a challenge."""

from __future__ import annotations

from uuid import UUID

import msgspec
import psycopg
import pytest

from coordination.authority import OPERATOR
from coordination.challenge.commands import (
    NameRuler,
    RuleOnDispute,
)
from coordination.directory.commands import AppointPerson, RegisterOrganisation
from coordination.event import CommandContext
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.challenges.queries import (
    challenges,
    delays,
    dossier,
)
from projections.engine import Engine
from projections.reader import Reader
from projections.rebuild import rebuild
from tests.county import (
    ALNCO,
    SCHOOL,
    START,
    at,
)
from tests.projections.challenges.shared import DAY, DISPUTE, OTHER_CHALLENGE, all_of_it, raised
from tests.projections.hwb import (
    CHALLENGE,
    does,
    viewers,
)

# Who sees what

# name: challenges in the list, steps of the sent one, its lines, its disputes, waits of the delay challenge, delays
SEEN = {
    "alnco": (2, 5, 3, 1, 1, 1),
    "head": (2, 5, 3, 1, 1, 1),
    "operator": (2, 5, 3, 1, 1, 1),
    "clinician": (2, 5, 3, 1, 1, 1),
    "auditor": (2, 5, 3, 1, 0, 1),
    "other_alnco": (0, 0, 0, 0, 0, 0),
    "other_clinician": (0, 0, 0, 0, 0, 0),
    "far_auditor": (0, 0, 0, 0, 0, 0),
    "administrator": (0, 0, 0, 0, 0, 0),
}


def test_every_role_sees_its_own_and_no_more(county: Coordination, engine: Engine, reader: Reader) -> None:
    all_of_it(county, engine, reader)
    directory = county.directory()
    seen = {}
    for name, looking in viewers().items():
        about_attendance = dossier(reader, looking, directory, CHALLENGE)
        about_delay = dossier(reader, looking, directory, OTHER_CHALLENGE)
        seen[name] = (
            len(challenges(reader, looking, directory)),
            len(about_attendance.steps) if about_attendance else 0,
            len(about_attendance.lines) if about_attendance else 0,
            len(about_attendance.disputes) if about_attendance else 0,
            len(about_delay.waits) if about_delay else 0,
            len(delays(reader, looking, SCHOOL, DAY)),
        )
        assert (about_delay is None) == (about_attendance is None)
        if about_delay is not None:
            assert about_delay.challenge.waits == 1
    assert seen == SEEN


def test_before_it_is_sent_the_school_alone_knows(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader)
    engine.catch_up()
    directory = county.directory()
    knows = {name for name, v in viewers().items() if dossier(reader, v, directory, CHALLENGE) is not None}
    assert knows == {"alnco", "head", "operator"}
    assert knows == {name for name, v in viewers().items() if challenges(reader, v, directory)}


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_pages_make_no_difference(
    county: Coordination, engine: Engine, reader: Reader, database: str, size: int
) -> None:
    all_of_it(county, engine, reader)
    assert rebuild(database, county.record.outer, page_size=size).differing == ()


def test_who_is_asked_to_rule_sees_this_one_and_no_other(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """A DECLO of another board: the parties' dispute, but no waits of pupils; nobody else there sees anything."""
    far = UUID(int=0x7A)
    board, declo = UUID(int=0x7B), Viewer(person=far, organisation=UUID(int=0x7B), role="declo", today=DAY)
    operator = CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="import",
        command_id="far",
        recorded_at=at(START),
    )
    registered = RegisterOrganisation(
        occurred_on=START,
        organisation=board,
        kind="agency",
        code="FHB",
        name="Far board",
        agency_kind="local_health_board",
    )
    county.perform(registered, operator)
    appointed = AppointPerson(
        occurred_on=START, organisation=board, person=far, role="declo", effective_from=START, name="F"
    )
    county.perform(appointed, msgspec.structs.replace(operator, command_id="far declo"))
    all_of_it(county, engine, reader)
    directory = county.directory()
    assert challenges(reader, declo, directory) == ()
    named = NameRuler(occurred_on=DAY, challenge=CHALLENGE, person=far, of_organisation=board)
    does(county, ALNCO, named)
    engine.catch_up()
    [seen] = challenges(reader, declo, county.directory())
    assert (seen.challenge, seen.rulers) == (CHALLENGE, (far,))
    held = dossier(reader, declo, directory, CHALLENGE)
    assert held is not None
    assert (len(held.lines), len(held.disputes), len(held.waits)) == (3, 1, 0)
    assert held.disputes[0].ruling is None, "to be asked is no ruling"
    assert dossier(reader, declo, directory, OTHER_CHALLENGE) is None
    for other in (
        msgspec.structs.replace(declo, person=UUID(int=0x7C)),
        msgspec.structs.replace(declo, role="administrator"),
        msgspec.structs.replace(declo, role="class_teacher"),
    ):
        assert challenges(reader, other, directory) == ()
    with reader.viewing(declo) as cursor:
        for table in ("challenge_wait", "wait", "attendance", "mark_dispute"):
            assert cursor.execute(f"select count(*) as n from read.{table}").fetchone() == {"n": 0}, table
    ruling = RuleOnDispute(
        occurred_on=DAY, challenge=CHALLENGE, dispute=DISPUTE, ruling="not_upheld", reasons="The book"
    )
    by = CommandContext(
        person=far, organisation=board, role="declo", source="screen", command_id="rules", recorded_at=at(DAY)
    )
    county.perform(ruling, by)
    engine.catch_up()
    held = dossier(reader, declo, directory, CHALLENGE)
    assert held is not None
    assert (held.disputes[0].ruling, held.disputes[0].ruled_at) == ("not_upheld", board)


def test_no_words_stand_in_the_read_model(
    county: Coordination, engine: Engine, reader: Reader, database: str
) -> None:
    all_of_it(county, engine, reader)
    with psycopg.connect(database) as connection:
        for table in ("challenge", "challenge_step", "challenge_mark", "challenge_wait", "mark_dispute"):
            for (row,) in connection.execute(f"select t::text from read.{table} t"):
                assert "We were" not in row
