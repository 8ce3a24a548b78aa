"""Two files of one child in the read models: one child in lists, both histories in one file, and separated again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from coordination.pupil.profile.commands import ContactDetails, RecordViews
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, SubmitReferral
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.case_file.queries import (
    PupilCriteria,
    ReferralCriteria,
    TimelineCriteria,
    pupil,
    pupils,
    referral,
    referrals,
    timeline,
)
from projections.case_file.queries.changes import ChangeCriteria, changes
from projections.inbox.queries import InboxCriteria, inbox
from projections.reader import Reader
from projections.today.queries import today
from projections.waiting_times.queries import WaitingTimesCriteria, report
from tests.county import (
    ADOPTION_OFFICER,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    OTHER_ALNCO,
    PUPIL,
    ROLES,
    SCHOOL,
    at,
    looks_for,
    order,
    register,
)
from tests.projections.casework import viewers
from tests.projections.replays import contents, engine_on, fresh_county, replay, same
from tests.readers import readers

OTHER, ANOTHER_CHILD = UUID(int=0xB2), UUID(int=0xB3)
ON_ONE, ON_OTHER = UUID(int=0xD1), UUID(int=0xD2)
SENT, JOINED, LATER = date(2025, 2, 3), date(2025, 3, 3), date(2025, 3, 10)
TODAY = date(2025, 3, 20)


class Story:
    """A school has two files of one child, each with a referral to CAMHS, and a file of another child."""

    def __init__(self, address: str, service: Coordination) -> None:
        self.address, self.service = address, service
        register(service)
        register(service, OTHER, "E670200126001")
        register(service, ANOTHER_CHILD, "A801200005019")
        for child, one in ((PUPIL, ON_ONE), (OTHER, ON_OTHER)):
            self.sends(child, one)

    def does(self, person: UUID, command: Command) -> None:
        self.service.perform(command, order(person, command.occurred_on))

    def sends(self, child: UUID, one: UUID) -> None:
        known: dict[str, Any] = {"occurred_on": SENT, "pupil": child}
        self.does(
            ALNCO,
            OpenReferral(referral=one, service=CAMHS, school=SCHOOL, immediate_risk=False, **known),
        )
        self.does(
            ALNCO,
            GiveConsent(
                consent=UUID(int=one.int + 0x10000),
                agency=BOARD,
                service=CAMHS,
                authority="parental_responsibility",
                contact=MOTHER,
                data_classes=("identity", "needs", "referral", "contact", "views"),
                **known,
            ),
        )
        words = {"whose": "parent", "words": "Nid yw’n cysgu.", "language": "cy", "contact": MOTHER}
        self.does(ALNCO, RecordViews(**words, **known))
        self.does(ALNCO, SubmitReferral(referral=one, supplied=("parents_view",), **known))
        self.does(CLINICIAN, RecordMilestone(referral=one, milestone="received", **known))

    def joins(self) -> None:
        self.does(ALNCO, JoinPupils(occurred_on=JOINED, pupil=PUPIL, other=OTHER, why="The same child"))

    def separates(self) -> None:
        self.does(ALNCO, SeparatePupils(occurred_on=LATER, pupil=PUPIL, other=OTHER, why="Cousins"))

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        with engine_on(self.address, self.service) as engine:
            engine.catch_up()
        with readers(self.address) as pool:
            yield Reader(pool)


def who(person: UUID) -> Viewer:
    organisation, role = ROLES[person]
    return Viewer(
        person=person, organisation=organisation, role=role, today=TODAY, services=looks_for(person)
    )


@pytest.fixture
def story(postgres: str, template: str, tmp_path: Path) -> Iterator[Story]:
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, service):
        yield Story(address, service)


def seen(story: Story) -> dict[str, Any]:
    """What every viewer sees of every list and file; the log position and the joining's own entries left out."""
    found: dict[str, Any] = {}
    directory = story.service.directory()
    with story.reading() as reader:
        for name, viewer in viewers(TODAY).items():
            for child in (PUPIL, OTHER, ANOTHER_CHILD):
                try:
                    found[f"{name} file {child.int}"] = _bare(pupil(reader, viewer, child))
                except NotFound:
                    found[f"{name} file {child.int}"] = None
                entries = timeline(reader, viewer, TimelineCriteria(pupil=child, limit=100)).entries
                found[f"{name} timeline {child.int}"] = [
                    e for e in entries if e.topic not in ("pupil.joined", "pupil.separated")
                ]
            rows = pupils(reader, viewer, PupilCriteria()).rows
            found[f"{name} pupils"] = sorted(rows, key=lambda row: row.pupil)
            found[f"{name} referrals"] = referrals(reader, viewer, ReferralCriteria(state="all")).rows
            found[f"{name} inbox"] = _bare(inbox(reader, viewer, InboxCriteria()))
            found[f"{name} today"] = _bare(today(reader, viewer, SENT))
            ask = WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
            found[f"{name} report"] = report(reader, viewer, directory, ask).groups
    return found


def _bare(shown: Any) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in shown.__struct_fields__ if name != "position"}


def test_joined_and_separated_every_viewer_sees_what_they_saw_before(story: Story) -> None:
    before = seen(story)
    story.joins()
    assert seen(story) != before
    story.separates()
    after = seen(story)
    for name in before:
        assert after[name] == before[name], name


def test_one_child_in_lists_with_both_histories_in_one_file(story: Story) -> None:
    story.joins()
    with story.reading() as reader:
        rows = {row.pupil: row for row in pupils(reader, who(ALNCO), PupilCriteria()).rows}
        assert set(rows) == {PUPIL, ANOTHER_CHILD}
        assert rows[PUPIL].open_referrals == 2
        for file in (PUPIL, OTHER):
            shown = pupil(reader, who(ALNCO), file)
            assert shown.pupil.pupil == PUPIL
            assert shown.others == (OTHER,)
            assert {r.referral: r.pupil for r in shown.referrals} == {ON_ONE: PUPIL, ON_OTHER: OTHER}
            assert {c.at.stream for c in shown.contacts} == {PUPIL, OTHER}
            entries = timeline(reader, who(ALNCO), TimelineCriteria(pupil=file, limit=100)).entries
            assert {e.pupil for e in entries} == {PUPIL, OTHER}
            first = timeline(reader, who(ALNCO), TimelineCriteria(pupil=file, limit=5))
            rest = timeline(reader, who(ALNCO), TimelineCriteria(pupil=file, limit=100, before=first.more))
            assert [*first.entries, *rest.entries] == list(entries)


def test_the_name_of_the_file_that_leads_is_shown_of_either(story: Story) -> None:
    story.joins()
    with story.reading() as reader:
        for viewer in (who(ALNCO), who(CLINICIAN)):
            shown = referral(reader, viewer, ON_OTHER)
            assert shown.identity is not None
            assert shown.identity.stream == PUPIL
            assert shown.referral.pupil == OTHER


def test_what_changed_names_the_child_beside_the_stream(story: Story) -> None:
    story.joins()
    with story.reading() as reader:
        rows = changes(reader, who(CLINICIAN), ChangeCriteria(after=0)).rows
    assert {(row.stream, row.child) for row in rows if row.kind == "pupil"} == {
        (PUPIL, PUPIL),
        (OTHER, PUPIL),
    }


def test_joining_opens_nothing_to_another_school(story: Story) -> None:
    story.joins()
    with story.reading() as reader:
        assert pupils(reader, who(OTHER_ALNCO), PupilCriteria()).rows == ()
        for file in (PUPIL, OTHER):
            with pytest.raises(NotFound):
                pupil(reader, who(OTHER_ALNCO), file)


def test_figures_from_before_stay_as_they_were_and_nothing_is_counted_twice(story: Story) -> None:
    ask = WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
    directory = story.service.directory()
    with story.reading() as reader:
        before = report(reader, who(AUDITOR), directory, ask).groups
    assert before[0].waiting.count == 2
    story.joins()
    with story.reading() as reader:
        now = report(reader, who(AUDITOR), directory, ask).groups
        as_known = WaitingTimesCriteria(service="CAMHS", as_of=TODAY, known_at=at(date(2025, 3, 2)))
        then = report(reader, who(AUDITOR), directory, as_known).groups
    assert now == before == then


def test_a_rebuild_gives_the_same_rows(story: Story) -> None:
    story.joins()
    story.separates()
    story.joins()
    with story.reading():
        pass
    replay(story.address, story.service, "again", page_size=3)
    live, again = contents(story.address), contents(story.address, "again")
    for found in (live, again):
        del found["position"]
    same(live, again)


def test_after_an_adoption_nothing_earlier_is_shown_to_anybody(story: Story) -> None:
    story.joins()
    new = UUID(int=0xC9)
    parent = ContactDetails(occurred_on=LATER, contact=new, name="Non Newydd", parental_responsibility=True)
    story.does(
        ADOPTION_OFFICER,
        ReplaceIdentity(
            occurred_on=LATER,
            pupil=PUPIL,
            upn="NEW",
            surname="Newydd",
            forename="Nia",
            date_of_birth=date(2011, 5, 20),
            sex="F",
            language="cy",
            why="Order",
            contacts=(parent,),
        ),
    )
    opens = story.service.record.open
    with story.reading() as reader:
        for viewer in (who(ALNCO), who(CLINICIAN)):
            shown = pupil(reader, viewer, PUPIL)
            at_school = viewer == who(ALNCO)
            assert [c.contact for c in shown.contacts] == ([new] if at_school else [])
            assert [c.standing for c in shown.consents] == (["requested"] if at_school else [])
            assert shown.views == ()
            assert shown.pupil.identity is not None
            entries = timeline(reader, viewer, TimelineCriteria(pupil=PUPIL, limit=100)).entries
            found = opens([shown.pupil.identity, *(e.at for e in entries if e.at.sealed)])
            assert found[0]["surname"] == "Newydd"  # type: ignore[index]
            for old in ("Siân", "Gŵyn", "Mair", "cysgu"):
                assert old not in str(found)
