"""Raising a challenge, answering it, ruling on what is disputed, ending it; each step in its order.

Before it is sent it is the school's own matter. From then on the agency and the authority know of it; to
anybody else there is no such challenge.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec

from coordination import clocks
from coordination.authority import SCHOOL_ROLES, acting_for, not_in_the_future, staff_of, today
from coordination.calendars import wales
from coordination.challenge.events import (
    ChallengeAcknowledged,
    ChallengeApproved,
    ChallengeEscalated,
    ChallengeNotApproved,
    ChallengeRaised,
    ChallengeReplied,
    ChallengeResolved,
    ChallengeSent,
    ChallengeWithdrawn,
    DelayEvidence,
    DisputeRuled,
    Kind,
    MarkDisputed,
    Measured,
    ReplyReported,
    RulerNamed,
    Ruling,
)
from coordination.challenge.ladder import HEALTH, LOCAL_AUTHORITY, ladder
from coordination.challenge.rule import AttendanceRule, MarkEvidence, assess
from coordination.challenge.state import WITH_THE_AGENCY, Challenge, Phase
from coordination.directory.organisation import Organisation
from coordination.directory.state import Directory, Service, Standard
from coordination.errors import NotFound, Refused
from coordination.event import Command, Event, Header
from coordination.guards import not_overtaken, own_word_of, required_words, words
from coordination.meeting.events import Mark, Way
from coordination.world import World

REPLY_WORKING_DAYS = 10
"""How long an agency has to reply; the edge may give another setting."""
LEVEL_WORKING_DAYS = 5
"""How long each level of the ladder has."""


class Wait(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A wait for a service: `stopped_on` None while it runs."""

    referral: UUID
    pupil: UUID
    started_on: date
    stopped_on: date | None = None


class RaiseAttendanceChallenge(Command, frozen=True, kw_only=True):
    """`challenge` is a new random id; `marks` are all of the service's lines at the school's meetings over
    the period looked at, as the attendance figures have them at one log position; `rule` the settings in
    force."""

    challenge: UUID
    school: UUID
    service: UUID
    marks: tuple[MarkEvidence, ...]
    rule: AttendanceRule = AttendanceRule()


class RaiseDelayChallenge(Command, frozen=True, kw_only=True):
    """`waits` are those complained of, as they stood on `as_of` at a log position; `standard` the code of the
    standard they are held against (None: there is none, and this is an enquiry)."""

    challenge: UUID
    school: UUID
    service: UUID
    waits: tuple[Wait, ...]
    as_of: date
    standard: str | None = None
    position: int = 0


class ApproveChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID


class DeclineChallenge(Command, frozen=True, kw_only=True):
    """The head teacher does not approve."""

    challenge: UUID
    why: str


class SendChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    way: Way = "email"
    reply_working_days: int = REPLY_WORKING_DAYS


class AcknowledgeChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID


class ReplyToChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    text: str


class ReportReply(Command, frozen=True, kw_only=True):
    """The school writes down a reply that came by another way."""

    challenge: UUID
    way: Way
    text: str


class DisputeMark(Command, frozen=True, kw_only=True):
    """`dispute` is a new random id; `of_meeting` and `mark_version` name a line of the evidence."""

    challenge: UUID
    dispute: UUID
    of_meeting: UUID
    mark_version: int
    why: str
    claims: Mark | None = None


class NameRuler(Command, frozen=True, kw_only=True):
    """Somebody of neither party is asked to rule: `person`, for `of_organisation`."""

    challenge: UUID
    person: UUID
    of_organisation: UUID


class RuleOnDispute(Command, frozen=True, kw_only=True):
    """`reads`: what the line is to be read as. `upheld` without it: as the agency claims."""

    challenge: UUID
    dispute: UUID
    ruling: Ruling
    reasons: str
    reads: Mark | None = None


class EscalateChallenge(Command, frozen=True, kw_only=True):
    """`bypass`: a risk to a child, so out of turn and without waiting; it needs `why`."""

    challenge: UUID
    level: str
    bypass: bool = False
    why: str | None = None
    to_person: UUID | None = None
    reply_working_days: int = LEVEL_WORKING_DAYS


class ResolveChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    outcome: str
    note: str | None = None


class WithdrawChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    why: str


# Raising


def decide_raise_attendance(
    challenge: Challenge, command: RaiseAttendanceChallenge, header: Header, world: World
) -> list[Event]:
    """A challenge when the rule is met by meetings at which the service was expected, an enquiry when it is
    met only by others; the evidence is the last meetings that the rule looks at. Refuses `rule_not_met` with
    the numbers, `mark_counted_twice`, `unknown_terms`, `in_the_future`."""
    service = _new(challenge, command.school, command.service, command, header, world)
    _marks(command, service, world.directory)
    kind: Kind = "challenge"
    finding = assess(command.marks, command.rule)
    if not finding.met:
        kind = "enquiry"
        finding = assess(command.marks, command.rule, only_owed=False)
    if not finding.met:
        raise Refused("rule_not_met", "marks", counted=finding.counted, threshold=finding.threshold)
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


def _marks(command: RaiseAttendanceChallenge, service: Service, directory: Directory) -> None:
    """Each meeting once, held by then, and under terms that the service did accept for this school."""
    if len({m.meeting for m in command.marks}) != len(command.marks):
        raise Refused("mark_counted_twice", "marks")
    agency = directory.organisation(service.agency)
    accepted = agency.terms if agency else {}
    for mark in command.marks:
        if mark.held_on > command.occurred_on:
            raise Refused("in_the_future", "marks", on=mark.held_on.isoformat())
        terms = accepted.get(mark.terms) if mark.terms is not None else None
        if mark.owed and (terms is None or (terms.service, terms.school) != (service.id, command.school)):
            raise Refused("unknown_terms", "marks", meeting=mark.meeting)


def decide_raise_delay(
    challenge: Challenge, command: RaiseDelayChallenge, header: Header, world: World
) -> list[Event]:
    """A challenge when a standard of the service is exceeded by every wait named, an enquiry without a
    standard. Days are unadjusted. Refuses `within_standard`, `unknown_standard`, `in_the_future`, and no
    waits at all."""
    service = _new(challenge, command.school, command.service, command, header, world)
    not_in_the_future(header, command.as_of, "as_of")
    if not command.waits:
        raise Refused("cannot_be_empty", "waits")
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
    wait: Wait, command: RaiseDelayChallenge, directory: Directory
) -> tuple[DelayEvidence, Standard | None]:
    """One wait's unadjusted days and the version of the standard that was in force when it began."""
    until = wait.stopped_on or command.as_of
    if wait.started_on > until or until > command.as_of:
        raise Refused("in_the_future", "waits", on=max(wait.started_on, until).isoformat())
    standard = _standard(wait, command, directory)
    school_days = directory.school_days(command.school)
    unit = standard.unit if standard else "calendar_days"
    if unit == "school_days" and school_days is None:
        raise Refused("school_terms_unknown", "standard")
    due = None
    if standard is not None:
        due = clocks.due_on(wait.started_on, standard.limit, standard.unit, standard.legal_route, school_days)
        if until <= due:
            raise Refused("within_standard", "waits", referral=wait.referral, due_on=due.isoformat())
    evidence = DelayEvidence(
        referral=wait.referral,
        pupil=wait.pupil,
        started_on=wait.started_on,
        as_of=command.as_of,
        elapsed=clocks.ordinal(until, unit, school_days) - clocks.ordinal(wait.started_on, unit, school_days),
        stopped_on=wait.stopped_on,
        due_on=due,
        position=command.position,
    )
    return evidence, standard


def _standard(wait: Wait, command: RaiseDelayChallenge, directory: Directory) -> Standard | None:
    if command.standard is None:
        return None
    found = directory.standard(command.service, command.standard, wait.started_on)
    if found is None:
        raise Refused("unknown_standard", "standard", on=wait.started_on.isoformat())
    return found


def _new(
    challenge: Challenge, school: UUID, service: UUID, command: Command, header: Header, world: World
) -> Service:
    """The service challenged, for staff of the school. Refused `already_raised`, `unknown_service`."""
    staff_of(header, frozenset({school}))
    not_in_the_future(header, command.occurred_on)
    if challenge.raised:
        raise Refused("already_raised", "challenge")
    found = world.directory.service(service)
    if found is None:
        raise Refused("unknown_service", "service")
    return found


# The school's steps


def decide_approve(
    challenge: Challenge, command: ApproveChallenge, header: Header, world: World
) -> list[Event]:
    """The head teacher of the school alone (`head_teacher_only`)."""
    _head(challenge, command, header, world)
    return [ChallengeApproved(header=header)]


def decide_decline(
    challenge: Challenge, command: DeclineChallenge, header: Header, world: World
) -> list[Event]:
    """The head teacher of the school alone, with a reason."""
    _head(challenge, command, header, world)
    return [ChallengeNotApproved(header=header, why=required_words(command.why, "why"))]


def _head(challenge: Challenge, command: Command, header: Header, world: World) -> None:
    """The role is looked up, not only claimed."""
    _school(challenge, command, header, frozenset({"raised"}))
    roles = world.directory.roles_of(header.person, challenge.school, today(header))
    if header.role != "head" or "head" not in roles:
        raise Refused("head_teacher_only", "person")


def decide_send(challenge: Challenge, command: SendChallenge, header: Header, world: World) -> list[Event]:
    """Only what the head teacher approved. The last day for a reply is counted in working days."""
    _school(challenge, command, header, frozenset({"approved"}))
    due = _due(command.occurred_on, command.reply_working_days)
    return [ChallengeSent(header=header, way=command.way, reply_due_on=due)]


def decide_report_reply(
    challenge: Challenge, command: ReportReply, header: Header, world: World
) -> list[Event]:
    """What the agency said by another way, in the school's hand."""
    _school(challenge, command, header, WITH_THE_AGENCY)
    return [ReplyReported(header=header, way=command.way, text=required_words(command.text, "text"))]


def decide_escalate(
    challenge: Challenge, command: EscalateChallenge, header: Header, world: World
) -> list[Event]:
    """One level up, once the reply is overdue or has not settled it. Refuses `enquiry_has_no_ladder`,
    `dispute_open`, `rule_no_longer_met`, `reply_not_due`, `not_the_next_level`, `top_of_the_ladder`; with
    `bypass` only `cannot_be_empty` without a reason, and `unknown_level`."""
    if command.bypass:
        _school(challenge, command, header, None)
        why: str | None = required_words(command.why, "why")
        _level(command, challenge, world)
    else:
        _school(challenge, command, header, WITH_THE_AGENCY)
        why = words(command.why)
        _in_turn(challenge, command, world)
    if command.to_person is not None and world.directory.person(command.to_person) is None:
        raise Refused("unknown_person", "to_person")
    return [
        ChallengeEscalated(
            header=header,
            level=command.level,
            bypass=command.bypass,
            reply_due_on=_due(command.occurred_on, command.reply_working_days),
            to_person=command.to_person,
            why=why,
        )
    ]


def _in_turn(challenge: Challenge, command: EscalateChallenge, world: World) -> None:
    if challenge.kind == "enquiry":
        raise Refused("enquiry_has_no_ladder", "level")
    if challenge.open_disputes():
        raise Refused("dispute_open", "level")
    if not challenge.still_met():
        raise Refused("rule_no_longer_met", "level")
    if not challenge.answered and not challenge.overdue(command.occurred_on):
        due = challenge.reply_due_on
        raise Refused("reply_not_due", "occurred_on", due_on=due.isoformat() if due else None)
    following = next_level(challenge, world.directory)
    if following is None:
        raise Refused("top_of_the_ladder", "level")
    if command.level != following:
        raise Refused("not_the_next_level", "level", next=following)


def next_level(challenge: Challenge, directory: Directory) -> str | None:
    """The level above the present one, by the agency's kind; None at the top."""
    levels = _levels(challenge, directory)
    if challenge.level not in levels:
        return levels[0]
    above = levels[levels.index(challenge.level) + 1 :]
    return above[0] if above else None


def _levels(challenge: Challenge, directory: Directory) -> tuple[str, ...]:
    agency = directory.organisation(challenge.agency)
    return ladder(agency.agency_kind if agency else None)


def _level(command: EscalateChallenge, challenge: Challenge, world: World) -> None:
    known = world.directory.code("escalation_level", command.level, command.occurred_on) != "unknown"
    if not known and command.level not in _levels(challenge, world.directory):
        raise Refused("unknown_level", "level")


def decide_resolve(
    challenge: Challenge, command: ResolveChallenge, header: Header, world: World
) -> list[Event]:
    """How it ended, a code of `challenge_outcome`. Refuses `dispute_open`, `unknown_code`."""
    _school(challenge, command, header, WITH_THE_AGENCY)
    if challenge.open_disputes():
        raise Refused("dispute_open", "outcome")
    if world.directory.code("challenge_outcome", command.outcome, command.occurred_on) == "unknown":
        raise Refused("unknown_code", "outcome", table="challenge_outcome")
    if command.outcome == "withdrawn":  # that is another step, with its reason
        raise Refused("not_an_outcome", "outcome")
    return [ChallengeResolved(header=header, outcome=command.outcome, note=words(command.note))]


def decide_withdraw(
    challenge: Challenge, command: WithdrawChallenge, header: Header, world: World
) -> list[Event]:
    """At any time before it ended, with a reason; not while a dispute is open (`dispute_open`): nobody could rule on it
    any more, and the line would stay contested for good."""
    _school(challenge, command, header, None)
    if challenge.open_disputes():
        raise Refused("dispute_open", "why")
    return [ChallengeWithdrawn(header=header, why=required_words(command.why, "why"))]


def _school(challenge: Challenge, command: Command, header: Header, phases: frozenset[Phase] | None) -> None:
    """Staff of the school, in one of these phases (None: in any before the end).

    The agency and the authority, who know of it once it was sent, are Refused `school_only`; for others
    NotFound.
    """
    if not challenge.raised:
        raise NotFound
    if acting_for(header) != challenge.school or header.role not in SCHOOL_ROLES:
        knows = challenge.sent_on is not None and acting_for(header) in (
            challenge.agency,
            challenge.authority,
        )
        raise Refused("school_only", "person") if knows else NotFound()
    _in_order(challenge, command, header, phases)


# The agency's steps


def decide_acknowledge(
    challenge: Challenge, command: AcknowledgeChallenge, header: Header, world: World
) -> list[Event]:
    """By somebody of the agency, once."""
    _agency(challenge, command, header, frozenset({"sent"}))
    return [ChallengeAcknowledged(header=header)]


def decide_reply(
    challenge: Challenge, command: ReplyToChallenge, header: Header, world: World
) -> list[Event]:
    """By the agency only; it may reply more than once."""
    _agency(challenge, command, header, WITH_THE_AGENCY)
    return [ChallengeReplied(header=header, text=required_words(command.text, "text"))]


def decide_dispute(challenge: Challenge, command: DisputeMark, header: Header, world: World) -> list[Event]:
    """Any line of the evidence, once while nobody has ruled. Refuses `mark_not_in_evidence`,
    `already_disputed`, and a claim that is what the line says (`nothing_changes`)."""
    _agency(challenge, command, header, WITH_THE_AGENCY)
    line = (command.of_meeting, command.mark_version)
    mark = next((m for m in challenge.marks if (m.meeting, m.version) == line), None)
    if mark is None:
        raise Refused("mark_not_in_evidence", "of_meeting")
    earlier = [d for d in challenge.disputes.values() if (d.meeting, d.mark_version) == line]
    if earlier or command.dispute in challenge.disputes:
        raise Refused("already_disputed", "of_meeting")
    if command.claims == mark.mark:
        raise Refused("nothing_changes", "claims")
    return [
        MarkDisputed(
            header=header,
            dispute=command.dispute,
            meeting=command.of_meeting,
            mark_version=command.mark_version,
            claims=command.claims,
            why=required_words(command.why, "why"),
        )
    ]


def _agency(challenge: Challenge, command: Command, header: Header, phases: frozenset[Phase]) -> None:
    """Somebody of the agency challenged, after it was sent; nobody speaks for it on their own say-so.

    The school is Refused `agency_only`; for others, and before it is sent, NotFound.
    """
    if challenge.raised and acting_for(header) == challenge.school and header.role in SCHOOL_ROLES:
        raise Refused("agency_only", "person")
    if challenge.sent_on is None or not own_word_of(header, challenge.agency):
        raise NotFound
    _in_order(challenge, command, header, phases)


# The ruling


def decide_rule(challenge: Challenge, command: RuleOnDispute, header: Header, world: World) -> list[Event]:
    """By somebody of neither party (`ruling_by_a_party`): an officer of the school's authority, or a DECLO of
    another board. `partly` says what the line is to be read as. Refuses `already_ruled`, and a day before the
    dispute."""
    _neutral(challenge, header, world.directory)
    _in_order(challenge, command, header, None)
    dispute = challenge.disputes.get(command.dispute)
    if dispute is None:
        raise NotFound
    if dispute.ruling is not None:
        raise Refused("already_ruled", "dispute", ruling=dispute.ruling)
    reads = command.reads or (dispute.claims if command.ruling == "upheld" else None)
    if command.ruling == "partly" and reads is None:
        raise Refused("cannot_be_empty", "reads")
    if command.ruling == "not_upheld" and reads is not None:
        raise Refused("mark_stands", "reads")
    return [
        DisputeRuled(
            header=header,
            dispute=command.dispute,
            ruling=command.ruling,
            reads=reads,
            reasons=required_words(command.reasons, "reasons"),
        )
    ]


def decide_name_ruler(challenge: Challenge, command: NameRuler, header: Header, world: World) -> list[Event]:
    """By staff of the school or by the agency itself, while a dispute is open. Refuses `no_dispute_open`,
    `ruling_by_a_party`, `may_not_rule` (somebody without that office), `already_named`."""
    if own_word_of(header, challenge.agency):
        _agency(challenge, command, header, WITH_THE_AGENCY)
    else:
        _school(challenge, command, header, WITH_THE_AGENCY)
    if not challenge.open_disputes():
        raise Refused("no_dispute_open", "person")
    on, of_a_party = today(header), parties(challenge, world.directory)
    directory, organisation = world.directory, command.of_organisation
    if organisation in of_a_party or any(directory.roles_of(command.person, p, on) for p in of_a_party):
        raise Refused("ruling_by_a_party", "person")
    if (command.person, organisation) not in rulers(challenge, directory, on):
        raise Refused("may_not_rule", "person")
    if command.person in challenge.rulers:
        raise Refused("already_named", "person")
    return [RulerNamed(header=header, to_person=command.person, to_organisation=organisation)]


def rulers(challenge: Challenge, directory: Directory, on: date) -> tuple[tuple[UUID, UUID], ...]:
    """Who may be asked to rule on a day: people with their organisation. Officers of the school's own authority, where
    it is no party, need not be asked: they see the challenge anyhow."""
    of_a_party = parties(challenge, directory)
    found = []
    for body in directory.organisations.values():
        if body.id in of_a_party or body.id == challenge.authority:
            continue
        for held in directory.people_of(body.id, on):
            one = (held.person, body.id)
            theirs = any(directory.roles_of(held.person, party, on) for party in of_a_party)
            if one not in found and not theirs and _office(challenge, body, held.role, of_a_party):
                found.append(one)
    return tuple(found)


def parties(challenge: Challenge, directory: Directory) -> frozenset[UUID]:
    """The organisations that may not rule. Where the agency is a department of the local authority, the
    authority is a party too; which it is can be unknown, and then it is taken to be the school's."""
    found = {challenge.school, challenge.agency}
    agency = directory.organisation(challenge.agency)
    if agency is not None and agency.agency_kind in LOCAL_AUTHORITY:
        own = agency.authority or challenge.authority
        if own is not None:
            found.add(own)
    return frozenset(found)


def _neutral(challenge: Challenge, header: Header, directory: Directory) -> None:
    """Also a person who has a role at a party is of that party, wherever they signed in."""
    if not challenge.raised:
        raise NotFound
    on = today(header)
    of_a_party = parties(challenge, directory)
    speaks_for = {header.organisation, acting_for(header)}
    if speaks_for & of_a_party or any(directory.roles_of(header.person, p, on) for p in of_a_party):
        raise Refused("ruling_by_a_party", "person")
    held = directory.roles_of(header.person, header.organisation, on)
    if header.role not in held or not _may_rule(challenge, header, directory, of_a_party):
        raise NotFound


def _may_rule(
    challenge: Challenge, header: Header, directory: Directory, of_a_party: frozenset[UUID]
) -> bool:
    """An officer of the school's authority; of another authority where that one is a party; a DECLO."""
    body = directory.organisation(header.organisation)
    return body is not None and _office(challenge, body, header.role, of_a_party)


def _office(challenge: Challenge, body: Organisation, role: str, of_a_party: frozenset[UUID]) -> bool:
    if role == "administrator":
        return False
    if body.kind == "authority":
        return body.id == challenge.authority or challenge.authority in of_a_party
    if body.agency_kind == "la_education":
        return body.authority is not None and body.authority == challenge.authority
    return role == "declo" and body.agency_kind in HEALTH


# The order


def _in_order(
    challenge: Challenge, command: Command, header: Header, phases: frozenset[Phase] | None
) -> None:
    """Refused `challenge_closed` after the end, `out_of_order` in another phase, `in_the_future`, and
    `before_previous_step` for a day before the last step's. Raises Overtaken."""
    not_overtaken(command, challenge.version)
    if challenge.closed:
        raise Refused("challenge_closed", "challenge", phase=challenge.phase)
    if phases is not None and challenge.phase not in phases:
        raise Refused("out_of_order", "challenge", phase=challenge.phase)
    not_in_the_future(header, command.occurred_on)
    if command.occurred_on < challenge.since:
        raise Refused("before_previous_step", "occurred_on", since=challenge.since.isoformat())


def _due(on: date, working_days: int) -> date:
    """The last day: `working_days` working days after the day on which it went. Refused `out_of_range`."""
    if working_days < 1:
        raise Refused("out_of_range", "reply_working_days", at_least=1)
    return wales().add(on, working_days)


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {
    RaiseAttendanceChallenge: decide_raise_attendance,
    RaiseDelayChallenge: decide_raise_delay,
    ApproveChallenge: decide_approve,
    DeclineChallenge: decide_decline,
    SendChallenge: decide_send,
    AcknowledgeChallenge: decide_acknowledge,
    ReplyToChallenge: decide_reply,
    ReportReply: decide_report_reply,
    DisputeMark: decide_dispute,
    NameRuler: decide_name_ruler,
    RuleOnDispute: decide_rule,
    EscalateChallenge: decide_escalate,
    ResolveChallenge: decide_resolve,
    WithdrawChallenge: decide_withdraw,
}
