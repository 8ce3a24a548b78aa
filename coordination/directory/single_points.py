"""The dated lists of the single points of access, as the directory file has them."""

from __future__ import annotations

from typing import Any

from coordination.directory.state import Directory


def single_points_of_access(directory: Directory) -> list[dict[str, Any]]:
    """The objects of `single_points_of_access` that record the same lists again: by code of the service and first
    day."""
    found = []
    for service in sorted(directory.services, key=lambda one: one.code):
        for version in service.triage_versions:
            listed = [directory.service(one) for one in version.services]
            found.append(
                {
                    "service": service.code,
                    "services": [one.code for one in listed if one is not None],
                    "effective_from": version.effective_from.isoformat(),
                    "effective_to": version.effective_to.isoformat() if version.effective_to else None,
                }
            )
    return found
