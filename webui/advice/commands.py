"""What was typed about a conversation, as commands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.advice.commands import AnswerAdvice, AskAdvice, AskAdviceAboutPupil
from coordination.errors import Refusal
from webui.words.naming import directory


def ask_command(advice: UUID, school: UUID, typed: dict[str, Any], pupil: UUID | None) -> AskAdvice:
    """The command of a recorded conversation. Raises Refusal `unknown_service`."""
    asked: dict[str, Any] = {
        "occurred_on": typed["occurred_on"],
        "advice": advice,
        "school": school,
        "service": _service(typed["service"], "service"),
        "channel": typed["channel"],
        "question": typed["question"],
        **_answer(typed),
    }
    return AskAdvice(**asked) if pupil is None else AskAdviceAboutPupil(**asked, pupil=pupil)


def answer_command(advice: UUID, typed: dict[str, Any], seen: int | None) -> AnswerAdvice:
    """The command of an answer. Raises Refusal `unknown_service`."""
    return AnswerAdvice(occurred_on=typed["occurred_on"], advice=advice, seen=seen, **_answer(typed))


def _answer(typed: dict[str, Any]) -> dict[str, Any]:
    other = typed["other_service"]
    return {
        "answer": typed["answer"],
        "other_service": _service(other, "other_service") if other else None,
        "words": typed["words"],
    }


def _service(code: str, field: str) -> UUID:
    found = directory().service_by_code(code)
    if found is None:
        raise Refusal("unknown_service", field)
    return found.id
