"""What may be recorded about additional learning needs, and by whom.

The school that has the pupil on its roll, or the authority that holds a child on no roll, records for itself. An
authority that was told of a concern, or asked to reconsider, records its own decisions about it. For anyone else the
concern does not exist (NotFound).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace

from coordination.authority import (
    CASEWORKER_ROLES,
    CLASS_TEACHER,
    acting_organisation,
    require_not_in_future,
    require_staff,
)
from coordination.decisions import Decision, decides
from coordination.errors import Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, strip_text
from coordination.pupil.ages import end_of_compulsory_school_age
from coordination.pupil.aln.commands import (
    AlnCommand,
    AnswerConcern,
    AnswerReconsideration,
    AskReconsideration,
    CorrectAlnEntry,
    DecideAln,
    IssuePlan,
    PassOnConcern,
    RaiseConcern,
    RecordAlnConsent,
    ReviewPlan,
    TellConcern,
)
from coordination.pupil.aln.events import (
    AlnConsentGiven,
    AlnDecided,
    AlnEntryCorrected,
    AnyAlnEvent,
    Body,
    ConcernAnswered,
    ConcernPassedOn,
    ConcernRaised,
    PlanIssued,
    PlanReviewed,
    ReconsiderationAnswered,
    ReconsiderationAsked,
)
from coordination.pupil.aln.state import AlnMatter, AlnMatters, corrected_steps, evolve
from coordination.pupil.aln.steps import check_steps, steps_in_order
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.holders import require_holder
from coordination.pupil.profile.decisions.checks import require_known_code
from coordination.world import World, completed_years

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

PLAN_FOLLOWS = frozenset({"has_aln"})
"""The outcomes of a decision or reconsideration after which a plan has to be prepared."""
PLAN_CEASES = frozenset({"ceased"})
TOLD_BY = "school_staff"
"""The code of `aln_raised_by` for what a teacher tells the ALNCo."""
DECISION_FOLLOWS = frozenset({"aln_decision"})
"""The answers to a teacher's concern after which the body has to decide."""


def decide_raise(case: CaseFile, command: RaiseConcern, header: Header, world: World) -> list[AnyAlnEvent]:
    """The duty to decide is the school's (s.11), or the authority's: for a looked-after child (s.18), a child on no
    roll (s.13), and a pupil on two rolls of whom that is said (s.30). Refuses `aln_already_recorded`,
    `say_who_decides`, and what `check_steps` refuses."""
    told = _require_holder(case, command, header)
    require_known_code(world, "aln_raised_by", command.raised_by, command.occurred_on, "raised_by")
    return _possible(case, _raised(case, command, told, header, world))


def _raised(case: CaseFile, command: RaiseConcern, told: UUID, header: Header, world: World) -> ConcernRaised:
    ground = _authority_ground(case, command, world)
    born = world.about().born
    return ConcernRaised(
        header=header,
        concern=command.concern,
        first_told=told,
        told_body=_body(told, world),
        decides="authority" if ground is not None else "school",
        young_person=born is not None and end_of_compulsory_school_age(born) < command.occurred_on,
        age_years=completed_years(born, command.occurred_on),
        raised_by=command.raised_by,
        ground=ground,
        words=strip_text(command.words),
    )


def decide_tell(case: CaseFile, command: TellConcern, header: Header, world: World) -> list[AnyAlnEvent]:
    """A class teacher or other staff of a school that has the pupil on its roll tell the ALNCo. No time limit starts
    before the answer. NotFound for anyone else."""
    school = acting_organisation(header)
    if header.role != CLASS_TEACHER or school not in case.profile.schools():
        school = require_staff(header, case.profile.schools())
    require_not_in_future(header, command.occurred_on)
    if command.concern in case.aln.matters:
        raise Refusal("concern_already_told", "concern")
    about = RaiseConcern(
        occurred_on=command.occurred_on,
        pupil=command.pupil,
        concern=command.concern,
        raised_by=TOLD_BY,
        words=require_words(command.words, "words"),
        dual_body="school",
    )
    require_known_code(world, "aln_raised_by", TOLD_BY, command.occurred_on, "raised_by")
    return [replace(_raised(case, about, school, header, world), decision_asked=False)]


def decide_answer_told(
    case: CaseFile, command: AnswerConcern, header: Header, world: World
) -> list[AnyAlnEvent]:
    """Refuses `no_concern_to_answer` once the body has to decide, `answer_before_concern`."""
    _require_holder(case, command, header)
    matter = _matter(case, command)
    if matter.told is None or matter.steps:
        raise Refusal("no_concern_to_answer", "concern")
    if command.occurred_on < matter.told.on:
        raise Refusal("answer_before_concern", "occurred_on", on=matter.told.on.isoformat())
    require_known_code(world, "concern_answer", command.outcome, command.occurred_on, "outcome")
    event = ConcernAnswered(
        header=header,
        concern=command.concern,
        starts_decision=command.outcome in DECISION_FOLLOWS,
        outcome=command.outcome,
        words=strip_text(command.words),
    )
    return _possible(case, event)


def _authority_ground(case: CaseFile, command: RaiseConcern, world: World) -> str | None:
    """Why the authority decides; None: the school does."""
    if world.looked_after():
        return "looked_after"
    if not case.profile.schools():
        return "no_roll"
    if len(case.profile.schools()) == 1:
        return None
    if command.dual_body is None:
        raise Refusal("say_who_decides", "dual_body")
    return "dual_registration" if command.dual_body == "authority" else None


def decide_pass_on(case: CaseFile, command: PassOnConcern, header: Header, world: World) -> list[AnyAlnEvent]:
    """The school tells the authority. Refuses `unknown_authority`, and what `check_steps` refuses."""
    school = _require_school(case, command, header, world)
    require_known_code(world, "aln_authority_ground", command.ground, command.occurred_on, "ground")
    authority = _authority(command.authority, school, world)
    event = ConcernPassedOn(
        header=header, concern=command.concern, to_authority=authority, ground=command.ground
    )
    return _possible(case, event)


def decide_consent(
    case: CaseFile, command: RecordAlnConsent, header: Header, world: World
) -> list[AnyAlnEvent]:
    """Refuses `not_a_young_person` for a concern about a child."""
    _require_party(case, command, header)
    raised = _matter(case, command).step("concern_raised")
    if raised is not None and not raised.young_person:
        raise Refusal("not_a_young_person", "concern")
    return _possible(case, AlnConsentGiven(header=header, concern=command.concern))


def decide_decision(case: CaseFile, command: DecideAln, header: Header, world: World) -> list[AnyAlnEvent]:
    """The body that has the duty decides; refused `aln_authority_decides` for a school that does not have it."""
    by = _require_party(case, command, header)
    body = _body(by, world)
    require_known_code(world, "aln_decision", command.outcome, command.occurred_on, "outcome")
    if body == "school" and _matter(case, command).decides == "authority":
        raise Refusal("aln_authority_decides", "concern")
    event = AlnDecided(
        header=header,
        concern=command.concern,
        by=by,
        body=body,
        plan_due=command.outcome in PLAN_FOLLOWS,
        outcome=command.outcome,
    )
    return _possible(case, event)


def decide_issue(case: CaseFile, command: IssuePlan, header: Header, world: World) -> list[AnyAlnEvent]:
    """A school that was not told to decide gives a plan only after the authority decided and directed it to
    (s.14(2)): refused `aln_authority_decides` before."""
    by = _require_party(case, command, header)
    body, matter = _body(by, world), _matter(case, command)
    decided = matter.last("aln_decided", "reconsideration_answered")
    if body == "school" and matter.decides == "authority" and decided is None:
        raise Refusal("aln_authority_decides", "concern")
    return _possible(case, PlanIssued(header=header, concern=command.concern, by=by, body=body))


def decide_review(case: CaseFile, command: ReviewPlan, header: Header, world: World) -> list[AnyAlnEvent]:
    """Refuses `plan_has_ceased`, and what `check_steps` refuses."""
    by = _require_party(case, command, header)
    require_known_code(world, "aln_review", command.outcome, command.occurred_on, "outcome")
    event = PlanReviewed(
        header=header,
        concern=command.concern,
        by=by,
        body=_body(by, world),
        ceases=command.outcome in PLAN_CEASES,
        outcome=command.outcome,
    )
    return _possible(case, event)


def decide_ask(
    case: CaseFile, command: AskReconsideration, header: Header, world: World
) -> list[AnyAlnEvent]:
    """The authority is asked. Refuses `reconsideration_open`, `unknown_authority`."""
    by = _require_party(case, command, header)
    require_known_code(world, "aln_raised_by", command.asked_by, command.occurred_on, "asked_by")
    event = ReconsiderationAsked(
        header=header,
        concern=command.concern,
        to_authority=_authority(command.authority, by, world),
        asked_by=command.asked_by,
    )
    return _possible(case, event)


def decide_answer(
    case: CaseFile, command: AnswerReconsideration, header: Header, world: World
) -> list[AnyAlnEvent]:
    """The authority answers. Refused `aln_authority_decides` for a school."""
    by = _require_party(case, command, header)
    if _body(by, world) == "school":
        raise Refusal("aln_authority_decides", "concern")
    require_known_code(world, "aln_reconsideration", command.outcome, command.occurred_on, "outcome")
    event = ReconsiderationAnswered(
        header=header,
        concern=command.concern,
        by=by,
        plan_due=command.outcome in PLAN_FOLLOWS,
        outcome=command.outcome,
    )
    return _possible(case, event)


def decide_correct(
    case: CaseFile, command: CorrectAlnEntry, header: Header, world: World
) -> list[AnyAlnEvent]:
    """The organisation that recorded an entry corrects it, with a reason. Refuses `unknown_aln_entry`,
    `not_your_aln_entry`, `nothing_changes`, and what the rest, so corrected, makes impossible."""
    by = _require_party(case, command, header)
    step = next((s for s in _matter(case, command).steps if s.version == command.entry), None)
    if step is None:
        raise Refusal("unknown_aln_entry", "entry")
    if step.recorded_by != by:
        raise Refusal("not_your_aln_entry", "entry")
    if command.happened_on is not None:
        require_not_in_future(header, command.happened_on, "happened_on")
        if command.happened_on == step.on:
            raise Refusal("nothing_changes", "happened_on")
    event = AlnEntryCorrected(
        header=header,
        concern=command.concern,
        supersedes=command.entry,
        happened_on=command.happened_on,
        why=require_words(command.why, "why"),
    )
    check_steps(steps_in_order(corrected_steps(_matter(case, command), event)))
    return [event]


# Checks that several of them share


def _matter(case: CaseFile, command: AlnCommand) -> AlnMatter:
    return case.aln.matters.get(command.concern) or AlnMatter(command.concern, (), 0)


def _require_holder(case: CaseFile, command: AlnCommand, header: Header) -> UUID:
    """The school or authority that holds the file. Raises NotFound for anyone else."""
    holder = require_holder(case.profile, header)
    require_current_version(command, _matter(case, command).last_version)
    require_not_in_future(header, command.occurred_on)
    return holder


def _require_school(case: CaseFile, command: AlnCommand, header: Header, world: World) -> UUID:
    school = _require_holder(case, command, header)
    if _body(school, world) != "school":
        raise Refusal("aln_authority_decides", "concern")
    return school


def _require_party(case: CaseFile, command: AlnCommand, header: Header) -> UUID:
    """As `_require_holder`, or a caseworker of the authority that has part in the concern."""
    authority = _matter(case, command).authority
    if authority is None or acting_organisation(header) != authority or header.role not in CASEWORKER_ROLES:
        return _require_holder(case, command, header)
    require_current_version(command, _matter(case, command).last_version)
    require_not_in_future(header, command.occurred_on)
    return authority


def _body(organisation: UUID, world: World) -> Body:
    found = world.directory.organisation(organisation)
    return "authority" if found is not None and found.kind == "authority" else "school"


def _authority(named: UUID | None, school: UUID, world: World) -> UUID:
    """The authority that was named, else that of the school."""
    found = world.directory.organisation(named or world.directory.authority_of(school))
    if found is None or found.kind != "authority":
        raise Refusal("unknown_authority", "authority")
    return found.id


def _possible(case: CaseFile, event: AnyAlnEvent) -> list[AnyAlnEvent]:
    """The event, where what is on record could have happened together with it."""
    held = case.aln.matters.get(event.concern)
    waiting = held is not None and held.told is not None and not held.steps
    if waiting and not isinstance(event, ConcernAnswered):
        raise Refusal("concern_not_answered", "concern")
    after: AlnMatters = evolve(case.aln, event, case.version + 1)
    check_steps(after.matters[event.concern].steps)
    return [event]


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RaiseConcern, decide_raise, PUPIL_STREAM),
        decides(TellConcern, decide_tell, PUPIL_STREAM),
        decides(AnswerConcern, decide_answer_told, PUPIL_STREAM),
        decides(PassOnConcern, decide_pass_on, PUPIL_STREAM),
        decides(RecordAlnConsent, decide_consent, PUPIL_STREAM),
        decides(DecideAln, decide_decision, PUPIL_STREAM),
        decides(IssuePlan, decide_issue, PUPIL_STREAM),
        decides(ReviewPlan, decide_review, PUPIL_STREAM),
        decides(AskReconsideration, decide_ask, PUPIL_STREAM),
        decides(AnswerReconsideration, decide_answer, PUPIL_STREAM),
        decides(CorrectAlnEntry, decide_correct, PUPIL_STREAM),
    ]
)
