"""Which advice conversations were about the pupil, and to which referral they led."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import Operational


class PupilAdviceEvent(PupilEvent, frozen=True, kw_only=True):
    """About one advice conversation."""

    advice: Operational[UUID]


class AdviceLinked(PupilAdviceEvent, frozen=True, kw_only=True):
    """An advice conversation was about the pupil; `referral` is the one it led to (None: none yet). `school`, `agency`,
    `service` and `asked_on` are those of the conversation."""

    topic = "pupil.advice_linked"
    school: Operational[UUID]
    agency: Operational[UUID]
    service: Operational[UUID]
    asked_on: Operational[date]
    referral: Operational[UUID | None] = None
