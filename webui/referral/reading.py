"""One referral opened for the user: what they may see, and what they may record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.pupil.referral.state import Referral
from coordination.sensitivity import Coordinates, Opened
from projections.case_file import queries
from projections.case_file.queries import ReferralFile, TimelineEntry
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import CASEWORKER_DESK, FILE_STAFF, SCHOOL_DESK
from webui.shell.runtime import runtime


class OpenedReferral(msgspec.Struct, frozen=True):
    """`held` is the referral as decisions see it; `file` what the user may see; `opened` the sealed fields of its
    entries by version; `identity`, `contacts` and `views` are opened too, in the order of the file. `off_roll`: when
    the pupil was on no school's roll."""

    file: ReferralFile
    held: Referral
    identity: Opened
    opened: dict[int, Opened]
    contacts: tuple[Opened, ...]
    views: tuple[Opened, ...]
    off_roll: tuple[OffRoll, ...]
    schools_now: tuple[UUID, ...]

    @property
    def pupil(self) -> UUID:
        return self.file.referral.pupil

    @property
    def referral(self) -> UUID:
        return self.file.referral.referral

    @property
    def child(self) -> PupilIdentity:
        """The pupil, as far as the identity was disclosed."""
        return open_identity(self.pupil, self.identity)

    @property
    def name(self) -> str:
        """The pupil's name, if it was disclosed to the user."""
        return (
            self.child.name
            if self.file.identity is not None
            else _("A pupil whose name was not shared with you")
        )

    @property
    def at_school(self) -> bool:
        """Whether the user keeps the pupil's file: at the school, or at the authority for a child on no roll."""
        return viewer().role in FILE_STAFF

    @property
    def may_refer(self) -> bool:
        """Whether the user may begin referrals of the pupil: only a school does."""
        return viewer().role in SCHOOL_DESK

    @property
    def holder(self) -> bool:
        """Whether the user's agency holds it now."""
        return viewer().organisation == self.held.agency and not self.at_school

    @property
    def sent(self) -> bool:
        """Whether it was sent to the agency; one from a history file has no sending and does not wait for one."""
        return self.held.basis == "historical_record" or any(
            s.name not in ("decided", "withdrawn", "recorded_in_error") for s in self.held.counting()
        )

    def since(self, version: int | None) -> list[TimelineEntry]:
        """The entries recorded after a version that the user had seen, in the order of recording."""
        if version is None:
            return []
        return sorted((e for e in self.file.entries if e.version > version), key=lambda e: e.version)

    def sealed_of(self, version: int) -> dict[str, Any]:
        """The sealed fields of an entry; {} if they are erased."""
        found = self.opened.get(version)
        return dict(found) if isinstance(found, Mapping) else {}


def open_referral_page(pupil: UUID, referral: UUID, *, note: bool = True) -> OpenedReferral:
    """Open a referral of a pupil, and note in the read log that it was read. Raises NotFound for a wrong or foreign
    id, and for one of another pupil.

    One look-up of keys, and a fixed number of statements.
    """
    file = queries.referral(casework.reader(), viewer(), referral)
    if file.referral.pupil != pupil:
        raise NotFound
    case = runtime().coordination.batch().state(PUPIL_STREAM, pupil)
    if viewer().role in CASEWORKER_DESK and not queries.holds_file(casework.reader(), viewer(), pupil):
        raise NotFound  # of other children the authority reads coded lines only
    seals: list[Coordinates | None] = [e.at if e.at.sealed else None for e in file.entries]
    people = [c.at for c in file.contacts]
    said = [v.at for v in file.views]
    casework.fetch_keys([pupil])  # once for all parts of the page
    found = casework.open_sealed([file.identity, *seals, *people, *said])
    after = 1 + len(seals)
    if note:
        purpose = "own_pupil" if viewer().role in FILE_STAFF else "disclosed"
        casework.note_shown("referral", [pupil], purpose, cited_disclosures(file))
    return OpenedReferral(
        file=file,
        held=case.referrals[referral],
        identity=found[0],
        opened={e.version: o for e, o in zip(file.entries, found[1:after], strict=True)},
        contacts=tuple(found[after : after + len(people)]),
        views=tuple(found[after + len(people) :]),
        off_roll=case.profile.off_roll(),
        schools_now=_schools_now(case),
    )


def cited_disclosures(file: ReferralFile) -> tuple[tuple[UUID, int], ...]:
    """The disclosures on which an agency's reading of a referral rests; none for who keeps the pupil's file."""
    if viewer().role in FILE_STAFF:
        return ()
    referral = file.referral
    return tuple((referral.pupil, d.version) for d in file.disclosures if d.ground == referral.referral)


def _schools_now(case: CaseFile) -> tuple[UUID, ...]:
    """The schools that hold the file now; of a confidential move only for those who keep it."""
    schools = tuple(sorted(case.profile.schools()))
    hidden = any(case.moves.hidden_at(school) for school in schools)
    return () if hidden and viewer().role not in FILE_STAFF else schools


def offers(held: Referral) -> list[DatedMilestone]:
    """The appointments offered, the last one first."""
    return [
        s for s in reversed(in_order(held.counting())) if s.name == "appointment_offered" and s.appointment
    ]
