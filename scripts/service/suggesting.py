"""The nightly job that suggests challenges to schools, and first what a school has to put right itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec
import psycopg
from psycopg_pool import ConnectionPool

from coordination.authority import OPERATOR, OPERATOR_ROLE
from coordination.calendars import local_date
from coordination.challenge.suggesting import Ground, attendance_rule, grounds
from coordination.challenge.suggestions import SuggestChallenge
from coordination.directory.challenge_rules import ChallengeRule
from coordination.errors import NotFound, Refusal
from coordination.intake.file_requests import schedule_order
from coordination.service import Coordination
from coordination.store.migrate import READ, as_role
from coordination.viewer import Viewer
from projections.attendance.queries.evidence import suggestions as attendance_suggestions
from projections.challenges.queries.suggestions import record_facts
from projections.reader import Reader

LOOKED_BACK = timedelta(days=730)
SUGGESTIONS = UUID("0b0c5a0a-6c1c-5c0b-9d5e-5f6a0c1e7d11")


def suggest_challenges(service: Coordination, database: str, now: datetime) -> int:
    """Suggests what is not suggested yet; how many suggestions. `database` is the owner's. While one about the same
    school, service and rule waits for a decision, no other is made."""
    today = local_date(now)
    with psycopg.connect(database) as connection:
        facts = record_facts(connection, today, today - LOOKED_BACK)
    directory = service.directory()
    made = 0
    with ConnectionPool(as_role(database, READ, jit="off"), min_size=1, max_size=1) as pool:
        reader = Reader(pool)
        who = Viewer(person=OPERATOR, organisation=OPERATOR, role=OPERATOR_ROLE, today=today, operator=True)
        for school in sorted(facts.marked | facts.late.keys()):

            def rule_of(code: str, school: UUID = school) -> ChallengeRule:
                return directory.challenge_rule(school, code, today)

            marks = []
            if school in facts.marked:
                settings = attendance_rule(rule_of("missed_of_last"), rule_of("absent_without_apology"))
                found = attendance_suggestions(
                    reader, who, school, today, from_on=today - LOOKED_BACK, rule=settings
                )
                marks = [(one.service, one.marks) for one in found if one.open_challenge is None]
            for ground in grounds(facts.late.get(school, ()), marks, rule_of):
                if (school, ground.service, ground.rule.code) not in facts.undecided:
                    made += _suggest(service, school, ground, now, facts.position)
    return made


def _suggest(service: Coordination, school: UUID, ground: Ground, now: datetime, position: int) -> bool:
    """Whether it was new: the same things are not suggested again."""
    rule, today = ground.rule, local_date(now)
    named = f"{school} {ground.service} {rule.code} {' '.join(sorted(map(str, ground.things)))}"
    suggestion = uuid5(SUGGESTIONS, named)
    command = SuggestChallenge(
        occurred_on=today,
        challenge=suggestion,
        code=rule.code,
        school=school,
        service=ground.service,
        counted=ground.counted,
        least=rule.least,
        days=rule.days,
        window=rule.window,
        things=ground.things,
        as_of=today,
        rule_from=rule.effective_from,
        source=rule.source,
        position=position,
    )
    context = msgspec.structs.replace(schedule_order(f"suggest {suggestion}", now), on_behalf_of=school)
    try:
        service.perform(command, context)
    except (NotFound, Refusal):
        return False
    return True
