"""Documents of a challenge and of the reply to it."""

from __future__ import annotations

from typing import Literal

from coordination.authority import SCHOOL_ROLES, acting_organisation
from coordination.challenge.commands import AttachToChallenge
from coordination.challenge.decisions.checks import require_agency, require_school
from coordination.challenge.events import ChallengeDocumentFiled
from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.documents.events import DocumentAttached
from coordination.pupil.documents.files import checked_size, file_name
from coordination.pupil.documents.state import Document
from coordination.pupil.referral.decisions.checks import require_codes
from coordination.world import World


def decide_attach_to_challenge(
    challenge: Challenge, document: Document, command: AttachToChallenge, header: Header, world: World
) -> list[ChallengeDocumentFiled | DocumentAttached]:
    """The school attaches to the challenge, the agency to its reply. A document may name pupils of the challenge's
    waits, and then goes to the agency for those whom an agreement covers.

    Raises NotFound; refuses `pupil_not_in_evidence`, `document_exists`, and what `files` refuses.
    """
    part: Literal["challenge", "reply"] = "challenge"
    if acting_organisation(header) == challenge.school and header.role in SCHOOL_ROLES:
        require_school(challenge, command, header, None)
    else:
        require_agency(challenge, command, header, world, WITH_THE_AGENCY)
        part = "reply"
    require_codes(world, "data_class", command.data_class, command.occurred_on, "data_class")
    if not set(command.pupils) <= {delay.pupil for delay in challenge.delays}:
        raise Refusal("pupil_not_in_evidence", "pupils")
    if document.version:
        raise Refusal("document_exists", "document")
    pupils = tuple(dict.fromkeys(command.pupils))
    filed = ChallengeDocumentFiled(
        header=header,
        document=command.document,
        attached_to=part,
        data_class=command.data_class,
        pupils=pupils,
        service=challenge.service if part == "reply" else None,
    )
    attached = DocumentAttached(
        header=header,
        document=command.document,
        attached_to=part,
        thing=command.challenge,
        size=checked_size(command.content, command.media_type),
        media_type=command.media_type,
        sha256=world.seal(command.document, command.content),
        pupils=pupils,
        data_class=command.data_class,
        service=filed.service,
        file_name=file_name(command.file_name, command.media_type),
    )
    return [filed, attached]
