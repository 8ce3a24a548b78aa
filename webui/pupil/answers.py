"""What the API answers about pupils."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from coordination.sensitivity import Opened
from projections.case_file import queries
from projections.case_file.queries import PupilSummary, Registration, SealedContact, SealedViews
from webui.api.derived import fields_of
from webui.pupil.identity import text_of


class PupilSchema(Schema):
    """A pupil in a list. Fields that were not shared or are erased are null."""

    class Meta(Schema.Meta):
        include = fields_of(
            PupilSummary,
            *(
                "pupil",
                "schools",
                "leading_school",
                "year",
                "needs",
                "provision",
                "looked_after",
                "open_referrals",
                "overdue",
            ),
            *("unconfirmed", "immediate_risk"),
        )

    surname = fields.String(required=True, allow_none=True)
    forename = fields.String(required=True, allow_none=True)
    preferred_surname = fields.String(required=True, allow_none=True)
    preferred_forename = fields.String(required=True, allow_none=True)
    upn = fields.String(required=True, allow_none=True)
    date_of_birth = fields.Date(required=True, allow_none=True)
    sex = fields.String(required=True, allow_none=True)


class ContactOut(Schema):
    """A parent or other contact."""

    class Meta(Schema.Meta):
        include = fields_of(SealedContact, "contact", "parental_responsibility", "ended_on")

    pupil = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    relationship = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    telephone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)


class ViewsOut(Schema):
    """What the child or a parent said, in their own words."""

    class Meta(Schema.Meta):
        include = fields_of(SealedViews, "whose", "language", "contact", "said_on")

    words = fields.String(required=True, allow_none=True)


class RegistrationOut(Schema):
    """A registration at a school; an end date of null means that the pupil is still on the roll."""

    class Meta(Schema.Meta):
        include = fields_of(Registration, "school", "from_on", "until")


class PupilFileSchema(PupilSchema):
    """A pupil, with everything shown on the pupil's page."""

    language_wish = fields.String(required=True, allow_none=True)
    registrations = fields.List(fields.Nested(RegistrationOut), required=True)
    contacts = fields.List(fields.Nested(ContactOut), required=True)
    views = fields.List(fields.Nested(ViewsOut), required=True)
    consents = fields.List(fields.UUID(), required=True)
    referrals = fields.List(fields.UUID(), required=True)
    joined = fields.List(
        fields.UUID(),
        required=True,
        metadata={
            "description": "The other files of this child. What is recorded on them keeps their id as `pupil`."
        },
    )


def contact_out(contact: queries.SealedContact, said: Opened) -> dict[str, Any]:
    """A contact as a ContactOut dict; `said` is the opened sealed fields."""
    words = ("name", "relationship", "language", "telephone", "email", "address")
    opened = {name: text_of(said, name) for name in words}
    return msgspec.structs.asdict(contact) | {"pupil": contact.at.stream} | opened


def views_out(views: queries.SealedViews, said: Opened) -> dict[str, Any]:
    """Views as a ViewsOut dict; `said` is the opened sealed fields."""
    return msgspec.structs.asdict(views) | {"words": text_of(said, "words")}
