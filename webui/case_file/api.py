"""What changed for the organisation since it last asked."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from projections.case_file.queries.changes import ChangeCriteria, changes
from webui.api.reading import ClosedSchema
from webui.api.resource import ReadLogNote, Resource, ResourceView
from webui.forms.fields import WholeNumberField
from webui.shell import casework
from webui.shell.authentication import viewer

feed = Resource(
    "changes",
    "What was recorded since you last asked, as far as your organisation may see it: ids, never words. Ask after 0 "
    "once, then after each `next`; get what is named anew.",
)

FARTHEST = 10**15
USUAL, MOST = 100, 200


class ChangesQuery(ClosedSchema):
    """From where on."""

    after = WholeNumberField("The `next` of the last answer; 0 for the beginning", least=0, most=FARTHEST)
    per_page = WholeNumberField("How many at most", least=1, most=MOST, required=False)


class ChangeSchema(Schema):
    """That something was recorded. `stream` is the pupil, meeting, challenge or organisation that `kind` says, `thing`
    what it is about (a referral, an agreement, ...)."""

    position = fields.Integer(required=True)
    kind = fields.String(required=True)
    stream = fields.UUID(required=True)
    thing = fields.UUID(required=True, allow_none=True)
    topic = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    organisation = fields.UUID(required=True)


class ChangesSchema(Schema):
    """In the order of recording. `more`: ask after `next` at once. `parked` files are left out for now, because they
    could not be read."""

    items = fields.List(fields.Nested(ChangeSchema), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)
    parked = fields.Integer(required=True)


@feed.shows("/changes", scope="changes:read", query=ChangesQuery, answers=ChangesSchema, tagged=False)
def since(query: dict[str, Any]) -> ResourceView:
    """What was recorded after a cursor, each thing once, nothing left out.

    What came into sight with a later event (a referral that was sent) is not listed again: that event is.
    """
    ask = ChangeCriteria(after=query["after"], limit=query.get("per_page") or USUAL)
    found = changes(casework.reader(), viewer(), ask)
    pupils = list(dict.fromkeys(row.stream for row in found.rows if row.kind == "pupil"))
    document = msgspec.structs.asdict(found) | {"items": found.rows}
    return ResourceView(document, noted=ReadLogNote("changes", pupils, "changes"))
