"""Sessions: how long they last, and what the database knows of them."""

from datetime import timedelta

from coordination.desk.sessions import SessionLength, end_session, open_session, session_of
from tests.desk.conftest import NOW

LENGTH = SessionLength(idle=timedelta(minutes=30), whole=timedelta(hours=2))


def begin(conn, nia, token="token"):
    return open_session(conn, nia, token=token, csrf="form", now=NOW, length=LENGTH)


def at(conn, minutes, token="token"):
    return session_of(conn, token, now=NOW + timedelta(minutes=minutes), length=LENGTH)


def test_a_session_belongs_to_whoever_holds_its_token(conn, nia):
    begin(conn, nia)
    found = at(conn, 1)
    assert found.account == nia
    assert found.csrf == "form"
    assert not found.over
    assert at(conn, 1, "another") is None


def test_the_token_itself_is_nowhere_in_the_database(conn, nia):
    begin(conn, nia, token="this-is-the-token")
    rows = conn.execute("select s::text from desk.session s").fetchall()
    assert rows
    assert "this-is-the-token" not in rows[0][0]


def test_a_session_ends_when_nothing_happens(conn, nia):
    begin(conn, nia)
    assert not at(conn, 29).over
    assert at(conn, 29 + 31).over


def test_use_keeps_a_session_alive(conn, nia):
    begin(conn, nia)
    for minutes in (25, 50, 75, 100):
        assert not at(conn, minutes).over


def test_a_session_ends_however_much_it_is_used(conn, nia):
    begin(conn, nia)
    for minutes in range(20, 120, 20):
        assert not at(conn, minutes).over
    assert at(conn, 120).over


def test_a_session_that_is_over_still_tells_whose_it_was(conn, nia):
    begin(conn, nia)
    assert at(conn, 500).account == nia


def test_use_is_written_down_at_most_once_a_minute(conn, nia):
    begin(conn, nia)
    seen = "select seen_at from desk.session"
    at(conn, 0.5)
    assert conn.execute(seen).fetchone()[0] == NOW
    at(conn, 2)
    assert conn.execute(seen).fetchone()[0] == NOW + timedelta(minutes=2)


def test_a_session_says_when_it_will_end(conn, nia):
    assert begin(conn, nia).ends_at == NOW + timedelta(minutes=30)
    assert at(conn, 10).ends_at == NOW + timedelta(minutes=40)


def test_signing_out_ends_it_at_once(conn, nia):
    begin(conn, nia)
    end_session(conn, "token")
    assert at(conn, 1) is None


def test_sessions_long_over_are_forgotten(conn, nia):
    begin(conn, nia, "old")
    later = NOW + timedelta(days=2)
    open_session(conn, nia, token="new", csrf="c", now=later, length=LENGTH)
    assert conn.execute("select count(*) from desk.session").fetchone()[0] == 1
