"""Documents of a pupil: who attaches them, to whom they go and on which basis, and who loses them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.decisions import AddressedEvent
from coordination.directory.commands import SetRequirements
from coordination.domain import DECISIONS
from coordination.errors import NotFound
from coordination.event import Command, Event, PupilEvent
from coordination.pupil import casefile
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade
from coordination.pupil.documents.commands import AttachDocument, StrikeDocument
from coordination.pupil.documents.events import DocumentAttached, DocumentFiled, DocumentStruck
from coordination.pupil.documents.handing_over import follows
from coordination.pupil.documents.state import Document
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.referral.milestones.opening import Submitted
from tests.given import header
from tests.meeting import hwb
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, BOARD, CAMHS, PUPIL, at_noon
from tests.pupil.case import (
    AGREED,
    DAY,
    LATER,
    REFERRAL,
    PupilCase,
    agree,
    day,
    reach,
    refer,
    register,
    submit,
)
from tests.pupil.referrals import STRANGERS

REPORT, SECOND = UUID(int=0xD0C1), UUID(int=0xD0C2)


def attach(document: UUID = REPORT, **changed: Any) -> AttachDocument:
    given: dict[str, Any] = {
        "occurred_on": day(1),
        "pupil": PUPIL,
        "document": document,
        "attached_to": "referral",
        "thing": REFERRAL,
        "content": b"%PDF-",
        "media_type": "application/pdf",
        "file_name": "a.pdf",
        "data_class": "referral",
    }
    return AttachDocument(**{**given, **changed})


class DocumentCase(PupilCase):
    """A case whose documents follow what is decided, as the service has it."""

    document = Document()

    def decided(
        self, command: Command, *, services: tuple[UUID, ...] | None = None, **by: Any
    ) -> list[Event]:
        if not isinstance(command, AttachDocument):
            return super().decided(command, services=services, **by)
        stamp = header(command.occurred_on, **{"recorded_at": at_noon(LATER), **AS_ALNCO, **by})
        world = msgspec.structs.replace(self.world, services=services)
        decide = DECISIONS[AttachDocument].decide
        return list(decide(self.state, self.document, command, stamp, world))  # type: ignore[arg-type]

    def does(self, *commands: Command, **by: Any) -> DocumentCase:
        for command in commands:
            decided = self.decided(command, **by)
            self._fold(decided)
            addressed = [AddressedEvent(PUPIL, event) for event in decided]
            self._fold(
                [e for _, e in follows(addressed, {PUPIL: self.state}, self._files, self.world.directory)]
            )
        return self

    def _fold(self, events: Sequence[Event]) -> None:
        for event in events:
            self.events.append(event)
            if isinstance(event, PupilEvent):
                self.state = casefile.evolve(self.state, event)  # type: ignore[arg-type]

    def _files(self, _pupils: Sequence[UUID]) -> dict[UUID, CaseFile]:
        return {PUPIL: self.state}

    def given(self, document: UUID = REPORT) -> list[tuple[UUID | None, UUID | None, bool]]:
        """To which services a document went, on which agreement, and whether they still have it."""
        return [
            (d.service, d.consent, not d.closed)
            for d in self.state.consents.disclosures
            if (d.ground, d.subject) == (document, "document")
        ]


def referred(**agreed: Any) -> DocumentCase:
    return DocumentCase().does(register(), agree(**agreed), refer())


def test_a_document_is_filed_with_the_pupil_and_stands_on_its_own_stream() -> None:
    filed, attached = referred().happened(attach(requirement="vision_check"), DocumentFiled, DocumentAttached)
    assert isinstance(attached, DocumentAttached)
    assert isinstance(filed, DocumentFiled)
    assert (attached.document, attached.thing, attached.pupils) == (REPORT, REFERRAL, (PUPIL,))
    assert (attached.size, attached.media_type, attached.file_name) == (5, "application/pdf", "a.pdf")
    assert len(attached.sha256) == 64
    assert (filed.document, filed.requirement, filed.service) == (REPORT, "vision_check", None)


def test_it_goes_with_the_referral_when_that_is_sent() -> None:
    case = referred().does(attach())
    assert case.given() == []
    assert case.does(submit(day(2))).given() == [(CAMHS, AGREED, True)]


def test_attached_to_a_referral_that_was_sent_it_goes_at_once() -> None:
    case = referred().does(submit(), attach())
    assert case.given() == [(CAMHS, AGREED, True)]
    made = case.events[-1]
    assert isinstance(made, DisclosureMade)
    assert (made.agency, made.data_classes, made.subject) == (BOARD, ("referral",), "document")


def test_what_the_agreement_does_not_cover_is_kept_here() -> None:
    before = referred().does(attach(data_class="health"), attach(SECOND), submit(day(2)))
    assert (before.given(), before.given(SECOND)) == ([], [(CAMHS, AGREED, True)])
    after = referred().does(submit(), attach(data_class="health"))
    assert after.given() == []
    whole = referred(data_classes=()).does(attach(data_class="health"), submit(day(2)))
    assert whole.given() == [(CAMHS, AGREED, True)]


def test_after_a_withdrawal_nothing_more_goes_and_what_went_stays() -> None:
    case = referred().does(attach(), submit(day(1)))
    withdraw = WithdrawConsent(occurred_on=day(2), pupil=PUPIL, consent=AGREED, meaning="stop_sharing")
    case.does(withdraw, attach(SECOND, occurred_on=day(3)))
    assert (case.given(), case.given(SECOND)) == ([(CAMHS, AGREED, True)], [])


def test_without_agreement_it_goes_on_the_basis_that_the_referral_went_on() -> None:
    case = DocumentCase().does(register(), refer(), attach())
    case.does(submit(day(1), override="safeguarding", override_reason="Perygl"))
    assert case.given() == [(CAMHS, None, True)]


def test_the_service_that_has_the_referral_attaches_its_report_and_is_not_given_it() -> None:
    case = referred().does(submit())
    case.does(attach(occurred_on=day(2)), **AS_CLINICIAN, services=(CAMHS,))
    assert case.state.documents.filed[REPORT].service == CAMHS
    assert case.given() == []
    assert isinstance(case.tries(attach(SECOND), **AS_CLINICIAN, services=(UUID(int=7),)), NotFound)


@pytest.mark.parametrize("who", STRANGERS.values(), ids=STRANGERS)
def test_for_everybody_else_there_is_no_referral_to_attach_to(who: dict[str, Any]) -> None:
    assert isinstance(referred().does(submit()).tries(attach(), **who), NotFound)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"content": b""}, "document_empty", "content"),
        ({"media_type": "text/html"}, "document_type_not_accepted", "content"),
        ({"data_class": "all"}, "unknown_code", "data_class"),
        ({"requirement": "everything"}, "unknown_code", "requirement"),
        ({"occurred_on": LATER.replace(year=2027)}, "in_the_future", "occurred_on"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], code: str, field: str) -> None:
    referred().refuses(attach(**changed), code, field)


def test_an_id_is_used_once_and_only_a_thing_that_is_there() -> None:
    case = referred()
    case.document = Document(version=1)
    case.refuses(attach(), "document_exists", "document")
    assert isinstance(case.tries(attach(thing=SECOND)), NotFound)
    assert isinstance(case.tries(attach(attached_to="minute")), NotFound)


STRIKE = StrikeDocument(occurred_on=day(3), pupil=PUPIL, document=REPORT, why="Another child's")


def test_one_attached_in_error_is_taken_back_from_everybody() -> None:
    case = referred().does(attach(), submit(day(2)))
    struck, closed = case.happened(STRIKE, DocumentStruck, DisclosureClosed)
    assert isinstance(struck, DocumentStruck)
    assert isinstance(closed, DisclosureClosed)
    assert (closed.ground, closed.agency, closed.service) == (REPORT, BOARD, CAMHS)
    assert case.given() == [(CAMHS, AGREED, False)]
    assert isinstance(case.tries(STRIKE), NotFound)


def test_only_who_attached_it_strikes_it_out_and_says_why() -> None:
    case = referred().does(submit(), attach())
    assert isinstance(case.tries(STRIKE, **AS_CLINICIAN), NotFound)
    case.refuses(msgspec.structs.replace(STRIKE, why=" "), "cannot_be_empty", "why")


def test_struck_before_the_referral_went_it_goes_to_nobody() -> None:
    case = referred().does(attach(), msgspec.structs.replace(STRIKE, occurred_on=day(1)), submit(day(2)))
    assert case.given() == []


def test_a_referral_that_was_recorded_in_error_takes_its_documents_back() -> None:
    case = referred().does(attach(), submit(day(1)))
    case.does(reach("recorded_in_error", 2, note="Twice"))
    assert case.given() == [(CAMHS, AGREED, False)]


@pytest.mark.parametrize(
    ("shared", "supplied", "missing"),
    [
        ((), ("school_observation", "vision_check"), ("childs_view", "parents_view")),
        (("views",), ("school_observation", "vision_check", "childs_view"), ("parents_view",)),
    ],
)
def test_what_the_record_tells_is_there_without_a_tick_and_nothing_else_is(
    shared: tuple[str, ...], supplied: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    asks = ("childs_view", "parents_view", "vision_check", "school_observation")
    ask = SetRequirements(
        occurred_on=DAY, organisation=BOARD, service=CAMHS, requirements=asks, effective_from=date(2026, 1, 1)
    )
    case = DocumentCase(hwb.world(ask)).does(register(), agree(data_classes=()), refer())
    case.does(RecordViews(occurred_on=DAY, pupil=PUPIL, whose="child", words="Helo", language="cy"))
    case.does(attach(requirement="vision_check", occurred_on=DAY), attach(SECOND, occurred_on=DAY))
    case.does(submit(supplied=("school_observation",), data_classes=("referral", *shared)))
    [sent] = [event for event in case.events if isinstance(event, Submitted)]
    assert (sent.supplied, sent.missing) == (supplied, missing)


def test_a_document_that_was_struck_answers_nothing() -> None:
    strike = msgspec.structs.replace(STRIKE, occurred_on=day(1))
    case = referred().does(attach(requirement="vision_check"), strike, submit(day(2)))
    [sent] = [event for event in case.events if isinstance(event, Submitted)]
    assert "vision_check" not in sent.supplied
