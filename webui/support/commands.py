"""What was typed, as commands; and the aims that cannot be measured."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.pupil.support.commands import ReviewSupport, StartSupport
from coordination.pupil.support.events import ReviewVoice
from webui.support.words import VOICES


def start_command(
    pupil: UUID, support: UUID, typed: dict[str, Any], follows: UUID | str | None = None
) -> StartSupport:
    """Support that begins."""
    return StartSupport(
        pupil=pupil,
        support=support,
        level=int(typed["level"]),
        review_on=typed.get("review_on"),
        referral=_id(typed.get("referral")),
        advised_by=_id(typed.get("advised_by")),
        follows=_id(follows),
        occurred_on=typed["occurred_on"],
        ends_by=typed["ends_by"],
        activity=typed["activity"],
        aim=typed["aim"],
        need=typed.get("need"),
        programme=typed.get("programme"),
        measure=typed.get("measure"),
        unit=typed.get("unit"),
        starting_point=typed.get("starting_point"),
    )


def review_command(pupil: UUID, support: UUID, typed: dict[str, Any], language: str) -> ReviewSupport:
    """A review with a voice for each person whose words were typed; `language` where none was chosen."""
    voices = tuple(
        ReviewVoice(
            voice,  # type: ignore[arg-type]
            typed[f"{voice}_words"],
            typed.get(f"{voice}_language") or language,
            typed.get(f"{voice}_outcome"),
        )
        for voice in VOICES
        if typed.get(f"{voice}_words")
    )
    return ReviewSupport(
        occurred_on=typed["occurred_on"],
        pupil=pupil,
        support=support,
        outcome=typed["outcome"],
        voices=voices,
        next_step=typed["next_step"],
        review_on=typed.get("review_on"),
        ends_by=typed.get("ends_by"),
        value=typed.get("value"),
    )


def _id(typed: str | UUID | None) -> UUID | None:
    return UUID(str(typed)) if typed else None
