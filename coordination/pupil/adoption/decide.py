"""Who may replace a child's identity, and what follows for contacts and agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from coordination.authority import ADOPTION_OFFICER, acting_organisation, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound
from coordination.event import Command, Header
from coordination.guards import require_words, strip_text
from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.events import ConsentRequested
from coordination.pupil.profile.decisions.checks import require_known_code
from coordination.pupil.profile.decisions.contacts import contact_recorded
from coordination.pupil.profile.events import ContactEnded, ContactRecorded
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


AdoptionOutcome = ContactEnded | IdentityReplaced | ContactRecorded | ConsentRequested


def decide_replace(
    case: CaseFile, command: ReplaceIdentity, header: Header, world: World
) -> list[AdoptionOutcome]:
    """Ends every contact, replaces the identity, records the people who represent the child from now on, and asks the
    first of them with parental responsibility for each agreement that an earlier contact had given and that still
    counted. What was disclosed stays disclosed: the child's treatment goes on.

    Raises NotFound for anybody but an adoption officer of the authority of the child's school. Refuses a day in the
    future, an unknown code, and a new identity without a reason or a name (`cannot_be_empty`).
    """
    _require_officer(case, header, world)
    require_not_in_future(header, command.occurred_on)
    require_not_in_future(header, command.date_of_birth, "date_of_birth")
    require_known_code(world, "sex", command.sex, command.occurred_on, "sex")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    replaced = IdentityReplaced(
        header=header,
        upn=command.upn,
        surname=command.surname.strip(),
        forename=command.forename.strip(),
        date_of_birth=command.date_of_birth,
        sex=command.sex,
        language=command.language,
        middle_names=strip_text(command.middle_names),
        preferred_surname=strip_text(command.preferred_surname),
        preferred_forename=strip_text(command.preferred_forename),
        why=require_words(command.why, "why"),
    )
    require_words(command.surname or command.forename, "surname")
    return [
        *(
            ContactEnded(header=header, contact=c.contact, why=None)
            for c in case.profile.contacts
            if not c.ended
        ),
        replaced,
        *(contact_recorded(details, header) for details in command.contacts),
        *_asked_again(case, command, header),
    ]


def _require_officer(case: CaseFile, header: Header, world: World) -> None:
    authority = acting_organisation(header)
    if header.role != ADOPTION_OFFICER or not case.profile.registered:
        raise NotFound
    schools = case.profile.schools() or {case.profile.registrations[-1].school}
    if authority not in {world.directory.authority_of(school) for school in schools}:
        raise NotFound


def _asked_again(case: CaseFile, command: ReplaceIdentity, header: Header) -> list[ConsentRequested]:
    """A new request for each agreement of an earlier contact that was in force."""
    asked = next((c.contact for c in command.contacts if c.parental_responsibility), None)
    if asked is None:
        return []
    given = [
        held
        for held in case.consents.questions.values()
        if held.contact is not None and held.in_force(header.occurred_on)
    ]
    # one request for each agency and purpose, however many people had agreed
    newest = {(held.agency, held.purpose): held for held in given}
    return [
        ConsentRequested(
            header=header,
            consent=_new_id(held.consent, asked),
            agency=held.agency,
            purpose=held.purpose,
            data_classes=held.data_classes,
            route="paper",
            language=command.language if command.language in ("en", "cy") else "en",
            contact=asked,
        )
        for held in newest.values()
    ]


def _new_id(consent: UUID, asked: UUID) -> UUID:
    """The id of the request that takes the place of another; the same each time it is decided."""
    return uuid5(consent, str(asked))


DECISIONS: dict[type[Command], Decision] = dict([decides(ReplaceIdentity, decide_replace, PUPIL_STREAM)])
