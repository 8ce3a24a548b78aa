"""The card "Whose turn is it?": for each open referral that the person may know of, who has it, since when, and what
others waited."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.clocks import Party
from coordination.desk.family_contacts import FamilyContact
from coordination.directory.organisation import NoAnswerRule
from coordination.pupil.casefile import CaseFile
from coordination.pupil.family.receiving import referrals_for
from coordination.pupil.placement import placement
from coordination.viewer import Viewer
from projections.waiting_times.queries.others_waited import OthersWaited, others_waited
from webui.shell.runtime import runtime
from webui.words.naming import directory, service_name

FIGURES_ROLE = "auditor"
"""Whose sight the range is counted with: a range over the authority's schools, of no child."""


class CardTurn(msgspec.Struct, frozen=True, kw_only=True):
    """Whose turn it is with one referral. `range` None: too few waited to say. `rule` None: the service said none."""

    service: str
    asked_on: date
    party: Party
    since: date
    range: OthersWaited | None
    rule: NoAnswerRule | None

    @property
    def telephone(self) -> str | None:
        """The number that the service gave for families."""
        return self.rule.telephone if self.rule else None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card for one person, on a day."""

    person: FamilyContact
    child: str
    school: UUID
    on: date
    turns: tuple[CardTurn, ...]


def card_for(case: CaseFile, person: FamilyContact, child: str, school: UUID) -> Card:
    """The card of a person as it is today. A referral of which a parent must not know is not on it."""
    today, known = runtime().today(), directory()
    turns = []
    for referral in referrals_for(case, person.contact):
        stands = placement(case, referral, known, today)
        service = known.service(referral.service)
        if stands is None or service is None:
            continue
        turns.append(
            CardTurn(
                service=service_name(service),
                asked_on=referral.opened_on,
                party=stands.party,
                since=stands.since,
                range=_range(school, service.id),
                rule=service.no_answer_rule(today),
            )
        )
    turns.sort(key=lambda turn: (turn.asked_on, turn.service))
    return Card(person=person, child=child, school=school, on=today, turns=tuple(turns))


def _range(school: UUID, service: UUID) -> OthersWaited | None:
    authority = directory().authority_of(school)
    if authority is None:
        return None
    counting = Viewer(person=service, organisation=authority, role=FIGURES_ROLE, today=runtime().today())
    return others_waited(runtime().reader, counting, directory(), service)
