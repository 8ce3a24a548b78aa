"""The sentences about agreement to share and what was shared, English and Welsh side by side."""

from __future__ import annotations

from projections.sentences.text import BilingualText, TextByValue

CONSENT_SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "consent.requested": TextByValue(
        "contact",
        {
            "": BilingualText(
                "{school} asked the pupil on {on} for agreement to share with {agency} ({purpose}).",
                "Gofynnodd {school} i’r disgybl ar {on} am gydsyniad i rannu gwybodaeth ({agency}; {purpose}).",
            ),
        },
        BilingualText(
            "{school} asked a parent or other contact[, {contact},] on {on} for agreement to share with {agency}"
            " ({purpose}).",
            "Gofynnodd {school} i riant neu gyswllt arall[, {contact},] ar {on} am gydsyniad i rannu gwybodaeth"
            " ({agency}; {purpose}).",
        ),
    ),
    "consent.given": BilingualText(
        "Agreement to share with {agency} was given on {on} ({purpose}; {authority}[: {contact}][; {route}])"
        "[, until {expires_on}].",
        "Rhoddwyd cydsyniad i rannu gwybodaeth ar {on} ({agency}; {purpose}; {authority}[: {contact}][; {route}])"
        "[, hyd {expires_on}].",
    ),
    "consent.refused": BilingualText(
        "Agreement to share with {agency} was refused on {on} ({purpose}; {authority}[: {contact}]).",
        "Gwrthodwyd cydsyniad i rannu gwybodaeth ar {on} ({agency}; {purpose}; {authority}[: {contact}]).",
    ),
    "consent.withdrawn": TextByValue(
        "meaning",
        {
            "end_referral": BilingualText(
                "Agreement to share with {agency} was withdrawn on {on}[ by {contact}], and the referral ended.",
                "Tynnwyd y cydsyniad i rannu gwybodaeth yn ôl ar {on} ({agency}[; {contact}]),"
                " a daeth yr atgyfeiriad i ben.",
            ),
        },
        BilingualText(
            "Agreement to share with {agency} was withdrawn on {on}[ by {contact}].",
            "Tynnwyd y cydsyniad i rannu gwybodaeth yn ôl ar {on} ({agency}[; {contact}]).",
        ),
    ),
    "consent.sharing_stopped": TextByValue(
        "because",
        {
            "passed_on": BilingualText(
                "{agency} receives nothing new of the referral since {on}, because it passed the referral on.",
                "Nid yw {agency} yn cael dim byd newydd am yr atgyfeiriad ers {on}, am iddo drosglwyddo’r atgyfeiriad.",
            ),
            "objection_upheld": BilingualText(
                "{agency} receives nothing new since {on}, because the school decided to stop sharing.",
                "Nid yw {agency} yn cael dim byd newydd ers {on}, am i’r ysgol benderfynu rhoi’r gorau i rannu.",
            ),
        },
        BilingualText(
            "{agency} receives nothing new since {on}, because the agreement was withdrawn.",
            "Nid yw {agency} yn cael dim byd newydd ers {on}, am fod y cydsyniad wedi’i dynnu’n ôl.",
        ),
    ),
    "consent.information_shared": TextByValue(
        "subject",
        {
            "heard": BilingualText(
                "{service} heard about the pupil in a meeting on {on}[. Lawful basis: {lawful_basis}].",
                "Clywodd {service} am y disgybl mewn cyfarfod ar {on}[. Sail gyfreithlon: {lawful_basis}].",
            ),
            "action": BilingualText(
                "{service} received an action of its own on {on}[. Lawful basis: {lawful_basis}].",
                "Cafodd {service} gam gweithredu i’w gyflawni ar {on}[. Sail gyfreithlon: {lawful_basis}].",
            ),
        },
        BilingualText(
            "A document about the pupil was sent to {agency} on {on}[. Lawful basis: {lawful_basis}].",
            "Anfonwyd dogfen am y disgybl at {agency} ar {on}[. Sail gyfreithlon: {lawful_basis}].",
        ),
    ),
    "consent.basis_requested": BilingualText(
        "{agency} asked on {on} for agreement to pass the referral on to {service}.",
        "Gofynnodd {agency} ar {on} am gydsyniad i drosglwyddo’r atgyfeiriad i {service}.",
    ),
    "consent.lawful_basis_recorded": BilingualText(
        "The lawful basis for sharing with {agency} was recorded on {on}: {basis}.",
        "Cofnodwyd y sail gyfreithlon dros rannu gwybodaeth ar {on} ({agency}): {basis}.",
    ),
    "consent.agreement_followed": BilingualText(
        "A service moved to {agency} on {on}; the agreement to share with it stays valid there.",
        "Symudodd gwasanaeth ar {on} ({agency}); mae’r cydsyniad i rannu gwybodaeth ag ef yn dal mewn grym yno.",
    ),
    "consent.disclosure_made": TextByValue(
        "thing",  # the agreement or other lawful basis for sharing
        {
            "": BilingualText(
                "{school} shared with {agency} on {on}, without agreement: {data_classes}."
                " Lawful basis: {lawful_basis}.",
                "Rhannodd {school} wybodaeth ar {on} ({agency}), heb gydsyniad: {data_classes}."
                " Sail gyfreithlon: {lawful_basis}.",
            ),
        },
        BilingualText(
            "{school} shared with {agency} on {on}, with agreement: {data_classes}. Lawful basis: {lawful_basis}.",
            "Rhannodd {school} wybodaeth ar {on} ({agency}), gyda chydsyniad: {data_classes}."
            " Sail gyfreithlon: {lawful_basis}.",
        ),
    ),
    "consent.disclosure_closed": TextByValue(
        "because",
        {
            "not_passed_on": BilingualText(
                "{agency} lost access to the referral on {on}: it was passed on in error.",
                "Ni all {agency} weld yr atgyfeiriad ers {on}: trosglwyddwyd ef drwy gamgymeriad.",
            ),
            "service_moved": BilingualText(
                "{agency} lost access to the referral on {on}: another agency has the service.",
                "Ni all {agency} weld yr atgyfeiriad ers {on}: asiantaeth arall sydd â’r gwasanaeth.",
            ),
            "objection_upheld": BilingualText(
                "{agency} lost access to the referral on {on}: after an objection, it was decided to stop sharing.",
                "Ni all {agency} weld yr atgyfeiriad ers {on}: wedi gwrthwynebiad, penderfynwyd rhoi’r gorau i rannu.",
            ),
            "court_order": BilingualText(
                "{agency} lost access to the referral on {on}: a court order prevents sharing.",
                "Ni all {agency} weld yr atgyfeiriad ers {on}: mae gorchymyn llys yn atal rhannu gwybodaeth.",
            ),
            "agreement_withdrawn": BilingualText(
                "{agency} lost access to the referral on {on}: agreement to share was withdrawn.",
                "Ni all {agency} weld yr atgyfeiriad ers {on}: tynnwyd y cydsyniad i rannu gwybodaeth yn ôl.",
            ),
        },
        BilingualText(
            "{agency} lost access to the referral on {on}: it was recorded in error.",
            "Ni all {agency} weld yr atgyfeiriad ers {on}: cofnodwyd ef drwy gamgymeriad.",
        ),
    ),
}
