"""The sentences of the timeline, English and Welsh side by side: one for each event of a pupil, or one for each case.

`{name}` stands for a fact, and a part in square brackets falls away when one of its facts is not known. The Welsh puts
names where they are not mutated (after a verb, in brackets, after a colon).

Every Welsh text here was written by a developer and awaits a translator's review, but where `statute` is set: then its
terms are those of Welsh law and official pages.
"""

from __future__ import annotations

import msgspec

from projections.sentences.text import TextByValue


class BilingualText(msgspec.Struct, frozen=True):
    """One text in both languages. A translator has to look at the Welsh, unless its terms are those of statute."""

    en: str
    cy: str
    statute: bool = False

    @property
    def cy_review(self) -> bool:
        return not self.statute

    def in_language(self, language: str) -> str:
        return self.cy if language == "cy" else self.en


# The sentences of the milestones are in `milestones/`.
SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    # the pupil
    "pupil.registered": BilingualText(
        "{school} put the pupil on its roll on {on}[ ({year})].",
        "Rhoddodd {school} y disgybl ar ei chofrestr ar {on}[ ({year})].",
    ),
    "pupil.registration_added": BilingualText(
        "{school} put the pupil on its roll too on {on}.",
        "Rhoddodd {school} y disgybl ar ei chofrestr hefyd ar {on}.",
    ),
    "pupil.school_moved": BilingualText(
        "The pupil moved from {from_school} to {to_school} on {on}.",
        "Symudodd y disgybl ar {on}: gynt {from_school}, bellach {to_school}.",
    ),
    "pupil.registration_ended": BilingualText(
        "The pupil left the roll of {school} on {on}.",
        "Gadawodd y disgybl gofrestr {school} ar {on}.",
    ),
    "pupil.identity_changed": BilingualText(
        "The pupil’s name, number, date of birth or language was changed or put right on {on}.",
        "Newidiwyd neu cywirwyd enw, rhif, dyddiad geni neu iaith y disgybl ar {on}.",
    ),
    "pupil.year_recorded": BilingualText(
        "The pupil is in {year} from {on}.",
        "O {on} ymlaen, blwyddyn y disgybl yw: {year}.",
    ),
    "pupil.needs_recorded": BilingualText(
        "The pupil’s needs were recorded on {on}[: {needs}].",
        "Cofnodwyd anghenion y disgybl ar {on}[: {needs}].",
    ),
    "pupil.provision_recorded": BilingualText(
        "The pupil’s provision was recorded on {on}[: {provision}].",
        "Cofnodwyd darpariaeth y disgybl ar {on}[: {provision}].",
    ),
    "pupil.looked_after_recorded": TextByValue(
        "looked_after",
        {
            "true": BilingualText(
                "It was recorded on {on} that the pupil is looked after by a local authority.",
                "Cofnodwyd ar {on} fod y disgybl yn derbyn gofal gan awdurdod lleol.",
            ),
            "false": BilingualText(
                "It was recorded on {on} that the pupil is not looked after by a local authority.",
                "Cofnodwyd ar {on} nad yw’r disgybl yn derbyn gofal gan awdurdod lleol.",
            ),
        },
        BilingualText(
            "It was recorded on {on} whether the pupil is looked after by a local authority.",
            "Cofnodwyd ar {on} a yw’r disgybl yn derbyn gofal gan awdurdod lleol.",
        ),
    ),
    "pupil.language_wish_recorded": BilingualText(
        "The language that the pupil wishes for was recorded on {on}[: {language}].",
        "Cofnodwyd ar {on} yr iaith y mae’r disgybl am ei defnyddio[: {language}].",
    ),
    "pupil.contact_recorded": TextByValue(
        "parental_responsibility",
        {
            "true": BilingualText(
                "A contact[, {contact},] with parental responsibility was recorded on {on}.",
                "Cofnodwyd cyswllt[, {contact},] â chyfrifoldeb rhiant ar {on}.",
            ),
        },
        BilingualText(
            "A contact[, {contact},] without parental responsibility was recorded on {on}.",
            "Cofnodwyd cyswllt[, {contact},] heb gyfrifoldeb rhiant ar {on}.",
        ),
    ),
    "pupil.contact_ended": BilingualText(
        "A contact[, {contact},] has not spoken for the pupil since {on}.",
        "Nid yw cyswllt[, {contact},] yn siarad ar ran y disgybl ers {on}.",
    ),
    "pupil.views_recorded": TextByValue(
        "whose",
        {
            "child": BilingualText(
                "The child’s views were written down word for word on {on}[ ({language})].",
                "Cofnodwyd barn y plentyn air am air ar {on}[ ({language})].",
            ),
        },
        BilingualText(
            "A parent’s views[, {contact},] were written down word for word on {on}[ ({language})].",
            "Cofnodwyd barn rhiant[, {contact},] air am air ar {on}[ ({language})].",
        ),
    ),
    # agreement and sharing
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
        "grounds",
        {
            "": BilingualText(
                "Agreement to share with {agency} was withdrawn on {on}[ by {contact}].",
                "Tynnwyd y cydsyniad i rannu gwybodaeth yn ôl ar {on} ({agency}[; {contact}]).",
            ),
        },
        BilingualText(
            "Agreement to share with {agency} was withdrawn on {on}[ by {contact}], and its access was closed.",
            "Tynnwyd y cydsyniad i rannu gwybodaeth yn ôl ar {on} ({agency}[; {contact}]), a chaewyd y mynediad.",
        ),
    ),
    "consent.lawful_basis_recorded": BilingualText(
        "The lawful basis for sharing with {agency} was recorded on {on}: {basis}.",
        "Cofnodwyd y sail gyfreithlon dros rannu gwybodaeth ar {on} ({agency}): {basis}.",
    ),
    "consent.disclosure_made": TextByValue(
        "thing",  # the agreement that it rests on
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
                "{agency} has had no sight of the referral since {on}: that it was passed on was an error.",
                "Ni all {agency} weld yr atgyfeiriad ers {on}: camgymeriad oedd dweud iddo gael ei drosglwyddo.",
            ),
        },
        BilingualText(
            "{agency} has had no sight of the referral since {on}: it was recorded in error.",
            "Ni all {agency} weld yr atgyfeiriad ers {on}: fe’i cofnodwyd mewn camgymeriad.",
        ),
    ),
    # referrals
    "referral.opened": TextByValue(
        "basis",
        {
            "historical_record": BilingualText(
                "An earlier referral to {service}, begun on {on}, was entered from older records.",
                "Cofnodwyd atgyfeiriad cynharach ({service}), a ddechreuodd ar {on}, o hen gofnodion.",
            ),
        },
        BilingualText(
            "{school} began a referral to {service} on {on}[ (priority: {priority})].",
            "Dechreuodd {school} atgyfeiriad ar {on} ({service}[; blaenoriaeth: {priority}]).",
        ),
    ),
    "referral.immediate_risk_raised": BilingualText(
        "An immediate risk was raised on {on}. Told on {told_at}: {told}.",
        "Codwyd risg uniongyrchol ar {on}. Rhoddwyd gwybod ar {told_at}: {told}.",
    ),
    "referral.allocated": TextByValue(
        "person",
        {
            "": BilingualText(
                "{service} took the allocation back on {on}: nobody has the referral.",
                "Tynnodd {service} y dyraniad yn ôl ar {on}: nid yw’r atgyfeiriad gan neb.",
            ),
        },
        BilingualText(
            "{service} allocated the referral on {on}[ to {person}].",
            "Dyrannodd {service} yr atgyfeiriad ar {on}[ (i: {person})].",
        ),
    ),
    "referral.entry_struck": BilingualText(
        "An earlier entry about the referral to {service} was struck out on {on}: it was made in error.",
        "Croeswyd allan gofnod cynharach am yr atgyfeiriad ar {on} ({service}): fe’i gwnaed drwy gamgymeriad.",
    ),
    "referral.milestone_confirmed": BilingualText(
        "{service} confirmed on {on} what the school had reported[, by a link that {link_of} made][: {answered_by}]"
        "[, {answered_as}].",
        "Cadarnhaodd {service} ar {on} yr hyn a adroddodd yr ysgol[, drwy ddolen a wnaed gan {link_of}]"
        "[: {answered_by}][, {answered_as}].",
    ),
    "referral.milestone_contested": BilingualText(
        "{service} contested on {on} what the school had reported[; it says that it was on {says_on}]"
        "[; by a link that {link_of} made][: {answered_by}][, {answered_as}].",
        "Anghytunodd {service} ar {on} â’r hyn a adroddodd yr ysgol[; y dyddiad yn ôl y gwasanaeth: {says_on}]"
        "[; drwy ddolen a wnaed gan {link_of}][: {answered_by}][, {answered_as}].",
    ),
    "referral.unavailability_recorded": BilingualText(
        "The family asked {service} for no appointment from {from_on} up to and including {until}[: {reason}].",
        "Gofynnodd y teulu am beidio â chynnig apwyntiad o {from_on} hyd at {until}, gan gynnwys y diwrnod hwnnw"
        " ({service})[: {reason}].",
    ),
    # minutes and actions
    "minute.recorded": BilingualText(
        "A meeting talked about the pupil on {on}[; present: {services_present}].",
        "Trafodwyd y disgybl mewn cyfarfod ar {on}[; yn bresennol: {services_present}].",
    ),
    "minute.corrected": BilingualText(
        "The minute about the pupil was corrected on {on}[; present: {services_present}].",
        "Cywirwyd y cofnodion am y disgybl ar {on}[; yn bresennol: {services_present}].",
    ),
    "action.agreed": BilingualText(
        "An action was agreed on {on}[, for {owner}][, due by {due_on}].",
        "Cytunwyd ar gam gweithredu ar {on}[; cyfrifoldeb: {owner}][; erbyn {due_on}].",
    ),
    "action.reassigned": BilingualText(
        "The action falls to {owner} from {on}.",
        "Cyfrifoldeb {owner} yw’r cam gweithredu o {on} ymlaen.",
    ),
    "action.due_changed": BilingualText(
        "It was settled on {on} that the action is due by {due_on}[ instead of {was}].",
        "Penderfynwyd ar {on} fod y cam gweithredu i’w gwblhau erbyn {due_on}[ yn lle {was}].",
    ),
    "action.completed": BilingualText(
        "The action was completed on {on}.",
        "Cwblhawyd y cam gweithredu ar {on}.",
    ),
    "action.cancelled": BilingualText(
        "The action was cancelled on {on}.",
        "Canslwyd y cam gweithredu ar {on}.",
    ),
    "action.reopened": BilingualText(
        "The action was reopened on {on}: it had not ended.",
        "Ailagorwyd y cam gweithredu ar {on}: nid oedd wedi dod i ben.",
    ),
}

# At the end of a sentence, before its full stop.
REPORTED = BilingualText(
    ", as reported by the school[ {how}][ on {reported_on}][ (said by {reported_by})]",
    ", fel yr adroddodd yr ysgol[ {how}][ ar {reported_on}][ (yn ôl {reported_by})]",
)
HOW: dict[str, BilingualText] = {
    "telephone": BilingualText("by telephone", "dros y ffôn"),
    "letter": BilingualText("by letter", "drwy lythyr"),
    "email": BilingualText("by e-mail", "drwy e-bost"),
    "at_meeting": BilingualText("at a meeting", "mewn cyfarfod"),
    "in_person": BilingualText("in person", "wyneb yn wyneb"),
    "by_parent": BilingualText("from what a parent said", "ar sail gair rhiant"),
    "copied_document": BilingualText("from a copy of a document", "ar sail copi o ddogfen"),
}

# Sentences that may follow.
CONFIRMED = BilingualText("{service} confirmed this.", "Cadarnhaodd {service} hyn.")
CONTESTED = BilingualText("{service} contests this.", "Mae {service} yn anghytuno â hyn.")
CORRECTS = BilingualText("This corrects an earlier entry.", "Mae hyn yn cywiro cofnod cynharach.")
SUPERSEDED = BilingualText(
    "This no longer counts: it was corrected later.", "Nid yw hyn yn cyfrif mwyach: fe’i cywirwyd wedyn."
)
GONE = BilingualText("What was said here has been erased.", "Mae’r hyn a ddywedwyd yma wedi’i ddileu.")

IN_WELSH = BilingualText("to be given in Welsh", "i’w darparu yn Gymraeg")

# Where a name is not known.
SOMEBODY: dict[str, BilingualText] = {
    "school": BilingualText("the school", "yr ysgol"),
    "from_school": BilingualText("another school", "ysgol arall"),
    "to_school": BilingualText("another school", "ysgol arall"),
    "service": BilingualText("the service", "y gwasanaeth"),
    "to_service": BilingualText("another service", "gwasanaeth arall"),
    "agency": BilingualText("the agency", "yr asiantaeth"),
    "owner": BilingualText("somebody else", "rhywun arall"),
}
UNSAID = BilingualText("not said", "heb ei nodi")

YEARS: dict[int, BilingualText] = {
    -2: BilingualText("nursery, first year", "meithrin, blwyddyn gyntaf"),
    -1: BilingualText("nursery", "meithrin"),
    0: BilingualText("reception", "derbyn"),
}
YEAR = BilingualText("Year {number}", "Blwyddyn {number}")
OR = BilingualText(" or ", " neu ")
AT = BilingualText("{day} at {time}", "{day} am {time}")

ATTRIBUTION = BilingualText(
    "Recorded on {recorded} by {organisation} ({who})[, for {on_behalf_of}], {source}[; {late}].",
    "Cofnodwyd ar {recorded} gan {organisation} ({who})[, ar ran {on_behalf_of}], {source}[; {late}].",
)
SYSTEM = BilingualText("the organisation’s own system", "system y sefydliad ei hun")
LINK_HOLDER = BilingualText("whoever held the link", "pwy bynnag oedd â’r ddolen")
SOURCES: dict[str, BilingualText] = {
    "screen": BilingualText("on screen", "ar y sgrin"),
    "link": BilingualText("by a link", "drwy ddolen"),
    "api": BilingualText("through the API", "drwy’r API"),
    "import": BilingualText("from a file", "o ffeil"),
    "command_line": BilingualText("on the command line", "ar y llinell orchymyn"),
    "demonstration": BilingualText("for the demonstration", "ar gyfer yr arddangosiad"),
}
# Calendar days; Welsh mutates after two only.
LATER: dict[int, BilingualText] = {
    1: BilingualText("1 day later", "1 diwrnod yn ddiweddarach"),
    2: BilingualText("2 days later", "2 ddiwrnod yn ddiweddarach"),
}
DAYS_LATER = BilingualText("{count} days later", "{count} diwrnod yn ddiweddarach")

# What is quoted beneath a sentence, in this order.
QUOTED: dict[str, BilingualText] = {
    "what": BilingualText("What is to be done", "Beth sydd i’w wneud"),
    "reason": BilingualText("Reason", "Rheswm"),
    "concern": BilingualText("Concern", "Pryder"),
    "words": BilingualText("In their own words", "Yn eu geiriau eu hunain"),
    "discussion": BilingualText("Discussion", "Trafodaeth"),
    "decision": BilingualText("Decision", "Penderfyniad", statute=True),
    "dissent": BilingualText("Dissent", "Anghytundeb"),
    "childs_view": BilingualText("The child’s view", "Barn y plentyn"),
    "parents_view": BilingualText("The parent’s view", "Barn y rhiant"),
    "advice": BilingualText("Advice", "Cyngor"),
    "signposting": BilingualText("Where else to turn", "Ble arall i droi"),
    "how": BilingualText("How it was done", "Sut y’i gwnaed"),
    "evidence": BilingualText("Evidence", "Tystiolaeth"),
    "override_reason": BilingualText("Why it was shared without agreement", "Pam y’i rhannwyd heb gydsyniad"),
    "why": BilingualText("Why", "Pam"),
    "note": BilingualText("Note", "Nodyn"),
}
