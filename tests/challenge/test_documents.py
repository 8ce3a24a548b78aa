"""Documents of a challenge and of the reply to it: whose they are, whom they name, and to whom they go."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.challenge.commands import AttachToChallenge
from coordination.challenge.decisions.documents import decide_attach_to_challenge
from coordination.challenge.events import ChallengeDocumentFiled, DelayEvidence
from coordination.challenge.state import Challenge, ChallengeDocument
from coordination.errors import NotFound, Refusal
from coordination.pupil.consent.events import DisclosureMade
from coordination.pupil.documents.events import DocumentAttached
from coordination.pupil.documents.handing_over import to_challenged
from coordination.pupil.documents.state import Document
from tests.given import SCHOOL, header
from tests.meeting import hwb
from tests.meeting.hwb import AS_CLINICIAN, AS_STRANGER, BOARD, CAMHS, PUPIL, SIBLING
from tests.pupil.case import AGREED, PupilCase, agree, register

CHALLENGE, REPORT = UUID(int=0xCA1), UUID(int=0xD0C1)
ON = date(2026, 3, 2)
WAIT = DelayEvidence(referral=UUID(int=0x91), pupil=PUPIL, started_on=ON, as_of=ON, elapsed=90)
RAISED = Challenge(
    version=1, school=SCHOOL, agency=BOARD, service=CAMHS, about="delay", delays=(WAIT,), since=ON
)
SENT = msgspec.structs.replace(RAISED, phase="sent", sent_on=ON)


def attach(**changed: Any) -> AttachToChallenge:
    given: dict[str, Any] = {
        "occurred_on": ON,
        "challenge": CHALLENGE,
        "document": REPORT,
        "content": b"%PDF-",
        "media_type": "application/pdf",
        "file_name": "a.pdf",
    }
    return AttachToChallenge(**{**given, **changed})


def decided(challenge: Challenge, command: AttachToChallenge, **by: Any) -> list[Any]:
    world = msgspec.structs.replace(hwb.world(), services=by.pop("services", None))
    return list(decide_attach_to_challenge(challenge, Document(), command, header(ON, **by), world))


def test_the_school_attaches_to_the_challenge_and_the_agency_to_its_reply() -> None:
    for challenge, by, part, service in (
        (RAISED, {}, "challenge", None),
        (SENT, {**AS_CLINICIAN, "services": (CAMHS,)}, "reply", CAMHS),
    ):
        filed, attached = decided(challenge, attach(pupils=(PUPIL,)), **by)
        assert isinstance(filed, ChallengeDocumentFiled)
        assert isinstance(attached, DocumentAttached)
        assert (filed.attached_to, filed.service, filed.pupils) == (part, service, (PUPIL,))
        assert (attached.thing, attached.pupils, attached.file_name) == (CHALLENGE, (PUPIL,), "a.pdf")


@pytest.mark.parametrize(
    ("challenge", "by"),
    [(RAISED, AS_CLINICIAN), (SENT, AS_STRANGER), (SENT, {**AS_CLINICIAN, "services": (UUID(int=7),)})],
    ids=["not sent", "another school", "another service"],
)
def test_for_others_there_is_no_challenge(challenge: Challenge, by: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        decided(challenge, attach(), **by)


def test_it_names_only_pupils_whose_waits_are_the_evidence() -> None:
    with pytest.raises(Refusal) as refusal:
        decided(RAISED, attach(pupils=(PUPIL, SIBLING)))
    assert (refusal.value.code, refusal.value.field) == ("pupil_not_in_evidence", "pupils")


def challenge_with(data_class: str, filed_by: UUID = SCHOOL) -> Challenge:
    document = ChallengeDocument(REPORT, data_class, (PUPIL,), filed_by)
    return msgspec.structs.replace(SENT, documents={REPORT: document})


@pytest.mark.parametrize(
    ("challenge", "agreed", "given"),
    [
        (challenge_with("referral"), True, True),
        (challenge_with("health"), True, False),
        (challenge_with("referral"), False, False),
        (challenge_with("referral", BOARD), True, False),
        (msgspec.structs.replace(challenge_with("referral"), sent_on=None), True, False),
    ],
    ids=["covered", "not covered", "no agreement", "the agency's own", "not sent"],
)
def test_what_names_a_pupil_goes_to_the_agency_on_the_pupil_s_agreement(
    challenge: Challenge, agreed: bool, given: bool
) -> None:
    case = PupilCase().does(register(), *([agree()] if agreed else []))
    filed = ChallengeDocumentFiled(
        header=header(ON), document=REPORT, attached_to="challenge", data_class="referral", pupils=(PUPIL,)
    )
    found = to_challenged(challenge, filed, lambda _pupils: {PUPIL: case.state})
    assert bool(found) == given
    for stream, made in found:
        assert isinstance(made, DisclosureMade)
        assert (stream, made.ground, made.subject) == (PUPIL, REPORT, "document")
        assert (made.agency, made.service, made.consent) == (BOARD, CAMHS, AGREED)
