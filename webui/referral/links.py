"""For which services a link to a referral can be made."""

from __future__ import annotations

from uuid import UUID

from webui.referral.reading import OpenedReferral


def services_with_links(opened: OpenedReferral) -> list[UUID]:
    """The service that holds the referral, and those before it that have not confirmed what was reported."""
    held = opened.held
    waiting = (s.version for s in held.counting() if s.word == "reported" and s.standing == "said")
    return list(dict.fromkeys([held.service, *(held.holder_at(version)[0] for version in waiting)]))
