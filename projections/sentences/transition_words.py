"""Sentences about a transition to the next school, to a mainstream class, or on from school."""

from __future__ import annotations

from projections.sentences.text import BilingualText

TRANSITION_SENTENCES: dict[str, BilingualText] = {
    "transition.planned": BilingualText(
        "The school began on {on} to prepare the transition[ to {to_school}], for {moves_on}.",
        "Dechreuodd yr ysgol baratoi’r pontio ar {on}[ i {to_school}], erbyn {moves_on}.",
    ),
    "transition.visit_recorded": BilingualText(
        "A step of the transition took place on {on}.",
        "Cynhaliwyd un o gamau’r pontio ar {on}.",
    ),
    "transition.pack_sent": BilingualText(
        "The transition pack went to {to_school} on {on}.",
        "Anfonwyd y pecyn pontio i {to_school} ar {on}.",
    ),
    "transition.destination_recorded": BilingualText(
        "The destination was recorded on {on}.",
        "Cofnodwyd y cyrchfan ar {on}.",
    ),
    "transition.destination_followed_up": BilingualText(
        "The school looked again on {on} where the young person is.",
        "Edrychodd yr ysgol eto ar {on} ble mae’r person ifanc.",
    ),
}
