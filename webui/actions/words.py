"""The words for actions."""

from __future__ import annotations

from uuid import UUID

from projections.case_file.queries import ActionSummary
from webui.words.naming import organisation_name, service_name


def owner_words(action: ActionSummary, names: dict[UUID, str]) -> str:
    """The owner of an action: the most specific one that is named."""
    if action.owner_person in names:
        return names[action.owner_person]
    return service_name(action.owner_service) or organisation_name(action.owner_organisation)
