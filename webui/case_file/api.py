"""The feed of changes that an organisation can see."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from projections.case_file.queries.changes import ChangeCriteria, ChangeList, RecordedChange, changes
from webui.api.derived import fields_of
from webui.api.reading import ClosedSchema
from webui.api.resource import ReadLogNote, Resource, ResourceView
from webui.forms.fields import WholeNumberField
from webui.shell import casework
from webui.shell.authentication import viewer

feed = Resource(
    "changes",
    "What was recorded since your last request and that your organisation can see. It contains ids only. Start after "
    "0, then after each `next`; then get the resources that have changed.",
)

FARTHEST = 10**15
USUAL, MOST = 100, 200


class ChangesQuery(ClosedSchema):
    """Where to start."""

    after = WholeNumberField("`next` from the last response, or 0 to start", least=0, most=FARTHEST)
    per_page = WholeNumberField("Maximum number of changes", least=1, most=MOST, required=False)


class ChangeSchema(Schema):
    """A change. `stream` is the id of the pupil, meeting, challenge or organisation given by `kind`; `thing` is the
    id of the item in it (a referral, an agreement, ...). `child` is the pupil under whose id the pupil is listed: of a
    joined file the one that leads."""

    class Meta(Schema.Meta):
        include = fields_of(
            RecordedChange,
            *(
                "position",
                "kind",
                "stream",
                "thing",
                "child",
                "topic",
                "occurred_on",
                "recorded_at",
                "organisation",
            ),
        )


class ChangesSchema(Schema):
    """Changes in the order they were recorded. `more`: get the changes after `next` now. `parked` files are left out
    for now because they could not be read."""

    class Meta(Schema.Meta):
        include = fields_of(ChangeList, "next", "more", "parked")

    items = fields.List(fields.Nested(ChangeSchema), required=True)


@feed.shows("/changes", scope="changes:read", query=ChangesQuery, answers=ChangesSchema, tagged=False)
def since(query: dict[str, Any]) -> ResourceView:
    """List what was recorded after a cursor, each item once.

    An item that became visible with a later event (such as a referral that was sent) is listed with that event only.
    """
    ask = ChangeCriteria(after=query["after"], limit=query.get("per_page") or USUAL)
    found = changes(casework.reader(), viewer(), ask)
    pupils = list(dict.fromkeys(row.stream for row in found.rows if row.kind == "pupil"))
    document = msgspec.structs.asdict(found) | {"items": found.rows}
    return ResourceView(document, noted=ReadLogNote("changes", pupils, "changes"))
