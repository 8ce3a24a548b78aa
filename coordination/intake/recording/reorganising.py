"""Schools that close or merge, and services that move or close, as a directory file says it: commands and warnings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from coordination.directory.commands import CloseOrganisation, CloseService, MoveService, ReceiveService
from coordination.directory.state import Directory, Organisation, Service
from coordination.errors import Refusal
from coordination.event import Command
from coordination.intake.directory_items import ImportedSchool, ImportedService
from coordination.intake.problems import RowProblem, warning


def moving(known: Service, agency: Organisation, item: ImportedService, today: date) -> list[Command]:
    """A known service listed under another agency moves there, on the `open_from` of the file or today."""
    if known.agency == agency.id:
        return []
    on = item.open_from or today
    return [
        MoveService(occurred_on=on, organisation=known.agency, service=known.id, to_agency=agency.id),
        ReceiveService(occurred_on=on, organisation=agency.id, service=known.id, from_agency=known.agency),
    ]


def closing_service(
    known: Service | None, id: UUID, agency: UUID, item: ImportedService, directory: Directory, today: date
) -> list[Command]:
    """The last day of a service, where the file gives one that differs, and which service takes on what waits. Raises
    Refusal `unknown_service` for one that is not in the directory."""
    if item.open_to is None:
        return []
    if known is None and item.inherited_by is None:
        return []  # it was registered with its last day
    inheritor = directory.service_by_code(item.inherited_by) if item.inherited_by else None
    if item.inherited_by and inheritor is None:
        raise Refusal("unknown_service", "inherited_by")
    inherited_by = inheritor.id if inheritor else (known.inherited_by if known else None)
    return [
        CloseService(
            occurred_on=today,
            organisation=agency,
            service=id,
            open_to=item.open_to,
            inherited_by=inherited_by,
        )
    ]


def closing_school(
    school: Organisation | None, id: UUID, item: ImportedSchool, directory: Directory, today: date
) -> list[Command]:
    """The last day of a school, and the school that has its pupils afterwards. A file without a last day leaves a
    school as it is. Raises Refusal `unknown_school` for a merger with one that is not in the directory."""
    if item.effective_to is None:
        return []
    into = directory.by_code("school", item.merged_into) if item.merged_into else None
    if item.merged_into and into is None:
        raise Refusal("unknown_school", "merged_into")
    merged_into = into.id if into else (school.merged_into if school else None)
    return [
        CloseOrganisation(
            occurred_on=today,
            organisation=id,
            effective_to=item.effective_to,
            merged_into=merged_into,
        )
    ]


def warnings_of(
    place: str, what: tuple[str, ...], item: object, directory: Directory
) -> Iterator[RowProblem]:
    """What follows for pupils and referrals, so that the preview of a file says it before anything is recorded."""
    match item:
        case ImportedSchool() if {"effective_to", "merged_into"} & set(what):
            school = directory.by_code("school", item.number)
            into = directory.organisation(school.merged_into) if school else None
            where = f"{place}.effective_to"
            if into is None:
                yield warning(0, where, "pupils_go_to_authority", on=item.effective_to)
            else:
                yield warning(0, where, "pupils_go_to_school", on=item.effective_to, school=into.name)
        case ImportedService() if "agency" in what:
            agency = directory.by_code("agency", item.agency)
            yield warning(
                0, f"{place}.agency", "referrals_go_with_service", agency=agency.name if agency else ""
            )
        case ImportedService() if {"open_to", "inherited_by"} & set(what) and item.open_to is not None:
            service = directory.service_by_code(item.code)
            heir = directory.service(service.inherited_by) if service else None
            if heir is None:
                yield warning(0, f"{place}.open_to", "nobody_takes_on_referrals", on=item.open_to)
            else:
                yield warning(
                    0, f"{place}.open_to", "referrals_are_inherited", on=item.open_to, service=heir.code
                )
        case _:
            return
