"""A referral sent to the agency."""

from __future__ import annotations

from coordination.authority import require_not_in_future
from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.consent.disclosing import disclose
from coordination.pupil.consent.events import DisclosureMade
from coordination.pupil.holders import require_holder
from coordination.pupil.referral.commands import REFERRAL_DATA, SubmitReferral
from coordination.pupil.referral.decisions.checks import (
    held_referral,
    require_codes,
    require_intended,
    require_possible,
)
from coordination.pupil.referral.milestones.opening import Submitted
from coordination.world import World, completed_years

VIEWS = {"child": "childs_view", "parent": "parents_view"}
"""The requirement that recorded words answer, by whose they are."""


def decide_submit(
    case: CaseFile, command: SubmitReferral, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Sent by whoever holds the file now. Refuses when nothing permits the disclosure; says what the service asks for
    and is missing, and refuses data that the agreement does not name (`data_not_agreed`)."""
    held = held_referral(case, command.referral, header, command.seen, world)
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if not command.second_referral:
        require_intended(case, held.referral, held.service, header, world.services)
    require_codes(world, "requirement", command.supplied, command.occurred_on, "supplied")
    require_codes(world, "data_class", command.data_classes, command.occurred_on, "data_classes")
    service = world.directory.service(held.service)
    asked = service.asks_for(command.occurred_on) if service else ()
    there = (*command.supplied, *(code for code in on_record(case, command) if code in asked))
    supplied = tuple(dict.fromkeys(there))
    milestone = Submitted(
        header=header,
        referral=held.referral,
        supplied=supplied,
        missing=tuple(code for code in asked if code not in supplied),
        age_years=completed_years(world.about().born, command.occurred_on),
        reported_by=None,
        why=None,
        note=command.note,
        note_for="shared",
    )
    require_possible(held, milestone, case.version + 1)
    disclosure = disclose(
        case,
        header,
        agency=held.agency,
        service=held.service,
        ground=held.referral,
        data_classes=command.data_classes,
        override=command.override,
        override_reason=command.override_reason,
    )
    _require_agreed(case, disclosure)
    return [milestone, disclosure]


def _require_agreed(case: CaseFile, disclosure: DisclosureMade) -> None:
    """Refuses `data_not_agreed` for data that the cited agreement does not name. What every referral has goes with it;
    an agreement that names none covers all that a referral includes."""
    cited = case.consents.questions.get(disclosure.consent) if disclosure.consent else None
    if cited is None or not cited.data_classes:
        return
    beyond = [c for c in disclosure.data_classes if c not in (*REFERRAL_DATA, *cited.data_classes)]
    if beyond:
        raise Refusal("data_not_agreed", "data_classes", data=beyond[0])


def on_record(case: CaseFile, command: SubmitReferral) -> tuple[str, ...]:
    """What the record itself tells to be there, whatever was ticked: a requirement that a document of the referral
    answers, and the words of the child or a parent where views go with the referral."""
    attached = (filed.requirement for filed in case.documents.of(command.referral))
    said = case.profile.views if "views" in command.data_classes else frozenset()
    return (
        *(code for code in attached if code is not None),
        *(code for whose, code in VIEWS.items() if whose in said),
    )
