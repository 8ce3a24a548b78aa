"""The milestones by name: who may say each of them, and which may not come before which."""

from __future__ import annotations

from coordination.pupil.referral import events
from coordination.pupil.referral.events import Milestone

BY_NAME: dict[str, type[Milestone]] = {
    candidate.name: candidate
    for candidate in vars(events).values()
    if isinstance(candidate, type) and issubclass(candidate, Milestone) and candidate.name
}

MILESTONES: frozenset[str] = frozenset(BY_NAME)

# Who says it in their own name. What only the agency can say, the school can only report.
SAID_BY_SCHOOL = frozenset({"decided", "submitted", "information_supplied"})
SAID_BY_EITHER = frozenset(
    {"withdrawn", "reopened", "recorded_in_error", "appointment_answered", "opt_in_answered"}
)
SAID_BY_AGENCY = MILESTONES - SAID_BY_SCHOOL - SAID_BY_EITHER

# The natural rank of steps that fall on one day: files list them in any order. Only the opening steps are ranked
# among entries typed in, because a day's other steps can come in either order.
OPENING = ("decided", "submitted", "received")
NATURAL = (
    *OPENING,
    "acknowledged",
    "triaged",
    "information_requested",
    "information_supplied",
    "redirected",
    "opt_in_asked",
    "opt_in_answered",
    "opt_in_unanswered",
    "accepted",
    "appointment_offered",
    "appointment_answered",
    "was_not_brought",
    "did_not_attend",
    "could_not_attend",
    "cancelled_by_service",
    "first_contact",
    "assessed",
    "treatment_started",
    "report_issued",
    "s21_answer",
    "advice_given",
    "declined",
    "discharged",
    "withdrawn",
    "reopened",
    "recorded_in_error",
)

MISSED = frozenset({"was_not_brought", "did_not_attend", "could_not_attend"})
ENDING = frozenset({"declined", "advice_given", "discharged", "withdrawn"})
# What may still be said of a referral that has ended: the paper that follows, and the mistake.
AFTER_ENDING = frozenset({"reopened", "recorded_in_error", "report_issued", "s21_answer"})

# (earlier, later): within one episode the later may not stand before the first of the earlier. A missing step is
# no contradiction: only the order of those that are there counts. What is asked or offered again and again (an opt-in,
# an appointment) is not here: an answer or a missed appointment before it had another asking, which nobody recorded.
ORDER: tuple[tuple[str, str], ...] = (
    ("decided", "submitted"),
    *((opening, step) for opening in OPENING for step in NATURAL if step not in OPENING and step not in ENDING
      and step not in ("reopened", "recorded_in_error", "information_supplied")),
    ("decided", "received"),
    ("submitted", "received"),
    ("accepted", "treatment_started"),
    ("first_contact", "assessed"),
    ("first_contact", "treatment_started"),
    ("assessed", "treatment_started"),
    ("assessed", "report_issued"),
)  # fmt: skip

# Said once an episode: again only after `reopened` or `redirected`.
ONCE = frozenset({"decided", "submitted", "received"})


def natural_rank(milestone: str) -> int:
    """Where a milestone stands among others of the same day in a file, from 0."""
    return NATURAL.index(milestone)
