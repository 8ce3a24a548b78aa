"""What of a case file is the child's own, and stays off paper: a printed case file may be handed to a parent."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.pupil.rights.copy import COUNSELLING
from projections.case_file.queries import ConsentSummary, PupilFile, TimelineEntry

COMPETENCE = "consent.competence_assessed"


class KeptOffPaper(msgspec.Struct, frozen=True):
    """The ids of the child's own agreements and referrals."""

    ids: frozenset[UUID] = frozenset()

    def has(self, thing: UUID | None) -> bool:
        """Whether this is one of them."""
        return thing in self.ids

    def has_entry(self, entry: TimelineEntry) -> bool:
        """Whether an entry of the timeline is about one of them, or says that the child is competent to have them."""
        said = str(entry.clear)
        about = entry.thing in self.ids or any(str(one) in said for one in self.ids)
        return about or (bool(self.ids) and entry.topic == COMPETENCE)


def kept_off_paper(file: PupilFile, directory: Directory) -> KeptOffPaper:
    """Referrals to counselling, and those that rest on what the pupil alone agreed to (or would, if not yet sent and
    nobody else was asked); with those agreements. As `rights.copy.kept_from_parents`, from what a page knows."""
    alone = {c.consent for c in file.consents if c.contact is None}
    counselling = {s.id for s in directory.services if s.profession == COUNSELLING}
    told: dict[UUID, set[UUID | None]] = {}
    for made in file.disclosures:
        told.setdefault(made.ground, set()).add(made.consent)
    found = set(alone) | {c.consent for c in file.consents if c.service in counselling}
    for held in file.referrals:
        asked = {c.consent for c in file.consents if _covers(c, held.service, held.agency)}
        rests_on = told.get(held.referral, asked)
        if held.service in counselling or (rests_on and rests_on <= alone):
            found.add(held.referral)
    return KeptOffPaper(frozenset(found))


def _covers(consent: ConsentSummary, service: UUID, agency: UUID) -> bool:
    if consent.whole_agency or consent.service is None:
        return consent.agency == agency
    return service in (consent.service, *consent.also_services)
