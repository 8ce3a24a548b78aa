"""Raising a challenge or an enquiry, with its evidence."""

from __future__ import annotations

from uuid import UUID

from coordination import clocks
from coordination.authority import require_not_in_future, require_staff
from coordination.challenge.commands import RaiseAttendanceChallenge, RaiseDelayChallenge, WaitEvidence
from coordination.challenge.events import AnyChallengeEvent, ChallengeRaised, DelayEvidence, Kind, Measured
from coordination.challenge.rule import assess
from coordination.challenge.state import Challenge
from coordination.directory.state import Directory, Service, Standard
from coordination.errors import Refusal
from coordination.event import Command, Header
from coordination.world import World


def decide_raise_attendance(
    challenge: Challenge, command: RaiseAttendanceChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """A challenge when meetings at which the service was expected meet the rule, an enquiry when only other meetings
    do. The evidence is the last meetings that the rule considers. Refuses `rule_not_met` with the numbers,
    `mark_counted_twice`, `unknown_terms`, `in_the_future`."""
    service = _new(challenge, command.school, command.service, command, header, world)
    _check_marks(command, service, world.directory)
    kind: Kind = "challenge"
    finding = assess(command.marks, command.rule)
    if not finding.met:
        kind = "enquiry"
        finding = assess(command.marks, command.rule, only_owed=False)
    if not finding.met:
        raise Refusal("rule_not_met", "marks", counted=finding.counted, threshold=finding.threshold)
    measured = Measured(
        code=finding.code,
        counted=finding.counted,
        threshold=finding.threshold,
        window=finding.window,
        version=command.rule.version,
    )
    return [
        ChallengeRaised(
            header=header,
            kind=kind,
            about="attendance",
            school=command.school,
            agency=service.agency,
            service=service.id,
            authority=world.directory.authority_of(command.school),
            measured=measured,
            marks=finding.considered,
        )
    ]


def _check_marks(command: RaiseAttendanceChallenge, service: Service, directory: Directory) -> None:
    """Each meeting counts once, was held by then, and an expected mark has terms that the service accepted for this
    school."""
    if len({m.meeting for m in command.marks}) != len(command.marks):
        raise Refusal("mark_counted_twice", "marks")
    agency = directory.organisation(service.agency)
    accepted = agency.terms if agency else {}
    for mark in command.marks:
        if mark.held_on > command.occurred_on:
            raise Refusal("in_the_future", "marks", on=mark.held_on.isoformat())
        terms = accepted.get(mark.terms) if mark.terms is not None else None
        if mark.owed and (terms is None or (terms.service, terms.school) != (service.id, command.school)):
            raise Refusal("unknown_terms", "marks", meeting=mark.meeting)


def decide_raise_delay(
    challenge: Challenge, command: RaiseDelayChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """A challenge when every wait exceeds the standard of the service, an enquiry without a standard. Days are
    unadjusted. Refuses `within_standard`, `unknown_standard`, `in_the_future`, `cannot_be_empty` without waits."""
    service = _new(challenge, command.school, command.service, command, header, world)
    require_not_in_future(header, command.as_of, "as_of")
    if not command.waits:
        raise Refusal("cannot_be_empty", "waits")
    measured = [_measured(wait, command, world.directory) for wait in command.waits]
    longest = max(measured, key=lambda m: m[0].elapsed)
    standard = longest[1]
    limit = clocks.band_limits([standard.limit], standard.unit)[0] if standard else None
    return [
        ChallengeRaised(
            header=header,
            kind="challenge" if standard else "enquiry",
            about="delay",
            school=command.school,
            agency=service.agency,
            service=service.id,
            authority=world.directory.authority_of(command.school),
            measured=Measured(
                code=command.standard,
                counted=longest[0].elapsed,
                threshold=limit,
                unit=standard.unit if standard else "calendar_days",
                version=clocks.METRIC_VERSION,
            ),
            delays=tuple(evidence for evidence, _ in measured),
        )
    ]


def _measured(
    wait: WaitEvidence, command: RaiseDelayChallenge, directory: Directory
) -> tuple[DelayEvidence, Standard | None]:
    """The unadjusted days of a wait, and the version of the standard that was in force when it began."""
    until = wait.stopped_on or command.as_of
    if wait.started_on > until or until > command.as_of:
        raise Refusal("in_the_future", "waits", on=max(wait.started_on, until).isoformat())
    standard = _standard(wait, command, directory)
    school_days = directory.school_days(command.school)
    unit = standard.unit if standard else "calendar_days"
    if unit == "school_days" and school_days is None:
        raise Refusal("school_terms_unknown", "standard")
    due = None
    if standard is not None:
        due = clocks.due_on(wait.started_on, standard.limit, standard.unit, standard.legal_route, school_days)
        if not clocks.overdue(due, until):
            raise Refusal("within_standard", "waits", referral=wait.referral, due_on=due.isoformat())
    evidence = DelayEvidence(
        referral=wait.referral,
        pupil=wait.pupil,
        started_on=wait.started_on,
        as_of=command.as_of,
        elapsed=clocks.elapsed(wait.started_on, until, unit, school_days),
        stopped_on=wait.stopped_on,
        due_on=due,
        position=command.position,
    )
    return evidence, standard


def _standard(wait: WaitEvidence, command: RaiseDelayChallenge, directory: Directory) -> Standard | None:
    """The version of the command's standard in force when the wait began; None without a standard. Refused
    `unknown_standard`."""
    if command.standard is None:
        return None
    found = directory.standard(command.service, command.standard, wait.started_on)
    if found is None:
        raise Refusal("unknown_standard", "standard", on=wait.started_on.isoformat())
    return found


def _new(
    challenge: Challenge, school: UUID, service: UUID, command: Command, header: Header, world: World
) -> Service:
    """The service challenged, for staff of the school. Raises Refusal `already_raised`, `unknown_service`."""
    require_staff(header, frozenset({school}))
    require_not_in_future(header, command.occurred_on)
    if challenge.raised:
        raise Refusal("already_raised", "challenge")
    found = world.directory.service(service)
    if found is None:
        raise Refusal("unknown_service", "service")
    return found
