"""For how long a missed appointment is followed up."""

from __future__ import annotations

from datetime import date, timedelta

FOLLOW_UP = timedelta(days=14)
"""From the day of the appointment, whenever it was recorded: history that is imported raises no alarm of today."""


def to_ask_after_child(milestone: str, occurred_on: date | None, today: date) -> bool:
    """Whether the school is to ask now how a child is who was not brought on a day."""
    return milestone == "was_not_brought" and occurred_on is not None and occurred_on >= today - FOLLOW_UP
