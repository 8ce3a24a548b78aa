"""Who can open the words of an entry: the row policies on the timeline and its seals."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.pupil.consent.decide import GiveConsent
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.case_file.queries import TimelineCriteria, timeline
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    register,
)
from tests.projections.casework import (
    AGREED_CAMHS,
    AGREED_EDUCATION,
    DAY0,
    TO_CAMHS,
    RecordedCase,
    day,
    viewer,
)

OTHER_SERVICE = UUID(int=0x5E9)
KEPT, SHARED, OLD = "referral.service_note", "referral.acknowledged", "referral.triaged"


def passed_on(county: Coordination, *, agreed: tuple[str, ...]) -> None:
    """CAMHS writes a note of each kind, and one that does not say for whom; then psychology has the referral."""
    case = RecordedCase(county)
    register(county)
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    by = {"authority": "parental_responsibility", "contact": MOTHER, "data_classes": agreed}
    case.does(ALNCO, DAY0, GiveConsent, pupil=PUPIL, consent=AGREED_EDUCATION, agency=EDUCATION, **by)
    case.opens(TO_CAMHS, CAMHS, DAY0)
    case.sends(TO_CAMHS, DAY0)
    case.says(CLINICIAN, TO_CAMHS, "received", day(1), note="I ni.", note_for="service")
    case.says(CLINICIAN, TO_CAMHS, "acknowledged", day(2), note="I bawb.", note_for="shared")
    case.says(CLINICIAN, TO_CAMHS, "triaged", day(3), note="Heb ddweud.")
    to = {"to_service": str(PSYCHOLOGY), "to_agency": str(EDUCATION)}
    case.says(CLINICIAN, TO_CAMHS, "redirected", day(4), details=to)
    case.says(PSYCHOLOGIST, TO_CAMHS, "acknowledged", day(6), note="I ni yma.", note_for="service")


def opens(reader: Reader, who: Viewer) -> dict[str, set[int]]:
    """The versions of the entries that somebody sees of each topic whose words they can open."""
    found: dict[str, set[int]] = {}
    for entry in timeline(reader, who, TimelineCriteria(pupil=PUPIL, matters=("referral",))).entries:
        found.setdefault(entry.topic, set())
        if entry.at.sealed:
            found[entry.topic].add(entry.version)
    return found


def of(who: Viewer, *services: UUID) -> Viewer:
    return msgspec.structs.replace(who, services=services)


def test_each_reads_the_words_that_were_written_for_them(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    passed_on(county, agreed=("identity", "referral"))
    engine.catch_up()
    school = opens(reader, viewer(ALNCO))
    assert KEPT not in school
    assert school[SHARED]
    assert school[OLD]
    camhs = opens(reader, of(viewer(CLINICIAN), CAMHS))
    assert len(camhs[KEPT]) == 1
    assert camhs[OLD]
    psychology = opens(reader, of(viewer(PSYCHOLOGIST), PSYCHOLOGY))
    assert len(psychology[KEPT]) == 1
    assert psychology[KEPT].isdisjoint(camhs[KEPT])
    # what was shared is handed on, what did not say for whom is not; that it happened is seen
    assert psychology[SHARED] & camhs[SHARED]
    assert psychology[OLD] == set()
    assert psychology["referral.opened"]
    assert KEPT not in opens(reader, viewer(AUDITOR))


def test_a_later_holder_reads_as_far_as_the_agreement_goes(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    passed_on(county, agreed=("identity",))
    engine.catch_up()
    psychology = opens(reader, of(viewer(PSYCHOLOGIST), PSYCHOLOGY))
    assert psychology["referral.opened"] == set()
    own = opens(reader, of(viewer(CLINICIAN), CAMHS))
    assert psychology[SHARED].isdisjoint(own[SHARED])


def test_another_service_of_the_agency_reads_no_note_of_this_one(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    passed_on(county, agreed=("identity", "referral"))
    engine.catch_up()
    found = opens(reader, of(viewer(CLINICIAN), OTHER_SERVICE))
    assert KEPT not in found
    assert found.get(OLD, set()) == set()
