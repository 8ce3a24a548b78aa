"""Commands about legal holds, erasure, and requests to see or correct a record."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import Command
from coordination.pupil.rights.events import AskedBy, ErasureGround, RequestKind, RequestOutcome


class PlaceLegalHold(Command, frozen=True, kw_only=True):
    """`hold` is a new random id; `review_on` the day on which somebody looks whether it is still needed."""

    pupil: UUID
    hold: UUID
    review_on: date
    why: str


class LiftLegalHold(Command, frozen=True, kw_only=True):
    pupil: UUID
    hold: UUID
    why: str


class ProposeErasure(Command, frozen=True, kw_only=True):
    """`proposal` is a new random id. `pupil` is the file that leads, of a joined child."""

    pupil: UUID
    proposal: UUID
    ground: ErasureGround
    why: str


class ApproveErasure(Command, frozen=True, kw_only=True):
    pupil: UUID
    proposal: UUID


class DeclineErasure(Command, frozen=True, kw_only=True):
    pupil: UUID
    proposal: UUID
    why: str


class ErasePupil(Command, frozen=True, kw_only=True):
    """Carries out an approved proposal, or what two named people approved on the machine itself (`approvers`, with
    `ground`). `files` are all files of the child; the others are erased by `EraseJoinedFile` in the same save."""

    pupil: UUID
    files: tuple[UUID, ...]
    ground: ErasureGround | None = None
    approvers: tuple[UUID, UUID] | None = None


class EraseJoinedFile(Command, frozen=True, kw_only=True):
    """Erases `other`, a file that follows `pupil`; see `ErasePupil`."""

    pupil: UUID
    other: UUID
    ground: ErasureGround | None = None
    approvers: tuple[UUID, UUID] | None = None


class ReceiveRightsRequest(Command, frozen=True, kw_only=True):
    """`request` is a new random id, `occurred_on` the day of receipt, `controller` the organisation that was asked."""

    pupil: UUID
    request: UUID
    kind: RequestKind
    asked_by: AskedBy
    controller: UUID
    contact: UUID | None = None
    details: str | None = None


class StopRequestClock(Command, frozen=True, kw_only=True):
    pupil: UUID
    request: UUID
    reason: Literal["identity", "scope"]


class StartRequestClock(Command, frozen=True, kw_only=True):
    pupil: UUID
    request: UUID


class AcknowledgeRightsRequest(Command, frozen=True, kw_only=True):
    pupil: UUID
    request: UUID


class WeighParentsRequest(Command, frozen=True, kw_only=True):
    """`agrees`: what a competent child says; None of a child who is not."""

    pupil: UUID
    request: UUID
    competent: bool
    agrees: bool | None
    why: str


class RecordHealthOpinion(Command, frozen=True, kw_only=True):
    """`professional` names the health professional, `occurred_on` is the day of the opinion."""

    pupil: UUID
    request: UUID
    serious_harm: bool
    professional: str
    why: str | None = None


class PassOnRightsRequest(Command, frozen=True, kw_only=True):
    pupil: UUID
    request: UUID
    to: UUID


class AnswerRightsRequest(Command, frozen=True, kw_only=True):
    """`withheld` and `corrected_by` are versions on the pupil's stream."""

    pupil: UUID
    request: UUID
    outcome: RequestOutcome
    withheld: tuple[int, ...] = ()
    corrected_by: tuple[int, ...] = ()
    why: str | None = None
