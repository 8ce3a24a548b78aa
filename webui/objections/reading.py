"""Objections, court orders and agreements to ask for again, opened for a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.pupil.asking.state import past_school_age
from projections.agreements.queries import (
    AskAgainRow,
    BesideAgreements,
    ConsentGiver,
    CourtOrderSummary,
    ObjectionSummary,
    beside_agreements,
    to_look_at,
)
from projections.case_file import queries
from projections.case_file.queries import TimelineCriteria
from webui.parts.timeline import TimelineItem, recorders, timeline_items
from webui.pupil.file import OpenedPupilFile, open_pupil_file
from webui.pupil.identity import open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name, people_names, service_name

ALL = 500
TOPICS = (
    "consent.objected",
    "consent.objection_decided",
    "consent.court_order_recorded",
    "consent.court_order_ended",
    "consent.competence_assessed",
    "consent.reviewed",
)
BECAUSE = {
    "responsibility_changed": _l("Parental responsibility has changed."),
    "competence_assessed": _l("The child’s competence was assessed."),
    "service_moved": _l("The service moved to another agency."),
    "end_of_compulsory_school_age": _l("The young person is past compulsory school age and decides now."),
    "ends_soon": _l("The agreement ends soon."),
    "expired": _l("The agreement has ended."),
}


class ObjectionItem(msgspec.Struct, frozen=True, kw_only=True):
    """An objection: who objects, to what, and the entries about it, the newest first."""

    objection: ObjectionSummary
    who: str
    about: str
    story: tuple[TimelineItem, ...]


class OrderItem(msgspec.Struct, frozen=True, kw_only=True):
    """A court order, what it is about, and the entries about it."""

    order: CourtOrderSummary
    about: str
    in_force: bool
    story: tuple[TimelineItem, ...]


class AskItem(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement to ask for again: of whom, about what, why and since when. `child` is the pupil's name."""

    pupil: UUID
    consent: UUID
    child: str
    about: str
    why: str
    since: date


class OpenedObjections(msgspec.Struct, frozen=True, kw_only=True):
    """The page about one pupil."""

    shown: OpenedPupilFile
    beside: BesideAgreements
    objections: tuple[ObjectionItem, ...]
    orders: tuple[OrderItem, ...]
    assessments: tuple[TimelineItem, ...]
    to_ask: tuple[AskItem, ...]
    apart: tuple[ConsentGiver, ...]


def open_objections(pupil: UUID) -> OpenedObjections:
    """Open what stands beside the agreements about a pupil, and note it in the read log. Raises NotFound."""
    reader, who = casework.reader(), viewer()
    file = queries.pupil(reader, who, pupil)
    files = (file.pupil.pupil, *file.others)
    beside = beside_agreements(reader, who, files)
    found = queries.timeline(reader, who, TimelineCriteria(pupil=pupil, matters=("consent",), limit=ALL))
    entries = [entry for entry in found.entries if entry.topic in TOPICS]
    shown = open_pupil_file(file, [entry.at if entry.at.sealed else None for entry in entries])
    items = timeline_items(entries, shown.also, shown.names | people_names(recorders(entries)))
    casework.note_shown("agreements", [pupil])
    today = runtime().today()
    return OpenedObjections(
        shown=shown,
        beside=beside,
        objections=tuple(
            ObjectionItem(
                objection=one,
                who=shown.who(one.contact),
                about=about_words(one.agency, one.service, one.purpose),
                story=_about(items, one.objection),
            )
            for one in beside.objections
        ),
        orders=tuple(
            OrderItem(
                order=one,
                about=about_words(one.agency, one.service, one.purpose),
                in_force=one.in_force(today),
                story=tuple(item for item in items if item.entry.clear.get("order") == str(one.court_order)),
            )
            for one in beside.orders
        ),
        assessments=tuple(i for i in items if i.entry.topic == "consent.competence_assessed"),
        to_ask=tuple(_asked_of(shown, beside.givers, today)),
        apart=tuple(one for one in beside.givers if one.kept_from_parents),
    )


def agreements_to_ask_again() -> list[AskItem]:
    """The agreements of the viewer's pupils that are to be asked for again, the oldest reason first; noted in the read
    log."""
    today = viewer().today
    found = to_look_at(casework.reader(), viewer())
    opened = casework.open_sealed([one.identity for one in found])
    items = []
    for one, identity in zip(found, opened, strict=True):
        child = open_identity(one.pupil, identity)
        reason = _reason(one, child.born, today)
        if reason is not None:
            why, since = reason
            items.append(
                AskItem(
                    pupil=one.pupil,
                    consent=one.consent,
                    child=child.name,
                    about=about_words(one.agency, None, one.purpose),
                    why=str(BECAUSE[why]),
                    since=since,
                )
            )
    casework.note_shown("agreements", sorted({item.pupil for item in items}))
    return sorted(items, key=lambda item: (item.since, item.child.casefold()))


def about_words(agency: UUID | None, service: UUID | None, purpose: str | None) -> str:
    """What a limit is about: the service or agency, and the purpose."""
    if service is not None:
        whom = service_name(service)
    else:
        whom = organisation_name(agency) if agency is not None else _("Every service")
    what = code_words("consent_purpose", purpose) if purpose else _("every purpose")
    return f"{whom}: {what}"


def _about(items: Sequence[TimelineItem], thing: UUID) -> tuple[TimelineItem, ...]:
    return tuple(item for item in items if item.entry.thing == thing)


def _reason(one: AskAgainRow, born: date | None, today: date) -> tuple[str, date] | None:
    if one.because is not None and one.since is not None:
        return one.because, one.since
    if born is None or one.authority not in ("parental_responsibility", "local_authority"):
        return None
    since = past_school_age(one.given_on, one.reviewed_on, born, today)
    return None if since is None else ("end_of_compulsory_school_age", since)


def _asked_of(shown: OpenedPupilFile, givers: Sequence[ConsentGiver], today: date) -> list[AskItem]:
    ids = {one.consent for one in givers if one.standing == "given"}
    found = [one for one in to_look_at(casework.reader(), viewer()) if one.consent in ids]
    items = []
    for one in found:
        reason = _reason(one, shown.child.born, today)
        if reason is not None:
            items.append(
                AskItem(
                    pupil=one.pupil,
                    consent=one.consent,
                    child=shown.who(one.contact),
                    about=about_words(one.agency, None, one.purpose),
                    why=str(BECAUSE[reason[0]]),
                    since=reason[1],
                )
            )
    return items
