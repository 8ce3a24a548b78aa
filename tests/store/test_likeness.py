"""Pupils are found by names and date of birth, whatever their number, and no name is stored for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg

from coordination.pupil.matching import IdentityDetails
from coordination.pupil.profile.commands import ChangeIdentity
from coordination.service import Coordination
from coordination.store.likeness import fill_likenesses, pupils_alike
from tests.county import ALNCO, PUPIL, UPN, order, register

ON = date(2026, 3, 2)


def described(
    forename: str = "Siân", surname: str = "Gŵyn-Llŷr", born: date = date(2011, 5, 20)
) -> IdentityDetails:
    return IdentityDetails(upn="", surname=surname, forename=forename, date_of_birth=born)


def renamed(**changed: Any) -> ChangeIdentity:
    given: dict[str, Any] = {
        "upn": UPN,
        "surname": "Huws",
        "forename": "Siân",
        "date_of_birth": date(2011, 5, 20),
        "sex": "F",
        "language": "cy",
    }
    return ChangeIdentity(occurred_on=ON, pupil=PUPIL, **(given | changed))


def test_a_pupil_is_found_by_names_and_birth_and_by_earlier_names(county: Coordination) -> None:
    register(county)
    own = described("SIAN", "Gwyn Llyr")
    assert pupils_alike(county.record, [own, described("Siôn")]) == [{PUPIL}, set()]
    assert pupils_alike(county.record, [described(born=date(2011, 5, 21))]) == [set()]
    county.perform(renamed(preferred_forename="Sisi"), order(ALNCO, ON))
    found = pupils_alike(county.record, [described("Sisi", "Huws"), own])
    assert found == [{PUPIL}, {PUPIL}]


def test_only_keyed_hashes_are_stored(county: Coordination, database: str) -> None:
    register(county)
    with psycopg.connect(database) as connection:
        rows = connection.execute("select likeness_hmac, stream from log.pupil_likeness").fetchall()
    assert [(len(hashed), stream) for hashed, stream in rows] == [(32, PUPIL)]


def test_pupils_of_an_earlier_version_are_filled_in_once(county: Coordination, database: str) -> None:
    register(county)
    with psycopg.connect(database) as connection:
        connection.execute("delete from log.pupil_likeness")
    assert pupils_alike(county.record, [described()]) == [set()]
    assert (fill_likenesses(county.record), fill_likenesses(county.record)) == (1, 0)
    assert pupils_alike(county.record, [described()]) == [{PUPIL}]


def test_an_erased_pupil_is_not_filled_in(county: Coordination, database: str) -> None:
    register(county)
    with psycopg.connect(database) as connection:
        connection.execute("delete from log.pupil_likeness")
        connection.execute("delete from log.stream_key where stream = %s", (PUPIL,))
    assert fill_likenesses(county.record) == 0
