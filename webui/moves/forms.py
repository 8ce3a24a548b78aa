"""The forms about moves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from coordination.pupil.moves.commands import RECORD_PARTS
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, TextField
from webui.moves.words import ANSWERS, FINDINGS, PARTS, TOLD

WHICH_DAY = _l("For example 27 3 2026")


class FileAnswerSchema(FormSchema):
    answer = ChoiceField(_l("What is your answer?"), choices=list(ANSWERS.items()))
    occurred_on = DateField(
        _l("From what date?"),
        hint=_l("The date on which the pupil left your roll, or joined the second school too."),
    )
    why = LongTextField(
        _l("Reason"), required=False, rows=2, longest=1000, hint=_l("Required if you dispute the request.")
    )


class AuthorityFileAnswerSchema(FormSchema):
    answer = ChoiceField(
        _l("What is your answer?"),
        choices=[(code, words) for code, words in ANSWERS.items() if code != "disputed"],
    )
    occurred_on = DateField(_l("From what date?"), hint=WHICH_DAY)
    why = LongTextField(_l("Reason"), required=False, rows=2, longest=1000)


class EmergencySchema(FormSchema):
    why = LongTextField(
        _l("Why do you need the file now?"),
        hint=_l("The other school and the local authority will read this."),
        rows=3,
        longest=1000,
        says={"missing": _l("Enter the reason")},
    )


class EmergencyFileSchema(FormSchema):
    """Who the child is, why the file is needed now, and who learns of it."""

    surname = TextField(_l("Surname of the child"), autocomplete="off", spellcheck=False)
    forename = TextField(_l("Forename of the child"), autocomplete="off", spellcheck=False)
    date_of_birth = DateField(_l("Date of birth"), hint=_l("For example 27 3 2012"))
    upn = TextField(
        _l("Unique pupil number"),
        hint=_l("If you have it."),
        required=False,
        autocomplete="off",
        spellcheck=False,
    )
    why = LongTextField(
        _l("Why do you need the file now?"),
        hint=_l("Whoever is told, and the local authority’s safeguarding person, will read this."),
        rows=3,
        longest=1000,
        says={"missing": _l("Enter the reason")},
    )
    told = ChoiceField(
        _l("Who is told at once?"),
        hint=_l("Choose the second if the concern is about the school, or the family is in hiding."),
        choices=list(TOLD.items()),
    )


class ReviewSchema(FormSchema):
    finding = ChoiceField(_l("Was the emergency access justified?"), choices=list(FINDINGS.items()))
    why = LongTextField(
        _l("Why?"), rows=3, longest=1000, says={"missing": _l("Enter the reason for your finding")}
    )


class SendRecordSchema(FormSchema):
    parts = ChoicesField(
        _l("What have you sent?"),
        choices=[(part, PARTS[part]) for part in RECORD_PARTS],
        says={"missing": _l("Choose what you have sent")},
    )
    occurred_on = DateField(_l("When did you send it?"), hint=WHICH_DAY)


class TakeOnSchema(FormSchema):
    occurred_on = DateField(_l("When did the record arrive?"), hint=WHICH_DAY)


class TransferSchema(FormSchema):
    to_school = ChoiceField(_l("Which school will the pupils move to?"), widget="select")
    expected_on = DateField(_l("On which date will they join it?"), hint=_l("For example 1 9 2026"))
    pupils = ChoicesField(
        _l("Which pupils?"),
        says={"missing": _l("Choose at least one pupil")},
        hint=_l("Year 6 pupils are listed first."),
    )


class CancelMoveSchema(FormSchema):
    why = LongTextField(_l("Why?"), required=False, rows=2, longest=500)
