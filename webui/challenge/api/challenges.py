"""Challenges to agencies: what a school can raise, a challenge with its evidence, and the steps of both parties."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from coordination.errors import NotFound
from projections.attendance.queries import attendance_evidence, suggestions
from projections.challenges.queries import Dossier, Part, delays, dossier, list_challenges
from projections.reader import AUTHORITY_DESKS, desk
from webui.api.narrowing import ids_in
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, field_problem
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.challenge.api.answers import (
    AttendanceGroundSchema,
    ChallengeSchema,
    ChallengeWholeSchema,
    DelayGroundSchema,
    delay_out,
    ground_out,
    whole_out,
)
from webui.challenge.api.bodies import (
    STEP_BODIES,
    AttendanceChallengeBody,
    ChallengesQuery,
    DelayChallengeBody,
    MarkDisputeBody,
)
from webui.challenge.commands import COMMANDS, StepRequest, raise_attendance_command, raise_delay_command
from webui.challenge.reading import challenge_exists, digest
from webui.challenge.words import own_turns
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import REPORT_ROLES, SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.words.naming import directory

challenges = Resource(
    "challenges",
    "A school's challenges to an agency that is late or does not attend, and enquiries where no terms of reference or "
    "standard apply. A school raises one from the record, and its evidence does not change afterwards. A head teacher "
    "approves it on screen: a token acts as an ALNCo and cannot approve. The agency acknowledges, replies and "
    "disputes marks. An independent person makes rulings, also on screen. Do not include anything about a pupil.",
)

ONE = "/challenges/<uuid:challenge>"


# Reading


@challenges.lists("/challenges", scope="challenges:read", query=ChallengesQuery, answers=ChallengeSchema)
def listed_challenges(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the challenges that the token's organisation can see, newest first."""
    who = viewer()
    given: dict[str, Any] = ids_in(ChallengesQuery, query, "school", "agency", "service")
    part: Part = query["part"] or "all"
    more = {"mine": own_turns(who), "size": page.size, **given}
    found = list_challenges(casework.reader(), who, directory(), part, page=page.number, **more)
    total = found.total
    if not found.rows and page.number > 1:  # the query does not count rows beyond the last page
        total = list_challenges(casework.reader(), who, directory(), part, **more).total
    return ResourceRows(
        found.rows, total, ReadLogNote("challenges", [c.challenge for c in found.rows], _purpose())
    )


@challenges.shows(ONE, scope="challenges:read", answers=ChallengeWholeSchema)
def one_challenge(challenge: UUID) -> ResourceView:
    """Get a challenge with its evidence, disputes, rulings and steps."""
    held = _held(challenge)
    pupils = [wait.pupil for wait in held.waits]
    return ResourceView(
        whole_out(held),
        held.challenge.last_version,
        ReadLogNote("challenge", [challenge, *pupils], _purpose()),
    )


@challenges.lists("/challenges/grounds/attendance", scope="challenges:read", answers=AttendanceGroundSchema)
def attendance_grounds(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """For a school: list services whose attendance allows a challenge or an enquiry, as known now."""
    who = viewer()
    if who.role not in SCHOOL_COORDINATION:
        return ResourceRows([], 0)
    found = suggestions(casework.reader(), who, who.organisation, who.today)
    return ResourceRows([ground_out(one) for one in found[page.first : page.past]], len(found))


@challenges.lists("/challenges/grounds/delay", scope="challenges:read", answers=DelayGroundSchema)
def delay_grounds(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """For a school: list its pupils' waits over the limit, by service and standard, as known now."""
    who = viewer()
    if who.role not in SCHOOL_COORDINATION:
        return ResourceRows([], 0)
    found = delays(casework.reader(), who, who.organisation, who.today)
    shown = found[page.first : page.past]
    pupils = [wait.pupil for delay in shown for wait in delay.waits]
    return ResourceRows([delay_out(one) for one in shown], len(found), ReadLogNote("waits", pupils))


# The school


@challenges.records(
    "/challenges/attendance", scope="challenges:write", takes=AttendanceChallengeBody, makes=("challenge",)
)
def raise_attendance(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Raise a challenge about a service's attendance. The head teacher must approve it; only the school can see it
    until it is sent."""
    who, service, challenge = viewer(), UUID(typed["service"]), asked.new_id("challenge")
    _at_school()
    if challenge_exists(challenge):
        return _of(challenge)
    if directory().service(service) is None:
        raise field_problem(AttendanceChallengeBody(), "service", "not_offered")
    found = attendance_evidence(
        casework.reader(), who, who.organisation, service, who.today, meetings=typed["meetings"] or None
    )
    if found.open_challenge is not None:
        raise field_problem(AttendanceChallengeBody(), "service", "already_open")
    if typed["shown"] != digest(found):
        raise field_problem(AttendanceChallengeBody(), "shown", "evidence_changed")
    asked.perform(raise_attendance_command(found, challenge))
    return _of(challenge)


@challenges.records(
    "/challenges/delay", scope="challenges:write", takes=DelayChallengeBody, makes=("challenge",)
)
def raise_delay(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Raise a challenge about waits over the limit. The head teacher must approve it; only the school can see it
    until it is sent."""
    who, service, challenge = viewer(), UUID(typed["service"]), asked.new_id("challenge")
    _at_school()
    if challenge_exists(challenge):
        return _of(challenge)
    over = delays(
        casework.reader(), who, who.organisation, who.today, service=service, standard=typed["standard"]
    )
    free = {str(w.referral): w for delay in over for w in delay.waits if w.referral not in delay.challenged}
    chosen = {referral.lower() for referral in typed["waits"]}
    if not chosen <= set(free):
        raise field_problem(DelayChallengeBody(), "waits", "not_offered")
    asked.perform(raise_delay_command(over[0], challenge, chosen))
    return _of(challenge)


# The steps


def _step(name: str, takes: type[ClosedSchema], about: str) -> None:
    def step(typed: dict[str, Any], asked: RecordRequest, challenge: UUID) -> RecordingResult:
        asked.perform(COMMANDS[name](_doing(challenge, asked), typed))
        return _of(challenge)

    step.__name__ = step.__qualname__ = f"{name}_challenge"
    step.__doc__ = about
    rule = f"{ONE}/{name.replace('_', '-')}"
    challenges.records(
        rule, scope="challenges:write", takes=takes, makes=("challenge",), thing=one_challenge
    )(step)


for _name, (_takes, _about) in STEP_BODIES.items():
    _step(_name, _takes, _about)


@challenges.records(
    f"{ONE}/disputes",
    scope="challenges:write",
    takes=MarkDisputeBody,
    makes=("challenge", "dispute"),
    thing=one_challenge,
)
def dispute(typed: dict[str, Any], asked: RecordRequest, challenge: UUID) -> RecordingResult:
    """Dispute a mark in the evidence. An independent person makes a ruling."""
    doing = _doing(challenge, asked)
    line = next(
        (one for one in doing.held.lines if str(one.raised.meeting) == typed["meeting"].lower()), None
    )
    if line is None:
        raise field_problem(MarkDisputeBody(), "meeting", "not_offered")
    command = COMMANDS["dispute"](msgspec.structs.replace(doing, line=line), typed)
    asked.perform(command)
    return RecordingResult(
        {"challenge": challenge, "dispute": asked.new_id("dispute")}, f"/challenges/{challenge}"
    )


def _doing(challenge: UUID, asked: RecordRequest) -> StepRequest:
    return StepRequest(_held(challenge), runtime().today(), asked.seen, asked.command_id)


# Responses


def _held(challenge: UUID) -> Dossier:
    """The challenge. Raises NotFound if the token's organisation cannot see it."""
    found = dossier(casework.reader(), viewer(), directory(), challenge)
    if found is None or viewer().role not in REPORT_ROLES:
        raise NotFound
    return found


def _at_school() -> None:
    if viewer().role not in SCHOOL_COORDINATION:
        raise NotFound


def _of(challenge: UUID) -> RecordingResult:
    return RecordingResult({"challenge": challenge}, f"/challenges/{challenge}")


def _purpose() -> str:
    return "audit" if desk(viewer()) in AUTHORITY_DESKS else "own_challenge"
