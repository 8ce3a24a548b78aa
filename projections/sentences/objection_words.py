"""What is said against sharing, and when people are asked again, as sentences."""

from __future__ import annotations

from projections.sentences.text import BilingualText, TextByValue

OBJECTION_SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "consent.objected": BilingualText(
        "An objection to sharing with {agency} was recorded on {on} ({purpose}[: {contact}][; {route}]).",
        "Cofnodwyd gwrthwynebiad i rannu gwybodaeth ar {on} ({agency}; {purpose}[: {contact}][; {route}]).",
    ),
    "consent.objection_decided": TextByValue(
        "outcome",
        {
            "stops": BilingualText(
                "It was decided on {on} to stop sharing after an objection.",
                "Penderfynwyd ar {on} roi’r gorau i rannu gwybodaeth wedi gwrthwynebiad.",
            ),
        },
        BilingualText(
            "It was decided on {on} to go on sharing after an objection.",
            "Penderfynwyd ar {on} barhau i rannu gwybodaeth wedi gwrthwynebiad.",
        ),
    ),
    "consent.court_order_recorded": TextByValue(
        "effect",
        {
            "prevents": BilingualText(
                "A court order of {on} prevents sharing[ with {agency}][, until {until}][: {court}].",
                "Mae gorchymyn llys ar {on} yn atal rhannu gwybodaeth[ ({agency})][, hyd {until}][: {court}].",
            ),
        },
        BilingualText(
            "A court order of {on} permits sharing[ with {agency}][, until {until}][: {court}].",
            "Mae gorchymyn llys ar {on} yn caniatáu rhannu gwybodaeth[ ({agency})][, hyd {until}][: {court}].",
        ),
    ),
    "consent.court_order_ended": BilingualText(
        "From {on} a court order about sharing no longer applies.",
        "Ers {on} nid yw gorchymyn llys ynghylch rhannu gwybodaeth yn gymwys mwyach.",
    ),
    "consent.competence_assessed": TextByValue(
        "competent",
        {
            "true": BilingualText(
                "On {on} the pupil was found competent to decide about sharing[ ({purpose})].",
                "Ar {on} barnwyd bod y disgybl yn gymwys i benderfynu ynghylch rhannu gwybodaeth[ ({purpose})].",
            ),
        },
        BilingualText(
            "On {on} the pupil was found not to be competent to decide about sharing[ ({purpose})].",
            "Ar {on} barnwyd nad yw’r disgybl yn gymwys i benderfynu ynghylch rhannu gwybodaeth[ ({purpose})].",
        ),
    ),
    "consent.reviewed": BilingualText(
        "An agreement to share was looked at again on {on} and goes on as it is.",
        "Edrychwyd eto ar gydsyniad i rannu gwybodaeth ar {on}; mae’n parhau fel y mae.",
    ),
}
