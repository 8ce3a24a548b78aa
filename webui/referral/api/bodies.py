"""The request bodies for referrals: strict versions of the forms of the pages, one for each milestone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from marshmallow import RAISE, ValidationError

from coordination.pupil.referral.milestones import MILESTONES
from webui.api.reading import (
    ClosedSchema,
    DocumentReader,
    IdField,
    closed_schema,
    field_problem,
    fields_problem,
)
from webui.forms.base import NothingSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, TextField
from webui.referral.forms.milestones import (
    OFFERED,
    ContestSchema,
    StrikeSchema,
    UnavailableSchema,
    of_appointment,
    schema_of,
)
from webui.referral.forms.refer import BeginSchema, ReferAndAgreeSchema, RiskSchema, SendAndAgreeSchema
from webui.words.text import Words

TOLD = ("reported_by", "reported_how", "reported_on")
# Sending is a disclosure and has its own address.
STEPS = tuple(name for name, of in MILESTONES.items() if not of.rules.only_by_sending)


class ReferBody(closed_schema(BeginSchema), closed_schema(ReferAndAgreeSchema)):  # type: ignore[misc]
    """All the fields of the two pages. `immediate_risk` is always required. `agreement` and its details are required
    if no agreement with the agency is in force."""

    pupil = IdField("The pupil")
    service = IdField("Which service?")
    agreement = ChoiceField(
        "Has a person with authority agreed? Leave this out if an agreement is in force.",
        choices=[(code, code) for code in ("given", "ask", "without")],
        required=False,
    )
    legal_route = ChoiceField("Which legal route?")
    copied_from = IdField("The referral that this one was copied from", required=False)


class SendBody(closed_schema(SendAndAgreeSchema)):  # type: ignore[misc]
    """Sending a saved referral. `agreement` is the same as for a new referral."""

    agreement = ChoiceField(
        "Has a person with authority agreed? Leave this out if an agreement is in force.",
        choices=[(code, code) for code in ("given", "ask", "without")],
        required=False,
    )


RiskBody = closed_schema(RiskSchema)
ContestBody = closed_schema(ContestSchema)
StrikeBody = closed_schema(StrikeSchema)
ConfirmBody = closed_schema(NothingSchema)
UnavailableBody = closed_schema(UnavailableSchema)


@cache
def step_body(milestone: str, *, correcting: bool = False) -> type[ClosedSchema]:
    """The body that records a milestone, or corrects an entry: the fields of its form, and for a school the person who
    told it."""
    form = schema_of(milestone, reported=True, correcting=correcting, offers=True)
    fields: dict[str, Any] = {
        "milestone": ChoiceField("The milestone to record", choices=[(milestone, milestone)]),
        **form._declared_fields,
        **_which_appointment(milestone),
        "reported_by": TextField(
            "Who told you? Required when a school reports an agency's milestone.", required=False
        ),
        "reported_how": ChoiceField("How were you told?", required=False),
        "reported_on": DateField("When were you told?", required=False),
    }
    meta = type("Meta", (), {"unknown": RAISE, "register": False})
    kind = "Correction" if correcting else "Step"
    name = milestone.title().replace("_", "") + kind
    return type(name, (ClosedSchema,), {**fields, "Meta": meta})


def _which_appointment(milestone: str) -> dict[str, Any]:
    """Outcomes and answers name an appointment that was offered, or say that it is not on record."""
    if not of_appointment(milestone):
        return {}
    asked = "Which appointment? Leave this out if its day tells, or send `none` if it is not on record."
    return {"appointment": ChoiceField(asked, required=False)}


class MilestoneBody:
    """The body of any milestone: `milestone` decides its fields."""

    def __init__(self, *, correcting: bool = False) -> None:
        self._correcting = correcting
        self.fields = {name: field for step in STEPS for name, field in self._of(step).fields.items()}

    def load(self, document: Any) -> dict[str, Any]:
        """Load like a schema. Raises ValidationError."""
        if not isinstance(document, Mapping):
            raise ValidationError("not_an_object")
        named = document.get("milestone")
        if named not in STEPS:
            raise ValidationError({"milestone": ["missing" if named is None else "not_offered"]})
        loaded: dict[str, Any] = self._of(named).load(document)
        return loaded

    def _of(self, milestone: str) -> ClosedSchema:
        return step_body(milestone, correcting=self._correcting)()


def milestone_body_schema(*, correcting: bool = False) -> dict[str, Any]:
    """The body of any milestone, for the document."""
    return {"oneOf": [step_body(step, correcting=correcting) for step in STEPS]}


def check_reported(schema: DocumentReader, typed: Mapping[str, Any], *, reported: bool) -> None:
    """Check that the person who told the school is given for a report and only then, and that an agency's own offer
    names its first time. Raises Problem 422."""
    if reported:
        missing = {name: "missing" for name in TOLD if not typed.get(name)}
        if missing:
            raise fields_problem(schema, missing)
        return
    for name in TOLD:
        if typed.get(name):
            raise field_problem(schema, name, "not_reported")
    if typed["milestone"] == "appointment_offered":
        needed = (f"offered_{OFFERED[0]}", f"offered_{OFFERED[0]}_at")
        missing = {name: "missing" for name in needed if not typed.get(name)}
        if missing:
            raise fields_problem(schema, missing)


def check_offered(
    schema: DocumentReader, typed: Mapping[str, Any], choices: Mapping[str, Sequence[tuple[str, Words]]]
) -> None:
    """Check that each answer is one of those offered now, as a form does. Raises Problem 422."""
    wrong = {}
    for name, offered in choices.items():
        value = typed.get(name)
        field = schema.fields.get(name)
        if value in (None, [], "") or not isinstance(field, ChoiceField | ChoicesField):
            continue
        if not set(value if isinstance(value, list) else [value]) <= {code for code, _words in offered}:
            wrong[name] = "not_offered"
    if wrong:
        raise fields_problem(schema, wrong)


def same_instant(text: str | None, offered: Sequence[tuple[str, Words]]) -> str | None:
    """The offered time that is the same instant, in any time zone; the value as sent if there is none."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is None:
        return text
    return next((time for time, _words in offered if datetime.fromisoformat(time) == at), text)
