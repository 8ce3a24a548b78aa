"""The registration of a pupil with all that a row says."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.intake.pupils import PupilRow
from coordination.intake.recording.changes import year_contradicts
from coordination.intake.recording.contacts import contact_details
from coordination.pupil.profile.commands import RegisterPupil
from coordination.store.keys import OuterKeys


def registration_of(row: PupilRow, pupil: UUID, school: UUID, on: date, outer: OuterKeys) -> RegisterPupil:
    """The command that registers the pupil of a row at a school on a day, with contacts; with the provision only where
    the file has no days for it (see `provisions`)."""
    contacts = {c.contact: c for c in (contact_details(one, pupil, on, outer) for one in row.contacts)}
    return RegisterPupil(
        occurred_on=on,
        pupil=pupil,
        school=school,
        upn=row.upn,
        surname=row.surname,
        forename=row.forename,
        date_of_birth=row.date_of_birth,
        sex=row.sex,
        language=row.language,
        provision=None if row.provision_history else row.provision,
        needs=row.needs,
        year=None if year_contradicts(row, None, on) else row.year,
        looked_after=row.looked_after,
        care_authority=row.care_authority,
        contacts=tuple(contacts.values()),
        middle_names=row.middle_names,
        preferred_surname=row.preferred_surname,
        preferred_forename=row.preferred_forename,
        former_surname=row.former_surname,
    )
