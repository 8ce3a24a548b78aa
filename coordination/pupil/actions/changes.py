"""What can be recorded of an action now."""

from __future__ import annotations

from typing import Literal, assert_never

from coordination.pupil.actions.state import Phase

Change = Literal["done", "later", "handed_on", "cancelled", "reopened"]


def open_changes(phase: Phase, *, by_school: bool) -> tuple[Change, ...]:
    """The changes open to a school of the pupil or, otherwise, to the owner's organisation, which cannot cancel. An
    incomplete action is completed at its meeting."""
    match phase:
        case "incomplete":
            return ()
        case "completed" | "cancelled":
            return ("reopened",)
        case "open" | "overdue":
            return (
                ("done", "later", "handed_on", "cancelled") if by_school else ("done", "later", "handed_on")
            )
        case _:
            assert_never(phase)
