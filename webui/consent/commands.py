"""The commands for agreement to share, from a page or the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from coordination.pupil.consent.decide import GiveConsent, RefuseConsent
from projections.case_file.queries import ConsentSummary
from webui.consent.forms import WHOLE_AGENCY

DATA = ("identity", "needs", "referral")
"""What a referral tells; offered first."""
BASES = ("public_task", "legal_obligation", "vital_interests", "safeguarding")
"""The lawful bases that a school can record. A history file alone says historical_record; agreement has its own
form."""
IDS = ("agency", "service", "contact", "competence_judged_by", "local_authority", "decided_by")


class AnswerSubject(msgspec.Struct, frozen=True):
    """The subject of an answer: agency, purpose and person; the service, or the whole agency. `also_services` None: all
    those for which the service sorts referrals."""

    agency: UUID
    purpose: str
    data_classes: tuple[str, ...]
    service: UUID | None = None
    whole_agency: bool = False
    also_services: tuple[UUID, ...] | None = None


def take_subject(typed: dict[str, Any]) -> AnswerSubject:
    """Take the subject out of an answer that has no recorded request."""
    return AnswerSubject(
        typed.pop("agency"),
        typed.pop("purpose"),
        typed.pop("data_classes"),
        typed.pop("service", None),
        bool(typed.pop("whole_agency", None)),
        typed.pop("also_services", None),
    )


def about_question(question: ConsentSummary) -> AnswerSubject:
    """The subject of a recorded request."""
    return AnswerSubject(
        question.agency,
        question.purpose,
        question.data_classes or DATA,
        question.service,
        question.whole_agency,
        question.also_services if question.service is not None else None,
    )


def plain_values(typed: dict[str, Any]) -> dict[str, Any]:
    """The typed values, with ids as ids and lists as tuples."""
    changed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in typed.items()
    }
    return changed | {name: UUID(changed[name]) for name in IDS if changed.get(name)}


def named_services(typed: dict[str, Any], listed: Callable[[UUID], tuple[UUID, ...]]) -> dict[str, Any]:
    """The typed values of a form with what they say of services: `service` and `struck_out` become service or whole
    agency, and those that remain of the services for which it sorts referrals (`listed`)."""
    changed = dict(typed)
    struck = {UUID(one) for one in changed.pop("struck_out", None) or ()}
    if changed.get("service") == WHOLE_AGENCY:
        return changed | {"service": None, "whole_agency": True}
    service = changed.get("service")
    if not struck or service is None:
        return changed
    return changed | {"also_services": [one for one in listed(UUID(service)) if one not in struck]}


def answer_command(
    pupil: UUID, consent: UUID, about: AnswerSubject, typed: dict[str, Any], replaces: UUID | None = None
) -> GiveConsent | RefuseConsent:
    """The command that records an answer, given or refused. A refusal has no route, language, end date or evidence.
    `replaces`: the earlier agreement of the same person whose place a new one takes."""
    common = {
        "occurred_on": typed["occurred_on"],
        "pupil": pupil,
        "consent": consent,
        "agency": about.agency,
        "purpose": about.purpose,
        "authority": typed["authority"],
        "contact": typed["contact"],
        "words": typed["words"],
        "service": about.service,
    }
    if typed["answer"] == "refused":
        return RefuseConsent(**common)
    judged_by = typed["competence_judged_by"] if typed["authority"] == "competent_child" else None
    given = {name: typed[name] for name in ("route", "language", "expires_on", "evidence", "conditions")}
    return GiveConsent(
        **common,
        **given,
        data_classes=about.data_classes,
        whole_agency=about.whole_agency,
        also_services=about.also_services,
        competence_judged_by=judged_by or None,
        assessed_on=typed["occurred_on"] if judged_by else None,
        assessment=typed["assessment"],
        local_authority=typed["local_authority"] or None,
        decided_by=typed["decided_by"] or None,
        kept_from_parents=bool(typed["kept_from_parents"]),
        replaces=replaces,
    )


def replaced_by_answer(
    found: Sequence[ConsentSummary], about: AnswerSubject, contact: UUID | None
) -> UUID | None:
    """The agreement of the same person about the same, in force, whose place a new agreement takes."""
    same = [
        c.consent
        for c in found
        if c.in_force
        and (c.agency, c.purpose, c.contact) == (about.agency, about.purpose, contact)
        and (c.service, c.whole_agency) == (about.service, about.whole_agency)
    ]
    return same[-1] if same else None
