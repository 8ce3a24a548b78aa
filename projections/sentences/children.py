"""The sentences about the files of one child: joined, separated, and an identity that was replaced."""

from __future__ import annotations

from projections.sentences.text import BilingualText, TextByValue

SENTENCES_OF_CHILDREN: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "pupil.identity_replaced": BilingualText(
        "The pupil has had a new identity in law since {on}. What was recorded of names, contacts and words before is"
        " withheld.",
        "Mae gan y disgybl hunaniaeth gyfreithiol newydd ers {on}. Ni ddangosir yr enwau, y cysylltiadau na’r geiriau a"
        " gofnodwyd cyn hynny.",
    ),
    "pupil.taken_on_by_authority": BilingualText(
        "{held_by} took on the file of the child, who is on no school’s roll, on {on}.",
        "Ar {on} cymerodd {held_by} ffeil y plentyn, nad yw ar gofrestr unrhyw ysgol.",
    ),
    "pupil.joined": TextByValue(
        "part",
        {
            "leads": BilingualText(
                "Another file of the same child was joined to this one on {on}.",
                "Unwyd ffeil arall yr un plentyn â’r ffeil hon ar {on}.",
            ),
        },
        BilingualText(
            "This file was joined to another file of the same child on {on}.",
            "Unwyd y ffeil hon â ffeil arall yr un plentyn ar {on}.",
        ),
    ),
    "pupil.separated": BilingualText(
        "Two files that had been joined were separated on {on}.",
        "Gwahanwyd ar {on} ddwy ffeil a oedd wedi’u huno.",
    ),
}
