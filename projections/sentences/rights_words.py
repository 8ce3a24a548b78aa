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
    "rights.request_received": TextByValue(
        "kind",
        {
            "subject_access": BilingualText(
                "A request for a copy of what is held was received on {on}.",
                "Derbyniwyd cais ar {on} am gopi o’r hyn a gedwir.",
            ),
            "educational_record": BilingualText(
                "A request for the educational record was received on {on}.",
                "Derbyniwyd cais ar {on} am y cofnod addysgol.",
            ),
            "rectification": BilingualText(
                "A request for a correction was received on {on}.", "Derbyniwyd cais ar {on} am gywiriad."
            ),
        },
        BilingualText(
            "A complaint about how information is used was received on {on}.",
            "Derbyniwyd cwyn ar {on} ynghylch y defnydd o wybodaeth.",
        ),
    ),
    "rights.clock_stopped": BilingualText(
        "The time for the request stopped on {on}, until the person says who they are or what they want.",
        "Ataliwyd yr amser ar gyfer y cais ar {on}, hyd nes i’r person ddweud pwy ydyw neu beth y mae ei eisiau.",
    ),
    "rights.clock_started": BilingualText(
        "The time for the request went on from {on}.", "Aeth yr amser ar gyfer y cais yn ei flaen o {on}."
    ),
    "rights.request_acknowledged": BilingualText(
        "The request was acknowledged on {on}.", "Cydnabuwyd y cais ar {on}."
    ),
    "rights.parents_request_weighed": BilingualText(
        "A parent’s request was weighed against the child’s competence on {on}.",
        "Pwyswyd cais rhiant yn erbyn cymhwysedd y plentyn ar {on}.",
    ),
    "rights.health_opinion_recorded": BilingualText(
        "A health professional’s opinion on the request is dated {on}.",
        "Dyddiad barn gweithiwr iechyd proffesiynol ar y cais: {on}.",
    ),
    "rights.request_passed_on": BilingualText(
        "The request was passed on to another organisation on {on}.",
        "Anfonwyd y cais ymlaen at sefydliad arall ar {on}.",
    ),
    "rights.request_answered": BilingualText("The request was answered on {on}.", "Atebwyd y cais ar {on}."),
}
