"""The words of each milestone in English."""

from __future__ import annotations

from projections.sentences.text import MilestoneWords, TextByValue

WORDS: dict[str, MilestoneWords] = {
    "decided": MilestoneWords(
        name="Decided to refer",
        action="Record the decision to refer",
        explanation=None,
        date_question=None,
        sentence="{school} decided on {on} to refer to {service}.",
    ),
    "submitted": MilestoneWords(
        name="Sent",
        action="Send the referral",
        explanation=None,
        date_question=None,
        sentence="{school} sent the referral to {service} on {on}[; still missing: {missing}].",
    ),
    "received": MilestoneWords(
        name="Received",
        action="Record the receipt",
        explanation=(
            "The first receipt starts the clock of most standards. It is kept when the referral is passed on."
        ),
        date_question=None,
        sentence="{service} received the referral on {on}.",
    ),
    "acknowledged": MilestoneWords(
        name="Acknowledged",
        action="Acknowledge",
        explanation=None,
        date_question=None,
        sentence="{service} acknowledged the referral on {on}.",
    ),
    "triaged": MilestoneWords(
        name="Triaged",
        action="Triage",
        explanation=None,
        date_question=None,
        sentence="{service} judged on {on} how urgent the referral is[: {priority}].",
    ),
    "redirected": MilestoneWords(
        name="Passed on",
        action="Pass on to another service",
        explanation=(
            "The first day of receipt is kept. Another agency may only be told when a person "
            "with authority has agreed to that; the school records the agreement."
        ),
        date_question=None,
        sentence="{service} passed the referral on to {to_service} on {on}.",
    ),
    "opt_in_asked": MilestoneWords(
        name="Family asked to opt in",
        action="Ask the family to opt in",
        explanation=None,
        date_question=None,
        sentence=(
            "{service} asked the family on {on} to say whether they want an appointment[, by {answer_by}]."
        ),
    ),
    "opt_in_answered": MilestoneWords(
        name="Family opted in",
        action="Record that the family opted in",
        explanation=None,
        date_question=None,
        sentence="The family answered {service} on {on} about the appointment.",
    ),
    "opt_in_unanswered": MilestoneWords(
        name="Opt-in not answered",
        action="Record that the family did not answer",
        explanation="This does not end the referral.",
        date_question="By which day was there no answer?",
        sentence="The family had not answered {service} by {on}. This does not end the referral.",
    ),
    "waiting_list_reviewed": MilestoneWords(
        name="Waiting list reviewed",
        action="Record a review of the waiting list",
        explanation=(
            "Use when you have reviewed your waiting list and the referral stays on it. "
            "The phase and the next step do not change."
        ),
        date_question="On which day was the list reviewed?",
        sentence="{service} reviewed its waiting list on {on}; the referral stays on it.",
    ),
    "accepted": MilestoneWords(
        name="Accepted",
        action="Accept",
        explanation=None,
        date_question=None,
        sentence="{service} accepted the referral on {on}.",
    ),
    "information_requested": MilestoneWords(
        name="Information requested",
        action="Ask for information",
        explanation="Until then, days count as those of the school or family you asked.",
        date_question=None,
        sentence=TextByValue(
            "asked_of",
            {
                "family": "{service} asked the family on {on} for more information[: {requirements}].",
            },
            "{service} asked the school on {on} for more information[: {requirements}].",
        ),
    ),
    "information_supplied": MilestoneWords(
        name="Information supplied",
        action="Supply information",
        explanation=None,
        date_question=None,
        sentence="{service} was given the information on {on}[: {requirements}].",
    ),
    "appointment_offered": MilestoneWords(
        name="Appointment offered",
        action="Offer an appointment",
        explanation=(
            "An offer is reasonable when it names at least two days, each with at least ten "
            "days’ notice. The days of a missed appointment count as the family’s only after "
            "a reasonable offer. (NHSScotland waiting times guidance, 2023.)"
        ),
        date_question="On which day was the offer sent?",
        sentence=(
            "{service} offered an appointment[ for {for_when}] (sent {on})[, language: "
            "{language}][, place: {place}]."
        ),
    ),
    "appointment_answered": MilestoneWords(
        name="Appointment answered",
        action="Record the family’s answer",
        explanation=None,
        date_question=None,
        sentence=TextByValue(
            "answer",
            {
                "another_time_asked": "The family asked {service} on {on} for another time.",
                "declined": "The family declined the appointment with {service} on {on}.",
            },
            "The family accepted the appointment with {service}[ for {chosen}] on {on}.",
        ),
    ),
    "was_not_brought": MilestoneWords(
        name="Was not brought",
        action="Record that the child was not brought",
        explanation=(
            "Use for a child. It does not discharge them. The school is told today, to check on the child."
        ),
        date_question="Day of the appointment",
        sentence="The child was not brought to the appointment with {service} on {on}[: {reason}].",
    ),
    "did_not_attend": MilestoneWords(
        name="Did not attend",
        action="Record that the young person did not attend",
        explanation=(
            "Use for a young person who decides for themselves. For a child, record that the "
            "child was not brought."
        ),
        date_question="Day of the appointment",
        sentence="The young person did not attend the appointment with {service} on {on}[: {reason}].",
    ),
    "could_not_attend": MilestoneWords(
        name="Could not attend",
        action="Record that the pupil could not attend",
        explanation="Use when notice was given, at any time before the appointment.",
        date_question="On which day was notice given?",
        sentence=(
            "Notice was given on {on} that the pupil could not attend the appointment with "
            "{service}[: {reason}]."
        ),
    ),
    "cancelled_by_service": MilestoneWords(
        name="Cancelled by the service",
        action="Cancel the appointment",
        explanation=None,
        date_question="On which day was it cancelled?",
        sentence="{service} cancelled the appointment on {on}.",
    ),
    "first_contact": MilestoneWords(
        name="First contact",
        action="Record the first contact",
        explanation=None,
        date_question=None,
        sentence="{service} had its first contact with the pupil on {on}.",
    ),
    "assessed": MilestoneWords(
        name="Assessed",
        action="Record the assessment",
        explanation=None,
        date_question=None,
        sentence="{service} assessed the pupil on {on}.",
    ),
    "treatment_started": MilestoneWords(
        name="Treatment started",
        action="Record the start of treatment",
        explanation=None,
        date_question=None,
        sentence="{service} started treatment on {on}.",
    ),
    "report_issued": MilestoneWords(
        name="Report issued",
        action="Record the report",
        explanation=None,
        date_question=None,
        sentence="{service} issued a report on {on}.",
    ),
    "s21_answer": MilestoneWords(
        name="Answer under section 21",
        action="Answer under section 21",
        explanation=(
            "Additional Learning Needs and Education Tribunal (Wales) Act 2018, section 21: "
            "only this answer stops the clock of a referral under section 20. It is due "
            "within six weeks (SI 2021/401, regulation 11)."
        ),
        date_question=None,
        sentence=TextByValue(
            "identified",
            {
                "true": (
                    "{service} answered under section 21 of the ALN Act on {on}: a treatment or "
                    "service was identified[, {in_welsh}]."
                ),
                "false": (
                    "{service} answered under section 21 of the ALN Act on {on}: no treatment or "
                    "service was identified."
                ),
            },
            "{service} answered under section 21 of the ALN Act on {on}.",
        ),
    ),
    "panel_decided": MilestoneWords(
        name="Panel decided",
        action="Record the panel’s decision",
        explanation=None,
        date_question="On which day did the panel decide?",
        sentence=TextByValue(
            "decision",
            {
                "place": "The panel agreed on {on} to a place in {service}.",
                "wait": "The panel decided on {on} that the pupil waits for a place in {service}.",
                "no_place": "The panel decided on {on} against a place in {service}.",
            },
            "The panel for {service} decided on {on}.",
        ),
    ),
    "place_offered": MilestoneWords(
        name="Place offered",
        action="Offer a place",
        explanation=None,
        date_question="On which day was the place offered?",
        sentence="{service} offered a place on {on}[, from {starts_on}].",
    ),
    "placed": MilestoneWords(
        name="Placed",
        action="Record that the pupil has the place",
        explanation="The referral goes on until the place ends, so that its reviews and its exit are on the record.",
        date_question="First day in the place",
        sentence="The pupil has had a place in {service} since {on}[; exit due by {exit_due_on}].",
    ),
    "advice_given": MilestoneWords(
        name="Advice given instead",
        action="Give advice instead",
        explanation=None,
        date_question=None,
        sentence="{service} gave advice on {on} instead of taking the referral on.",
    ),
    "declined": MilestoneWords(
        name="Declined",
        action="Decline",
        explanation=None,
        date_question=None,
        sentence=TextByValue(
            "ending",
            {
                "moved_away": (
                    "{service} declined the referral on {on} because the pupil had moved away[: {reason}]."
                ),
                "aged_out": (
                    "{service} declined the referral on {on} "
                    "because the pupil was past the service’s age limit[: {reason}]."
                ),
            },
            "{service} declined the referral on {on}[: {reason}].",
        ),
    ),
    "discharged": MilestoneWords(
        name="Discharged",
        action="Discharge",
        explanation=None,
        date_question="Day of the discharge",
        sentence=TextByValue(
            "ending",
            {
                "moved_away": (
                    "{service} discharged the pupil on {on} because the pupil had moved away[: {reason}]."
                ),
                "aged_out": (
                    "{service} discharged the pupil on {on} "
                    "because the pupil was past the service’s age limit[: {reason}]."
                ),
            },
            "{service} discharged the pupil on {on}[: {reason}].",
        ),
    ),
    "place_ended": MilestoneWords(
        name="Place ended",
        action="End the place",
        explanation=None,
        date_question="Last day in the place",
        sentence="The place in {service} ended on {on}[: {reason}].",
    ),
    "withdrawn": MilestoneWords(
        name="Withdrawn",
        action="Withdraw the referral",
        explanation=(
            "Use when the school or the family takes the referral back. The agency sees that "
            "it ended, and why."
        ),
        date_question=None,
        sentence=TextByValue(
            "ending",
            {
                "moved_away": (
                    "The referral to {service} was withdrawn on {on} "
                    "because the pupil had moved away[: {reason}]."
                ),
                "aged_out": (
                    "The referral to {service} was withdrawn on {on} "
                    "because the pupil was past the service’s age limit[: {reason}]."
                ),
            },
            "The referral to {service} was withdrawn on {on}[: {reason}].",
        ),
    ),
    "reopened": MilestoneWords(
        name="Reopened",
        action="Reopen the referral",
        explanation=None,
        date_question=None,
        sentence=TextByValue(
            "new_episode",
            {
                "true": "The referral to {service} was reopened on {on} as a new episode[: {reason}].",
            },
            "The referral to {service} was reopened on {on}[: {reason}].",
        ),
    ),
    "recorded_in_error": MilestoneWords(
        name="Recorded in error",
        action="Mark as recorded in error",
        explanation=(
            "Use for a referral that should not have been recorded. It stays visible and is not counted."
        ),
        date_question="On which day was the error found?",
        sentence="The referral to {service} was marked as recorded in error on {on}.",
    ),
}
