"""Support and one-page profiles with their words opened, for a page or a response."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from coordination.desk.readings import readings_of
from coordination.sensitivity import Opened
from projections.support.queries.of_pupil import (
    SupportOfPupil,
    SupportReviewSummary,
    SupportSummary,
    WrittenOnePageProfile,
    support_of_pupil,
)
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import organisation_name, people_names

NO_WORDS: Mapping[str, Any] = {}


class OpenedReview(msgspec.Struct, frozen=True):
    """A review with its words: `voices` as they are sealed (voice, words, language, outcome), `value` as a number."""

    review: SupportReviewSummary
    voices: tuple[Mapping[str, Any], ...]
    value: str | None
    by: str


class OpenedSupport(msgspec.Struct, frozen=True, kw_only=True):
    """Support with its words; all empty once the file is erased."""

    support: SupportSummary
    activity: str
    aim: str
    measure: str | None
    unit: str | None
    starting_point: str | None
    reviews: tuple[OpenedReview, ...]

    @property
    def latest_value(self) -> str | None:
        """The last measured number."""
        return next((one.value for one in reversed(self.reviews) if one.value), None)


class OpenedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A one-page profile with its words, and who wrote it."""

    profile: WrittenOnePageProfile
    important: str
    admired: str
    support: str
    by: str


class ProfileReader(msgspec.Struct, frozen=True):
    """Who was shown a profile: a person of the viewer's organisation, else an organisation."""

    name: str
    at: datetime


class OpenedSupportOfPupil(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages of one pupil show."""

    pupil: UUID
    child: PupilIdentity
    running: tuple[OpenedSupport, ...]
    past: tuple[OpenedSupport, ...]
    profiles: tuple[OpenedProfile, ...]
    found: SupportOfPupil

    def one(self, support: UUID) -> OpenedSupport | None:
        """One piece of support."""
        return next((o for o in (*self.running, *self.past) if o.support.support == support), None)


def open_support(pupil: UUID) -> OpenedSupportOfPupil:
    """The support and the newest profiles of a pupil, opened with one look-up of keys. Raises NotFound."""
    found = support_of_pupil(casework.reader(), viewer(), pupil)
    words = [one for held in found.support for one in held.words]
    current = found.current_profiles
    places = [found.identity, *(w.at for w in words), *(p.at for p in current)]
    identity, *opened = casework.open_sealed(places)
    by_version = {(w.at.stream, w.version): o for w, o in zip(words, opened, strict=False)}
    names = people_names({*(w.person for w in words), *(p.written_by for p in current)})
    held = tuple(_support(one, by_version, names) for one in found.support)
    return OpenedSupportOfPupil(
        pupil=pupil,
        child=open_identity(pupil, identity),
        running=tuple(one for one in held if one.support.runs),
        past=tuple(one for one in held if not one.support.runs),
        profiles=tuple(
            _profile(one, words, names) for one, words in zip(current, opened[len(words) :], strict=True)
        ),
        found=found,
    )


def _support(
    one: SupportSummary, by_version: Mapping[tuple[UUID, int], Opened], names: Mapping[UUID, str]
) -> OpenedSupport:
    entries = {w.version: (w, _texts(by_version.get((w.at.stream, w.version)))) for w in one.words}
    started = next((texts for w, texts in entries.values() if w.kind == "started"), NO_WORDS)
    reviews = []
    for review in one.reviews:
        entry, texts = entries.get(review.version, (None, NO_WORDS))
        by = names.get(entry.person, "") if entry is not None else ""
        reviews.append(OpenedReview(review, tuple(texts.get("voices") or ()), texts.get("value"), by))
    return OpenedSupport(
        support=one,
        activity=started.get("activity") or "",
        aim=started.get("aim") or "",
        measure=started.get("measure"),
        unit=started.get("unit"),
        starting_point=started.get("starting_point"),
        reviews=tuple(reviews),
    )


def _profile(one: WrittenOnePageProfile, opened: Opened, names: Mapping[UUID, str]) -> OpenedProfile:
    texts = _texts(opened)
    return OpenedProfile(
        profile=one,
        important=texts.get("important") or "",
        admired=texts.get("admired") or "",
        support=texts.get("support") or "",
        by=names.get(one.written_by, "")
        if one.given_by == viewer().organisation
        else organisation_name(one.given_by),
    )


def _texts(opened: Opened | None) -> Mapping[str, Any]:
    return opened if isinstance(opened, Mapping) else NO_WORDS


def readers_of_profile(pupil: UUID, since: date) -> list[ProfileReader]:
    """Who was shown the one-page profile since it was written, each once, the newest first. Others of one's own
    organisation by name, other organisations by theirs."""
    who = viewer()
    with runtime().desk() as desk:
        found = readings_of(
            desk, [pupil], organisation=who.organisation, role=who.role, only_own=who.role not in SCHOOL_DESK
        )
    read = [one for one in found if one.kind == "one_page_profile" and one.at.date() >= since]
    own = people_names({one.person for one in read if one.organisation == who.organisation})
    seen: dict[str, ProfileReader] = {}
    for one in read:
        name = own.get(one.person) or organisation_name(one.organisation)
        seen.setdefault(name, ProfileReader(name, one.at))
    return list(seen.values())
