"""Reads are logged with ids and codes, and with nothing else."""

from datetime import date
from uuid import uuid4

import psycopg
import pytest

from coordination.desk.demonstration import DemonstrationSignIn, publish_sign_ins, published_sign_ins
from coordination.desk.read_log import note_reading
from coordination.viewer import Viewer
from tests.desk.conftest import NOW

VIEWER = Viewer(person=uuid4(), organisation=uuid4(), role="auditor", today=date(2026, 3, 2))


def test_a_reading_is_noted(conn):
    pupils = [uuid4(), uuid4()]
    note_reading(conn, VIEWER, kind="case_file", ids=pupils, at=NOW, purpose="audit")
    row = conn.execute(
        "select person, organisation, role, kind, ids, at, purpose from desk.read_log"
    ).fetchone()
    assert row == (VIEWER.person, VIEWER.organisation, "auditor", "case_file", pupils, NOW, "audit")


@pytest.mark.parametrize("words", ["Nia Prydderch", "search for Nia", ""])
def test_words_do_not_get_into_it(conn, words):
    with pytest.raises(psycopg.errors.CheckViolation):
        note_reading(conn, VIEWER, kind=words, ids=[], at=NOW, purpose="audit")
    with pytest.raises(psycopg.errors.CheckViolation):
        note_reading(conn, VIEWER, kind="pupil_search", ids=[], at=NOW, purpose=words)


def test_the_demonstration_sign_ins_are_replaced_as_a_whole(conn):
    one = [DemonstrationSignIn("alnco", "nia", "x"), DemonstrationSignIn("head", "huw", "y", "cy")]
    publish_sign_ins(conn, one)
    assert published_sign_ins(conn) == one
    publish_sign_ins(conn, one[1:])
    assert published_sign_ins(conn) == one[1:]
    publish_sign_ins(conn, [])
    assert published_sign_ins(conn) == []
