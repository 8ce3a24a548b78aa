"""The commands for what a family answers, by link or on paper: those with which staff record an answer."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.event import Command
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.decide import GiveConsent, RefuseConsent, WithdrawConsent
from coordination.pupil.consent.state import Consent
from coordination.pupil.family.commands import SupplyFamilyItems
from coordination.pupil.family.speaking import PARENT, authority_of_pupil
from coordination.pupil.profile.commands import RecordViews

Answer = Literal["given", "refused", "stop_sharing", "end_referral"]
ITEMS = ("times_not_possible", "interpreter", "statement", "nhs_number", "gp")


class FamilySpeaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers (None: the pupil), on which day, how, in which language; `paper_form` is the printed form."""

    pupil: UUID
    contact: UUID | None
    on: date
    route: Literal["paper", "verbal", "online"]
    language: str
    paper_form: UUID | None = None


def answering_authority(case: CaseFile, held: Consent, by: FamilySpeaker, born: date | None) -> str:
    """With what authority the person answers; one that they do not have is refused when it is recorded."""
    if by.contact is not None:
        return PARENT
    return authority_of_pupil(case, held.purpose, born, by.on) or "young_person"


def answer_command(
    held: Consent,
    answer: Answer,
    by: FamilySpeaker,
    *,
    authority: str,
    words: str | None,
    struck_out: tuple[UUID, ...] = (),
    data_classes: tuple[str, ...],
) -> GiveConsent | RefuseConsent | WithdrawConsent:
    """The command that records an answer to a question. `data_classes`: what was asked for."""
    common: dict[str, Any] = {
        "occurred_on": by.on,
        "pupil": by.pupil,
        "consent": held.consent,
        "contact": by.contact,
        "words": words,
        "route": by.route,
        "paper_form": by.paper_form,
    }
    if answer == "stop_sharing" or answer == "end_referral":
        return WithdrawConsent(**common, meaning=answer)
    common |= {
        "agency": held.agency,
        "purpose": held.purpose,
        "authority": authority,
        "service": held.service,
    }
    if answer == "refused":
        return RefuseConsent(**common)
    also = tuple(one for one in held.also_services if one not in struck_out)
    return GiveConsent(
        **common,
        data_classes=data_classes,
        language=by.language,
        whole_agency=held.whole_agency,
        also_services=also if held.service is not None else None,
    )


def more_commands(by: FamilySpeaker, typed: dict[str, Any]) -> list[Command]:
    """The commands for the family's own words and what they supply for a referral; none for what is empty."""
    found: list[Command] = []
    if typed.get("own_words"):
        found.append(
            RecordViews(
                occurred_on=by.on,
                pupil=by.pupil,
                whose="child" if by.contact is None else "parent",
                contact=by.contact,
                language=typed.get("words_language") or by.language,
                words=typed["own_words"],
            )
        )
    if any(typed.get(name) for name in ITEMS):
        found.append(
            SupplyFamilyItems(
                occurred_on=by.on,
                pupil=by.pupil,
                contact=by.contact,
                route=by.route,
                paper_form=by.paper_form,
                **{name: typed.get(name) for name in ITEMS},
            )
        )
    return found
