"""Every command of a pupil's profile and its decision."""

from __future__ import annotations

from coordination.decisions import Decision, decides
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    EndContact,
    EndRegistration,
    KeepIdentity,
    MovePupil,
    RecordClass,
    RecordContact,
    RecordLanguageWish,
    RecordLeadingSchool,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordViews,
    RecordYear,
    RegisterPupil,
)
from coordination.pupil.profile.decisions.classes import decide_class
from coordination.pupil.profile.decisions.contacts import decide_contact, decide_end_contact
from coordination.pupil.profile.decisions.identity import (
    decide_change_identity,
    decide_keep_identity,
    decide_language_wish,
    decide_leading_school,
    decide_year,
)
from coordination.pupil.profile.decisions.needs import decide_looked_after, decide_needs, decide_provision
from coordination.pupil.profile.decisions.registering import (
    decide_end_registration,
    decide_move,
    decide_register,
)
from coordination.pupil.profile.decisions.views import decide_views

DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RegisterPupil, decide_register, PUPIL_STREAM),
        decides(MovePupil, decide_move, PUPIL_STREAM),
        decides(EndRegistration, decide_end_registration, PUPIL_STREAM),
        decides(ChangeIdentity, decide_change_identity, PUPIL_STREAM),
        decides(KeepIdentity, decide_keep_identity, PUPIL_STREAM),
        decides(RecordLeadingSchool, decide_leading_school, PUPIL_STREAM),
        decides(RecordNeeds, decide_needs, PUPIL_STREAM),
        decides(RecordProvision, decide_provision, PUPIL_STREAM),
        decides(RecordLookedAfter, decide_looked_after, PUPIL_STREAM),
        decides(RecordYear, decide_year, PUPIL_STREAM),
        decides(RecordClass, decide_class, PUPIL_STREAM),
        decides(RecordLanguageWish, decide_language_wish, PUPIL_STREAM),
        decides(RecordContact, decide_contact, PUPIL_STREAM),
        decides(EndContact, decide_end_contact, PUPIL_STREAM),
        decides(RecordViews, decide_views, PUPIL_STREAM),
    ]
)
