"""One challenge as the user may see it, with its sealed fields and names opened."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from projections.attendance.queries import AttendanceEvidence
from projections.challenges.queries import (
    ChallengedWait,
    DisputeSummary,
    Dossier,
    MeetingEvidence,
    dossier,
    identities,
)
from projections.challenges.queries import ChallengeStep as Happened
from projections.reader import AUTHORITY_DESKS, desk
from projections.sentences.given_words import given_word
from webui.challenge.words import step_text, step_words
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.naming import directory


class ChallengeStepView(msgspec.Struct, frozen=True):
    """A step in the history in words, with the text written in it, and `by` whom it was recorded by a link."""

    step: Happened
    words: str
    text: str | None
    by: str = ""


class DisputeView(msgspec.Struct, frozen=True):
    """A dispute with the text of both parties, the register entry it is about, and the mark after the ruling."""

    dispute: DisputeSummary
    line: MeetingEvidence | None
    why: str | None
    reasons: str | None


class NamedWait(msgspec.Struct, frozen=True):
    """A wait in the evidence with the pupil's name, if the user may see it."""

    waited: ChallengedWait
    name: str | None


class ChallengePage(msgspec.Struct, frozen=True):
    """A challenge with everything that the page shows, opened."""

    dossier: Dossier
    events: list[ChallengeStepView]
    contests: list[DisputeView]
    waits: list[NamedWait]


def find_challenge(challenge: UUID) -> Dossier:
    """The challenge as the user may see it. Raises NotFound."""
    held = dossier(casework.reader(), viewer(), directory(), challenge)
    if held is None:
        raise NotFound
    return held


def challenge_exists(challenge: UUID) -> bool:
    """Whether there is such a challenge that the user may see."""
    return dossier(casework.reader(), viewer(), directory(), challenge) is not None


def open_challenge(held: Dossier, *, names: bool = True) -> ChallengePage:
    """Open the challenge's sealed fields and, unless told otherwise, the names of the pupils who wait, with one look-up
    of keys."""
    erased = _("These words have been erased.")
    pupils = [w.pupil for w in held.waits] if names else []
    raised_at = max((w.position for w in held.waits), default=0)
    places = identities(casework.reader(), viewer(), pupils, raised_at) if pupils else {}
    words: list[Coordinates | None] = [step.text for step in held.steps]
    named: list[Coordinates | None] = [places.get(w.pupil) for w in held.waits]
    opened = casework.open_sealed([*words, *named])
    texts = {s.version: step_text(o, erased) for s, o in zip(held.steps, opened, strict=False)}
    words_of = {s.version: given_word(o) for s, o in zip(held.steps, opened, strict=False)}
    called = [
        casework.name_of(o, _("Name erased")) if place else None
        for place, o in zip(named, opened[len(words) :], strict=True)
    ]
    return ChallengePage(
        dossier=held,
        events=[
            ChallengeStepView(s, step_words(s), texts[s.version], words_of[s.version]) for s in held.steps
        ],
        contests=[_contest(held, d, texts) for d in held.disputes],
        waits=[NamedWait(w, name) for w, name in zip(held.waits, called, strict=True)],
    )


def _contest(held: Dossier, dispute: DisputeSummary, texts: dict[int, str | None]) -> DisputeView:
    lines = (line for line in held.lines if line.raised.meeting == dispute.meeting)
    return DisputeView(
        dispute=dispute,
        line=next(lines, None),
        why=texts.get(dispute.why.version) if dispute.why else None,
        reasons=texts.get(dispute.reasons.version) if dispute.reasons else None,
    )


def digest(found: AttendanceEvidence) -> str:
    """A hash that changes when the register entries behind the challenge change."""
    return sha256(msgspec.json.encode([(m.meeting, m.version, m.counts_as) for m in found.marks])).hexdigest()


def note_challenge_shown(held: Dossier) -> None:
    """Note in the read log that the user saw the challenge and the pupils whose waits are in its evidence."""
    ids: list[Any] = [held.challenge.challenge, *(w.pupil for w in held.waits)]
    casework.note_shown(
        "challenge", ids, purpose="audit" if desk(viewer()) in AUTHORITY_DESKS else "own_challenge"
    )
