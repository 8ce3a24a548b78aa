"""Who words the letters of an authority's schools."""

from __future__ import annotations

import msgspec

from coordination.directory.decisions.checks import require_kind, require_order
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.letter_wordings import (
    SUBJECTS,
    LetterWording,
    LetterWordingSet,
    SetLetterWording,
    unknown_places,
)
from coordination.directory.organisation import Organisation
from coordination.directory.permission import require_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World

LONGEST = 2_000
TEXTS = ("opening", "opening_cy", "request", "request_cy")


def decide_set_letter_wording(
    organisation: Organisation, command: SetLetterWording, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """An administrator of the authority. Refused `not_permitted`, `unknown_code`, `too_long`, `unknown_place` (braces
    with something else than PLACES), `both_languages` (a text in one language only: a letter goes out in either),
    `end_before_start`."""
    require_administrator(header, world)
    require_kind(organisation, "authority")
    if command.subject not in SUBJECTS:
        raise Refusal("unknown_code", "subject", table="challenge")
    texts = {name: getattr(command, name).strip() for name in TEXTS}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Refusal("too_long", name, limit=LONGEST)
        if unknown := unknown_places(text):
            raise Refusal("unknown_place", name, place=unknown[0])
    for name in ("opening", "request"):
        if bool(texts[name]) != bool(texts[f"{name}_cy"]):
            raise Refusal("both_languages", name if not texts[name] else f"{name}_cy")
    require_order(command.effective_from, command.effective_to, "effective_to")
    wanted = LetterWording(
        subject=command.subject,
        effective_from=command.effective_from,
        effective_to=command.effective_to,
        **texts,
    )
    if wanted in organisation.letter_wordings.get(wanted.subject, ()):
        return []
    return [LetterWordingSet(header=header, **msgspec.structs.asdict(wanted))]
