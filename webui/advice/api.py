"""Advice conversations: recorded, answered, linked, counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from coordination.advice.commands import (
    AnswerAdvice,
    AskAdvice,
    AskAdviceAboutPupil,
    LinkAdvice,
    StrikeAdvice,
)
from projections.advice import queries
from projections.advice.counting import DAYS, OUTCOMES, AdviceCounts
from projections.advice.queries import AdviceAsk, AdviceCriteria, AdviceSummary
from webui.advice.forms import StrikeAdviceSchema
from webui.advice.reading import OpenedAdvice, at_the_agency, open_advice
from webui.advice.words import ANSWERS, CHANNELS, GROUPINGS
from webui.api.derived import fields_of
from webui.api.narrowing import ids_in
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField, closed_schema
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import ChoiceField, DateField, LongTextField, WholeNumberField
from webui.reports.days import span_of_a_year
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

advice = Resource(
    "advice",
    "Advice conversations: calls, emails, drop-in sessions and clinics in which a school asks a service. The school "
    "that asked and the service that was asked see them, and both record them. Without a pupil no agreement is needed; "
    "with a pupil the service must have a basis that is in force.",
)

ONE = "/advice/<uuid:advice>"
CHANNEL_CODES = tuple((code, code) for code in CHANNELS)
ANSWER_CODES = tuple((code, code) for code in ANSWERS)


class AdviceListQuery(ClosedSchema):
    """Filters for the list."""

    service = IdField("Only this service", required=False)
    school = IdField("Only this school", required=False)
    pupil = IdField("Only about this pupil", required=False)
    answered = ChoiceField("Only those without an answer (no)", choices=(("no", "no"),), required=False)


class AskAdviceBody(ClosedSchema):
    """A conversation. `pupil`: the pupil it was about, if named. With `answer`, it was answered at once."""

    school = IdField(_l("School"))
    service = IdField(_l("Service"))
    channel = ChoiceField("How they spoke", choices=CHANNEL_CODES)
    occurred_on = DateField("The date of the conversation")
    question = LongTextField("What was asked", longest=2000, required=False)
    answer = ChoiceField("What the service advised", choices=ANSWER_CODES, required=False)
    other_service = IdField("Which other service, where that is the answer", required=False)
    words = LongTextField("The advice in a few words", longest=2000, required=False)
    pupil = IdField("The pupil it was about", required=False)


class AnswerAdviceBody(ClosedSchema):
    """What the service advised."""

    occurred_on = DateField("The date of the answer")
    answer = ChoiceField("What the service advised", choices=ANSWER_CODES)
    other_service = IdField("Which other service, where that is the answer", required=False)
    words = LongTextField("The advice in a few words", longest=2000, required=False)


class LinkAdviceBody(ClosedSchema):
    """The pupil it was about, and the referral it led to."""

    pupil = IdField("The pupil it was about")
    referral = IdField("The referral it led to", required=False)


StrikeAdviceBody = closed_schema(StrikeAdviceSchema)


class AdviceSchema(Schema):
    """A conversation. `pupil` null: no name is recorded. `reported`: the answer is as the school reports it."""

    class Meta(Schema.Meta):
        include = fields_of(
            AdviceSummary,
            *(
                "advice",
                "school",
                "agency",
                "service",
                "channel",
                "asked_on",
                "by_service",
                "named",
                "answered_on",
            ),
            *("answer", "other_service", "reported", "pupil", "referral"),
        )


class OpenedAdviceSchema(AdviceSchema):
    """A conversation with what was said (null: not recorded, or erased)."""

    question = fields.String(required=True, allow_none=True)
    words = fields.String(required=True, allow_none=True)


class AdviceReportQuery(ClosedSchema):
    """Which conversations are counted, and on which day."""

    from_on = DateField("The first day (default: twelve months before today)", required=False)
    to_on = DateField("The last day (default: the value of `as_of`)", required=False)
    as_of = DateField("Count what had happened by this date (default: today)", required=False)
    service = IdField("Only this service", required=False)
    school = IdField("Only this school", required=False)
    by = ChoiceField("What to compare", choices=[(by, by) for by in GROUPINGS], required=False)
    days = WholeNumberField(
        f"A referral within so many days followed (default: {DAYS})", least=1, most=730, required=False
    )


class AdviceGroupSchema(Schema):
    """One group; `key` is a service's or school's code, a month such as 2026-03, or "all". Every conversation is in
    exactly one of the counts after `asked`. `percent_no_referral`: of `referred` and `no_referral`; null for fewer
    than five."""

    key = fields.String(required=True)

    class Meta(Schema.Meta):
        include = fields_of(AdviceCounts, "asked", *OUTCOMES)

    percent_no_referral = fields.Float(required=True, allow_none=True)


class AdviceReportSchema(Schema):
    """The counts. `days`: a referral within so many days followed."""

    by = fields.String(required=True)
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    as_of = fields.Date(required=True)
    days = fields.Integer(required=True)
    groups = fields.List(fields.Nested(AdviceGroupSchema), required=True)
    total = fields.Nested(AdviceGroupSchema, required=True)
    log_position = fields.Integer(required=True)
    parked = fields.Integer(required=True)


@advice.lists("/advice", scope="advice:read", query=AdviceListQuery, answers=AdviceSchema)
def listed_advice(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List conversations, the newest first."""
    ids = ids_in(AdviceListQuery, query, "service", "school")
    pupil = query["pupil"]
    ask = AdviceAsk(
        **ids,
        pupils=(UUID(pupil),) if pupil else None,
        open=query["answered"] == "no",
        page=page.number,
        size=page.size,
    )
    found = queries.advice_list(casework.reader(), viewer(), ask)
    return ResourceRows(found.rows, found.total, _noted("advice_list", found.rows))


@advice.shows(ONE, scope="advice:read", answers=OpenedAdviceSchema)
def one_advice(advice: UUID) -> ResourceView:
    """Get a conversation."""
    opened = open_advice(advice)
    return ResourceView(_document(opened), opened.advice.last_version)


@advice.records("/advice", scope="advice:write", takes=AskAdviceBody, makes=("advice",))
def ask_advice(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Record a conversation, with its answer if there is one."""
    new = asked.new_id("advice")
    about: dict[str, Any] = {
        **typed,
        "advice": new,
        "school": UUID(typed["school"]),
        "service": UUID(typed["service"]),
        "other_service": _uuid(typed["other_service"]),
    }
    pupil = _uuid(about.pop("pupil"))
    asked.perform(AskAdvice(**about) if pupil is None else AskAdviceAboutPupil(**about, pupil=pupil))
    return _of(new)


@advice.records(
    f"{ONE}/answer", scope="advice:write", takes=AnswerAdviceBody, makes=("advice",), thing=one_advice
)
def answer_advice(typed: dict[str, Any], asked: RecordRequest, advice: UUID) -> RecordingResult:
    """Record what the service advised: its own answer, or as the school reports it."""
    about = {**typed, "other_service": _uuid(typed["other_service"])}
    asked.perform(AnswerAdvice(advice=advice, seen=asked.seen, **about))
    return _of(advice)


@advice.records(
    f"{ONE}/link", scope="advice:write", takes=LinkAdviceBody, makes=("advice",), thing=one_advice
)
def link_advice(typed: dict[str, Any], asked: RecordRequest, advice: UUID) -> RecordingResult:
    """Link a conversation to the pupil it was about, or to the referral it led to."""
    asked.perform(
        LinkAdvice(
            occurred_on=runtime().today(),
            advice=advice,
            seen=asked.seen,
            pupil=UUID(typed["pupil"]),
            referral=_uuid(typed["referral"]),
        )
    )
    return _of(advice)


@advice.records(
    f"{ONE}/strike", scope="advice:write", takes=StrikeAdviceBody, makes=("advice",), thing=one_advice
)
def strike_advice(typed: dict[str, Any], asked: RecordRequest, advice: UUID) -> RecordingResult:
    """Record that a conversation was recorded in error. It no longer counts."""
    asked.perform(
        StrikeAdvice(occurred_on=runtime().today(), advice=advice, seen=asked.seen, why=typed["why"])
    )
    return _of(advice)


@advice.shows(
    "/reports/advice", scope="advice:read", query=AdviceReportQuery, answers=AdviceReportSchema, tagged=False
)
def counted_advice(query: dict[str, Any]) -> ResourceView:
    """Get how often advice was asked, and after how much of it no referral followed."""
    today = runtime().today()
    as_of = query["as_of"] or today
    ask = AdviceCriteria(
        first=query["from_on"] or span_of_a_year(today)["from_on"],
        last=query["to_on"] or as_of,
        as_of=as_of,
        by=query["by"] or "service",
        days=query["days"] or DAYS,
        **ids_in(AdviceReportQuery, query, "service", "school"),
    )
    found = queries.advice_report(casework.reader(), viewer(), directory(), ask)
    casework.note_shown("advice_report", [], "own_figures")
    return ResourceView(
        {
            "by": found.by,
            "from_on": found.first,
            "to_on": found.last,
            "as_of": found.as_of,
            "days": found.days,
            "groups": [_group(group.key, group.counts) for group in found.groups],
            "total": _group("all", found.total),
            "log_position": found.log_position,
            "parked": found.parked,
        }
    )


def _group(key: str, counts: AdviceCounts) -> dict[str, Any]:
    named = ("asked", *OUTCOMES, "percent_no_referral")
    return {"key": key, **{name: getattr(counts, name) for name in named}}


def _document(opened: OpenedAdvice) -> dict[str, Any]:
    said = {one.entry.topic: one.words for one in opened.entries}
    plain = {
        name: getattr(opened.advice, name) for name in AdviceSummary.__struct_fields__ if name != "identity"
    }
    return plain | {"question": said.get("advice.asked"), "words": said.get("advice.answered")}


def _noted(kind: str, rows: tuple[AdviceSummary, ...]) -> ReadLogNote:
    pupils = [row.pupil for row in rows if row.pupil is not None]
    return ReadLogNote(kind, pupils, "disclosed" if at_the_agency() else "own_pupil")


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _of(advice: UUID) -> RecordingResult:
    return RecordingResult({"advice": advice}, f"/advice/{advice}")
