"""The forms for a new referral: immediate risk first, then the service, then the details."""

from __future__ import annotations

from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FieldView, Form, FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, YesNoField
from webui.referral.forms.milestones import ClockTimeField

# Shown only under the answer they belong to; there they are required.
WHEN_CHOSEN = frozenset(
    {
        "told",
        "told_on",
        "told_at",
        "giver",
        "evidence",
        "assessment",
        "route",
        "agreed_on",
        "asked",
        "override",
        "override_reason",
    }
)


class ReferForm(Form):
    """A form with questions that appear under an answer, and are required there."""

    def __getitem__(self, name: str) -> FieldView:
        shown = super().__getitem__(name)
        return msgspec.structs.replace(shown, required=shown.required or name in WHEN_CHOSEN)


_SAY = {"missing": _l("Choose one of the answers.")}


def _told() -> dict[str, Any]:
    return {
        "told": ChoicesField(
            _l("Who has been told?"),
            required=False,
            says={"missing": _l("Choose who was told about the immediate risk.")},
        ),
        "told_on": DateField(
            _l("Date told"), required=False, says={"missing": _l("Enter the date they were told.")}
        ),
        "told_at": ClockTimeField(
            _l("Time told"), required=False, says={"missing": _l("Enter the time they were told.")}
        ),
        "concern": LongTextField(_l("What is the concern?"), required=False, rows=3),
    }


def _all_told(data: dict[str, Any]) -> None:
    missing = {name: ["missing"] for name in ("told", "told_on", "told_at") if not data.get(name)}
    if missing:
        raise ValidationError(missing)


class _BeginSchema(FormSchema):
    @validates_schema(skip_on_field_errors=False)
    def somebody_knows(self, data: dict[str, Any], **_: Any) -> None:
        """For immediate risk, check that a person was told and when."""
        if data.get("immediate_risk"):
            _all_told(data)


BeginSchema: Any = _BeginSchema.from_dict(
    {
        "immediate_risk": YesNoField(
            _l("Is anyone at immediate risk?"),
            kind="is there?",
            hint=_l(
                "Immediate risk means a risk of harming themselves or others, a risk of being harmed, "
                "or a crisis that cannot wait."
            ),
            says={"missing": _l("Answer first whether anyone is at immediate risk.")},
        ),
        **_told(),
        "service": ChoiceField(_l("Which service?"), says={"missing": _l("Choose the service.")}),
    },
    name="BeginSchema",
)
"""The first page: the danger, and the service."""


class _RiskSchema(FormSchema):
    @validates_schema(skip_on_field_errors=False)
    def somebody_knows(self, data: dict[str, Any], **_: Any) -> None:
        _all_told(data)


RiskSchema: Any = _RiskSchema.from_dict(_told(), name="RiskSchema")
"""Danger that became known after the referral was begun."""


class _AgreedSchema(FormSchema):
    @validates_schema(skip_on_field_errors=False)
    def all_of_the_answer(self, data: dict[str, Any], **_: Any) -> None:
        """Check that each answer about the agreement has its own details, and no others."""
        needs = {
            "given": ("giver", "route", "agreed_on"),
            "ask": ("asked",),
            "without": ("override", "override_reason"),
        }
        wanted = list(needs.get(data.get("agreement") or "", ()))
        if data.get("agreement") == "given" and data.get("giver") == "court":
            wanted.append("evidence")
        if data.get("agreement") == "given" and data.get("giver") == "competent_child":
            wanted.append("assessment")
        missing = {name: ["missing"] for name in wanted if not data.get(name)}
        if missing:
            raise ValidationError(missing)


def _agreement() -> dict[str, Any]:
    return {
        "agreement": ChoiceField(
            _l("Has a person with authority agreed to share this?"),
            choices=[
                ("given", _l("Yes, they have agreed")),
                ("ask", _l("Not yet, I am asking")),
                ("without", _l("No, but the law allows sharing it")),
            ],
            says=_SAY,
        ),
        "giver": ChoiceField(
            _l("Who has agreed?"), required=False, says={"missing": _l("Choose who has agreed.")}
        ),
        "evidence": LongTextField(
            _l("Which court order?"), required=False, rows=2, says={"missing": _l("Enter which court order.")}
        ),
        "assessment": LongTextField(
            _l("How was the child found competent?"),
            required=False,
            rows=2,
            says={"missing": _l("Say how the child was found competent to decide this.")},
        ),
        "kept_from_parents": YesNoField(
            _l("Should this stay out of what the parents receive?"),
            kind="should it?",
            required=False,
            inline=True,
        ),
        "route": ChoiceField(
            _l("How did they agree?"),
            required=False,
            inline=True,
            says={"missing": _l("Choose how they agreed.")},
        ),
        "agreed_on": DateField(
            _l("When did they agree?"),
            required=False,
            says={"missing": _l("Enter the date they agreed.")},
        ),
        "words": LongTextField(_l("In their own words"), required=False, rows=2),
        "asked": ChoiceField(
            _l("Whom do you ask?"), required=False, says={"missing": _l("Choose who you are asking.")}
        ),
        "override": ChoiceField(
            _l("What allows you to share it?"),
            required=False,
            says={"missing": _l("Choose what allows you to share it.")},
        ),
        "override_reason": LongTextField(
            _l("Why are you sharing it without agreement?"),
            hint=_l("The family and auditors can see this."),
            required=False,
            rows=3,
            says={"missing": _l("Enter why you are sharing it without agreement.")},
        ),
    }


def _goes() -> dict[str, Any]:
    return {
        "supplied": ChoicesField(_l("What are you sending with the referral?"), required=False),
        "shared": ChoicesField(_l("Other information to share"), required=False),
    }


def _about() -> dict[str, Any]:
    return {
        "reason": LongTextField(
            _l("Why are you referring, and what have you tried?"),
            rows=6,
            says={"missing": _l("Enter why you are referring.")},
        ),
        "priority": ChoiceField(_l("How urgent is it?"), inline=True, says=_SAY),
        "informed": YesNoField(
            _l(
                "Have the child and parent, or the young person, been told about the referral and been "
                "able to discuss it?"
            ),
            kind="are they?",
            inline=True,
            says=_SAY,
        ),
        "legal_route": ChoiceField(_l("Which legal route?"), widget="select"),
    }


_SENT = {"sent_on": DateField(_l("Sent on"), hint=_l("Change this only if it was sent before today."))}

_SECOND = {
    "second_referral": YesNoField(
        _l("Is a second referral to this service intended?"), kind="is it?", required=False, inline=True
    )
}

ReferSchema: Any = FormSchema.from_dict({**_goes(), **_about(), **_SENT, **_SECOND}, name="ReferSchema")
"""The second page, where an agreement with the agency is in force."""

ReferAndAgreeSchema: Any = _AgreedSchema.from_dict(
    {**_goes(), **_about(), **_agreement(), **_SENT, **_SECOND}, name="ReferAndAgreeSchema"
)
"""The second page, where there is none."""

_NOTE = {"note": LongTextField(_l("Anything to add"), required=False, rows=3)}

SendSchema: Any = FormSchema.from_dict({**_goes(), **_SENT, **_NOTE, **_SECOND}, name="SendSchema")
"""Sending a referral that was kept, where an agreement is in force."""

SendAndAgreeSchema: Any = _AgreedSchema.from_dict(
    {**_goes(), **_agreement(), **_SENT, **_NOTE, **_SECOND}, name="SendAndAgreeSchema"
)
"""Sending a referral that was kept, where there is none."""
