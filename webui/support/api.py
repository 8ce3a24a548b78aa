"""Support and one-page profiles, for a school's own system and for a service to which they were disclosed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from coordination.errors import NotFound
from coordination.pupil.one_page_profile.decide import WriteOnePageProfile
from coordination.pupil.support.commands import EndSupport, ReviewSupport, StrikeOutSupport
from coordination.pupil.support.events import ReviewVoice
from projections.support.queries.of_pupil import SupportReviewSummary, SupportSummary, WrittenOnePageProfile
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField, ObjectsField, closed_schema
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import ChoiceField, DateField, LongTextField, TextField, WholeNumberField
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, CASEWORKER_DESK
from webui.shell.runtime import runtime
from webui.support import forms
from webui.support.commands import start_command
from webui.support.reading import OpenedProfile, OpenedReview, OpenedSupport, open_support
from webui.support.words import NEXT_STEPS, VOICES

support = Resource(
    "support",
    "Support that is tried for a pupil, with its reviews, and one-page profiles. The pupil's school sees and records "
    "them; a service sees them where the classes of data support and one_page_profile were agreed.",
)

ALL = "/pupils/<uuid:pupil>/support"
ONE = f"{ALL}/<uuid:support>"
PROFILES = "/pupils/<uuid:pupil>/one-page-profile"


class ReviewVoiceOut(Schema):
    """What one person said: teacher, child or parent. `outcome`: how they see it; null: not said."""

    voice = fields.String(required=True)
    words = fields.String(required=True)
    language = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)


class SupportReviewOut(Schema):
    """A review. `value`: the measured number, in the unit of the support."""

    class Meta(Schema.Meta):
        include = fields_of(SupportReviewSummary, "reviewed_on", "next_step", "outcome")

    voices = fields.List(fields.Nested(ReviewVoiceOut), required=True)
    value = fields.String(required=True, allow_none=True)


class SupportOut(Schema):
    """Support. `level`: 1 the whole class, 2 targeted, 3 individual. `ends_by`: the last day of the phase; `ended_on`
    null: it goes on. `referral` and `advised_by` are null for who may not know them."""

    class Meta(Schema.Meta):
        include = fields_of(
            SupportSummary,
            *(
                "support",
                "given_by",
                "level",
                "phase",
                "started_on",
                "ends_by",
                "review_on",
                "measurable",
                "programme",
            ),
            *("programme_of", "need", "referral", "advised_by", "ended_on"),
        )

    activity = fields.String(required=True)
    aim = fields.String(required=True)
    measure = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    starting_point = fields.String(required=True, allow_none=True)
    reviews = fields.List(fields.Nested(SupportReviewOut), required=True)


class OnePageProfileOut(Schema):
    """A one-page profile, the newest of its occasion (every_day, move, trip, referral)."""

    class Meta(Schema.Meta):
        include = fields_of(
            WrittenOnePageProfile, "profile", "given_by", "occasion", "language", "with_child", "written_on"
        )

    important = fields.String(required=True)
    admired = fields.String(required=True)
    support = fields.String(required=True)


class StartSupportBody(closed_schema(forms.StartSupportSchema)):  # type: ignore[misc]
    """Support that starts. A measure needs its unit and a starting point."""

    level = WholeNumberField("1, 2 or 3", least=1, most=3)
    need = TextField("A code of the table need", longest=60, required=False)
    programme = TextField(
        "The code of a programme of the school or its authority", longest=40, required=False
    )
    referral = IdField("Since which referral", required=False)
    advised_by = IdField("The service that advised it", required=False)
    follows = IdField("The support whose place it takes", required=False)


class ReviewVoiceBody(ClosedSchema):
    """What one person said, in their own words and language."""

    voice = ChoiceField("teacher, child or parent", choices=tuple(VOICES.items()))
    words = LongTextField(_l("In their own words"), longest=2000)
    language = TextField("A code of the table language", longest=20)
    outcome = TextField("A code of the table support_outcome", longest=60, required=False)


class ReviewSupportBody(ClosedSchema):
    """A review in up to three voices; one suffices."""

    occurred_on = DateField(_l("When was it reviewed?"))
    outcome = TextField("A code of the table support_outcome", longest=60)
    voices = ObjectsField("What up to three people said", ReviewVoiceBody, most=3)
    next_step = ChoiceField("go_on, change, end or refer", choices=tuple(NEXT_STEPS.items()))
    review_on = DateField(_l("When is it reviewed next?"), required=False)
    ends_by = DateField(_l("New last day of the phase"), required=False)
    value = TextField(_l("Measured now"), longest=20, required=False)


class EndSupportBody(closed_schema(forms.EndSupportSchema)):  # type: ignore[misc]
    """The end of support."""

    reason = TextField("A code of the table support_end", longest=60)


class StrikeOutSupportBody(ClosedSchema):
    """Support that was recorded in error."""

    why = LongTextField(_l("Reason"), longest=500)


class OnePageProfileBody(closed_schema(forms.OnePageProfileSchema)):  # type: ignore[misc]
    """A one-page profile, written today."""

    language = TextField("A code of the table language", longest=20)


def _opened(one: OpenedSupport) -> dict[str, Any]:
    held = one.support
    shown = {name: getattr(held, name) for name in SupportSummary.__struct_fields__}
    words = {name: getattr(one, name) for name in ("activity", "aim", "measure", "unit", "starting_point")}
    return {**shown, **words, "reviews": [_review(review) for review in one.reviews]}


def _review(one: OpenedReview) -> dict[str, Any]:
    shown = {name: getattr(one.review, name) for name in ("reviewed_on", "next_step", "outcome")}
    return {**shown, "voices": [{"outcome": None, **voice} for voice in one.voices], "value": one.value}


def _written(one: OpenedProfile) -> dict[str, Any]:
    shown = {name: getattr(one.profile, name) for name in WrittenOnePageProfile.__struct_fields__}
    return {**shown, "important": one.important, "admired": one.admired, "support": one.support}


@support.lists(ALL, scope="pupils:read", answers=SupportOut)
def listed_support(query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:  # noqa: ARG001
    """List the support of a pupil, what goes on first."""
    opened = open_support(pupil)
    rows = [_opened(one) for one in (*opened.running, *opened.past)]
    first = (page.number - 1) * page.size
    return ResourceRows(rows[first : first + page.size], len(rows), _noted("support", pupil))


@support.shows(ONE, scope="pupils:read", answers=SupportOut)
def one_support(pupil: UUID, support: UUID) -> ResourceView:
    """Get support with its reviews."""
    found = open_support(pupil).one(support)
    if found is None:
        raise NotFound
    return ResourceView(_opened(found), found.support.last_version, _noted("support", pupil))


@support.records(ALL, scope="pupils:write", takes=StartSupportBody, makes=("support",))
def start_support(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record support that starts."""
    new = asked.new_id("support")
    asked.perform(start_command(pupil, new, typed, typed.get("follows")))
    return _of(pupil, new)


@support.records(
    f"{ONE}/review", scope="pupils:write", takes=ReviewSupportBody, makes=("support",), thing=one_support
)
def review_support(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, support: UUID
) -> RecordingResult:
    """Record a review. What happens next: go_on, change (it ends, other support takes its place), end, refer."""
    voices = tuple(ReviewVoice(**voice) for voice in typed.pop("voices"))
    asked.perform(ReviewSupport(pupil=pupil, support=support, voices=voices, seen=asked.seen, **typed))
    return _of(pupil, support)


@support.records(
    f"{ONE}/end", scope="pupils:write", takes=EndSupportBody, makes=("support",), thing=one_support
)
def end_support(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, support: UUID) -> RecordingResult:
    """Record the last day of support."""
    asked.perform(EndSupport(pupil=pupil, support=support, seen=asked.seen, **typed))
    return _of(pupil, support)


@support.records(
    f"{ONE}/strike-out",
    scope="pupils:write",
    takes=StrikeOutSupportBody,
    makes=("support",),
    thing=one_support,
)
def strike_out_support(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, support: UUID
) -> RecordingResult:
    """Record that the support was recorded in error: it counts nowhere."""
    today = runtime().today()
    asked.perform(StrikeOutSupport(occurred_on=today, pupil=pupil, support=support, seen=asked.seen, **typed))
    return RecordingResult({"support": support}, f"/pupils/{pupil}/support")


@support.lists(PROFILES, scope="pupils:read", answers=OnePageProfileOut)
def listed_profiles(query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:  # noqa: ARG001
    """List the newest one-page profile of each occasion."""
    rows = [_written(one) for one in open_support(pupil).profiles]
    first = (page.number - 1) * page.size
    return ResourceRows(rows[first : first + page.size], len(rows), _noted("one_page_profile", pupil))


@support.records(PROFILES, scope="pupils:write", takes=OnePageProfileBody, makes=("profile",))
def write_profile(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record a one-page profile that was written today. Earlier ones are kept."""
    new = asked.new_id("profile")
    asked.perform(WriteOnePageProfile(occurred_on=runtime().today(), pupil=pupil, profile=new, **typed))
    return RecordingResult({"profile": new}, f"/pupils/{pupil}/one-page-profile")


def _of(pupil: UUID, support: UUID) -> RecordingResult:
    return RecordingResult({"support": support}, f"/pupils/{pupil}/support/{support}")


def _noted(kind: str, pupil: UUID) -> ReadLogNote:
    role = viewer().role
    if role in AGENCY_DESK:
        return ReadLogNote(kind, [pupil], "disclosed")
    return ReadLogNote(kind, [pupil], "held_by_authority" if role in CASEWORKER_DESK else "own_pupil")
