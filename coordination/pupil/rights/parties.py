"""Whose matter a pupil's record is: the schools, the authorities, and every controller that holds something of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from coordination.directory.state import Directory
    from coordination.pupil.casefile import CaseFile


def schools_ever(case: CaseFile) -> frozenset[UUID]:
    """The schools that have or had the pupil on their roll."""
    return frozenset(r.school for r in case.profile.registrations)


def authorities_of(case: CaseFile, directory: Directory) -> frozenset[UUID]:
    """The authority of the last school, of those that have the pupil now, and the one that holds a child on no roll."""
    last = case.profile.last_school()
    schools = case.profile.schools() or frozenset(() if last is None else (last,))
    found = {directory.authority_of(school) for school in schools} | {case.profile.authority}
    return frozenset(one for one in found if one is not None)


def controllers_of(case: CaseFile, directory: Directory) -> frozenset[UUID]:
    """The organisations that hold something of a pupil."""
    told = {disclosure.agency for disclosure in case.consents.disclosures}
    return schools_ever(case) | authorities_of(case, directory) | frozenset(told)
