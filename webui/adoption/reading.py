"""What the adoption officer is shown of a child: the identity now, and the earlier one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.errors import NotFound
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.profile.events import IDENTITY_TOPICS
from coordination.store.earlier import open_earlier
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory


class EarlierIdentity(msgspec.Struct, frozen=True):
    """An identity that the child had, from a day on."""

    child: PupilIdentity
    since: date


class EarlierContact(msgspec.Struct, frozen=True):
    """A contact before the adoption, as recorded on a day."""

    name: str
    relationship: str | None
    on: date


class AdoptionFile(msgspec.Struct, frozen=True, kw_only=True):
    """A child as the adoption officer sees them. Earlier identities and contacts are there only after an adoption."""

    pupil: UUID
    child: PupilIdentity
    schools: tuple[UUID, ...]
    replaced: bool
    why: str | None
    identities: tuple[EarlierIdentity, ...]
    contacts: tuple[EarlierContact, ...]


def find_child(upn: str) -> UUID | None:
    """The child of the officer's authority who has or had this number; None for no such child."""
    record = runtime().coordination.record
    pupil = record.pupils_by_upn([upn]).get(upn) or record.pupils_by_withheld_upn([upn]).get(upn)
    if pupil is None:
        return None
    return pupil if _is_of_the_authority(_case(pupil)) else None


def adoption_file(pupil: UUID) -> AdoptionFile:
    """The child, noted in the read log. Raises NotFound for a child who is not of the officer's authority."""
    case = _case(pupil)
    if not _is_of_the_authority(case):
        raise NotFound
    record = runtime().coordination.record
    opened_up = open_earlier(record, pupil, (*IDENTITY_TOPICS, "pupil.contact_recorded"))
    replaced, found = opened_up[:1], opened_up[1:]
    casework.note_shown("earlier_identity", [pupil], "adoption")
    return AdoptionFile(
        pupil=pupil,
        child=open_identity(pupil, record.latest(pupil, IDENTITY_TOPICS)),
        schools=tuple(sorted(case.profile.schools())),
        replaced=case.adoption.replaced > 0,
        why=next((text_of(opened, "why") for _topic, _on, opened in replaced), None),
        identities=tuple(
            EarlierIdentity(open_identity(pupil, opened), on)
            for topic, on, opened in found
            if topic in IDENTITY_TOPICS
        ),
        contacts=tuple(
            EarlierContact(text_of(opened, "name") or "", text_of(opened, "relationship"), on)
            for topic, on, opened in found
            if topic not in IDENTITY_TOPICS
        ),
    )


def _case(pupil: UUID) -> CaseFile:
    return runtime().coordination.batch().state(PUPIL_STREAM, pupil)


def _is_of_the_authority(case: CaseFile) -> bool:
    last = case.profile.last_school()
    schools = case.profile.schools() or ({last} if last is not None else set())
    return viewer().organisation in {directory().authority_of(school) for school in schools}
