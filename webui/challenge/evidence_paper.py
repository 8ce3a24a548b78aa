"""The evidence of a challenge as a paper: invitations, register, minutes, clocks, disputes with rulings, and its
history. It names no pupil."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.outbox.message import case_reference
from projections.attendance.queries import MeetingDetails
from projections.challenges.queries import Dossier, MeetingEvidence
from projections.waiting_times.queries import WaitEntry, WaitHistory
from webui.challenge.reading import ChallengePage
from webui.challenge.words import RULINGS
from webui.papers.paper import Block, Facts, Heading, Paper, PaperTable, Paragraph
from webui.papers.words import head_words, page_words
from webui.reports.attendance_words import ANSWERS, UNEXPECTED, mark_words
from webui.words.codes import milestone_name, word_for
from webui.words.formats import day, instant, number
from webui.words.naming import organisation_name, service_name


class ChallengeEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """All that the evidence of a challenge is read from: the challenge, opened; its meetings and waits by id, where
    they can still be read."""

    page: ChallengePage
    meetings: Mapping[UUID, MeetingDetails]
    waits: Mapping[UUID, WaitHistory]

    @property
    def dossier(self) -> Dossier:
        return self.page.dossier


def evidence_paper(found: ChallengeEvidence, language: str) -> Paper:
    """The paper in the language in force for its words, which `language` ("en" or "cy") names."""
    c = found.dossier.challenge
    blocks: list[Block] = [Facts(tuple(_parties(found)))]
    if c.about == "attendance":
        blocks += _invitations(found)
        blocks += _register(found)
    else:
        blocks += _clocks(found)
    blocks += _disputes(found)
    blocks += _steps(found)
    return Paper(
        title=_("Evidence of challenge %(reference)s", reference=case_reference(c.challenge)),
        language=language,
        author=organisation_name(c.school),
        blocks=tuple(blocks),
        evidence=head_words(),
        page=page_words(),
        wide=True,
    )


def _parties(found: ChallengeEvidence) -> Iterable[tuple[str, str]]:
    c = found.dossier.challenge
    yield _("School"), organisation_name(c.school)
    yield _("Agency"), organisation_name(c.agency)
    yield _("Service"), service_name(c.service)
    yield _("Raised"), day(c.raised_on)
    if c.sent_on:
        yield _("Sent"), day(c.sent_on)


def _invitations(found: ChallengeEvidence) -> Iterable[Block]:
    yield Heading(_("Invitations and deliveries"))
    yield PaperTable(
        caption=_("Invitations"),
        columns=(
            _("Meeting"),
            _("Invited"),
            _("Delivered"),
            _("Notice, working days"),
            _("Notice required"),
            _("Expected"),
            _("Answer before the meeting"),
        ),
        rows=tuple(_invitation(found, line) for line in found.dossier.lines),
        figures=(3, 4),
    )


def _invitation(found: ChallengeEvidence, line: MeetingEvidence) -> tuple[str, ...]:
    meeting = found.meetings.get(line.raised.meeting)
    service = found.dossier.challenge.service
    seat = next((s for s in meeting.seats if s.service == service), None) if meeting else None
    delivered = "–"
    if seat is not None and seat.invited_on:
        delivered = _("not delivered") if seat.undelivered else _("no failure recorded")
    expected = _("expected") if line.raised.expected else _("not expected")
    if line.raised.because:
        expected = f"{expected}: {UNEXPECTED[line.raised.because]}"
    return (
        day(line.raised.held_on),
        day(line.invited_on) or "–",
        delivered,
        _count(line.notice),
        _count(line.notice_required),
        expected,
        str(ANSWERS[line.answer]) if line.answer else _("none") if line.invited_on else "–",
    )


def _register(found: ChallengeEvidence) -> Iterable[Block]:
    yield Heading(_("Register and minutes"))
    yield PaperTable(
        caption=_("Marks used as evidence"),
        columns=(
            _("Meeting"),
            _("Mark when it was raised"),
            _("Mark now"),
            _("Minutes final"),
            _("Version of the minutes"),
            _("Approved version"),
        ),
        rows=tuple(_mark(found, line) for line in found.dossier.lines),
        figures=(4, 5),
    )
    marked = [row for line in found.dossier.lines for row in _markings(found, line)]
    if marked:
        yield PaperTable(
            caption=_("Every marking of the service"),
            columns=(
                _("Meeting"),
                _("Mark"),
                _("Recorded"),
                _("Corrects version"),
                _("After the minutes were final"),
            ),
            rows=tuple(marked),
        )


def _mark(found: ChallengeEvidence, line: MeetingEvidence) -> tuple[str, ...]:
    meeting = found.meetings.get(line.raised.meeting)
    brief = meeting.brief if meeting else None
    return (
        day(line.raised.held_on),
        mark_words(line.raised.mark),
        mark_words(line.now.counts_as),
        day(brief.finalised_on) or "–" if brief else "–",
        _count(brief.minutes_version if brief else None),
        _count(brief.approved_version if brief else None),
    )


def _markings(found: ChallengeEvidence, line: MeetingEvidence) -> Iterable[tuple[str, ...]]:
    meeting = found.meetings.get(line.raised.meeting)
    service = found.dossier.challenge.service
    for seat in meeting.seats if meeting else ():
        for one in seat.markings if seat.service == service else ():
            yield (
                day(line.raised.held_on),
                mark_words(one.mark),
                instant(one.recorded_at),
                _count(one.supersedes),
                "✓" if one.afterwards else "–",
            )


def _clocks(found: ChallengeEvidence) -> Iterable[Block]:
    yield Heading(_("Clocks"))
    yield PaperTable(
        caption=_("Waits when it was raised"),
        columns=(
            _("Referral"),
            _("Clock started"),
            _("Last day within the limit"),
            _("Days waited"),
            _("Stopped"),
        ),
        rows=tuple(
            (
                case_reference(one.referral),
                day(one.started_on),
                day(one.due_on) or "–",
                number(one.elapsed),
                day(one.stopped_on) or "–",
            )
            for one in found.dossier.waits
        ),
        figures=(3,),
    )
    for one in found.dossier.waits:
        history = found.waits.get(one.referral)
        if history is None:
            continue
        rows = tuple(_entry(entry) for entry in history.entries)
        if rows:
            yield PaperTable(
                caption=_("Entries of referral %(reference)s", reference=case_reference(one.referral)),
                columns=(_("Entry"), _("Happened"), _("Recorded"), _("Stated by"), _("Counts")),
                rows=rows,
            )


def _entry(entry: WaitEntry) -> tuple[str, ...]:
    return (
        str(milestone_name(entry.kind)),
        day(entry.occurred_on),
        instant(entry.recorded_at),
        organisation_name(entry.organisation),
        "✓" if entry.counts else "–",
    )


def _disputes(found: ChallengeEvidence) -> Iterable[Block]:
    if not found.page.contests:
        return
    yield Heading(_("Disputes and rulings"))
    for one in found.page.contests:
        about = one.dispute
        on = day(one.line.raised.held_on) if one.line else "–"
        yield Paragraph(
            _(
                "The meeting of %(day)s. The agency says, %(disputed)s: %(claims)s.",
                day=on,
                disputed=day(about.disputed_on),
                claims=mark_words(about.claims),
            )
        )
        if one.why:
            yield Paragraph(one.why, lead=_("Reason:"))
        if about.ruling is None:
            yield Paragraph(_("No ruling yet."), quiet=True)
            continue
        yield Paragraph(
            _(
                "Ruling of %(day)s, %(organisation)s: %(ruling)s. The mark is %(mark)s.",
                day=day(about.ruled_on),
                organisation=organisation_name(about.ruled_at),
                ruling=str(word_for(RULINGS, about.ruling)),
                mark=mark_words(one.line.now.counts_as) if one.line else "–",
            )
        )
        if one.reasons:
            yield Paragraph(one.reasons, lead=_("Reasons:"))


def _steps(found: ChallengeEvidence) -> Iterable[Block]:
    yield Heading(_("History"))
    yield PaperTable(
        caption=_("Every step"),
        columns=(_("Step"), _("Happened"), _("Recorded"), _("Words")),
        rows=tuple(
            (one.words, day(one.step.occurred_on), instant(one.step.recorded_at), one.text or "–")
            for one in found.page.events
        ),
    )


def _count(value: int | None) -> str:
    return "–" if value is None else number(value)
