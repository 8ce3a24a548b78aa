"""The school's designated safeguarding people."""

from __future__ import annotations

from uuid import UUID

from webui.shell.authentication import viewer
from webui.words.naming import directory, people_names


def safeguarding_people(school: UUID) -> list[str]:
    """The names of the school's designated safeguarding people."""
    role = "designated_safeguarding_person"
    named = {a.person for a in directory().people_of(school, viewer().today) if a.role == role}
    return sorted(people_names(named).values())
