"""What a school is asked when it refers a pupil: danger first, then the service, then what goes with it."""

from __future__ import annotations

from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FieldView, Form, FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, YesNoField
from webui.referral.forms.milestones import ClockTimeField

# Asked only under the answer that they belong to; there they are not optional.
WHEN_CHOSEN = frozenset(
    {
        "told",
        "told_on",
        "told_at",
        "giver",
        "evidence",
        "route",
        "agreed_on",
        "asked",
        "override",
        "override_reason",
    }
)


class ReferForm(Form):
    """A form with questions that appear under an answer, and must be answered there."""

    def __getitem__(self, name: str) -> FieldView:
        shown = super().__getitem__(name)
        return msgspec.structs.replace(shown, required=shown.required or name in WHEN_CHOSEN)


_SAY = {"missing": _l("Choose one of the answers.")}


def _told() -> dict[str, Any]:
    return {
        "told": ChoicesField(
            _l("Who knows now?"), required=False, says={"missing": _l("Say who was told about the danger.")}
        ),
        "told_on": DateField(
            _l("Told on"), required=False, says={"missing": _l("Say on which day they were told.")}
        ),
        "told_at": ClockTimeField(
            _l("At what time"), required=False, says={"missing": _l("Say at what time they were told.")}
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
        """A yes says who was told and when: a danger never merely waits."""
        if data.get("immediate_risk"):
            _all_told(data)


BeginSchema: Any = _BeginSchema.from_dict(
    {
        "immediate_risk": YesNoField(
            _l("Is somebody in danger now?"),
            hint=_l("Of harming themselves or another, of being harmed, or in a crisis that cannot wait."),
            says={"missing": _l("Say first whether somebody is in danger now.")},
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
        """Each answer about the agreement needs its own particulars, and no others."""
        needs = {
            "given": ("giver", "route", "agreed_on"),
            "ask": ("asked",),
            "without": ("override", "override_reason"),
        }
        wanted = list(needs.get(data.get("agreement") or "", ()))
        if data.get("agreement") == "given" and data.get("giver") == "court":
            wanted.append("evidence")
        missing = {name: ["missing"] for name in wanted if not data.get(name)}
        if missing:
            raise ValidationError(missing)


def _agreement() -> dict[str, Any]:
    return {
        "agreement": ChoiceField(
            _l("Does somebody with authority agree that you share this?"),
            choices=[
                ("given", _l("Yes, they agree")),
                ("ask", _l("Not yet: I am asking")),
                ("without", _l("No, but the law allows sharing it all the same")),
            ],
            says=_SAY,
        ),
        "giver": ChoiceField(_l("Who agrees?"), required=False, says={"missing": _l("Say who agrees.")}),
        "evidence": LongTextField(
            _l("Which court order?"), required=False, rows=2, says={"missing": _l("Say which court order.")}
        ),
        "route": ChoiceField(
            _l("How did they agree?"),
            required=False,
            inline=True,
            says={"missing": _l("Say how they agreed.")},
        ),
        "agreed_on": DateField(
            _l("On which day did they agree?"),
            required=False,
            says={"missing": _l("Say on which day they agreed.")},
        ),
        "words": LongTextField(_l("In their own words"), required=False, rows=2),
        "asked": ChoiceField(
            _l("Whom do you ask?"), required=False, says={"missing": _l("Say whom you ask.")}
        ),
        "override": ChoiceField(
            _l("What allows it?"), required=False, says={"missing": _l("Say what allows it.")}
        ),
        "override_reason": LongTextField(
            _l("Why is it shared without agreement?"),
            hint=_l("It stays visible to the family and to auditors."),
            required=False,
            rows=3,
            says={"missing": _l("Say why it is shared without agreement.")},
        ),
    }


def _goes() -> dict[str, Any]:
    return {
        "supplied": ChoicesField(_l("What goes with it?"), required=False),
        "shared": ChoicesField(_l("Shared as well"), required=False),
    }


def _about() -> dict[str, Any]:
    return {
        "reason": LongTextField(
            _l("Why do you refer, and what have you tried?"),
            rows=6,
            says={"missing": _l("Say why you refer.")},
        ),
        "priority": ChoiceField(_l("How urgent is it?"), inline=True, says=_SAY),
        "informed": YesNoField(
            _l(
                "Have the child and parent, or the young person, been told about it and been able to discuss it?"
            ),
            inline=True,
            says=_SAY,
        ),
        "legal_route": ChoiceField(_l("On which legal route?"), widget="select"),
    }


_SENT = {"sent_on": DateField(_l("Sent on"), hint=_l("Change this only when it went before today."))}

ReferSchema: Any = FormSchema.from_dict({**_goes(), **_about(), **_SENT}, name="ReferSchema")
"""The second page, where an agreement with the agency is in force."""

ReferAndAgreeSchema: Any = _AgreedSchema.from_dict(
    {**_goes(), **_about(), **_agreement(), **_SENT}, name="ReferAndAgreeSchema"
)
"""The second page, where there is none."""

_NOTE = {"note": LongTextField(_l("Anything to add"), required=False, rows=3)}

SendSchema: Any = FormSchema.from_dict({**_goes(), **_SENT, **_NOTE}, name="SendSchema")
"""Sending a referral that was kept, where an agreement is in force."""

SendAndAgreeSchema: Any = _AgreedSchema.from_dict(
    {**_goes(), **_agreement(), **_SENT, **_NOTE}, name="SendAndAgreeSchema"
)
"""Sending a referral that was kept, where there is none."""
