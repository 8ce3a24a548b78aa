"""Forms for agreement to share: request, answer, withdrawal; and the lawful basis."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, YesNoField
from webui.pupil.forms.profile import WHICH_DAY

WHOLE_AGENCY = "whole"
"""In place of a service: every service of the agency, because the family says so."""
CHILD = "child"
"""In place of a contact: the pupil themselves."""


class StruckOutSchema(FormSchema):
    """The services on the list of a single point of access that an agreement leaves out."""

    struck_out = ChoicesField(
        _l("Services that the family strikes out"),
        hint=_l(
            "A single point of access may pass the referral on to these services without asking again, except to"
            " those that you select here."
        ),
        required=False,
    )


class SharingScopeSchema(StruckOutSchema):
    """The agency and its service, the purpose, and the kinds of data."""

    agency = ChoiceField(_l("Share with which agency?"), widget="select")
    service = ChoiceField(
        _l("With which of its services?"),
        hint=_l("Other services of the agency see nothing. Leave empty if the agency has only one service."),
        widget="select",
        required=False,
    )
    purpose = ChoiceField(_l("For what?"), widget="select")
    data_classes = ChoicesField(
        _l("What may be shared?"),
        hint=_l("Only what the purpose needs."),
        says={"missing": _l("Choose what may be shared")},
    )


class ConsentRequestSchema(SharingScopeSchema):
    who = ChoiceField(_l("Who is asked?"))
    route = ChoiceField(_l("How?"), inline=True)
    language = ChoiceField(_l("In which language?"), inline=True)
    occurred_on = DateField(_l("When?"), hint=WHICH_DAY)


class ConsentAnswerSchema(StruckOutSchema):
    """An answer to a recorded request."""

    answer = ChoiceField(
        _l("What is the answer?"),
        choices=[("given", _l("Agrees to share")), ("refused", _l("Does not agree"))],
    )
    who = ChoiceField(_l("Who answered?"))
    authority = ChoiceField(
        _l("With what authority?"),
        hint=_l("Competence or the end of compulsory schooling decides who agrees, not age alone."),
    )
    competence_judged_by = ChoiceField(
        _l("Who judged that the child is competent to decide this?"), widget="select", required=False
    )
    assessment = LongTextField(
        _l("How was the child found competent?"),
        hint=_l("What they understood of what is shared, with whom, why, and what follows if it is not."),
        required=False,
        rows=2,
    )
    local_authority = ChoiceField(
        _l("Which local authority holds parental responsibility?"), widget="select", required=False
    )
    decided_by = ChoiceField(
        _l("Who decided that it is in the person’s best interests?"), widget="select", required=False
    )
    evidence = LongTextField(
        _l("What shows this authority?"),
        hint=_l(
            "Which order from which court, which deputyship or power of attorney, or who was asked about the "
            "person’s best interests and what they said."
        ),
        required=False,
        rows=2,
        longest=1000,
    )
    words = LongTextField(_l("In their own words"), hint=_l("As said or written."), required=False, rows=4)
    route = ChoiceField(_l("How was the answer given?"), inline=True)
    language = ChoiceField(_l("In which language?"), inline=True)
    occurred_on = DateField(_l("When?"), hint=WHICH_DAY)
    expires_on = DateField(
        _l("When does the agreement end?"), hint=_l("Leave empty if no end date was given."), required=False
    )
    conditions = LongTextField(
        _l("Did they set conditions?"),
        hint=_l("For example what is not to be shared."),
        required=False,
        rows=2,
    )
    kept_from_parents = YesNoField(
        _l("Should this stay out of what the parents receive?"),
        kind="should it?",
        hint=_l(
            "A child who is competent may agree alone. Then letters, links, printed pages and exports for the parents "
            "leave out this agreement and the referral that follows from it."
        ),
        required=False,
        inline=True,
    )


class UnaskedConsentSchema(ConsentAnswerSchema, SharingScopeSchema):
    """An answer without a recorded request: it includes the agency, service, purpose and person."""


class ConsentWithdrawalSchema(FormSchema):
    meaning = ChoiceField(
        _l("What does the family want?"),
        choices=[
            ("stop_sharing", _l("Stop sharing: nothing new goes to the agency, and the referral goes on")),
            ("end_referral", _l("Stop sharing and end the referral too")),
        ],
    )
    who = ChoiceField(_l("Who is withdrawing agreement?"))
    words = LongTextField(_l("In their own words"), hint=_l("As said or written."), required=False, rows=4)
    occurred_on = DateField(_l("When?"), hint=WHICH_DAY)


class BasisSchema(FormSchema):
    agency = ChoiceField(_l("Share with which agency?"), widget="select")
    service = ChoiceField(
        _l("With which of its services?"),
        hint=_l("Leave empty for every service of the agency."),
        widget="select",
        required=False,
    )
    basis = ChoiceField(_l("Which lawful basis?"))
    reason = LongTextField(_l("Why?"), required=False, rows=3, longest=1000)
