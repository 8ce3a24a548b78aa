"""What follows an erasure outside its own save: the list beside the keys, drafts, coded rows, dead rows of the keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psycopg

from coordination.erasing import forget_recent_drafts
from coordination.service import Coordination
from coordination.store.erasures import note_erasures
from projections.erasure import blank_unkeyed


class ErasureFollowUp(NamedTuple):
    """How many erasures were added to the list beside the keys, drafts deleted, and rows blanked."""

    listed: int
    drafts: int
    blanked: int


def follow_erasures(
    service: Coordination, database: str, key_file: Path | None, now: datetime
) -> ErasureFollowUp:
    """Does what is left to do, and nothing where nothing is; safe to repeat. `database` is the owner's address.

    Codes are blanked of every pupil without a key, also where the key row was deleted by hand. After an erasure the
    dead rows of the keys are vacuumed away; what they held was wrapped by a key that is not in the database.
    """
    listed = note_erasures(service.record, key_file) if key_file is not None else 0
    drafts = forget_recent_drafts(service, now)
    with psycopg.connect(database, autocommit=True, options="-c search_path=read,log") as owner:
        with owner.transaction():
            blanked = blank_unkeyed(owner)
        if listed:
            owner.execute("vacuum log.stream_key, log.pupil_upn, log.pupil_likeness, log.referral_ref")
    return ErasureFollowUp(listed, drafts, blanked)
