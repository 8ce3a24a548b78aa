"""Minutes handed to three services with different bases, their copies, and a minute without names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from coordination.meeting.commands import FinaliseMeeting
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent, RecordLawfulBasis, WithdrawConsent
from tests.county import ALNCO, BOARD, CAMHS, EDUCATION, MOTHER, PSYCHOLOGY, PUPIL, SCHOOL, order
from tests.projections.casework import SECOND
from tests.webui.meeting.conftest import MeetingDesk, invited, items, minuted, words_of
from tests.webui.papers.reading import TaggedPdf
from tests.webui.referring import settled
from tests.webui.service import RunningService

AGREED, AGREED_SECOND = UUID(int=0xE51), UUID(int=0xE52)


def records(desk: MeetingDesk, *commands: Any) -> None:
    for command in commands:
        desk.coordination.perform(command, order(ALNCO, desk.today))
    settled(desk.service, desk.coordination)


def told_of_minutes(service: RunningService) -> set[UUID]:
    """The services to which a message says that the minutes are ready; each got one."""
    with psycopg.connect(service.database) as link:
        rows = link.execute("select recipient from desk.outbox where rule = 'minutes_ready'").fetchall()
    assert len(rows) == len(set(rows))
    return {row[0] for row in rows}


def agreed(desk: MeetingDesk, pupil: UUID, consent: UUID) -> GiveConsent:
    return GiveConsent(
        occurred_on=desk.today,
        pupil=pupil,
        consent=consent,
        agency=BOARD,
        service=CAMHS,
        authority="parental_responsibility",
        contact=MOTHER,
        purpose="meeting",
    )


def held(desk: MeetingDesk) -> tuple[UUID, UUID]:
    """A meeting with a draft minute about the first pupil: CAMHS has an agreement, the psychologists have none."""
    records(desk, agreed(desk, PUPIL, AGREED))
    meeting = invited(desk, CAMHS, PSYCHOLOGY)
    marks = {f"mark_{party.hex}": "attended" for party in (ALNCO, CAMHS, PSYCHOLOGY)}
    desk.does(f"/meetings/{meeting}/register", **marks)
    form = words_of(desk.get(f"/meetings/{meeting}/minutes/{items(desk, meeting)[0]}"))
    assert "These services may not hear about this pupil: Educational psychology." in form
    assert "may not hear about the next pupil." in form
    minuted(desk, meeting, decision="Refer.", services_present=[str(CAMHS), str(PSYCHOLOGY)])
    minuted(desk, meeting, 1, decision="Wait.", services_present=[str(CAMHS), str(PSYCHOLOGY)])
    [minute] = desk.coordination.batch().state(PUPIL_STREAM, PUPIL).minutes.minutes
    return meeting, minute


def test_each_service_receives_what_it_has_a_basis_for(service: RunningService, desk: MeetingDesk) -> None:
    meeting, minute = held(desk)
    assert "May not hear this pupil" in words_of(desk.get(f"/meetings/{meeting}/agenda"))
    records(
        desk,
        RecordLawfulBasis(
            occurred_on=desk.today, pupil=SECOND, agency=EDUCATION, basis="safeguarding", reason="Perygl"
        ),
    )
    check = words_of(desk.get(f"/meetings/{meeting}/finish"))
    assert "heard the discussion and receive no minute." in check
    desk.does(f"/meetings/{meeting}/finish")
    assert told_of_minutes(service) == {CAMHS, PSYCHOLOGY}
    clinician = MeetingDesk(service, desk.coordination, "clinician")
    psychologist = MeetingDesk(service, desk.coordination, "psychologist")
    where = f"/meetings/{meeting}/minute/{minute}"
    assert "Refer." in clinician.get(where)
    psychologist.get(where, 404)
    with psycopg.connect(service.database) as link:
        cited = link.execute(
            "select cited_pupils from desk.read_log where kind = 'minute' order by at desc limit 1"
        ).fetchone()
    assert cited == ([PUPIL],)
    # each has a copy of its own, and there is none of all pupils for everyone
    theirs = words_of(psychologist.get(f"/meetings/{meeting}/print/{PSYCHOLOGY}"))
    assert "Wait." in theirs and "Refer." not in theirs and "Copy for Educational psychology" in theirs
    for language in ("en", "cy"):
        paper = psychologist.client.get(f"/meetings/{meeting}/print/{PSYCHOLOGY}.pdf?language={language}")
        found = TaggedPdf(paper.data)
        assert (found.part, found.language) == ("1", f"{language}-GB")
        assert found.title is not None and "Siân" not in found.title
    psychologist.get(f"/meetings/{meeting}/print/{CAMHS}.pdf", 404)
    psychologist.get(f"/meetings/{meeting}/print/{CAMHS}", 404)
    psychologist.get(f"/meetings/{meeting}/print/{SCHOOL}", 404)
    for copy, in_it, not_in_it in ((CAMHS, "Refer.", "Wait."), (PSYCHOLOGY, "Wait.", "Refer.")):
        page = words_of(desk.get(f"/meetings/{meeting}/print/{copy}"))
        assert in_it in page and not_in_it not in page
    assert "Refer." not in words_of(desk.get(f"/meetings/{meeting}/print"))
    # what went there is listed, with what was only heard
    shared = words_of(desk.get(f"/pupils/{PUPIL}/agreements"))
    assert "minute of a meeting" in shared
    told = shared.partition("EPS heard about the pupil in a meeting on")[2]
    assert "No basis" in told.partition("Dyffryn Health Board")[0]


def test_finalised_while_the_agreement_is_withdrawn(service: RunningService, desk: MeetingDesk) -> None:
    meeting, minute = held(desk)
    withdrawn = WithdrawConsent(occurred_on=desk.today, pupil=PUPIL, consent=AGREED, contact=MOTHER)
    records(desk, withdrawn, FinaliseMeeting(occurred_on=desk.today, meeting=meeting))
    assert told_of_minutes(service) == set()
    clinician = MeetingDesk(service, desk.coordination, "clinician")
    clinician.get(f"/meetings/{meeting}/minute/{minute}", 404)
    assert "Refer." not in clinician.get(f"/meetings/{meeting}/print/{CAMHS}")


def test_without_names_the_minute_stays_with_the_school(service: RunningService, desk: MeetingDesk) -> None:
    records(desk, agreed(desk, PUPIL, AGREED))
    meeting = desk.schedules(desk.today, chair=str(ALNCO))
    desk.does(f"/meetings/{meeting}/invite", parties=[str(CAMHS)])
    desk.does(f"/meetings/{meeting}/agenda", pupil=str(PUPIL), services=[str(CAMHS)], without_names="yes")
    desk.does(f"/meetings/{meeting}/register", **{f"mark_{p.hex}": "attended" for p in (ALNCO, CAMHS)})
    minuted(desk, meeting, decision="Refer.", services_present=[str(CAMHS)])
    desk.does(f"/meetings/{meeting}/finish")
    consents = desk.coordination.batch().state(PUPIL_STREAM, PUPIL).consents
    assert (consents.disclosures, consents.heard) == ((), frozenset())
    clinician = MeetingDesk(service, desk.coordination, "clinician")
    assert "Gŵyn" not in clinician.get(f"/meetings/{meeting}")
    assert "Refer." not in clinician.get(f"/meetings/{meeting}/print/{CAMHS}")
