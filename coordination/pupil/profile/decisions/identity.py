"""Who the pupil is, their language wish and their year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import CASEWORKER_ROLES, acting_organisation, require_not_in_future
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_words, strip_text
from coordination.pupil.ages import OLDEST, YOUNGEST
from coordination.pupil.holders import require_holder
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    KeepIdentity,
    RecordLanguageWish,
    RecordLeadingSchool,
    RecordYear,
)
from coordination.pupil.profile.decisions.checks import (
    require_a_name,
    require_known_code,
    require_leading_school,
    require_not_overtaken,
)
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    IdentityChanged,
    IdentityKept,
    LanguageWishRecorded,
    LeadingSchoolRecorded,
    YearRecorded,
)
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_change_identity(
    case: CaseFile, command: ChangeIdentity, header: Header, world: World
) -> list[AnyProfileEvent]:
    """The whole identity after the change; the earlier one stays on the record. For the leading school only. Refuses
    `name_missing` where both names are empty."""
    require_leading_school(case, header)
    require_not_overtaken(case, "identity", command.seen)
    require_a_name(command.surname, command.forename)
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
            middle_names=strip_text(command.middle_names),
            preferred_surname=strip_text(command.preferred_surname),
            preferred_forename=strip_text(command.preferred_forename),
            former_surname=strip_text(command.former_surname),
        )
    ]


def decide_keep_identity(
    case: CaseFile, command: KeepIdentity, header: Header, world: World
) -> list[AnyProfileEvent]:
    """The record is right, and a different description is not. By the leading school; about a pupil who resembles one
    of another school, by the caseworker of the authority of one of the pupil's schools."""
    if header.role in CASEWORKER_ROLES:
        schools = case.profile.schools() | {case.profile.last_school()}
        authorities = {world.directory.authority_of(school) for school in schools if school}
        if acting_organisation(header) not in authorities:
            raise NotFound
    else:
        require_leading_school(case, header)
    return [IdentityKept(header=header, refused=command.refused, why=require_words(command.why, "why"))]


def decide_leading_school(
    case: CaseFile, command: RecordLeadingSchool, header: Header, world: World
) -> list[AnyProfileEvent]:
    """One school leads from the day of the command; the school that leads so far says so. Refuses `not_on_roll` for a
    school without the pupil on its roll; of the school that leads already, nothing is recorded."""
    require_leading_school(case, header)
    require_not_overtaken(case, "leading_school", command.seen)
    require_not_in_future(header, command.occurred_on)
    if command.school not in case.profile.schools():
        raise Refusal("not_on_roll", "school")
    if command.school == case.profile.leading_school():
        return []
    return [LeadingSchoolRecorded(header=header, school=command.school)]


def decide_language_wish(
    case: CaseFile, command: RecordLanguageWish, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_holder(case.profile, header)
    require_not_overtaken(case, "language_wish", command.seen)
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    return [LanguageWishRecorded(header=header, language=command.language)]


def decide_year(case: CaseFile, command: RecordYear, header: Header, world: World) -> list[AnyProfileEvent]:
    """The year group from a day on, where it is not the one that follows from the date of birth."""
    require_holder(case.profile, header)
    require_not_overtaken(case, "year", command.seen)
    if not YOUNGEST <= command.year <= OLDEST:
        raise Refusal("year_out_of_range", "year", year=command.year)
    if case.profile.year_group(command.occurred_on) == command.year:
        return []
    return [YearRecorded(header=header, year=command.year)]
