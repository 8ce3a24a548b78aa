"""The sentences about legal holds and the erasure of a record."""

from __future__ import annotations

from projections.sentences.text import BilingualText, TextByValue

RIGHTS_SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "pupil.legal_hold_placed": BilingualText(
        "A legal hold was placed on the record on {on}: nothing may be erased.",
        "Rhoddwyd ataliad cyfreithiol ar y cofnod ar {on}: ni chaniateir dileu dim.",
    ),
    "pupil.legal_hold_lifted": BilingualText(
        "A legal hold on the record was lifted on {on}.",
        "Codwyd ataliad cyfreithiol ar y cofnod ar {on}.",
    ),
    "pupil.erasure_proposed": BilingualText(
        "It was proposed on {on} to erase the record.",
        "Cynigiwyd ar {on} ddileu’r cofnod.",
    ),
    "pupil.erasure_approved": BilingualText(
        "A second person approved on {on} that the record is erased.",
        "Cymeradwyodd ail berson ar {on} ddileu’r cofnod.",
    ),
    "pupil.erasure_declined": BilingualText(
        "The proposal to erase the record was declined on {on}.",
        "Gwrthodwyd ar {on} y cynnig i ddileu’r cofnod.",
    ),
    "pupil.erased": BilingualText(
        "The record was erased on {on}. Dates and steps remain.",
        "Dilëwyd y cofnod ar {on}. Erys y dyddiadau a’r camau.",
    ),
}
