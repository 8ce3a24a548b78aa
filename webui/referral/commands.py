"""The commands for a referral from a page or the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from coordination.directory.organisation import Service
from coordination.errors import Refusal
from coordination.event import Command
from coordination.pupil.consent.decide import GiveConsent, RequestConsent
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, ReportSource, SubmitReferral
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.milestone import Milestone
from projections.case_file.queries import ConsentSummary, ReferralSummary
from webui.pupil.file import OpenedPupilFile
from webui.referral.disclosure import ALWAYS, BESIDES, agreed_data, agreement_with
from webui.referral.forms.milestones import NOT_ON_RECORD, OFFERED
from webui.referral.next_steps import can_only_report
from webui.referral.reading import OpenedReferral, offers
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import LONDON
from webui.words.naming import directory

FIELDS = {"authority": "giver", "contact": "asked", "occurred_on": "sent_on"}
"""The fields of forms by the names that refusals have for them."""


def told_instant(typed: dict[str, Any]) -> datetime:
    """The instant at which a person was told, by the clock in Wales."""
    on, at = typed["told_on"], typed["told_at"]
    return datetime(on.year, on.month, on.day, at.hour, at.minute, tzinfo=LONDON)


def refer_commands(
    shown: OpenedPupilFile,
    service: Service,
    begun: dict[str, Any],
    typed: dict[str, Any],
    command_id: str,
    copied_from: UUID | None,
) -> list[Command]:
    """The commands of a new referral, performed all or none; the referral's id is derived from the command's."""
    pupil, referral = shown.file.pupil.pupil, casework.new_id(command_id, "referral")
    on = typed["sent_on"]
    _require_intended(shown, service, referral, typed)
    risk = begun["immediate_risk"]
    agreement = agreement_with(shown.file, service)
    begin = OpenReferral(
        occurred_on=on,
        pupil=pupil,
        referral=referral,
        service=service.id,
        school=viewer().organisation,
        immediate_risk=risk,
        told=tuple(begun["told"]) if risk else (),
        told_at=told_instant(begun) if risk else None,
        concern=begun["concern"] if risk else None,
        legal_route=typed["legal_route"],
        priority=typed["priority"],
        informed_and_discussed=typed["informed"],
        copied_from=copied_from,
        reason=typed["reason"],
        second_referral=bool(typed.get("second_referral")),
    )
    decided = RecordMilestone(occurred_on=on, pupil=pupil, referral=referral, milestone="decided")
    return [
        *_about_agreement(shown, service, typed, command_id),
        begin,
        decided,
        *_sending(shown, typed, referral, agreement),
    ]


def send_commands(
    shown: OpenedPupilFile,
    service: Service,
    steps: Sequence[Any],
    referral: UUID,
    typed: dict[str, Any],
    command_id: str,
    seen: int | None,
) -> list[Command]:
    """The commands to send a saved referral, performed all or none; `seen` is the version shown."""
    pupil, on = shown.file.pupil.pupil, typed["sent_on"]
    _require_intended(shown, service, referral, typed)
    agreement = agreement_with(shown.file, service)
    commands = _about_agreement(shown, service, typed, command_id)
    if any(step.name == "decided" for step in steps):
        return [*commands, *_sending(shown, typed, referral, agreement, seen=seen)]
    decided = RecordMilestone(occurred_on=on, pupil=pupil, referral=referral, milestone="decided", seen=seen)
    return [*commands, decided, *_sending(shown, typed, referral, agreement)]


def open_at(shown: OpenedPupilFile, service: Service, besides: UUID | None = None) -> list[ReferralSummary]:
    """The open referrals of the child to the service, in all its files, that the user may see."""
    found = shown.file.referrals
    return [r for r in found if r.service == service.id and not r.ended and r.referral != besides]


def _require_intended(
    shown: OpenedPupilFile, service: Service, referral: UUID, typed: dict[str, Any]
) -> None:
    """The decision asks the same, of the one file that it knows. Raises Refusal `second_open_referral`."""
    if open_at(shown, service, referral) and not typed.get("second_referral"):
        raise Refusal("second_open_referral", "second_referral")


def _about_agreement(
    shown: OpenedPupilFile, service: Service, typed: dict[str, Any], command_id: str
) -> list[Command]:
    """The command about the agreement in the same step: given now, or requested."""
    pupil, consent = shown.file.pupil.pupil, casework.new_id(command_id, "consent")
    # the agreement covers what is shared now and what may be shared later
    data = (*ALWAYS, *(code for code in BESIDES if code in (typed["shared"] or ())))
    language = _their_language(shown, typed)
    match typed.get("agreement"):
        case "given":
            giver = typed["giver"]
            contact = UUID(giver) if giver not in ("young_person", "competent_child", "court") else None
            return [
                GiveConsent(
                    occurred_on=typed["agreed_on"],
                    pupil=pupil,
                    consent=consent,
                    agency=service.agency,
                    service=service.id,
                    authority="parental_responsibility" if contact else giver,
                    data_classes=data,
                    contact=contact,
                    route=typed["route"],
                    language=language,
                    competence_judged_by=viewer().person if giver == "competent_child" else None,
                    evidence=typed["evidence"] if giver == "court" else None,
                    assessed_on=typed["agreed_on"] if giver == "competent_child" else None,
                    assessment=typed["assessment"] if giver == "competent_child" else None,
                    kept_from_parents=giver == "competent_child" and bool(typed["kept_from_parents"]),
                    words=typed["words"],
                )
            ]
        case "ask":
            asked = typed["asked"]
            return [
                RequestConsent(
                    occurred_on=viewer().today,
                    pupil=pupil,
                    consent=consent,
                    agency=service.agency,
                    service=service.id,
                    data_classes=data,
                    contact=UUID(asked) if asked != "pupil" else None,
                    language=language,
                )
            ]
        case _:
            return []


def _their_language(shown: OpenedPupilFile, typed: dict[str, Any]) -> str:
    """The language of a request or an answer: the contact's preference, else the pupil's."""
    who = next(
        (c for c in shown.contacts if str(c.contact) in (typed.get("giver"), typed.get("asked"))), None
    )
    return (who.language if who else None) or shown.language_wish or "en"


def _sending(
    shown: OpenedPupilFile,
    typed: dict[str, Any],
    referral: UUID,
    agreement: ConsentSummary | None,
    seen: int | None = None,
) -> list[Command]:
    """The command to send, unless agreement must be requested first."""
    if typed.get("agreement") == "ask":
        return []
    without = typed.get("agreement") == "without"
    data = [*ALWAYS, *(typed["shared"] or ())]
    if agreement is not None:
        data = [code for code in data if code in agreed_data(agreement)]
    return [
        SubmitReferral(
            occurred_on=typed["sent_on"],
            seen=seen,
            pupil=shown.file.pupil.pupil,
            referral=referral,
            supplied=tuple(typed["supplied"] or ()),
            data_classes=tuple(data),
            override=typed["override"] if without else None,
            override_reason=typed["override_reason"] if without else None,
            note=typed.get("note"),
            second_referral=bool(typed.get("second_referral")),
        )
    ]


class SubmittedStep(Protocol):
    """The data of the form that a command needs."""

    @property
    def seen(self) -> int | None: ...

    @property
    def command_id(self) -> str: ...


def referral_ids(opened: OpenedReferral) -> dict[str, Any]:
    """The ids of a referral, as commands have them."""
    return {"pupil": opened.pupil, "referral": opened.referral}


def command_of(
    opened: OpenedReferral,
    form: SubmittedStep,
    milestone: str,
    typed: dict[str, Any],
    supersedes: int | None = None,
) -> RecordMilestone:
    """The command for the values typed for a step."""
    reported = None
    if can_only_report(opened, milestone):
        reported = ReportSource(by=typed["reported_by"], how=typed["reported_how"], on=typed["reported_on"])
    return RecordMilestone(
        occurred_on=typed["occurred_on"],
        seen=form.seen,
        **referral_ids(opened),
        milestone=milestone,
        details=_details(opened, form, milestone, typed),
        reported=reported,
        supersedes=supersedes,
        why=typed.get("why"),
        note=typed["note"],
        note_for=typed.get("note_for") or ("shared" if opened.at_school else None),
    )


def _details(
    opened: OpenedReferral, form: SubmittedStep, milestone: str, typed: dict[str, Any]
) -> dict[str, Any]:
    """The event's own fields from the typed values, without empty ones."""
    own = set(MILESTONES[milestone].__struct_fields__) - set(Milestone.__struct_fields__)
    details = {name: value for name, value in typed.items() if name in own and value not in (None, [], "")}
    if details.get("appointment") == NOT_ON_RECORD:
        details = {**details, "appointment": None, "no_appointment_on_record": True}
    match milestone:
        case "redirected":
            service = directory().service(UUID(typed["to_service"]))
            details["to_agency"] = str(service.agency) if service else None
        case "appointment_offered":
            details |= {"for_when": _instants(typed), "appointment": _same_appointment(form)}
        case "appointment_answered" if typed.get("chosen"):
            if named := _appointment_of(opened, typed["chosen"]):
                details |= {"appointment": named, "no_appointment_on_record": False}
        case "s21_answer":
            details |= dict.fromkeys(typed["told"] or (), True)
        case _:
            pass
    return details


def _instants(typed: dict[str, Any]) -> list[datetime]:
    """The times offered, in the order of the form; a date without a time means the beginning of that day."""
    found = []
    for number in OFFERED:
        on, at = typed.get(f"offered_{number}"), typed.get(f"offered_{number}_at")
        if on is not None:
            local = datetime(
                on.year, on.month, on.day, at.hour if at else 0, at.minute if at else 0, tzinfo=LONDON
            )
            found.append(local)
    return found


def _same_appointment(form: SubmittedStep) -> str:
    """The id of the appointment for an offer; the same when the same form is sent twice."""
    return str(casework.new_id(form.command_id, "appointment"))


def _appointment_of(opened: OpenedReferral, chosen: str) -> str | None:
    at = datetime.fromisoformat(chosen)
    return next((str(s.appointment) for s in offers(opened.held) if at in s.for_when), None)
