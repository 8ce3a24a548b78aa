"""The milestones of a referral. Each is an event type that declares its own rules; what is here is gathered from them.

To add one: write its event with its rules in the module of its stage, and its words in
`projections/sentences/milestones/`. The README's list follows.
"""

from __future__ import annotations

from types import ModuleType

from coordination.pupil.referral.milestones import appointments, ending, opening, placing, treatment
from coordination.pupil.referral.milestones.milestone import Milestone, MilestoneRules

STAGES: tuple[ModuleType, ...] = (opening, appointments, treatment, placing, ending)


def _declared() -> dict[str, type[Milestone]]:
    found = [
        candidate
        for stage in STAGES
        for candidate in vars(stage).values()
        if isinstance(candidate, type) and issubclass(candidate, Milestone) and candidate is not Milestone
    ]
    return {of.name: of for of in sorted(found, key=lambda of: of.rules.rank)}


# Every milestone by name, in the natural order of a day.
MILESTONES: dict[str, type[Milestone]] = _declared()

SAID_BY_SCHOOL = frozenset(
    n for n, of in MILESTONES.items() if of.rules.said_by in ("school", "school_first")
)
SAID_BY_AGENCY = frozenset(n for n, of in MILESTONES.items() if of.rules.said_by == "agency")
SAID_BY_EITHER = frozenset(n for n, of in MILESTONES.items() if of.rules.said_by == "either")
ENDING = frozenset(n for n, of in MILESTONES.items() if of.rules.effect == "ends")
OF_PLACES = frozenset(n for n, of in MILESTONES.items() if of.__module__ == placing.__name__)
"""Only for a service of an authority that has places."""
MISSED = frozenset(n for n, of in MILESTONES.items() if of.rules.appointment == "missed")

# Every phase that a referral can be in: before its first milestone, and after each that sets the phase.
PHASES: tuple[str, ...] = ("opened", *(n for n, of in MILESTONES.items() if of.rules.sets_phase != "never"))


def rules_of(milestone: str) -> MilestoneRules:
    """The rules of a milestone. Raises KeyError for a name that is none."""
    return MILESTONES[milestone].rules


def natural_rank(milestone: str) -> int:
    """The place of a milestone among others of the same day in a file: smaller is earlier."""
    return rules_of(milestone).rank
