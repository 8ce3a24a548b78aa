"""The school's safeguarding person sees that a referral exists; its words only where immediate risk was recorded, and
requests for a pupil's file only where they are confidential."""

from __future__ import annotations

from coordination.pupil.referral.decide import RaiseImmediateRisk
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.case_file.queries import ReferralCriteria, referrals
from projections.engine import Engine
from projections.reader import Reader
from tests.county import ALNCO, PUPIL, at
from tests.projections.casework import TO_CAMHS, TO_PSYCHOLOGY, day, told, viewer

WORDS = """select distinct t.thing from read.seal s
join read.timeline t on t.pupil = s.pupil and t.version = s.version where t.matter = 'referral'"""
OTHER_WORDS = """select count(*) as n from read.seal s
join read.timeline t on t.pupil = s.pupil and t.version = s.version where t.matter in ('profile', 'minute')"""


def words(reader: Reader, who: Viewer) -> set[object]:
    with reader.viewing(who) as cursor:
        return {row["thing"] for row in cursor.execute(WORDS).fetchall()}


def test_the_words_of_a_referral_open_with_immediate_risk(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    case = told(county)
    engine.catch_up()
    alnco, safeguarding = viewer(ALNCO), viewer(ALNCO, role="designated_safeguarding_person")
    both = {TO_CAMHS, TO_PSYCHOLOGY}
    assert words(reader, alnco) == both
    assert words(reader, safeguarding) == set()
    assert {one.referral.referral for one in referrals(reader, safeguarding, ReferralCriteria()).rows} == both
    with reader.viewing(safeguarding) as cursor:
        row = cursor.execute(OTHER_WORDS).fetchone()
    assert row is not None and row["n"] > 0
    risk = {"told": ("crisis_team",), "told_at": at(day(46), 8)}
    case.does(ALNCO, day(46), RaiseImmediateRisk, pupil=PUPIL, referral=TO_CAMHS, **risk)
    engine.catch_up()
    assert words(reader, safeguarding) == {TO_CAMHS}
    assert words(reader, alnco) == both
