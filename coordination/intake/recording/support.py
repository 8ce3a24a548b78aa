"""Rows of support and of one-page profiles, as commands of the school whose file it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from coordination.intake.recording.identity import command_id, new_id
from coordination.intake.recording.outcomes import ImportResult, RowOutcome, all_outcomes, problem_of_refusal
from coordination.intake.recording.saves import save_groups
from coordination.intake.support import ImportedSupportRow, Kind, ParsedSupportFile
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.one_page_profile.decide import WriteOnePageProfile
from coordination.pupil.support.commands import EndSupport, ReviewSupport, StartSupport
from coordination.pupil.support.events import ReviewVoice, Voice
from coordination.service import Batch, Coordination

FIELDS = {"occurred_on": "started_on", "voices": "child_words"}
OPTIONAL = ("need", "programme", "measure", "unit", "starting_point", "review_on")


def record_support(
    service: Coordination,
    file: ParsedSupportFile,
    kind: Kind,
    school: UUID,
    *,
    now: datetime,
    preview: bool = False,
) -> ImportResult:
    """Record what a file says at an instant, or (`preview`) say what that would do. A row is taken whole or not at all;
    the same row again changes nothing. Rows are refused with the codes of the reader and of the decisions, and with
    `unknown_upn` and `pupil_not_at_school`."""
    recording = _SupportRecorder(service, kind, school, now)
    taken = list(save_groups(service, file.rows, recording, preview=preview))
    return all_outcomes(taken, file.problems, file.numbers)


class _SupportRecorder:
    """The recording of one file for one school."""

    def __init__(self, service: Coordination, kind: Kind, school: UUID, now: datetime) -> None:
        self.record = service.record
        self.kind = kind
        self.school = school
        self.now = now
        self._pupils: dict[str, UUID] = {}

    def prepare(self, batch: Batch, groups: Sequence[ImportedSupportRow]) -> None:
        """Looks up the pupils of these rows and reads their streams."""
        self._pupils = self.record.pupils_by_upn([row.upn for row in groups])
        batch.prefetch(PUPIL_STREAM, list(self._pupils.values()))

    def take(self, batch: Batch, group: ImportedSupportRow) -> list[RowOutcome]:
        """Records one row, unless it is on the record."""
        pupil = self._pupils.get(group.upn)
        if pupil is None:
            raise Refusal("unknown_upn", "upn")
        case = batch.state(PUPIL_STREAM, pupil)
        if self.school not in case.profile.schools():
            raise Refusal("pupil_not_at_school", "upn")
        said = (self.school, group.upn, *(str(value) for value in group.values.values()))
        thing = new_id(self.record.outer, self.kind, *said)
        if (
            thing in case.support.given
            or thing in case.support.in_error
            or thing in case.one_page_profiles.written
        ):
            return [RowOutcome(group.row, "unchanged")]
        commands = (
            self._support(pupil, thing, group)
            if self.kind == "support"
            else self._profile(pupil, thing, group)
        )
        for number, command in enumerate(commands):
            id = command_id(self.record.outer, self.kind, *said, number)
            batch.fresh(OPERATOR, id)
            batch.perform(command, self._order(id))
        return [RowOutcome(group.row, "new")]

    def refuse(self, group: ImportedSupportRow, refused: Refusal) -> list[RowOutcome]:
        """The row with why it was refused."""
        problem = problem_of_refusal(group.row, refused, FIELDS if self.kind == "support" else {})
        return [RowOutcome(group.row, "refused", problems=(problem,))]

    def _support(self, pupil: UUID, support: UUID, row: ImportedSupportRow) -> Iterator[Command]:
        values: dict[str, Any] = dict(row.values)
        if values["level"] not in ("1", "2", "3"):
            raise Refusal("unknown_support_level", "level")
        about: dict[str, Any] = {"pupil": pupil, "support": support}
        yield StartSupport(
            occurred_on=values["started_on"],
            level=int(values["level"]),
            activity=values["activity"],
            aim=values["aim"],
            ends_by=values["ends_by"],
            **{name: values[name] for name in OPTIONAL},
            **about,
        )
        if values["reviewed_on"] is not None:
            yield ReviewSupport(
                occurred_on=values["reviewed_on"],
                outcome=values["outcome"] or "cannot_tell",
                voices=_voices(values),
                next_step="go_on",
                **about,
            )
        if values["ended_on"] is not None:
            yield EndSupport(occurred_on=values["ended_on"], reason=values["reason"] or "other", **about)

    def _profile(self, pupil: UUID, profile: UUID, row: ImportedSupportRow) -> Iterator[Command]:
        values = dict(row.values)
        yield WriteOnePageProfile(
            occurred_on=values["written_on"] or local_date(self.now),
            pupil=pupil,
            profile=profile,
            occasion=values["occasion"],
            language=values["language"] or "en",
            with_child=values["with_child"],
            important=values["important"],
            admired=values["admired"],
            support=values["support"],
        )

    def _order(self, id: str) -> CommandContext:
        return CommandContext(
            person=OPERATOR,
            organisation=OPERATOR,
            role="operator",
            source="import",
            command_id=id,
            recorded_at=self.now,
            on_behalf_of=self.school,
        )


def _voices(values: dict[str, Any]) -> tuple[ReviewVoice, ...]:
    language = values["language"] or "en"
    return tuple(
        ReviewVoice(voice, words, language)
        for voice in get_args(Voice)
        if (words := values[f"{voice}_words"])
    )
