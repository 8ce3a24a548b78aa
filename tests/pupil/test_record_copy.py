"""What a copy of a record holds: one controller's part, and nothing of what a parent is not to learn."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.event import Command, Event, RecordedEvent
from coordination.pupil.advice.events import AdviceLinked
from coordination.pupil.asking.decide import AssessCompetence
from coordination.pupil.asking.events import CompetenceAssessed
from coordination.pupil.consent.decide import RefuseConsent, RequestConsent, WithdrawConsent
from coordination.pupil.consent.events import ConsentGiven, DisclosureMade
from coordination.pupil.documents.events import DocumentFiled, DocumentStruck
from coordination.pupil.rights.copy import kept_from_parents, needs_a_look, other_parts, own_part, without
from coordination.store.mapper import encode
from tests.given import SCHOOL, header
from tests.meeting.hwb import BOARD, CHARITY, COUNSELLOR, HEAD, NURSE, PUPIL
from tests.pupil.case import AGREED, DAY, REFERRAL, PupilCase, agree, day, reach, refer, sent, submit


def recorded(case: PupilCase) -> list[RecordedEvent]:
    return [RecordedEvent(PUPIL, version, event) for version, event in enumerate(case.events, 1)]


def agreed_by(authority: str) -> list[RecordedEvent]:
    """The story of a referral that was sent, with the agreement given by somebody else."""
    return [
        RecordedEvent(r.stream, r.version, msgspec.structs.replace(r.event, authority=authority))
        if isinstance(r.event, ConsentGiven)
        else r
        for r in recorded(sent())
    ]


def about(events: list[RecordedEvent], thing: UUID) -> list[Event]:
    names = ("referral", "ground", "consent")
    return [r.event for r in events if thing in [getattr(r.event, name, None) for name in names]]


def test_a_referral_to_which_the_child_agreed_alone_leaves_no_trace() -> None:
    directory = sent().world.directory
    events = agreed_by("competent_child")
    assert about(events, REFERRAL)
    hidden = kept_from_parents(events, directory)
    assert hidden == {REFERRAL, AGREED}
    left = without(events, hidden)
    assert about(left, REFERRAL) == about(left, AGREED) == []
    assert left, "the rest of the record stays"


def test_what_a_parent_agreed_to_is_shown() -> None:
    events = agreed_by("parental_responsibility")
    assert kept_from_parents(events, sent().world.directory) == frozenset()


def test_a_copy_is_of_one_controller_and_names_the_others() -> None:
    events = recorded(sent())
    assert any(isinstance(r.event, DisclosureMade) for r in events)
    assert own_part(events, SCHOOL) == events
    assert own_part(events, BOARD) == []
    assert other_parts(events, BOARD) == {SCHOOL: len(events)}
    assert other_parts(events, SCHOOL) == {}


def test_free_words_and_other_peoples_details_are_read_first() -> None:
    by_topic = {r.event.topic: r.event for r in recorded(sent())}
    opened = by_topic["referral.opened"]
    assert needs_a_look(opened, {"reason": "Words"})
    assert not needs_a_look(opened, {"needs": ["ASD"]})
    assert needs_a_look(by_topic["pupil.contact_recorded"], {"name": "Mair"})
    assert not needs_a_look(by_topic["pupil.registered"], {"surname": "Gŵyn"})


OWN_REFERRAL, OWN, ASKED, SCAN, READING = (UUID(int=0xF00 + n) for n in range(5))
ALONE = {
    "authority": "competent_child",
    "contact": None,
    "competence_judged_by": HEAD,
    "assessment": "Deall.",
}
TO_NURSE = {"consent": OWN, "service": NURSE}
CHILDS_OWN = st.sampled_from(
    [
        AssessCompetence(occurred_on=DAY, pupil=PUPIL, competent=True, assessed_by=HEAD, assessment="Deall."),
        RequestConsent(occurred_on=DAY, pupil=PUPIL, consent=OWN, agency=BOARD, service=NURSE),
        agree(**ALONE, **TO_NURSE),
        agree(**ALONE, **TO_NURSE, kept_from_parents=True),
        refer(referral=OWN_REFERRAL, service=NURSE),
        msgspec.structs.replace(submit(), referral=OWN_REFERRAL),
        msgspec.structs.replace(reach("decided"), referral=OWN_REFERRAL),
        msgspec.structs.replace(reach("withdrawn", 3), referral=OWN_REFERRAL),
        WithdrawConsent(occurred_on=day(2), pupil=PUPIL, consent=OWN, contact=None),
        RequestConsent(occurred_on=DAY, pupil=PUPIL, consent=ASKED, agency=CHARITY, service=COUNSELLOR),
        RefuseConsent(
            occurred_on=DAY,
            pupil=PUPIL,
            consent=ASKED,
            agency=CHARITY,
            service=COUNSELLOR,
            authority="competent_child",
            contact=None,
        ),
    ]
)


@settings(max_examples=150)
@example([agree(**ALONE, **TO_NURSE, kept_from_parents=True), refer(referral=OWN_REFERRAL, service=NURSE)])
@given(st.lists(CHILDS_OWN, max_size=9))
def test_whatever_was_the_childs_own_is_named_nowhere_and_the_rest_stays(commands: list[Command]) -> None:
    case = sent()
    usual = len(case.events)
    for command in commands:
        with suppress(Refusal):
            case.does(command)
    about_it: list[Event] = [
        DocumentFiled(
            header=header(), document=SCAN, attached_to="referral", thing=OWN_REFERRAL, data_class="referral"
        ),
        DocumentStruck(header=header(), document=SCAN),
        AdviceLinked(
            header=header(),
            advice=READING,
            school=SCHOOL,
            agency=BOARD,
            service=NURSE,
            asked_on=DAY,
            referral=OWN_REFERRAL,
        ),
    ]
    if OWN_REFERRAL in case.state.referrals and OWN in case.state.consents.questions:
        case.events += about_it
    events = recorded(case)
    left = [r.event for r in without(events, kept_from_parents(events, case.world.directory))]
    said = b"".join(encode(event) for event in left)
    alone = OWN in case.state.consents.questions
    for hidden in (OWN, ASKED, *((OWN_REFERRAL, SCAN, READING) if alone else ())):
        assert str(hidden).encode() not in said
    assert not [e for e in left if isinstance(e, CompetenceAssessed)] or not alone
    assert left[:usual] == case.events[:usual], "what the parent agreed to stays"
