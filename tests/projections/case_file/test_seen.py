"""Who sees what of a case file."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.pupil.profile.commands import (
    RecordViews,
)
from coordination.service import Coordination
from projections.case_file.queries import (
    pupil,
    referral,
)
from projections.catalogue import projections
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    PUPIL,
    register,
)
from tests.projections.case_file.shared import SEES, seen
from tests.projections.casework import (
    AGREED_CAMHS,
    DAY0,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    RecordedCase,
    day,
    viewer,
    viewers,
)


@pytest.mark.parametrize("name", sorted(viewers()))
def test_each_sees_of_every_query_what_is_theirs(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    assert seen(reader, viewers()[name]) == SEES[name]


def _opens(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotFound:
        return False
    return True


PAGES: dict[str, set[str]] = {
    "alnco": {"pupil", "camhs", "psychology"},
    "head": {"pupil", "camhs", "psychology"},
    "clinician": {"pupil", "camhs"},
    "psychologist": {"pupil", "psychology"},
    # pseudonymous: no identity, no contact, no view, no seal (asserted below)
    "auditor": {"camhs", "psychology"},
    "caseworker": {"camhs", "psychology"},
}


@pytest.mark.parametrize("name", sorted(viewers()))
def test_a_foreign_page_is_not_found(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    who = viewers()[name]
    pages = {
        "pupil": lambda: pupil(reader, who, PUPIL),
        "camhs": lambda: referral(reader, who, TO_CAMHS),
        "psychology": lambda: referral(reader, who, TO_PSYCHOLOGY),
        "nobody": lambda: pupil(reader, who, UUID(int=1)),
        "nothing": lambda: referral(reader, who, UUID(int=1)),
    }
    assert {page for page, ask in pages.items() if _opens(ask)} == PAGES.get(name, set())


@pytest.mark.parametrize("name", ["auditor", "caseworker"])
def test_an_auditor_finds_no_name_and_no_words(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    found = referral(reader, viewers()[name], TO_CAMHS)
    assert found.identity is None
    assert (found.contacts, found.views, found.consents, found.disclosures) == ((), (), (), ())
    assert all(not e.at.sealed for e in found.entries)


def test_no_table_of_the_read_schema_is_open_without_a_viewer(known: tuple[RecordedCase, Reader]) -> None:
    """The reader's role, with no settings, sees nothing in any table of these rooms."""
    _, reader = known
    names = [t.name for p in projections() if p.name in ("case_file", "inbox", "today") for t in p.tables]
    with reader._pool.connection() as connection:
        for name in names:
            count = connection.execute(f"select count(*) from read.{name}").fetchone()  # type: ignore[arg-type]
            assert count == (0,), name


def test_what_an_agency_was_told_is_gated_by_the_classes_disclosed(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """Without `contact`, `views` and `needs` among them the agency sees none; views of a later day never."""
    case = RecordedCase(county)
    register(county)
    words = {"pupil": PUPIL, "whose": "child", "language": "cy"}
    case.does(ALNCO, day(-7), RecordViews, words="Cynt.", **words)
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    case.opens(TO_CAMHS, CAMHS, DAY0)
    case.sends(TO_CAMHS, DAY0, data_classes=("identity", "contact", "views"))
    case.does(ALNCO, day(5), RecordViews, words="Wedyn.", **words)
    engine.catch_up()
    told_all = referral(reader, viewer(CLINICIAN), TO_CAMHS)
    assert [c.contact for c in told_all.contacts] == [MOTHER]
    assert [v.said_on for v in told_all.views] == [day(-7)]
    assert told_all.shared == ("contact", "identity", "views")
    at_agency = pupil(reader, viewer(CLINICIAN), PUPIL).pupil
    assert (at_agency.needs, at_agency.provision) == ((), None)
    at_school = pupil(reader, viewer(ALNCO), PUPIL).pupil
    assert (at_school.needs, at_school.provision) == (("ASD", "SLCD"), "idp_school")
    assert len(referral(reader, viewer(ALNCO), TO_CAMHS).views) == 2


def test_an_agency_that_was_not_told_the_identity_has_none_to_open(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    case = RecordedCase(county)
    register(county)
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    case.opens(TO_CAMHS, CAMHS, DAY0)
    case.sends(TO_CAMHS, DAY0, data_classes=("referral",))
    engine.catch_up()
    assert referral(reader, viewer(CLINICIAN), TO_CAMHS).identity is None
