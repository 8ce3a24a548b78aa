"""The sentences about requests for a pupil's file, moves and emergency access, English and Welsh side by side."""

from __future__ import annotations

from projections.sentences.text import BilingualText, TextByValue

MOVE_SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "pupil.file_requested": BilingualText(
        "{school}, which has had the pupil on its roll since {on}, asked for the file.",
        "Gofynnodd {school} am y ffeil: mae’r disgybl ar ei chofrestr ers {on}.",
    ),
    "pupil.file_request_escalated": TextByValue(
        "ground",
        {
            "school_closed": BilingualText(
                "The local authority answers the request for the file from {on}, because the school is closed.",
                "Yr awdurdod lleol sy’n ateb y cais am y ffeil ers {on}, am fod yr ysgol wedi cau.",
            ),
            "no_answer": BilingualText(
                "The local authority answers the request for the file from {on}, because the school had not"
                " answered within five working days.",
                "Yr awdurdod lleol sy’n ateb y cais am y ffeil ers {on}, am nad oedd yr ysgol wedi ateb o fewn pum"
                " diwrnod gwaith.",
            ),
            "disputed": BilingualText(
                "The school disputed the request for the file on {on}. The local authority answers it.",
                "Anghytunodd yr ysgol â’r cais am y ffeil ar {on}. Yr awdurdod lleol sy’n ei ateb.",
            ),
            "on_no_roll": BilingualText(
                "The local authority answers the request for the file from {on}, because the pupil was on no"
                " school’s roll.",
                "Yr awdurdod lleol sy’n ateb y cais am y ffeil ers {on}, am nad oedd y disgybl ar gofrestr unrhyw"
                " ysgol.",
            ),
        },
        BilingualText(
            "The local authority’s safeguarding person answers the request for the file from {on}.",
            "Person diogelu’r awdurdod lleol sy’n ateb y cais am y ffeil ers {on}.",
        ),
    ),
    "pupil.file_request_answered": TextByValue(
        "answer",
        {
            "released": BilingualText(
                "The file was released to {school} as of {on}.",
                "Rhyddhawyd y ffeil ar {on} ({school}).",
            ),
            "kept_on_both": BilingualText(
                "The pupil stays on the roll, and is on that of {school} too from {on}.",
                "Mae’r disgybl yn aros ar y gofrestr, a hefyd ar gofrestr arall o {on} ymlaen ({school}).",
            ),
            "not_this_pupil": BilingualText(
                "The request of {school} was answered on {on}: it is not about this pupil.",
                "Atebwyd cais {school} ar {on}: nid am y disgybl hwn y mae.",
            ),
        },
        BilingualText(
            "{school} withdrew its request for the file on {on}.",
            "Tynnodd {school} ei chais am y ffeil yn ôl ar {on}.",
        ),
    ),
    "pupil.emergency_access_opened": BilingualText(
        "{school} opened emergency access to part of the file on {on}, until {closes_at}.",
        "Agorodd {school} fynediad brys i ran o’r ffeil ar {on}, hyd {closes_at}.",
    ),
    "pupil.emergency_access_reviewed": TextByValue(
        "finding",
        {
            "justified": BilingualText(
                "The emergency access was reviewed on {on}: it was justified.",
                "Adolygwyd y mynediad brys ar {on}: roedd cyfiawnhad drosto.",
            ),
        },
        BilingualText(
            "The emergency access was reviewed on {on}: it was not justified.",
            "Adolygwyd y mynediad brys ar {on}: nid oedd cyfiawnhad drosto.",
        ),
    ),
    "pupil.emergency_file_opened": BilingualText(
        "{organisation} opened emergency access to part of the file on {on}, until {closes_at}.",
        "Agorodd {organisation} fynediad brys i ran o’r ffeil ar {on}, hyd {closes_at}.",
    ),
    "pupil.emergency_file_reviewed": TextByValue(
        "finding",
        {
            "justified": BilingualText(
                "The emergency access was reviewed on {on}: it was justified.",
                "Adolygwyd y mynediad brys ar {on}: roedd cyfiawnhad drosto.",
            ),
        },
        BilingualText(
            "The emergency access was reviewed on {on}: it was not justified.",
            "Adolygwyd y mynediad brys ar {on}: nid oedd cyfiawnhad drosto.",
        ),
    ),
    "pupil.restricted": BilingualText(
        "{organisation} restricted the file to named roles and people on {on}.",
        "Cyfyngodd {organisation} y ffeil i rolau a phobl a enwir ar {on}.",
    ),
    "pupil.restriction_lifted": BilingualText(
        "{organisation} lifted its restriction of the file on {on}.",
        "Cododd {organisation} ei chyfyngiad ar y ffeil ar {on}.",
    ),
    "pupil.interest_declared": BilingualText(
        "An interest in the pupil was declared on {on}.",
        "Datganwyd buddiant yn y disgybl ar {on}.",
    ),
    "pupil.interest_ended": BilingualText(
        "An interest in the pupil ended on {on}.",
        "Daeth buddiant yn y disgybl i ben ar {on}.",
    ),
    "pupil.move_expected": BilingualText(
        "{from_school} expects the pupil to move to {to_school} on {expected_on}.",
        "Mae {from_school} yn disgwyl i’r disgybl symud ar {expected_on} (i: {to_school}).",
    ),
    "pupil.move_agreed": BilingualText(
        "{to_school} agreed to the move on {on}.",
        "Cytunodd {to_school} i’r symud ar {on}.",
    ),
    "pupil.move_fell_through": BilingualText(
        "Recorded on {on}: the expected move will not take place.",
        "Cofnodwyd ar {on} na fydd y symud disgwyliedig yn digwydd.",
    ),
    "pupil.record_sent": BilingualText(
        "{from_school} sent the educational record to the next school on {on}.",
        "Anfonodd {from_school} y cofnod addysgol at yr ysgol nesaf ar {on}.",
    ),
    "pupil.record_taken_on": BilingualText(
        "{to_school} received the educational record of {from_school} on {on}.",
        "Derbyniodd {to_school} y cofnod addysgol ar {on} (oddi wrth: {from_school}).",
    ),
}
