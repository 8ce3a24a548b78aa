"""What a save that lost a race to another means for the person who asked for it."""

from __future__ import annotations

from coordination.errors import Refusal
from coordination.store.application import SaveConflict


def refuse_taken_key(lost: SaveConflict) -> None:
    """Raises Refusal when another save took a natural key, because the person must be told; after other conflicts the
    commands are decided again."""
    if lost.constraint.startswith(("pupil_upn", "referral_ref", "organisation_kind", "service_code")):
        codes = {"pupil_upn_current": "upn_of_another_pupil", "referral_ref_pkey": "reference_taken"}
        raise Refusal(codes.get(lost.constraint, "code_taken")) from lost
    if lost.constraint == "document_pupils":
        raise Refusal("record_erased") from lost
