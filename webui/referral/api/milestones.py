"""The milestones of a referral: recording, correcting, striking out, confirming and contesting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    RaiseImmediateRisk,
    RecordMilestone,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.pupil.referral.milestones import MISSED
from coordination.pupil.referral.phase import DatedMilestone
from webui.api.reading import DocumentReader, field_problem
from webui.api.resource import RecordingResult, RecordRequest
from webui.referral import commands
from webui.referral.api import bodies as forms
from webui.referral.api.referrals import find_referral, one, recording_result, referrals
from webui.referral.choices import choices_of
from webui.referral.next_steps import can_only_report, is_answerable, is_correctable
from webui.referral.reading import OpenedReferral
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK


@referrals.records(
    "/referrals/<uuid:referral>/milestones",
    scope="referrals:write",
    takes=forms.MilestoneBody,
    described_body=forms.milestone_body_schema(),
    makes=("pupil", "referral", "entry"),
    thing=one,
)
def record(typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Record a milestone: what an agency or school did, or (with `reported_by`) what an agency told the school.

    Times are in Wales.
    """
    opened = _acting(referral)
    return _recorded(opened, asked, _command(opened, asked, typed, forms.MilestoneBody()))


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/correct",
    scope="referrals:write",
    takes=lambda: forms.MilestoneBody(correcting=True),
    described_body=forms.milestone_body_schema(correcting=True),
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def correct(typed: dict[str, Any], asked: RecordRequest, referral: UUID, entry: int) -> RecordingResult:
    """Correct an entry. Both versions stay visible. The milestone must stay the same, or be another type of missed
    appointment."""
    opened = _acting(referral)
    wrong = _entry_of(opened, entry, is_correctable)
    schema = forms.MilestoneBody(correcting=True)
    if typed["milestone"] != wrong.name and not {typed["milestone"], wrong.name} <= MISSED:
        raise field_problem(schema, "milestone", "not_offered")
    return _recorded(opened, asked, _command(opened, asked, typed, schema, supersedes=entry))


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/strike",
    scope="referrals:write",
    takes=forms.StrikeBody,
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def strike(typed: dict[str, Any], asked: RecordRequest, referral: UUID, entry: int) -> RecordingResult:
    """Strike out an entry made in error. It stays visible but no longer counts."""
    opened = _acting(referral)
    _entry_of(opened, entry, is_correctable)
    command = StrikeEntry(
        occurred_on=viewer().today, seen=asked.seen, **commands.referral_ids(opened), entry=entry, **typed
    )
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/confirm",
    scope="referrals:write",
    takes=forms.ConfirmBody,
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def confirm(typed: dict[str, Any], asked: RecordRequest, referral: UUID, entry: int) -> RecordingResult:  # noqa: ARG001
    """Confirm what a school reported about your agency."""
    opened = _acting(referral)
    _entry_of(opened, entry, is_answerable)
    command = ConfirmMilestone(
        occurred_on=viewer().today, seen=asked.seen, **commands.referral_ids(opened), milestone=entry
    )
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/contest",
    scope="referrals:write",
    takes=forms.ContestBody,
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def contest(typed: dict[str, Any], asked: RecordRequest, referral: UUID, entry: int) -> RecordingResult:
    """Contest what a school reported about your agency, and say what is right."""
    opened = _acting(referral)
    _entry_of(opened, entry, is_answerable)
    command = ContestMilestone(
        occurred_on=viewer().today, seen=asked.seen, **commands.referral_ids(opened), milestone=entry, **typed
    )
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/unavailable",
    scope="referrals:write",
    takes=forms.UnavailableBody,
    makes=("pupil", "referral", "entry"),
    thing=one,
)
def unavailable(typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Record that the family asked to wait. These days are left out of the adjusted figure only."""
    opened = _acting(referral)
    command = RecordUnavailability(
        occurred_on=viewer().today, seen=asked.seen, **commands.referral_ids(opened), **typed
    )
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/immediate-risk",
    scope="referrals:write",
    takes=forms.RiskBody,
    makes=("pupil", "referral", "entry"),
)
def risk(typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Raise immediate risk: who was told and when. It is recorded even if the referral has changed, so it needs no
    If-Match."""
    opened = _acting(referral)
    command = RaiseImmediateRisk(
        occurred_on=viewer().today,
        **commands.referral_ids(opened),
        told=tuple(typed["told"]),
        told_at=commands.told_instant(typed),
        concern=typed["concern"],
    )
    return _recorded(opened, asked, command)


def _acting(referral: UUID) -> OpenedReferral:
    """The referral, for an organisation that may record something about it. Raises NotFound."""
    if viewer().role not in (*SCHOOL_DESK, *AGENCY_DESK):
        raise NotFound
    return find_referral(referral)


def _command(
    opened: OpenedReferral,
    asked: RecordRequest,
    typed: dict[str, Any],
    schema: DocumentReader,
    supersedes: int | None = None,
) -> RecordMilestone:
    milestone = typed["milestone"]
    forms.check_reported(schema, typed, reported=can_only_report(opened, milestone))
    choices = choices_of(opened, milestone)
    if "chosen" in typed:
        typed["chosen"] = forms.same_instant(typed["chosen"], choices["chosen"])
    forms.check_offered(schema, typed, choices)
    return commands.command_of(opened, asked, milestone, typed, supersedes=supersedes)


def _entry_of(
    opened: OpenedReferral, version: int, may: Callable[[OpenedReferral, DatedMilestone], bool]
) -> DatedMilestone:
    """An entry to which the token's organisation may do this. Raises NotFound, Refusal `entry_superseded`."""
    step = next((s for s in opened.held.steps if s.version == version), None)
    entry = next((e for e in opened.file.entries if e.version == version), None)
    if step is None or entry is None or not may(opened, step):
        raise NotFound
    if entry.superseded_by is not None:
        raise Refusal("entry_superseded")
    return step


def _recorded(opened: OpenedReferral, asked: RecordRequest, command: Command) -> RecordingResult:
    version = asked.perform(command).version
    return recording_result(opened.pupil, opened.referral, version)
