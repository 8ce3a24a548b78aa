"""The one-page profiles of a pupil."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.pupil.one_page_profile.events import AnyOnePageProfileEvent, Occasion


class WrittenProfile(msgspec.Struct, frozen=True):
    """A profile by the version that has its words."""

    occasion: Occasion
    version: int


class OnePageProfiles(msgspec.Struct, frozen=True):
    """The profiles of a pupil by their ids."""

    written: dict[UUID, WrittenProfile] = {}


def evolve(state: OnePageProfiles, event: AnyOnePageProfileEvent, version: int) -> OnePageProfiles:
    """The profiles after the event."""
    return OnePageProfiles({**state.written, event.profile: WrittenProfile(event.occasion, version)})
