"""The fields of a response, derived from a query's struct. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Literal
from uuid import UUID

import msgspec
import pytest
from marshmallow import Schema, fields

from webui.api.derived import fields_of


class _Visit(msgspec.Struct):
    visit: UUID
    kind: Literal["home", "school"]
    on: date
    recorded_at: datetime
    starts_at: time | None
    version: int
    share: float | None
    late: bool
    parties: tuple[UUID, ...]
    secret: bytes = b""


class _VisitSchema(Schema):
    class Meta(Schema.Meta):
        include = fields_of(
            _Visit,
            *("visit", "kind", "on", "recorded_at", "starts_at", "share", "late", "parties"),
            entry="version",
        )

    place = fields.String(required=True)


def test_each_type_has_its_field_and_all_are_in_every_response() -> None:
    declared = _VisitSchema().fields
    assert {name: type(field) for name, field in declared.items() if name not in ("starts_at", "place")} == {
        "visit": fields.UUID,
        "kind": fields.String,
        "on": fields.Date,
        "recorded_at": fields.AwareDateTime,
        "share": fields.Float,
        "late": fields.Boolean,
        "parties": fields.List,
        "entry": fields.Integer,
    }
    assert all(field.required for field in declared.values())
    assert {name for name, field in declared.items() if field.allow_none} == {"starts_at", "share"}


def test_a_struct_is_dumped_with_its_fields_renamed_and_its_hours_in_minutes() -> None:
    visit = _Visit(
        UUID(int=1),
        "home",
        date(2026, 3, 2),
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        time(13, 30),
        7,
        None,
        True,
        (),
    )
    dumped = _VisitSchema(exclude=("place",)).dump(visit)
    assert dumped == {
        "visit": str(UUID(int=1)),
        "kind": "home",
        "on": "2026-03-02",
        "recorded_at": "2026-03-02T09:00:00+00:00",
        "starts_at": "13:30",
        "share": None,
        "late": True,
        "parties": [],
        "entry": 7,
    }


def test_what_is_not_named_is_not_published() -> None:
    assert list(fields_of(_Visit, "visit")) == ["visit"]


def test_a_name_or_type_that_has_no_field_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        fields_of(_Visit, "vist")
    with pytest.raises(TypeError, match="bytes"):
        fields_of(_Visit, "secret")
