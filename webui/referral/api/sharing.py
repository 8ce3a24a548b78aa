"""Where the sharing of a referral ended, sharing again, and asking the school for a basis to pass a referral on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from coordination.pupil.consent.decisions.basis_requests import RequestBasis
from coordination.pupil.consent.decisions.withdrawing import ResumeSharing
from projections.sight_ends.queries import SightEnd, sight_ends
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceRows
from webui.referral.api.referrals import find_referral, one, recording_result, referrals
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

sharing = Resource(
    "sight-ends",
    "Referrals of which the organisation receives nothing new: the agreement was withdrawn, the referral was passed on,"
    " or (for a school) the pupil moved or left.",
)


class SightEndOut(Schema):
    """A referral of which nothing new is shared `since` a date. `because`: agreement_withdrawn, passed_on,
    not_passed_on, recorded_in_error, service_moved; for a school moved, left. `referral_open`: the referral went on
    then. `received`: what was received and written can still be read on screen."""

    class Meta(Schema.Meta):
        include = fields_of(
            SightEnd, "referral", "service", "school", "since", "because", "referral_open", "received"
        )


class NothingBody(ClosedSchema):
    """No fields."""


class BasisRequestBody(ClosedSchema):
    """The service to which the referral would be passed on."""

    service = IdField("The service")


@sharing.lists("/sight-ends", scope="referrals:read", query=ClosedSchema, answers=SightEndOut)
def ended(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the referrals of which the organisation receives nothing new, the newest first."""
    found = sight_ends(casework.reader(), viewer(), page=page.number, size=page.size)
    return ResourceRows(found.rows, found.total)


@referrals.records(
    "/referrals/<uuid:referral>/share-again",
    scope="referrals:write",
    takes=NothingBody,
    makes=("pupil", "referral"),
    thing=one,
)
def share_again(_typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Share a referral with its service again, on an agreement given since the sharing stopped."""
    opened = find_referral(referral)
    today = runtime().today()
    asked.perform(ResumeSharing(occurred_on=today, pupil=opened.pupil, referral=referral, seen=asked.seen))
    return recording_result(opened.pupil, referral)


@referrals.records(
    "/referrals/<uuid:referral>/ask-for-basis",
    scope="referrals:write",
    takes=BasisRequestBody,
    makes=("pupil", "referral"),
    thing=one,
)
def ask_for_basis(typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Ask the school for agreement to pass the referral on to a service. The school sees it on its page Today."""
    opened = find_referral(referral)
    command = RequestBasis(
        occurred_on=runtime().today(),
        pupil=opened.pupil,
        referral=referral,
        service=UUID(str(typed["service"])),
        seen=asked.seen,
    )
    asked.perform(command)
    return recording_result(opened.pupil, referral)
