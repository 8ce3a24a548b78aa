"""The next steps that are possible for a referral, and those open to the user."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.referral.decide import allowed_milestones
from coordination.pupil.referral.milestones import (
    MILESTONES,
    OF_PLACES,
    SAID_BY_AGENCY,
    SAID_BY_SCHOOL,
    rules_of,
)
from coordination.pupil.referral.milestones.milestone import AppointmentPart
from coordination.pupil.referral.phase import DatedMilestone
from projections.case_file.queries import TimelineEntry
from webui.referral.reading import OpenedReferral, offers
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

# The outcomes of an appointment, in the order of the buttons.
OUTCOMES: tuple[AppointmentPart, ...] = ("attended", "missed", "cancelled")


def header_now() -> Header:
    """The header of an entry that the user would record now."""
    return casework.command_context("look").header(viewer().today)


def acts_for() -> tuple[UUID, ...] | None:
    """The services for which the user records; None at a school, and for a whole agency."""
    return casework.command_context("look").services


def recordable_steps(opened: OpenedReferral) -> list[str]:
    """Every step that the user may record or report, on any day, in their usual order. An agency that passed the
    referral on can still record what it did before."""
    if opened.at_school:
        return [n for n, of in MILESTONES.items() if not of.rules.only_by_sending and n not in OF_PLACES]
    places = OF_PLACES if of_places(opened) else frozenset()
    return [n for n in MILESTONES if n not in SAID_BY_SCHOOL and (n in places or n not in OF_PLACES)]


def possible_today(opened: OpenedReferral) -> list[str]:
    """The steps of these that could be recorded for today."""
    names = set(allowed_milestones(opened.held, header_now(), acts_for(), of_places=of_places(opened)))
    return [name for name in recordable_steps(opened) if name in names]


def of_places(opened: OpenedReferral) -> bool:
    """Whether the service that holds the referral is of an authority: only those have places."""
    agency = directory().organisation(opened.held.agency)
    return agency is not None and agency.kind == "authority"


def can_only_report(opened: OpenedReferral, milestone: str) -> bool:
    """Whether the user can only report this step, because it is the agency's step."""
    return opened.at_school and milestone in SAID_BY_AGENCY


def is_correctable(opened: OpenedReferral, step: DatedMilestone) -> bool:
    """Whether the user may correct an entry: a school corrects what a school entered, reports included; an agency what
    it entered itself."""
    agencies, acting = opened.held.agencies, viewer().organisation
    if acting in agencies:
        own = step.said_by == acting and _of_own_service(opened, step)
    else:
        own = step.said_by not in agencies
    return own and not rules_of(step.name).only_by_sending


def is_answerable(opened: OpenedReferral, step: DatedMilestone) -> bool:
    """Whether the user's agency may answer what was reported in its name."""
    if opened.at_school or step.word != "reported":
        return False
    return opened.held.holder_at(step.version)[1] == viewer().organisation and _of_own_service(opened, step)


def _of_own_service(opened: OpenedReferral, step: DatedMilestone) -> bool:
    """Whether the service that held the referral then is one of the user's."""
    services = acts_for()
    return services is None or opened.held.holder_at(step.version)[0] in services


def next_steps(opened: OpenedReferral) -> list[str]:
    """The usual next steps that the user may record today, the likeliest first."""
    if not opened.sent and not opened.file.referral.ended:
        return ["submitted"] if opened.at_school else []
    possible = set(possible_today(opened))
    wanted = outcomes() if missed_offer(opened) else usually_next(opened.file.referral.phase)
    if of_places(opened) and "accepted" in wanted:
        wanted[:0] = ["panel_decided", "place_offered"]
    if opened.held.legal_route == "s20_nhs" and "s21_answer" not in wanted:
        wanted.insert(1, "s21_answer")
    if opened.file.referral.received_on is None and "received" in possible and "received" not in wanted:
        wanted.insert(0, "received")
    return [name for name in wanted if name in possible]


def usually_next(phase: str) -> list[str]:
    """The steps that usually follow a phase, the likeliest first."""
    return [] if phase == "opened" else list(rules_of(phase).usually_next)


def outcomes() -> list[str]:
    """The possible outcomes of an appointment, the likeliest first."""
    return [name for part in OUTCOMES for name, of in MILESTONES.items() if of.rules.appointment == part]


def missed_offer(opened: OpenedReferral) -> datetime | None:
    """The last offered time, if it has passed and no outcome is recorded."""
    phase = opened.file.referral.phase
    if phase == "opened" or rules_of(phase).appointment not in ("offered", "answered"):
        return None
    last = next(iter(offers(opened.held)), None)
    if last is None or not last.for_when or max(last.for_when) > runtime().now():
        return None
    return max(last.for_when)


def require_counting(entry: TimelineEntry) -> None:
    """Refuse an entry that another user corrected or struck out meanwhile."""
    if entry.superseded_by is not None:
        raise Refusal("entry_superseded")
