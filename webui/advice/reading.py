"""Advice conversations opened for a page or an answer of the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from coordination.directory.organisation import Service
from coordination.errors import NotFound
from coordination.sensitivity import Opened
from projections.advice import queries
from projections.advice.queries import AdviceEntry, AdviceList, AdviceSummary
from webui.pupil.identity import PupilIdentity, PupilSearch, by_name, open_identity, text_of
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK
from webui.words.naming import directory, organisation_name, service_name
from webui.words.text import Words

MOST_FOUND = 20
"""So many pupils are shown for what was typed."""


class AdviceItem(msgspec.Struct, frozen=True):
    """A conversation in a list, with the pupil where one is named."""

    advice: AdviceSummary
    child: PupilIdentity | None


class OpenedEntry(msgspec.Struct, frozen=True):
    """An entry of a conversation with its words (None: none were recorded, or the key is gone)."""

    entry: AdviceEntry
    words: str | None


class OpenedAdvice(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with what was said."""

    advice: AdviceSummary
    child: PupilIdentity | None
    entries: tuple[OpenedEntry, ...]
    position: int


def at_the_agency() -> bool:
    """Whether the user sits at the desk of a service."""
    return viewer().role in AGENCY_DESK


def find_advice(advice: UUID) -> tuple[AdviceSummary, tuple[AdviceEntry, ...], int]:
    """A conversation. Raises NotFound for one that the user may not see."""
    found = queries.one_advice(casework.reader(), viewer(), advice)
    if found is None:
        raise NotFound
    return found


def open_advice(advice: UUID) -> OpenedAdvice:
    """A conversation with its words, noted in the read log. Raises NotFound."""
    found, entries, position = find_advice(advice)
    identity, *said = casework.open_sealed([found.identity, *(entry.words for entry in entries)])
    note_advice_shown("advice", [found])
    return OpenedAdvice(
        advice=found,
        child=_child(found, identity),
        entries=tuple(
            OpenedEntry(entry, text_of(words, "question") or text_of(words, "words"))
            for entry, words in zip(entries, said, strict=True)
        ),
        position=position,
    )


def open_list(found: AdviceList) -> list[AdviceItem]:
    """Conversations with the names of their pupils, noted in the read log."""
    opened = casework.open_sealed([row.identity for row in found.rows])
    note_advice_shown("advice_list", found.rows)
    return [AdviceItem(row, _child(row, identity)) for row, identity in zip(found.rows, opened, strict=True)]


def note_advice_shown(kind: str, shown: Iterable[AdviceSummary]) -> None:
    """Note in the read log whose conversations were shown."""
    pupils = [one.pupil for one in shown if one.pupil is not None]
    casework.note_shown(kind, pupils, "disclosed" if at_the_agency() else "own_pupil")


def _child(found: AdviceSummary, identity: Opened) -> PupilIdentity | None:
    return open_identity(found.pupil, identity) if found.pupil is not None else None


def own_services(on: date) -> list[Service]:
    """The services that the user can record advice of: at a school every open one, at an agency the user's own."""
    who = viewer()
    services = [one for one in directory().services if one.is_open(on)]
    if at_the_agency():
        services = [
            one
            for one in services
            if one.agency == who.organisation and (who.whole_agency or one.id in who.services)
        ]
    return sorted(services, key=lambda one: service_name(one).casefold())


def service_choices(services: Iterable[Service]) -> list[tuple[str, Words]]:
    """Services by code, in words."""
    return [(one.code, service_name(one)) for one in services]


def all_services(on: date) -> list[tuple[str, Words]]:
    """Every open service, for "ask another service"."""
    return service_choices(
        sorted((s for s in directory().services if s.is_open(on)), key=lambda s: service_name(s).casefold())
    )


def school_choices() -> list[tuple[str, Words]]:
    """The schools by number, by name."""
    schools = [(one.code, organisation_name(one)) for one in directory().of_kind("school")]
    return sorted(schools, key=lambda one: str(one[1]).casefold())


def find_pupils(advice: AdviceSummary, typed: str) -> list[PupilIdentity]:
    """The pupils of the school that asked whom the user sees, by what was typed of their name or number."""
    wanted = PupilSearch(typed)
    if not wanted:
        return []
    rows = queries.advice_candidates(casework.reader(), viewer(), advice.school)
    opened = casework.open_sealed([row.identity for row in rows])
    children = [open_identity(row.pupil, identity) for row, identity in zip(rows, opened, strict=True)]
    found = sorted(wanted.among(children), key=by_name)[:MOST_FOUND]
    casework.note_shown(
        "pupil_search", [one.pupil for one in found], "disclosed" if at_the_agency() else "own_pupil"
    )
    return found


def child_of(pupil: UUID, school: UUID) -> PupilIdentity:
    """A pupil of a school whom the user sees. Raises NotFound."""
    rows: Sequence[queries.AdviceCandidate] = queries.advice_candidates(casework.reader(), viewer(), school)
    row = next((one for one in rows if one.pupil == pupil), None)
    if row is None:
        raise NotFound
    [identity] = casework.open_sealed([row.identity])
    return open_identity(pupil, identity)
