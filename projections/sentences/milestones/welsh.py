"""The words of each milestone in Welsh: written by a developer, for a translator to review.

Names stand where they are not mutated: after a verb, in brackets, after a colon.
"""

from __future__ import annotations

from projections.sentences.text import MilestoneWords, TextByValue

WORDS: dict[str, MilestoneWords] = {
    "decided": MilestoneWords(
        name="Penderfynwyd atgyfeirio",
        action="Cofnodi’r penderfyniad i atgyfeirio",
        explanation=None,
        date_question=None,
        sentence="Penderfynodd {school} ar {on} atgyfeirio ({service}).",
    ),
    "submitted": MilestoneWords(
        name="Anfonwyd",
        action="Anfon yr atgyfeiriad",
        explanation=None,
        date_question=None,
        sentence="Anfonodd {school} yr atgyfeiriad ar {on} ({service})[; yn eisiau o hyd: {missing}].",
    ),
    "received": MilestoneWords(
        name="Daeth i law",
        action="Cofnodi i’r atgyfeiriad ddod i law",
        explanation=(
            "Mae cloc y rhan fwyaf o’r safonau yn cychwyn y tro cyntaf y daw’r atgyfeiriad i "
            "law. Cedwir y dyddiad pan drosglwyddir yr atgyfeiriad."
        ),
        date_question=None,
        sentence="Daeth yr atgyfeiriad i law ar {on} ({service}).",
    ),
    "acknowledged": MilestoneWords(
        name="Cydnabuwyd",
        action="Cydnabod",
        explanation=None,
        date_question=None,
        sentence="Cydnabu {service} yr atgyfeiriad ar {on}.",
    ),
    "triaged": MilestoneWords(
        name="Brysbennwyd",
        action="Brysbennu",
        explanation=None,
        date_question=None,
        sentence="Barnodd {service} ar {on} pa mor frys yw’r atgyfeiriad[: {priority}].",
    ),
    "redirected": MilestoneWords(
        name="Trosglwyddwyd",
        action="Trosglwyddo i wasanaeth arall",
        explanation=(
            "Cedwir y dyddiad cyntaf y daeth i law. Dim ond pan fydd person ag awdurdod wedi "
            "cydsynio y caniateir dweud wrth asiantaeth arall; yr ysgol sy’n cofnodi’r "
            "cydsyniad."
        ),
        date_question=None,
        sentence="Trosglwyddodd {service} yr atgyfeiriad ar {on}; mae bellach gyda: {to_service}.",
    ),
    "opt_in_asked": MilestoneWords(
        name="Gofynnwyd i’r teulu a ydynt am gael apwyntiad",
        action="Gofyn i’r teulu a ydynt am gael apwyntiad",
        explanation=None,
        date_question=None,
        sentence="Gofynnodd {service} i’r teulu ar {on} a ydynt am gael apwyntiad[, erbyn {answer_by}].",
    ),
    "opt_in_answered": MilestoneWords(
        name="Mae’r teulu am gael apwyntiad",
        action="Cofnodi bod y teulu am gael apwyntiad",
        explanation=None,
        date_question=None,
        sentence="Atebodd y teulu ar {on} ynghylch yr apwyntiad ({service}).",
    ),
    "opt_in_unanswered": MilestoneWords(
        name="Dim ateb gan y teulu ynghylch apwyntiad",
        action="Cofnodi nad atebodd y teulu",
        explanation="Nid yw hyn yn dod â’r atgyfeiriad i ben.",
        date_question="Erbyn pa ddyddiad na chafwyd ateb?",
        sentence=(
            "Nid oedd y teulu wedi ateb erbyn {on} ({service}). Nid yw hyn yn dod â’r atgyfeiriad i ben."
        ),
    ),
    "waiting_list_reviewed": MilestoneWords(
        name="Adolygwyd y rhestr aros",
        action="Cofnodi adolygiad o’r rhestr aros",
        explanation=(
            "Ar gyfer adolygiad o’ch rhestr aros, pan fydd yr atgyfeiriad yn aros arni. "
            "Nid yw statws yr atgyfeiriad na’r cam nesaf yn newid."
        ),
        date_question="Ar ba ddyddiad yr adolygwyd y rhestr?",
        sentence="Adolygodd {service} ei restr aros ar {on}; mae’r atgyfeiriad yn aros arni.",
    ),
    "accepted": MilestoneWords(
        name="Derbyniwyd yr atgyfeiriad",
        action="Derbyn",
        explanation=None,
        date_question=None,
        sentence="Derbyniodd {service} yr atgyfeiriad ar {on}.",
    ),
    "information_requested": MilestoneWords(
        name="Gofynnwyd am wybodaeth",
        action="Gofyn am wybodaeth",
        explanation=(
            "Tan hynny, mae’r dyddiau’n cyfrif fel rhai’r ysgol neu’r teulu, yn ôl i bwy y gofynnoch."
        ),
        date_question=None,
        sentence=TextByValue(
            "asked_of",
            {
                "family": "Gofynnodd {service} i’r teulu ar {on} am ragor o wybodaeth[: {requirements}].",
            },
            "Gofynnodd {service} i’r ysgol ar {on} am ragor o wybodaeth[: {requirements}].",
        ),
    ),
    "information_supplied": MilestoneWords(
        name="Rhoddwyd gwybodaeth",
        action="Rhoi gwybodaeth",
        explanation=None,
        date_question=None,
        sentence="Rhoddwyd yr wybodaeth ar {on} ({service})[: {requirements}].",
    ),
    "appointment_offered": MilestoneWords(
        name="Cynigiwyd apwyntiad",
        action="Cynnig apwyntiad",
        explanation=(
            "Mae cynnig yn rhesymol pan fydd yn enwi o leiaf ddau ddyddiad, pob un ag o leiaf "
            "ddeg diwrnod o rybudd. Dim ond ar ôl cynnig rhesymol y mae dyddiau apwyntiad a "
            "gollwyd yn cyfrif fel rhai’r teulu. (Canllawiau amseroedd aros NHSScotland, "
            "2023.)"
        ),
        date_question="Ar ba ddyddiad yr anfonwyd y cynnig?",
        sentence=(
            "Cynigiodd {service} apwyntiad[ ar gyfer {for_when}] (anfonwyd {on})[, iaith: "
            "{language}][, lle: {place}]."
        ),
    ),
    "appointment_answered": MilestoneWords(
        name="Atebwyd y cynnig o apwyntiad",
        action="Cofnodi ateb y teulu",
        explanation=None,
        date_question=None,
        sentence=TextByValue(
            "answer",
            {
                "another_time_asked": "Gofynnodd y teulu ar {on} am amser arall ({service}).",
                "declined": "Gwrthododd y teulu’r apwyntiad ar {on} ({service}).",
            },
            "Derbyniodd y teulu’r apwyntiad[ ar gyfer {chosen}] ar {on} ({service}).",
        ),
    ),
    "was_not_brought": MilestoneWords(
        name="Ni ddaethpwyd â’r plentyn",
        action="Cofnodi na ddaethpwyd â’r plentyn",
        explanation=(
            "Ar gyfer plentyn. Nid yw’n dod â’r atgyfeiriad i ben. Rhoddir gwybod i’r ysgol "
            "heddiw, er mwyn holi am y plentyn."
        ),
        date_question="Dyddiad yr apwyntiad",
        sentence="Ni ddaethpwyd â’r plentyn i’r apwyntiad ar {on} ({service})[: {reason}].",
    ),
    "did_not_attend": MilestoneWords(
        name="Ni ddaeth",
        action="Cofnodi na ddaeth y person ifanc",
        explanation=(
            "Ar gyfer person ifanc sy’n penderfynu drosto’i hun. Ar gyfer plentyn, cofnodwch "
            "na ddaethpwyd â’r plentyn."
        ),
        date_question="Dyddiad yr apwyntiad",
        sentence="Ni ddaeth y person ifanc i’r apwyntiad ar {on} ({service})[: {reason}].",
    ),
    "could_not_attend": MilestoneWords(
        name="Ni allai ddod",
        action="Cofnodi na allai’r disgybl ddod",
        explanation="Ar gyfer rhybudd a roddwyd ar unrhyw adeg cyn yr apwyntiad.",
        date_question="Ar ba ddyddiad y rhoddwyd rhybudd?",
        sentence="Rhoddwyd gwybod ar {on} na allai’r disgybl ddod i’r apwyntiad ({service})[: {reason}].",
    ),
    "cancelled_by_service": MilestoneWords(
        name="Canslwyd gan y gwasanaeth",
        action="Canslo’r apwyntiad",
        explanation=None,
        date_question="Ar ba ddyddiad y canslwyd yr apwyntiad?",
        sentence="Canslodd {service} yr apwyntiad ar {on}.",
    ),
    "first_contact": MilestoneWords(
        name="Cyswllt cyntaf",
        action="Cofnodi’r cyswllt cyntaf",
        explanation=None,
        date_question=None,
        sentence="Cafodd {service} ei gyswllt cyntaf â’r disgybl ar {on}.",
    ),
    "assessed": MilestoneWords(
        name="Aseswyd",
        action="Cofnodi’r asesiad",
        explanation=None,
        date_question=None,
        sentence="Asesodd {service} y disgybl ar {on}.",
    ),
    "treatment_started": MilestoneWords(
        name="Dechreuwyd triniaeth",
        action="Cofnodi dechrau’r driniaeth",
        explanation=None,
        date_question=None,
        sentence="Dechreuodd {service} driniaeth ar {on}.",
    ),
    "report_issued": MilestoneWords(
        name="Cyhoeddwyd adroddiad",
        action="Cofnodi’r adroddiad",
        explanation=None,
        date_question=None,
        sentence="Cyhoeddodd {service} adroddiad ar {on}.",
    ),
    "s21_answer": MilestoneWords(
        name="Ateb o dan adran 21",
        action="Ateb o dan adran 21",
        explanation=(
            "Deddf Anghenion Dysgu Ychwanegol a’r Tribiwnlys Addysg (Cymru) 2018, adran 21: "
            "dim ond yr ateb hwn sy’n atal cloc atgyfeiriad o dan adran 20. Rhaid ei roi o "
            "fewn chwe wythnos (OS 2021/401, rheoliad 11)."
        ),
        date_question=None,
        sentence=TextByValue(
            "identified",
            {
                "true": (
                    "Atebodd {service} o dan adran 21 o Ddeddf ADY ar {on}: nodwyd triniaeth neu "
                    "wasanaeth[, {in_welsh}]."
                ),
                "false": (
                    "Atebodd {service} o dan adran 21 o Ddeddf ADY ar {on}: ni nodwyd triniaeth na "
                    "gwasanaeth."
                ),
            },
            "Atebodd {service} o dan adran 21 o Ddeddf ADY ar {on}.",
        ),
    ),
    "panel_decided": MilestoneWords(
        name="Y panel wedi penderfynu",
        action="Cofnodi penderfyniad y panel",
        explanation=None,
        date_question="Ar ba ddiwrnod y penderfynodd y panel?",
        sentence=TextByValue(
            "decision",
            {
                "place": "Cytunodd y panel ar {on} i roi lle gyda: {service}.",
                "wait": "Penderfynodd y panel ar {on} fod y disgybl yn aros am le gyda: {service}.",
                "no_place": "Penderfynodd y panel ar {on} yn erbyn lle gyda: {service}.",
            },
            "Penderfynodd y panel ar {on} ar gyfer: {service}.",
        ),
    ),
    "place_offered": MilestoneWords(
        name="Cynigiwyd lle",
        action="Cynnig lle",
        explanation=None,
        date_question="Ar ba ddiwrnod y cynigiwyd y lle?",
        sentence="Cynigiodd {service} le ar {on}[, o {starts_on} ymlaen].",
    ),
    "placed": MilestoneWords(
        name="Mewn lle",
        action="Cofnodi bod gan y disgybl y lle",
        explanation=(
            "Mae’r atgyfeiriad yn parhau nes i’r lle ddod i ben, fel bod ei adolygiadau a’r ymadael ar gofnod."
        ),
        date_question="Diwrnod cyntaf yn y lle",
        sentence="Mae gan y disgybl le gyda {service} ers {on}[; mae’r ymadael i’w ystyried erbyn {exit_due_on}].",
    ),
    "advice_given": MilestoneWords(
        name="Rhoddwyd cyngor yn lle derbyn",
        action="Rhoi cyngor yn lle derbyn",
        explanation=None,
        date_question=None,
        sentence="Rhoddodd {service} gyngor ar {on} yn lle derbyn yr atgyfeiriad.",
    ),
    "declined": MilestoneWords(
        name="Gwrthodwyd",
        action="Gwrthod",
        explanation=None,
        date_question=None,
        sentence=TextByValue(
            "ending",
            {
                "moved_away": (
                    "Gwrthododd {service} yr atgyfeiriad ar {on} "
                    "am fod y disgybl wedi symud i ffwrdd[: {reason}]."
                ),
                "aged_out": (
                    "Gwrthododd {service} yr atgyfeiriad ar {on} "
                    "am fod y disgybl dros derfyn oedran y gwasanaeth[: {reason}]."
                ),
            },
            "Gwrthododd {service} yr atgyfeiriad ar {on}[: {reason}].",
        ),
    ),
    "discharged": MilestoneWords(
        name="Rhyddhawyd",
        action="Rhyddhau",
        explanation=None,
        date_question="Dyddiad y rhyddhau",
        sentence=TextByValue(
            "ending",
            {
                "moved_away": (
                    "Rhyddhaodd {service} y disgybl ar {on} am fod y disgybl wedi symud i ffwrdd[: {reason}]."
                ),
                "aged_out": (
                    "Rhyddhaodd {service} y disgybl ar {on} "
                    "am fod y disgybl dros derfyn oedran y gwasanaeth[: {reason}]."
                ),
            },
            "Rhyddhaodd {service} y disgybl ar {on}[: {reason}].",
        ),
    ),
    "place_ended": MilestoneWords(
        name="Y lle wedi dod i ben",
        action="Dod â’r lle i ben",
        explanation=None,
        date_question="Diwrnod olaf yn y lle",
        sentence="Daeth y lle gyda {service} i ben ar {on}[: {reason}].",
    ),
    "withdrawn": MilestoneWords(
        name="Tynnwyd yn ôl",
        action="Tynnu’r atgyfeiriad yn ôl",
        explanation=(
            "Ar gyfer atgyfeiriad y mae’r ysgol neu’r teulu yn ei dynnu’n ôl. Mae’r "
            "asiantaeth yn gweld iddo ddod i ben, a pham."
        ),
        date_question=None,
        sentence=TextByValue(
            "ending",
            {
                "moved_away": (
                    "Tynnwyd yr atgyfeiriad yn ôl ar {on} ({service}) "
                    "am fod y disgybl wedi symud i ffwrdd[: {reason}]."
                ),
                "aged_out": (
                    "Tynnwyd yr atgyfeiriad yn ôl ar {on} ({service}) "
                    "am fod y disgybl dros derfyn oedran y gwasanaeth[: {reason}]."
                ),
            },
            "Tynnwyd yr atgyfeiriad yn ôl ar {on} ({service})[: {reason}].",
        ),
    ),
    "reopened": MilestoneWords(
        name="Ailagorwyd",
        action="Ailagor yr atgyfeiriad",
        explanation=None,
        date_question=None,
        sentence=TextByValue(
            "new_episode",
            {
                "true": "Ailagorwyd yr atgyfeiriad ar {on} fel cyfnod atgyfeirio newydd ({service})[: {reason}].",
            },
            "Ailagorwyd yr atgyfeiriad ar {on} ({service})[: {reason}].",
        ),
    ),
    "recorded_in_error": MilestoneWords(
        name="Cofnodwyd drwy gamgymeriad",
        action="Nodi iddo gael ei gofnodi drwy gamgymeriad",
        explanation=(
            "Ar gyfer atgyfeiriad na ddylid bod wedi’i gofnodi. Mae’n aros yn weladwy ac nid "
            "yw’n cael ei gyfrif."
        ),
        date_question="Ar ba ddyddiad y sylwyd ar y camgymeriad?",
        sentence="Nodwyd ar {on} fod yr atgyfeiriad wedi’i gofnodi drwy gamgymeriad ({service}).",
    ),
}
