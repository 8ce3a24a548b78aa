"""Who gives agreement for a pupil, with what authority, and what has to be recorded with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade
from coordination.pupil.consent.recipients import Recipients
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile
    from coordination.pupil.consent.decide import GiveConsent

WITH_EVIDENCE = frozenset({"court", "lawful_representative", "best_interests"})
"""The authorities that need evidence: the order; the deputyship or power of attorney; who was asked, and why it is best
(SI 2021/401 reg 34)."""
OF_CHILD = frozenset({"competent_child", "young_person"})


def giver_fields(case: CaseFile, command: GiveConsent, world: World) -> dict[str, Any]:
    """What the event of an agreement says of its giver and its terms, as far as it is not in every agreement.

    Raises Refusal `no_authority` for an authority that is not a local one, or a best-interests decision that nobody
    took; `assessment_missing` where nobody recorded how a child was found competent; `kept_only_for_a_child`;
    `nothing_to_replace`.
    """
    authority = command.authority
    if authority == "local_authority" and not _is_authority(command, world):
        raise Refusal("no_authority", "authority", authority=authority)
    if authority == "best_interests" and command.decided_by is None:
        raise Refusal("no_authority", "authority", authority=authority)
    if authority == "competent_child":
        _require_assessment(case, command)
    if command.kept_from_parents and authority not in OF_CHILD:
        raise Refusal("kept_only_for_a_child", "kept_from_parents")
    if command.replaces is not None:
        _require_replaceable(case, command)
    return {
        "local_authority": command.local_authority if authority == "local_authority" else None,
        "decided_by": command.decided_by if authority == "best_interests" else None,
        "assessed_on": command.assessed_on if authority == "competent_child" else None,
        "assessment": command.assessment if authority == "competent_child" else None,
        "conditions": command.conditions,
        "kept_from_parents": command.kept_from_parents,
        "replaces": command.replaces,
    }


def _is_authority(command: GiveConsent, world: World) -> bool:
    if command.local_authority is None:
        return False
    found = world.directory.organisation(command.local_authority)
    return found is not None and found.kind == "authority"


def _require_assessment(case: CaseFile, command: GiveConsent) -> None:
    """The assessment is in the agreement, or the last one on record for the purpose found the child competent."""
    if (command.assessment or "").strip():
        return
    if case.asking.competent(command.purpose) is not True:
        raise Refusal("assessment_missing", "assessment")


def carried_over(
    case: CaseFile, command: GiveConsent, to: Recipients, header: Header
) -> list[DisclosureMade | DisclosureClosed]:
    """What was shared under the agreement that is replaced is shared under the new one, as far as that goes: of other
    services the access ends."""
    if command.replaces is None:
        return []
    found: list[DisclosureMade | DisclosureClosed] = []
    for shared in case.consents.disclosures:
        if shared.consent != command.replaces or not shared.receives:
            continue
        whom: dict[str, Any] = {
            "header": header,
            "agency": shared.agency,
            "service": shared.service,
            "whole_agency": shared.service is None,
            "ground": shared.ground,
        }
        if not to.covers(shared.service):
            found.append(DisclosureClosed(**whom, because="agreement_withdrawn"))
            continue
        found.append(
            DisclosureMade(
                **whom,
                data_classes=_still_agreed(shared.data_classes, command.data_classes),
                lawful_basis=shared.lawful_basis,
                consent=command.consent,
                subject=shared.subject,
                until=command.expires_on,
                override_reason=None,
            )
        )
    return found


def _still_agreed(shared: tuple[str, ...], agreed: tuple[str, ...]) -> tuple[str, ...]:
    """What of the data goes on; an agreement that names none covers everything."""
    return tuple(code for code in shared if not agreed or code in agreed)


def _require_replaceable(case: CaseFile, command: GiveConsent) -> None:
    """Only an agreement of the same person, agency and purpose, about the same service or about none, is replaced."""
    old = case.consents.questions.get(command.replaces) if command.replaces is not None else None
    same = (command.agency, command.purpose, command.contact)
    if (
        old is None
        or old.consent == command.consent
        or old.standing != "given"
        or (old.agency, old.purpose, old.contact) != same
        or (command.service is not None and old.service not in (None, command.service))
    ):
        raise Refusal("nothing_to_replace", "replaces")
