"""Words of the rights desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.words.text import Words

GROUNDS: dict[str, Words] = {
    "retention": _l("It no longer has to be kept"),
    "request": _l("The person asked for it"),
    "court": _l("A court ordered it"),
    "in_error": _l("It should never have been made"),
}
KINDS: dict[str, Words] = {
    "subject_access": _l("A copy of what is held (subject access)"),
    "educational_record": _l("The educational record"),
    "rectification": _l("A correction"),
    "complaint": _l("A complaint about how information is used"),
}
ASKED_BY: dict[str, Words] = {
    "pupil": _l("The pupil"),
    "parent": _l("A parent"),
    "representative": _l("Somebody else who represents the pupil"),
}
OUTCOMES: dict[str, Words] = {
    "given": _l("All of it was given"),
    "given_in_part": _l("Part of it was given"),
    "refused": _l("It was refused"),
    "corrected": _l("The record was corrected"),
    "upheld": _l("The complaint was upheld"),
    "not_upheld": _l("The complaint was not upheld"),
}
CASES: dict[str, Words] = {
    "every": _l("Every pupil"),
    "aln": _l("Additional learning needs or a referral"),
    "looked_after": _l("Ever looked after by a local authority"),
    "adopted": _l("Adopted"),
    "health": _l("A health body holds a part"),
    "health_at_17": _l("Treatment by a health body ended at 17"),
}
STARTS: dict[str, Words] = {"birth": _l("Date of birth"), "adoption": _l("Adoption order")}
