"""What every event and every command carries."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

Source = Literal["screen", "link", "api", "import", "command_line", "demonstration", "schedule"]


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When an event happened and was recorded, by whom, for whom and through which channel. Ids only, never names.

    `occurred_on` is the day in Wales on which it happened, according to the person who records it; `recorded_at` is
    the instant (UTC) of recording. `occurred_at` is set where the time of day matters. `command_id` is unique within
    the acting organisation and makes a repeated command harmless. `service` is the service of the acting organisation
    that the person acted for, where they chose one.
    """

    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    role: str
    source: Source
    command_id: str
    on_behalf_of: UUID | None = None
    occurred_at: datetime | None = None
    service: UUID | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened. `topic` is its permanent name in the log; never a module path.

    `sealed` is the base64 ciphertext of the sealed fields and is set only on events read back. When a stored form
    changes, raise `class_version` and give `upcast_v1_v2(state: dict) -> None` (clear fields only).
    """

    topic: ClassVar[str] = ""
    class_version: ClassVar[int] = 1

    header: Header
    sealed: str = ""


class OrganisationEvent(Event, frozen=True, kw_only=True):
    """On the stream of a local authority, a school, an agency, or the reference tables."""


class PupilEvent(Event, frozen=True, kw_only=True):
    """On a pupil's stream."""


class MeetingEvent(Event, frozen=True, kw_only=True):
    """On a meeting's stream; holds no text about a pupil."""


class ChallengeEvent(Event, frozen=True, kw_only=True):
    """On a challenge's stream; holds no text about a pupil."""


class DocumentEvent(Event, frozen=True, kw_only=True):
    """On a document's own stream, whose key seals its bytes too."""


class PlaceEvent(Event, frozen=True, kw_only=True):
    """On the stream of a resource base or specialist class, with the id of its service; names no pupil."""


class AdviceEvent(Event, frozen=True, kw_only=True):
    """On the stream of an advice conversation; names no pupil in the clear."""


class RecordedEvent(msgspec.Struct, frozen=True):
    """An event with its stream, its version there (1, 2, ...) and its position in the whole log (0: new)."""

    stream: UUID
    version: int
    event: Event
    position: int = 0

    @property
    def originator_id(self) -> UUID:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A request to record something.

    `occurred_on` is the day on which it happened. `seen` is the version of the thing (this referral, this minute) that
    the person was shown; when it has changed since, the decision refuses with StaleVersion so that both can be shown.
    """

    occurred_on: date
    seen: int | None = None


class GivenWord(msgspec.Struct, frozen=True):
    """On whose word something is recorded that came by a one-time link of a service: the name and job that the person
    gave. `link_of`: the school that made the link; None: it was sent by the service itself."""

    answered_by: str
    answered_as: str
    link_of: UUID | None = None


class LinkReach(msgspec.Struct, frozen=True, kw_only=True):
    """The one-time link by which a command is given: the page that it opens, what that is about, and whose it is (a
    service, a contact, or the pupil). It is checked, and never stored."""

    kind: str
    thing: UUID
    audience: UUID
    pupil: UUID | None = None


class CommandContext(msgspec.Struct, frozen=True, kw_only=True):
    """Who gives a command, through which channel, at which instant, under which id. `services`: those of an agency for
    which the person may act (None: not limited); they are checked, and never stored. `word` is stored with the events
    that can be given by a link, sealed. `link` is set for every command by a one-time link."""

    person: UUID
    organisation: UUID
    role: str
    source: Source
    command_id: str
    recorded_at: datetime
    on_behalf_of: UUID | None = None
    service: UUID | None = None
    services: tuple[UUID, ...] | None = None
    word: GivenWord | None = None
    link: LinkReach | None = None

    def header(self, occurred_on: date) -> Header:
        """The header of every event that this command produces."""
        return Header(
            occurred_on=occurred_on,
            recorded_at=self.recorded_at,
            person=self.person,
            organisation=self.organisation,
            role=self.role,
            source=self.source,
            command_id=self.command_id,
            on_behalf_of=self.on_behalf_of,
            service=self.service,
        )


class Receipt(msgspec.Struct, frozen=True):
    """What a command wrote: the last version of its main stream, the last log position, and whether it had been carried
    out before (in that case nothing was appended)."""

    stream: UUID
    version: int
    position: int
    repeated: bool = False
