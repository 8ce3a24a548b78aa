"""One referral as the person signed in has it open: what they may see of it, opened, and what they may record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from flask import abort
from flask_babel import gettext as _

from coordination.authority import AGENCY_ROLES, SCHOOL_ROLES
from coordination.event import Header
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import allowed_milestones
from coordination.pupil.referral.milestones import MILESTONES, SAID_BY_AGENCY, SAID_BY_SCHOOL, rules_of
from coordination.pupil.referral.phase import Step, in_order
from coordination.pupil.referral.state import Referral
from coordination.sensitivity import Coordinates, Opened
from projections.case_file import queries
from projections.case_file.queries import Entry, ReferralFile
from webui.pupil.identity import Child, child
from webui.shell import casework
from webui.shell.signed_in import viewer
from webui.shell.world import world

SCHOOL = tuple(sorted(SCHOOL_ROLES - {"operator"}))
AGENCY = tuple(sorted(AGENCY_ROLES - {"operator"}))


class OpenReferral(msgspec.Struct, frozen=True):
    """`held` is the referral as decisions see it; `file` what the viewer may see; `opened` the sealed fields of its
    entries by version; `identity`, `contacts` and `views` opened too, in the order of the file."""

    file: ReferralFile
    held: Referral
    identity: Opened
    opened: dict[int, Opened]
    contacts: tuple[Opened, ...]
    views: tuple[Opened, ...]

    @property
    def pupil(self) -> UUID:
        return self.file.referral.pupil

    @property
    def referral(self) -> UUID:
        return self.file.referral.referral

    @property
    def child(self) -> Child:
        """Who the pupil is, as far as it was disclosed."""
        return child(self.pupil, self.identity)

    @property
    def name(self) -> str:
        """The pupil's name, for those to whom it was disclosed."""
        return (
            self.child.name
            if self.file.identity is not None
            else _("A pupil whose name was not shared with you")
        )

    @property
    def at_school(self) -> bool:
        return viewer().role in SCHOOL

    @property
    def holder(self) -> bool:
        """Whether the viewer's agency holds it now."""
        return viewer().organisation == self.held.agency and not self.at_school

    @property
    def sent(self) -> bool:
        """Whether it went to the agency; one from a history file has no sending, and is not waiting for one."""
        return self.held.basis == "historical_record" or any(
            s.name not in ("decided", "withdrawn", "recorded_in_error") for s in self.held.counting()
        )

    def since(self, version: int | None) -> list[Entry]:
        """What was recorded about it after a version that somebody had seen, in the order of recording."""
        if version is None:
            return []
        return sorted((e for e in self.file.entries if e.version > version), key=lambda e: e.version)

    def sealed_of(self, version: int) -> dict[str, Any]:
        """The sealed fields of an entry; {} where they are erased."""
        found = self.opened.get(version)
        return dict(found) if isinstance(found, Mapping) else {}


def open_referral(pupil: UUID, referral: UUID, *, note: bool = True) -> OpenReferral:
    """Opens a referral of a pupil, and notes that it was read. A wrong or foreign id, or one of another pupil, is 404.

    One look-up of keys, and a fixed number of statements.
    """
    file = queries.referral(casework.reader(), viewer(), referral)
    if file.referral.pupil != pupil:
        abort(404)
    case = world().coordination.batch().state(PUPIL_STREAM, pupil)
    seals: list[Coordinates | None] = [e.at if e.at.sealed else None for e in file.entries]
    people = [c.at for c in file.contacts]
    said = [v.at for v in file.views]
    found = casework.open_sealed([file.identity, *seals, *people, *said])
    after = 1 + len(seals)
    if note:
        casework.shown("referral", [pupil], "own_pupil" if viewer().role in SCHOOL else "disclosed")
    return OpenReferral(
        file=file,
        held=case.referrals[referral],
        identity=found[0],
        opened={e.version: o for e, o in zip(file.entries, found[1:after], strict=True)},
        contacts=tuple(found[after : after + len(people)]),
        views=tuple(found[after + len(people) :]),
    )


def header_now() -> Header:
    """As whom the viewer would record something now."""
    return casework.order("look").header(viewer().today)


def sayable(opened: OpenReferral) -> list[str]:
    """Every step that the viewer may record or report, whatever the day, in their natural order. An agency that passed
    it on still says what it did before."""
    if opened.at_school:
        return [name for name, of in MILESTONES.items() if not of.rules.only_by_sending]
    return [name for name in MILESTONES if name not in SAID_BY_SCHOOL]


def possible_today(opened: OpenReferral) -> list[str]:
    """Those of them that could be recorded for today."""
    names = set(allowed_milestones(opened.held, header_now()))
    return [name for name in sayable(opened) if name in names]


def reports(opened: OpenReferral, milestone: str) -> bool:
    """Whether the viewer can only report this step: it is the agency's to say."""
    return opened.at_school and milestone in SAID_BY_AGENCY


def correctable(opened: OpenReferral, step: Step) -> bool:
    """The school corrects what a school entered, reports included; an agency what it entered itself."""
    agencies, acting = opened.held.agencies, viewer().organisation
    own = step.said_by == acting if acting in agencies else step.said_by not in agencies
    return own and not rules_of(step.name).only_by_sending


def answerable(opened: OpenReferral, step: Step) -> bool:
    """Whether the viewer's agency may say something to what was reported in its name."""
    if opened.at_school or step.word != "reported":
        return False
    return opened.held.holder_at(step.version)[1] == viewer().organisation


def offers(held: Referral) -> list[Step]:
    """The appointments offered, the last one first."""
    return [
        s for s in reversed(in_order(held.counting())) if s.name == "appointment_offered" and s.appointment
    ]
