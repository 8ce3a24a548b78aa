"""Values of clear fields for the tests of sentences: support, places, transition."""

from __future__ import annotations

from typing import Any

DAYS = ("expected_on", "starts_on", "exit_due_on", "next_review_on", "moves_on", "follow_up_on")
BESIDES: dict[str, Any] = {
    "milestone": 4,
    "note_for": "shared",
    "serious_harm": False,
    "whole_agency": False,
    "voice": "child",
    "level": 2,
    "phase": 1,
    "programme": "TALK",
    "ends_by": "2025-04-11",
    "next_step": "go_on",
    "occasion": "trip",
    "decision": "place",
    "agreed": True,
    "beyond": True,
    "enhanced": True,
    "visit": "meeting",
    "at_age": 16,
    **dict.fromkeys(DAYS, "2025-09-01"),
}
