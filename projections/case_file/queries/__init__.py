"""The questions that pages ask of the case file. Each takes the Reader and the Viewer first."""

from coordination.pupil.profile.state import Registration
from projections.case_file.queries.actions import ActionCriteria, ActionList, ActionRow, action, actions
from projections.case_file.queries.entries import (
    Authorship,
    AuthorshipCriteria,
    AuthorshipList,
    TimelineCriteria,
    TimelinePage,
    timeline,
    who_recorded,
)
from projections.case_file.queries.in_brief import SealedBrief, child_in_brief
from projections.case_file.queries.people import (
    PupilCriteria,
    PupilFile,
    PupilList,
    PupilSummary,
    holds_file,
    pupil,
    pupils,
)
from projections.case_file.queries.referrals import (
    ReferralCriteria,
    ReferralFile,
    ReferralList,
    referral,
    referrals,
)
from projections.case_file.queries.results import (
    ActionSummary,
    ConsentSummary,
    DisclosureSummary,
    Due,
    LawfulBasis,
    ReferralRow,
    ReferralSummary,
    SealedContact,
    SealedViews,
    TimelineEntry,
)

__all__ = [
    "ActionSummary",
    "ActionRow",
    "ActionList",
    "ActionCriteria",
    "ConsentSummary",
    "SealedBrief",
    "SealedContact",
    "child_in_brief",
    "DisclosureSummary",
    "Due",
    "TimelineEntry",
    "LawfulBasis",
    "PupilSummary",
    "PupilFile",
    "PupilList",
    "PupilCriteria",
    "Authorship",
    "ReferralSummary",
    "ReferralFile",
    "ReferralRow",
    "ReferralList",
    "ReferralCriteria",
    "Registration",
    "TimelinePage",
    "TimelineCriteria",
    "SealedViews",
    "AuthorshipCriteria",
    "AuthorshipList",
    "action",
    "actions",
    "holds_file",
    "pupil",
    "pupils",
    "referral",
    "referrals",
    "timeline",
    "who_recorded",
]
