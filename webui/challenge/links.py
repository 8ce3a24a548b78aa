"""Whether a link to a challenge can be made."""

from __future__ import annotations

from projections.challenges.queries import Dossier


def may_have_links(held: Dossier) -> bool:
    """Once the challenge was sent: before, the service sees nothing of it."""
    return held.challenge.sent_on is not None
