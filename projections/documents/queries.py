"""The documents that the viewer may see. Whether a thing is not there or not theirs looks the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.desk.read_log import Cited
from coordination.errors import NotFound
from coordination.pupil.documents.events import AttachedTo, DocumentAttached
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader

# A disclosure of a document is cited where the viewer's agency reads it on that.
DOCUMENTS = """
select d.*, coalesce(array_agg(g.pupil) filter (where g.version is not null), '{}') as cited_pupils,
       coalesce(array_agg(g.version) filter (where g.version is not null), '{}') as cited_versions
from (
    select document, array[pupil] as pupils, attached_to, thing, organisation, service, person, attached_on, size,
           media_type, data_class, requirement, sealed
    from read.document
    union all
    select document, pupils, attached_to, challenge, organisation, service, person, attached_on, size, media_type,
           data_class, null, sealed
    from read.challenge_document
) d
left join read.disclosure g on g.ground = d.document and g.agency = %(organisation)s
where (%(thing)s::uuid is null or d.thing = %(thing)s) and (%(document)s::uuid is null or d.document = %(document)s)
group by d.document, d.pupils, d.attached_to, d.thing, d.organisation, d.service, d.person, d.attached_on, d.size,
         d.media_type, d.data_class, d.requirement, d.sealed
order by d.attached_on, d.document
"""
MINUTE = "select pupil, school from read.minute where minute = %s"


class DocumentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A document; `at` is where its name is sealed, `cites` the disclosures on which an agency reads it."""

    document: UUID
    pupils: tuple[UUID, ...]
    attached_to: AttachedTo
    thing: UUID
    organisation: UUID
    service: UUID | None
    person: UUID
    attached_on: date
    size: int
    media_type: str
    data_class: str
    requirement: str | None
    at: Coordinates
    cites: tuple[Cited, ...]


class MinuteOfPupil(msgspec.Struct, frozen=True):
    """Whose minute it is, and of which school."""

    pupil: UUID
    school: UUID


def documents_of(reader: Reader, viewer: Viewer, thing: UUID) -> tuple[DocumentSummary, ...]:
    """The documents of a referral, minute or challenge, the first attached first, in one statement."""
    return _found(reader, viewer, thing=thing)


def document(reader: Reader, viewer: Viewer, document: UUID) -> DocumentSummary:
    """One document. Raises NotFound."""
    found = _found(reader, viewer, document=document)
    if not found:
        raise NotFound
    return found[0]


def minute_of(reader: Reader, viewer: Viewer, minute: UUID) -> MinuteOfPupil:
    """Whose minute it is, for who may read it. Raises NotFound."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(MINUTE, (minute,)).fetchone()
    if row is None:
        raise NotFound
    return MinuteOfPupil(row["pupil"], row["school"])


def _found(
    reader: Reader, viewer: Viewer, thing: UUID | None = None, document: UUID | None = None
) -> tuple[DocumentSummary, ...]:
    given = {"thing": thing, "document": document, "organisation": viewer.organisation}
    with reader.viewing(viewer) as cursor:
        return tuple(_summary(row) for row in cursor.execute(DOCUMENTS, given))


def _summary(row: Mapping[str, Any]) -> DocumentSummary:
    cited = zip(row["cited_pupils"], row["cited_versions"], strict=True)
    return DocumentSummary(
        document=row["document"],
        pupils=tuple(row["pupils"]),
        attached_to=row["attached_to"],
        thing=row["thing"],
        organisation=row["organisation"],
        service=row["service"],
        person=row["person"],
        attached_on=row["attached_on"],
        size=row["size"],
        media_type=row["media_type"],
        data_class=row["data_class"],
        requirement=row["requirement"],
        at=Coordinates(row["document"], 1, DocumentAttached.topic, row["sealed"]),
        cites=tuple(cited),
    )
