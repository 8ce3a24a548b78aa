"""Who the pupil is, their language wish and their year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import require_not_in_future, require_staff
from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.profile.commands import ChangeIdentity, RecordLanguageWish, RecordYear
from coordination.pupil.profile.decisions.checks import require_known_code, require_not_overtaken
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    IdentityChanged,
    LanguageWishRecorded,
    YearRecorded,
)
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_change_identity(
    case: CaseFile, command: ChangeIdentity, header: Header, world: World
) -> list[AnyProfileEvent]:
    """The whole identity after the change; the earlier one stays on the record."""
    require_staff(header, case.profile.schools())
    require_not_overtaken(case, "identity", command.seen)
    require_not_in_future(header, command.date_of_birth, "date_of_birth")
    require_known_code(world, "sex", command.sex, command.occurred_on, "sex")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    return [
        IdentityChanged(
            header=header,
            upn=command.upn,
            surname=command.surname,
            forename=command.forename,
            date_of_birth=command.date_of_birth,
            sex=command.sex,
            language=command.language,
            why=command.why,
        )
    ]


def decide_language_wish(
    case: CaseFile, command: RecordLanguageWish, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    require_not_overtaken(case, "language_wish", command.seen)
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    return [LanguageWishRecorded(header=header, language=command.language)]


def decide_year(case: CaseFile, command: RecordYear, header: Header, world: World) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    require_not_overtaken(case, "year", command.seen)
    if not -2 <= command.year <= 14:
        raise Refusal("year_out_of_range", "year", year=command.year)
    return [] if case.profile.year == command.year else [YearRecorded(header=header, year=command.year)]
