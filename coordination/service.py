"""Load, decide, append: the only way to record anything."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from coordination.addressing import addressed
from coordination.authority import OPERATOR_ROLE, acting_organisation
from coordination.decisions import AddressedEvent, AnyStream
from coordination.directories import Directories
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.directory.state import Directory
from coordination.domain import decision_of, stream_kind
from coordination.errors import NotFound, Refusal
from coordination.event import Command, CommandContext, Event, Header, Receipt, RecordedEvent
from coordination.given_words import with_given_word
from coordination.lost_races import refuse_taken_key
from coordination.outbox.message import QueuedMessage
from coordination.outbox.rules import messages_of
from coordination.place.state import PLACE_STREAM
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.documents.handing_over import follows
from coordination.pupil.joining.events import PupilsJoined
from coordination.pupil.joining.shared import on_other_file, other_files, taken_along
from coordination.pupil.moves.commands import OpenEmergencyFile
from coordination.pupil.profile.events import (
    IDENTITY_TOPICS,
    IdentityChanged,
    LookedAfterRecorded,
    NeedsRecorded,
    PupilRegistered,
)
from coordination.pupil.referral.place_held import place_changes
from coordination.store.application import Record, SaveConflict
from coordination.store.documents import DocumentSeals
from coordination.store.places_taken import PlacesBook
from coordination.store.restrictions import hidden_pupils, own_interests
from coordination.streams import Addressed, State, StreamEvent, StreamKind
from coordination.world import OpenedFacts, ProfileFacts, World

ATTEMPTS = 8


class Coordination:
    """The service: performs commands against the record."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._directories = Directories(record)

    def perform(self, command: Command, order: CommandContext) -> Receipt:
        """Carries out one command. A command id that the organisation already used gives the first result again.

        When another save came first, the command is decided again on the new state. Raises Refusal (or its kinds
        StaleVersion and NotFound); then nothing was written.
        """
        for _ in range(ATTEMPTS):
            batch = self.batch()
            try:
                receipt = batch.perform(command, order)
            except Refusal:
                # the same command may have been carried out between the look-up and the loading of its streams
                twin = self._carried_out(command, order)
                if twin is None:
                    raise
                return twin
            if receipt.repeated:
                return receipt
            try:
                position = batch.commit()
            except SaveConflict as lost:
                refuse_taken_key(lost)
                continue
            return msgspec.structs.replace(receipt, position=position)
        raise Refusal("too_busy")

    def perform_all(self, commands: Iterable[tuple[Command, CommandContext]]) -> int:
        """Carries out several commands in one transaction, all or none; the last log position (0: all of them had been
        carried out before). When another save came first, all are decided again. Raises Refusal."""
        given = list(commands)
        for _ in range(ATTEMPTS):
            batch = self.batch()
            try:
                for command, order in given:
                    batch.perform(command, order)
            except Refusal:
                if not all(self._carried_out(command, order) for command, order in given):
                    raise
                return 0
            try:
                return batch.commit()
            except SaveConflict as lost:
                refuse_taken_key(lost)
        raise Refusal("too_busy")

    def _carried_out(self, command: Command, order: CommandContext) -> Receipt | None:
        """The result of a command that has meanwhile been recorded under this id."""
        return self.batch().repeated(order, self.digest(command))

    def batch(self) -> Batch:
        """A batch of commands, decided in memory and appended in one transaction."""
        return Batch(self)

    def directory(self) -> Directory:
        """The directory as recorded now; only organisations that changed are read again."""
        return self._directories.now()

    def directory_at(self, position: int) -> tuple[Directory, int]:
        """The directory as recorded at a position of the log, and the position of its last change by then (0: none)."""
        return self._directories.at(position)

    def ever_looked_after(self, pupil: UUID) -> bool:
        """Whether an authority ever looked after the pupil; False where that is not known, or erased."""
        events = self.record.load([pupil])[pupil]
        places = [(pupil, r.version) for r in events if isinstance(r.event, LookedAfterRecorded)]
        return any(isinstance(one, dict) and one.get("looked_after") for one in self.record.opened_at(places))

    def digest(self, command: Command) -> bytes:
        """A digest that distinguishes a repeated command from another one under the same id; keyed, because it covers
        personal data."""
        # digests are stored: a renamed command class would make a repeated command look like another one
        words = msgspec.json.encode(command, order="deterministic")
        said = type(command).__name__.encode() + b"\x00" + words
        return hmac.new(self.record.outer.lookup, said, sha256).digest()


class Batch:
    """Commands decided one after the other on states held in memory, appended together by `commit`.

    A refused command has no effect. The states are kept between commits, so that a long import or simulation loads each
    stream once. A SaveConflict at commit empties the batch; its commands must be performed again.
    """

    def __init__(self, service: Coordination) -> None:
        self._service = service
        # states of all kinds of streams; `state` gives each its type
        self._states: dict[UUID, Any] = {}
        self._writes: list[RecordedEvent] = []
        self._commands: list[tuple[UUID, str, bytes, UUID, int]] = []
        self._messages: list[QueuedMessage] = []
        self._places = PlacesBook(service.record)
        self._sealed = DocumentSeals()
        self._known: dict[tuple[UUID, str], tuple[bytes, UUID, int, int] | None] = {}
        self._directory: Directory | None = None
        self._facts: dict[UUID, OpenedFacts] = {}
        self._before: dict[UUID, tuple[Any, OpenedFacts]] | None = None
        self._hidden: dict[tuple[UUID, str, UUID], frozenset[UUID]] = {}

    @property
    def size(self) -> int:
        """The number of events that `commit` will append."""
        return len(self._writes)

    def prefetch(self, kind: AnyStream, streams: Iterable[UUID]) -> None:
        """Loads many streams of one kind in one round trip. Raises NotFound for a stream of another kind."""
        missing = [s for s in dict.fromkeys(streams) if s not in self._states]
        if missing:
            for stream, events in self._service.record.load(missing).items():
                if events and not isinstance(events[0].event, kind.event):
                    raise NotFound  # the id of something else
                self._states[stream] = kind.fold(events)

    def expect(self, organisation: UUID, command_ids: Sequence[str]) -> None:
        """Finds out in one round trip which of these commands were carried out before."""
        found = self._service.record.commands(organisation, command_ids)
        self._known |= {(organisation, i): found.get(i) for i in command_ids}

    def fresh(self, organisation: UUID, command_id: str) -> None:
        """Declares that a command id cannot have been used, so that no look-up is needed; `commit` still checks it."""
        self._known[organisation, command_id] = None

    def state(self, kind: StreamKind[State, StreamEvent, Addressed], stream: UUID) -> State:
        """The state of a stream with the batch's own events folded in. Raises NotFound for a stream of another
        kind."""
        self.prefetch(kind, [stream])
        state: State = self._states[stream]
        return state

    def directory(self) -> Directory:
        if self._directory is None:
            self._directory = self._service.directory()
        return self._directory

    @contextmanager
    def together(self) -> Iterator[None]:
        """A block of commands of which all are accepted or none: after an exception the earlier commands of the block
        have no effect either.

        Blocks cannot be nested, and `commit` is not possible inside one.
        """
        writes, commands, directory = len(self._writes), len(self._commands), self._directory
        messages, places = len(self._messages), self._places.changes
        self._before = {}
        try:
            yield
        except BaseException:
            for stream, (state, facts) in self._before.items():
                self._states[stream] = state
                self._facts[stream] = facts
            self._known |= {(c[0], c[1]): None for c in self._commands[commands:]}
            del self._writes[writes:], self._commands[commands:], self._messages[messages:]
            self._directory, self._places.changes = directory, places
            raise
        finally:
            self._before = None

    def perform(self, command: Command, order: CommandContext) -> Receipt:
        """Decides one command. Raises Refusal; the batch is then as it was before."""
        digest = self._service.digest(command)
        repeated = self.repeated(order, digest)
        if repeated is not None:
            return repeated
        decision = decision_of(command, order)
        streams = decision.stream_ids(command)
        states = [self.state(kind, stream) for kind, stream in streams.items()]
        header = order.header(command.occurred_on)
        pupil = streams.get(PUPIL_STREAM)
        if pupil is not None:
            self._require_sight(pupil, command, header)
        world = World(
            self.directory(),
            partial(self._about, pupil),
            about_pupil=self._about,
            looked_after=partial(self._looked_after, pupil),
            ever_looked_after=self._service.ever_looked_after,
            services=order.services,
            seal=self._sealed.seal,
            places_taken=self._places.taken,
            places_on=lambda of, on: self.state(PLACE_STREAM, of).number_on(on),
        )
        decided = addressed(decision.decide(*states, command, header, world), streams)
        decided = with_given_word(decided, order)
        main = next(iter(streams.values()))
        self._record(decided)
        given = follows(decided, self._states, self._files, self.directory())
        self._record(given)
        decided += given
        also = self._on_other_files(decided, world)
        self._record(also)
        self._record(self._taken_along([*decided, *also], header))
        versions = {stream: self._states[stream].version for stream in streams.values()}
        if decided:
            self._commands.append((order.organisation, order.command_id, digest, main, versions[main]))
            self._known[order.organisation, order.command_id] = (digest, main, versions[main], 0)
        return Receipt(main, versions[main], 0)

    def _require_sight(self, pupil: UUID, command: Command, header: Header) -> None:
        """Raises NotFound for a file that is hidden from who gives the command: restricted, or of a child in whom they
        have an interest. The latter not even an emergency opens."""
        if header.role == OPERATOR_ROLE:
            return
        organisation = acting_organisation(header)
        if isinstance(command, OpenEmergencyFile):
            with self._service.record.desk() as connection:
                hidden = own_interests(connection, header.person)
        else:
            key = (organisation, header.role, header.person)
            if key not in self._hidden:
                with self._service.record.desk() as connection:
                    self._hidden[key] = hidden_pupils(connection, *key, header.recorded_at)
            hidden = self._hidden[key]
        if pupil in hidden:
            raise NotFound

    def repeated(self, order: CommandContext, digest: bytes) -> Receipt | None:
        """The first result of a command that was carried out before; None when there is none. Raises Refusal when
        another command used its id."""
        key = (order.organisation, order.command_id)
        if key not in self._known:
            self.expect(order.organisation, [order.command_id])
        held = self._known[key]
        if held is None:
            return None
        first, stream, version, position = held
        if not hmac.compare_digest(first, digest):
            raise Refusal("command_id_reused", "command_id")
        return Receipt(stream, version, position, repeated=True)

    def _record(self, decided: Sequence[AddressedEvent]) -> None:
        for stream, event in decided:
            kind = stream_kind(event)
            if self._before is not None:
                self._before.setdefault(
                    stream, (self._states[stream], self._facts.get(stream, OpenedFacts()).copy())
                )
            state = kind.step(self._states[stream], event)
            self._states[stream] = state
            recorded = RecordedEvent(stream, state.version, event)
            self._writes.append(recorded)
            self._messages.extend(messages_of(recorded, state))
            self._places.note(place_changes(event, state))
            self._learn(stream, event)
            if kind is ORGANISATION_STREAM:
                self._directory = self.directory().with_organisation(state)

    def _files(self, pupils: Sequence[UUID]) -> dict[UUID, CaseFile]:
        self.prefetch(PUPIL_STREAM, pupils)
        return {pupil: self.state(PUPIL_STREAM, pupil) for pupil in pupils}

    def _on_other_files(self, decided: Sequence[AddressedEvent], world: World) -> list[AddressedEvent]:
        """What the events about one file of a joined child record on the child's other files. The joining itself says
        all that it records."""
        if any(isinstance(event, PupilsJoined) for _, event in decided):
            return []
        found: list[AddressedEvent] = []
        for stream, event in decided:
            state = self._states[stream]
            if isinstance(state, CaseFile):
                for other in self._other_files(stream, state):
                    case = self.state(PUPIL_STREAM, other)
                    found.extend(AddressedEvent(other, one) for one in on_other_file(case, event, world))
        return found

    def _taken_along(self, recorded: Sequence[AddressedEvent], header: Header) -> list[AddressedEvent]:
        """The registrations of files that were left on no roll while another file of the same child is on one."""
        found: dict[AddressedEvent, None] = {}
        for stream in dict.fromkeys(stream for stream, _ in recorded):
            state = self._states[stream]
            if isinstance(state, CaseFile):
                files = [stream, *self._other_files(stream, state)]
                cases = {file: self.state(PUPIL_STREAM, file) for file in files}
                found |= dict.fromkeys(AddressedEvent(*at) for at in taken_along(cases, header))
        return list(found)

    def _other_files(self, stream: UUID, case: CaseFile) -> list[UUID]:
        """The other files of the child of a file: of its whole group."""
        leading, following = other_files(case)
        if leading is None:
            return list(following)
        group = (leading, *other_files(self.state(PUPIL_STREAM, leading))[1])
        return [file for file in group if file != stream]

    def _about(self, pupil: UUID | None) -> ProfileFacts:
        """Facts of the sealed profile, opened once per batch and updated with the batch's own events."""
        if pupil is None:
            return ProfileFacts()
        facts = self._facts.setdefault(pupil, OpenedFacts())
        latest = self._service.record.latest
        if "born" not in facts:
            born = latest(pupil, IDENTITY_TOPICS).get("date_of_birth")
            facts["born"] = date.fromisoformat(born) if born else None
        if "needs" not in facts:
            needs = latest(pupil, ("pupil.needs_recorded",)).get("needs")
            facts["needs"] = tuple(needs) if needs is not None else None
        return ProfileFacts(needs=facts["needs"], born=facts["born"])

    def _looked_after(self, pupil: UUID | None) -> bool | None:
        """Whether the pupil is looked after, as last recorded; opened when a decision asks."""
        if pupil is None:
            return None
        facts = self._facts.setdefault(pupil, OpenedFacts())
        if "looked_after" not in facts:
            status = self._service.record.latest(pupil, ("pupil.looked_after_recorded",))
            facts["looked_after"] = status.get("looked_after")
        return facts["looked_after"]

    def _learn(self, stream: UUID, event: Event) -> None:
        facts = self._facts.setdefault(stream, OpenedFacts())
        match event:
            case PupilRegistered(date_of_birth=date() as born):
                facts |= {"born": born, "needs": None}
            case (
                IdentityChanged(date_of_birth=date() as born) | IdentityReplaced(date_of_birth=date() as born)
            ):
                facts["born"] = born
            case NeedsRecorded(needs=tuple() as needs):
                facts["needs"] = needs
            case LookedAfterRecorded(looked_after=bool() as looked_after):
                facts["looked_after"] = looked_after
            case _:
                pass

    def commit(self) -> int:
        """Appends everything in one transaction; the last position in the log (0: there was nothing to append).

        Raises SaveConflict; the batch is then empty and its states forgotten.
        """
        if not self._writes:
            return 0
        writes, commands, messages, sealed = self._writes, self._commands, self._messages, self._sealed
        self._writes, self._commands, self._messages, self._sealed = [], [], [], DocumentSeals()
        try:
            position = self._service.record.append(
                writes, commands, messages, sealed, self._places.handed_over()
            )
        except BaseException:
            self._states, self._known, self._facts, self._directory = {}, {}, {}, None
            raise
        self._known |= {(c[0], c[1]): (c[2], c[3], c[4], position) for c in commands}
        return position
