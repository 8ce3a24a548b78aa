"""The sentences of the timeline, English and Welsh side by side: one for each event of a pupil, or one for each case.

`{name}` is replaced by a fact; a part in square brackets is left out when one of its facts is unknown. The Welsh puts
names where they are not mutated (after a verb, in brackets, after a colon).

Every Welsh text here was written by a developer and awaits a translator's review, but where `statute` is set: then its
terms are those of Welsh law and official pages.
"""

from __future__ import annotations

from projections.sentences.aln_words import ALN_SENTENCES
from projections.sentences.children import SENTENCES_OF_CHILDREN
from projections.sentences.consent_words import CONSENT_SENTENCES
from projections.sentences.move_words import MOVE_SENTENCES
from projections.sentences.objection_words import OBJECTION_SENTENCES
from projections.sentences.rights_words import RIGHTS_SENTENCES
from projections.sentences.support_words import SUPPORT_SENTENCES
from projections.sentences.text import BilingualText, TextByValue
from projections.sentences.transition_words import TRANSITION_SENTENCES

# The sentences of the milestones are in `milestones/`.
SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    **SENTENCES_OF_CHILDREN,
    **ALN_SENTENCES,
    **SUPPORT_SENTENCES,
    **TRANSITION_SENTENCES,
    **RIGHTS_SENTENCES,
    # the pupil
    "pupil.registered": BilingualText(
        "{school} registered the pupil on {on}[ ({year})].",
        "Cofrestrodd {school} y disgybl ar {on}[ ({year})].",
    ),
    "pupil.registration_added": BilingualText(
        "{school} also registered the pupil on {on}.",
        "Cofrestrodd {school} y disgybl hefyd ar {on}.",
    ),
    "pupil.school_moved": BilingualText(
        "The pupil moved from {from_school} to {to_school} on {on}.",
        "Symudodd y disgybl ar {on}: gynt {from_school}, bellach {to_school}.",
    ),
    "pupil.registration_ended": BilingualText(
        "The pupil left the roll of {school} on {on}[ and is on no school’s roll: {held_by} holds the file].",
        "Gadawodd y disgybl gofrestr {school} ar {on}"
        "[ ac nid yw ar gofrestr unrhyw ysgol: mae’r ffeil gyda {held_by}].",
    ),
    "pupil.identity_changed": BilingualText(
        "The pupil’s name, number, date of birth or language was changed or corrected on {on}.",
        "Newidiwyd neu cywirwyd enw, rhif, dyddiad geni neu iaith y disgybl ar {on}.",
    ),
    "pupil.identity_kept": BilingualText(
        "The pupil’s recorded identity was compared with other details on {on} and kept.",
        "Cymharwyd manylion adnabod cofnodedig y disgybl â manylion eraill ar {on}, a’u cadw.",
    ),
    "pupil.leading_school_recorded": BilingualText(
        "The leading school for the pupil is {school} from {on}.",
        "Yr ysgol arweiniol ar gyfer y disgybl o {on} ymlaen: {school}.",
    ),
    "pupil.year_recorded": BilingualText(
        "The pupil is in {year} from {on}.",
        "O {on} ymlaen, blwyddyn y disgybl yw: {year}.",
    ),
    "pupil.class_recorded": BilingualText(
        "The pupil’s class at {school} was recorded on {on}.",
        "Cofnodwyd dosbarth y disgybl yn {school} ar {on}.",
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
                "Recorded on {on}: the pupil is looked after by a local authority.",
                "Cofnodwyd ar {on} fod y disgybl yn derbyn gofal gan awdurdod lleol.",
            ),
            "false": BilingualText(
                "Recorded on {on}: the pupil is not looked after by a local authority.",
                "Cofnodwyd ar {on} nad yw’r disgybl yn derbyn gofal gan awdurdod lleol.",
            ),
        },
        BilingualText(
            "The pupil’s looked-after status was recorded on {on}.",
            "Cofnodwyd ar {on} a yw’r disgybl yn derbyn gofal gan awdurdod lleol.",
        ),
    ),
    "pupil.language_wish_recorded": BilingualText(
        "The pupil’s preferred language was recorded on {on}[: {language}].",
        "Cofnodwyd dewis iaith y disgybl ar {on}[: {language}].",
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
        "A contact[, {contact},] has not represented the pupil since {on}.",
        "Nid yw cyswllt[, {contact},] yn cynrychioli’r disgybl ers {on}.",
    ),
    "pupil.views_recorded": TextByValue(
        "whose",
        {
            "child": BilingualText(
                "The child’s views were recorded in their own words on {on}[ ({language})].",
                "Cofnodwyd barn y plentyn yn ei eiriau ei hun ar {on}[ ({language})].",
            ),
        },
        BilingualText(
            "A parent’s views[, {contact},] were recorded in their own words on {on}[ ({language})].",
            "Cofnodwyd barn rhiant[, {contact},] yn ei eiriau ei hun ar {on}[ ({language})].",
        ),
    ),
    "pupil.advice_linked": BilingualText(
        "{school} asked {service} for advice about the pupil; this was recorded on {on}.",
        "Gofynnodd {school} am gyngor ynghylch y disgybl ({service}); cofnodwyd hyn ar {on}.",
    ),
    **MOVE_SENTENCES,
    **CONSENT_SENTENCES,
    **OBJECTION_SENTENCES,
    # referrals
    "referral.opened": TextByValue(
        "basis",
        {
            "historical_record": BilingualText(
                "An earlier referral to {service}, started on {on}, was entered from older records.",
                "Cofnodwyd atgyfeiriad cynharach ({service}), a ddechreuodd ar {on}, o hen gofnodion.",
            ),
        },
        BilingualText(
            "{school} started a referral to {service} on {on}[ (priority: {priority})].",
            "Dechreuodd {school} atgyfeiriad ar {on} ({service}[; blaenoriaeth: {priority}]).",
        ),
    ),
    "referral.immediate_risk_raised": BilingualText(
        "Immediate risk was raised on {on}. Told on {told_at}: {told}.",
        "Codwyd risg uniongyrchol ar {on}. Rhoddwyd gwybod ar {told_at}: {told}.",
    ),
    "referral.service_moved": TextByValue(
        "inherited_by",
        {
            "": BilingualText(
                "{service} moved from {from_agency} to {to_agency} on {on}, and the referral went with it.",
                "Symudodd {service} o {from_agency} i {to_agency} ar {on}, a’r atgyfeiriad gydag ef.",
            ),
        },
        BilingualText(
            "{service} had closed; {to_agency} ({inherited_by}) took the referral on from {from_agency} on {on}.",
            "Roedd {service} wedi cau; cymerodd {to_agency} ({inherited_by}) yr atgyfeiriad gan {from_agency} ar {on}.",
        ),
    ),
    "referral.allocated": TextByValue(
        "person",
        {
            "": BilingualText(
                "{service} removed the allocation on {on}: the referral is not allocated.",
                "Dileodd {service} y dyraniad ar {on}: nid yw’r atgyfeiriad wedi’i ddyrannu.",
            ),
        },
        BilingualText(
            "{service} allocated the referral on {on}[ to {person}].",
            "Dyrannodd {service} yr atgyfeiriad ar {on}[ (i: {person})].",
        ),
    ),
    "referral.service_note": BilingualText(
        "{service} added a note for itself alone on {on}.",
        "Ychwanegodd {service} nodyn iddo’i hun yn unig ar {on}.",
    ),
    "referral.entry_struck": BilingualText(
        "An earlier entry about the referral to {service} was struck out on {on} because it was made in error.",
        "Croeswyd allan gofnod cynharach am yr atgyfeiriad ar {on} ({service}) am ei fod yn gamgymeriad.",
    ),
    "referral.milestone_confirmed": BilingualText(
        "{service} confirmed on {on} what the school had reported[, by a link that {link_of} created][: {answered_by}]"
        "[, {answered_as}].",
        "Cadarnhaodd {service} ar {on} yr hyn a adroddodd yr ysgol[, drwy ddolen a grëwyd gan {link_of}]"
        "[: {answered_by}][, {answered_as}].",
    ),
    "referral.milestone_contested": BilingualText(
        "{service} contested on {on} what the school had reported[; it says that it was on {says_on}]"
        "[; by a link that {link_of} created][: {answered_by}][, {answered_as}].",
        "Anghytunodd {service} ar {on} â’r hyn a adroddodd yr ysgol[; y dyddiad yn ôl y gwasanaeth: {says_on}]"
        "[; drwy ddolen a grëwyd gan {link_of}][: {answered_by}][, {answered_as}].",
    ),
    "referral.unavailability_recorded": BilingualText(
        "The family asked {service} to wait, with no appointment from {from_on} up to and including "
        "{until}[: {reason}].",
        "Gofynnodd y teulu am beidio â chynnig apwyntiad o {from_on} hyd at {until}, gan gynnwys y diwrnod hwnnw"
        " ({service})[: {reason}].",
    ),
    "referral.place_reviewed": TextByValue(
        "outcome",
        {
            "stays": BilingualText(
                "The place in {service} was reviewed on {on} and goes on. Next review: {next_review_on}.",
                "Adolygwyd y lle gyda {service} ar {on}, ac mae’n parhau. Adolygiad nesaf: {next_review_on}.",
            ),
            "exit_planned": BilingualText(
                "The place in {service} was reviewed on {on}: an exit is being prepared[, due by {exit_due_on}].",
                "Adolygwyd y lle gyda {service} ar {on}: paratoir at ymadael[, erbyn {exit_due_on}].",
            ),
        },
        BilingualText(
            "The place in {service} was reviewed on {on}: other provision is needed.",
            "Adolygwyd y lle gyda {service} ar {on}: mae angen darpariaeth arall.",
        ),
    ),
    "referral.short_notice_agreed": TextByValue(
        "agreed",
        {
            "true": BilingualText(
                "The family agreed on {on} to be offered an appointment with {service} at short notice.",
                "Cytunodd y teulu ar {on} i gael cynnig apwyntiad ar fyr rybudd ({service}).",
            ),
        },
        BilingualText(
            "Since {on} the family no longer wants appointments with {service} at short notice.",
            "Ers {on} nid yw’r teulu’n dymuno apwyntiadau ar fyr rybudd mwyach ({service}).",
        ),
    ),
    "document.filed": BilingualText(
        "A document was attached on {on}.",
        "Atodwyd dogfen ar {on}.",
    ),
    "document.struck": BilingualText(
        "A document was removed on {on}: it had been attached in error.",
        "Tynnwyd dogfen ar {on}: atodwyd hi drwy gamgymeriad.",
    ),
    # minutes and actions
    "minute.recorded": BilingualText(
        "A meeting discussed the pupil on {on}[; present: {services_present}].",
        "Trafodwyd y disgybl mewn cyfarfod ar {on}[; yn bresennol: {services_present}].",
    ),
    "minute.corrected": BilingualText(
        "The minute about the pupil was corrected on {on}[; present: {services_present}].",
        "Cywirwyd cofnod y drafodaeth am y disgybl ar {on}[; yn bresennol: {services_present}].",
    ),
    "action.agreed": BilingualText(
        "An action was agreed on {on}[, owner: {owner}][, due by {due_on}].",
        "Cytunwyd ar gam gweithredu ar {on}[; yn gyfrifol: {owner}][; erbyn {due_on}].",
    ),
    "action.reassigned": BilingualText(
        "The action has a new owner from {on}: {owner}.",
        "Yn gyfrifol am y cam gweithredu o {on} ymlaen: {owner}.",
    ),
    "action.due_changed": BilingualText(
        "The due date of the action was changed on {on} to {due_on}[ from {was}].",
        "Newidiwyd dyddiad cwblhau’r cam gweithredu ar {on} i {due_on}[ yn lle {was}].",
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
        "The action was reopened on {on} because it had not been completed.",
        "Ailagorwyd y cam gweithredu ar {on} am nad oedd wedi’i gwblhau.",
    ),
}

# At the end of a sentence, before its full stop.
REPORTED = BilingualText(
    ", as reported by the school[ {how}][ on {reported_on}][ (told by {reported_by})]",
    ", yn ôl yr ysgol[ {how}][ ar {reported_on}][ (dywedodd: {reported_by})]",
)
HOW: dict[str, BilingualText] = {
    "telephone": BilingualText("by telephone", "dros y ffôn"),
    "letter": BilingualText("by letter", "drwy lythyr"),
    "email": BilingualText("by email", "drwy e-bost"),
    "at_meeting": BilingualText("at a meeting", "mewn cyfarfod"),
    "in_person": BilingualText("in person", "wyneb yn wyneb"),
    "by_parent": BilingualText("from what a parent said", "ar sail yr hyn a ddywedodd rhiant"),
    "copied_document": BilingualText("from a copy of a document", "ar sail copi o ddogfen"),
}

# Sentences that may follow.
CONFIRMED = BilingualText("{service} confirmed this.", "Cadarnhaodd {service} hyn.")
CONTESTED = BilingualText("{service} contests this.", "Mae {service} yn anghytuno â hyn.")
CORRECTS = BilingualText("This corrects an earlier entry.", "Mae hyn yn cywiro cofnod cynharach.")
SUPERSEDED = BilingualText(
    "This no longer counts because it was corrected later.",
    "Nid yw hyn yn cyfrif mwyach am ei fod wedi’i gywiro wedyn.",
)
GONE = BilingualText("These words have been erased.", "Dilëwyd y geiriau hyn.")

IN_WELSH = BilingualText("to be given in Welsh", "i’w darparu yn Gymraeg")

# Where a name is not known.
SOMEBODY: dict[str, BilingualText] = {
    "school": BilingualText("the school", "yr ysgol"),
    "from_school": BilingualText("another school", "ysgol arall"),
    "to_school": BilingualText("another school", "ysgol arall"),
    "service": BilingualText("the service", "y gwasanaeth"),
    "to_service": BilingualText("another service", "gwasanaeth arall"),
    "agency": BilingualText("the agency", "yr asiantaeth"),
    "owner": BilingualText("another person", "rhywun arall"),
}
UNSAID = BilingualText("not recorded", "heb ei gofnodi")

YEARS: dict[int, BilingualText] = {
    -2: BilingualText("nursery, first year", "dosbarth meithrin, blwyddyn gyntaf"),
    -1: BilingualText("nursery", "dosbarth meithrin"),
    0: BilingualText("reception", "dosbarth derbyn"),
}
YEAR = BilingualText("Year {number}", "Blwyddyn {number}")
OR = BilingualText(" or ", " neu ")
AT = BilingualText("{day} at {time}", "{day} am {time}")

ATTRIBUTION = BilingualText(
    "Recorded on {recorded} by {organisation} ({who})[, for {on_behalf_of}], {source}[; {late}].",
    "Cofnodwyd ar {recorded} gan {organisation} ({who})[, ar ran {on_behalf_of}], {source}[; {late}].",
)
SYSTEM = BilingualText("the organisation’s own system", "system y sefydliad ei hun")
LINK_HOLDER = BilingualText("the person with the link", "y person â’r ddolen")
SOURCES: dict[str, BilingualText] = {
    "screen": BilingualText("on screen", "ar y sgrin"),
    "link": BilingualText("by a link", "drwy ddolen"),
    "api": BilingualText("through the API", "drwy’r API"),
    "import": BilingualText("from a file", "o ffeil"),
    "command_line": BilingualText("on the command line", "ar y llinell orchymyn"),
    "demonstration": BilingualText("for the demonstration", "ar gyfer yr arddangosiad"),
    "schedule": BilingualText("by the service itself on the day", "gan y gwasanaeth ei hun ar y diwrnod"),
}
# Calendar days; Welsh mutates after two only.
LATER: dict[int, BilingualText] = {
    1: BilingualText("1 day later", "1 diwrnod yn ddiweddarach"),
    2: BilingualText("2 days later", "2 ddiwrnod yn ddiweddarach"),
}
DAYS_LATER = BilingualText("{count} days later", "{count} diwrnod yn ddiweddarach")

# What is quoted below a sentence, in this order.
QUOTED: dict[str, BilingualText] = {
    "details": BilingualText("What was asked", "Yr hyn y gofynnwyd amdano"),
    "what": BilingualText("What needs to be done", "Beth sydd angen ei wneud"),
    "reason": BilingualText("Reason", "Rheswm"),
    "concern": BilingualText("Concern", "Pryder"),
    "words": BilingualText("In their own words", "Yn eu geiriau eu hunain"),
    "discussion": BilingualText("Discussion", "Trafodaeth"),
    "decision": BilingualText("Decision", "Penderfyniad", statute=True),
    "dissent": BilingualText("Disagreement", "Anghytundeb"),
    "childs_view": BilingualText("The child’s view", "Barn y plentyn"),
    "parents_view": BilingualText("The parent’s view", "Barn y rhiant"),
    "advice": BilingualText("Advice", "Cyngor"),
    "signposting": BilingualText("Other support", "Cymorth arall"),
    "how": BilingualText("How it was done", "Sut y cafodd ei wneud"),
    "evidence": BilingualText("Evidence", "Tystiolaeth"),
    "assessment": BilingualText("Assessment", "Asesiad"),
    "conditions": BilingualText("Conditions", "Amodau"),
    "override_reason": BilingualText(
        "Why it was shared without agreement", "Pam y rhannwyd hyn heb gydsyniad"
    ),
    "why": BilingualText("Reason", "Rheswm"),
    "note": BilingualText("Note", "Nodyn"),
    "moving_school": BilingualText("Moving school", "Symud ysgol"),
    "key_contacts": BilingualText("Key contacts", "Cysylltiadau allweddol"),
    "why_enhanced": BilingualText("Why more is needed", "Pam mae angen mwy"),
    "beyond_reason": BilingualText(
        "Why it goes beyond the number of places", "Pam y mae hyn y tu hwnt i nifer y lleoedd"
    ),
    "times_not_possible": BilingualText("Times that are not possible", "Amseroedd nad ydynt yn bosibl"),
    "interpreter": BilingualText("Interpreter", "Cyfieithydd"),
    "statement": BilingualText("What the family wrote", "Yr hyn a ysgrifennodd y teulu"),
    "social_worker": BilingualText("Social worker", "Gweithiwr cymdeithasol"),
    "activity": BilingualText("What is done", "Yr hyn a wneir"),
    "aim": BilingualText("Aim", "Nod"),
    "measure": BilingualText("Measure", "Mesur"),
    "unit": BilingualText("Unit", "Uned"),
    "starting_point": BilingualText("Starting point", "Man cychwyn"),
    "value": BilingualText("Measured now", "Wedi’i fesur nawr"),
    "voices": BilingualText("What was said", "Yr hyn a ddywedwyd"),
    "important": BilingualText("What is important to me", "Beth sy’n bwysig i mi"),
    "admired": BilingualText(
        "What people like and admire about me", "Beth mae pobl yn ei hoffi ac yn ei edmygu amdanaf i"
    ),
    "support": BilingualText("How best to support me", "Sut orau i’m cefnogi"),
}
