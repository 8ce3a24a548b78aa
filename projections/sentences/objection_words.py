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
    "pupil.family_hold_placed": TextByValue(
        "because",
        {
            "court_order": BilingualText(
                "From {on}[ to {until}] nothing is sent to the family[ ({contact})], because of a court order.",
                "O {on}[ hyd {until}] ni anfonir dim at y teulu[ ({contact})], oherwydd gorchymyn llys.",
            ),
            "safeguarding": BilingualText(
                "From {on}[ to {until}] nothing is sent to the family[ ({contact})], to keep the child safe.",
                "O {on}[ hyd {until}] ni anfonir dim at y teulu[ ({contact})], er mwyn diogelu’r plentyn.",
            ),
            "bereavement": BilingualText(
                "From {on}[ to {until}] nothing is sent to the family[ ({contact})], because of a death.",
                "O {on}[ hyd {until}] ni anfonir dim at y teulu[ ({contact})], oherwydd marwolaeth.",
            ),
            "asked_not_to": BilingualText(
                "From {on}[ to {until}] nothing is sent to the family[ ({contact})], because they asked for that.",
                "O {on}[ hyd {until}] ni anfonir dim at y teulu[ ({contact})], am iddynt ofyn am hynny.",
            ),
        },
        BilingualText(
            "From {on}[ to {until}] nothing is sent to the family[ ({contact})].",
            "O {on}[ hyd {until}] ni anfonir dim at y teulu[ ({contact})].",
        ),
    ),
    "pupil.family_hold_lifted": BilingualText(
        "From {on} the family can be sent links and forms again.",
        "O {on} gellir anfon dolenni a ffurflenni at y teulu eto.",
    ),
    "pupil.family_recipients_decided": BilingualText(
        "On {on} the social worker decided who in the family receives links and forms.",
        "Ar {on} penderfynodd y gweithiwr cymdeithasol pwy yn y teulu sy’n cael dolenni a ffurflenni.",
    ),
    "pupil.family_items_supplied": BilingualText(
        "The family[ ({contact})] supplied information for the referral on {on}[; {route}].",
        "Rhoddodd y teulu[ ({contact})] wybodaeth ar gyfer yr atgyfeiriad ar {on}[; {route}].",
    ),
}
