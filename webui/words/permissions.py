"""The words for the things and rights of the table of permissions, in both languages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from coordination.permissions import FAMILY_ROLE, Right, Thing
from webui.words.codes import ROLES, word_for
from webui.words.text import Words

THINGS: dict[Thing, Words] = {
    Thing.IDENTITY: _l("Name and date of birth of a pupil"),
    Thing.UPN: _l("Unique pupil number"),
    Thing.NEEDS: _l("Needs and provision"),
    Thing.CONTACTS: _l("Contacts, address and telephone"),
    Thing.WORDS: _l("The child’s and the parents’ own words"),
    Thing.AGREEMENT: _l("Agreements to share"),
    Thing.REFERRAL: _l("That a referral exists"),
    Thing.REFERRAL_CONTENT: _l("Reason, documents and shared notes of a referral"),
    Thing.SERVICE_NOTES: _l("Notes within a service"),
    Thing.MILESTONE: _l("Recording a service’s milestone"),
    Thing.ALLOCATION: _l("Who has a referral inside a service"),
    Thing.MINUTE: _l("Minute about a pupil"),
    Thing.MEETING: _l("Meetings: dates, invitations and agenda"),
    Thing.MEETING_SERIES: _l("Series of meetings, and planning their dates"),
    Thing.ATTENDANCE: _l("Attendance of services at meetings"),
    Thing.WAITING_FIGURES: _l("Waiting-time figures"),
    Thing.PUBLISHED_FIGURES: _l("Published figures"),
    Thing.CHALLENGE: _l("Challenges to a service"),
    Thing.PROFILE: _l("Support and one-page profile"),
    Thing.PROGRAMMES: _l("Programmes of support"),
    Thing.CONCERN: _l("Concern about a pupil"),
    Thing.MOVES: _l("Requests for a pupil’s file, doubts and joined files"),
    Thing.EMERGENCY_ACCESS: _l("Emergency access"),
    Thing.RESTRICTION: _l("Restricting a file; the interest of others in a pupil"),
    Thing.WHO_LOOKED: _l("Who looked at a pupil"),
    Thing.DIRECTORY: _l("Organisations, services, standards, terms and people"),
    Thing.CLASSES: _l("Classes and their teachers"),
    Thing.HANDING_OVER: _l("Work of people who have left"),
    Thing.ACCOUNTS: _l("Tokens and accounts"),
    Thing.ADOPTION: _l("Identity before an adoption"),
    Thing.PLACES: _l("Places in resource bases and specialist classes"),
    Thing.ADVICE: _l("Advice conversations: the school that asked, the service that was asked"),
    Thing.RIGHTS_DESK: _l("Subject access and erasure"),
}

RIGHTS: dict[Right, Words] = {
    Right.NO: _l("None"),
    Right.OWN_ROLL: _l("Pupils on the school’s roll"),
    Right.OWN_CLASSES: _l("Pupils of own classes: what a teacher must know"),
    Right.OWN_SCHOOL: _l("Own school"),
    Right.OWN_SERVICE: _l("Own service"),
    Right.OWN_ORGANISATION: _l("Own organisation"),
    Right.OWN_AUTHORITY: _l("Own authority"),
    Right.BASIS: _l("With an agreement or lawful basis of the own service, for the kinds of data it names"),
    Right.PRESENT_WITH_BASIS: _l("When present, and with a basis of the own service"),
    Right.HELD: _l("Children whose file the authority holds"),
    Right.OWN_MEETINGS: _l("Meetings the authority belongs to"),
    Right.CODED_LINE: _l("Days and states without names"),
    Right.COUNTS: _l("Counts"),
    Right.PUBLISHED: _l("Published figures only"),
    Right.IMMEDIATE_RISK: _l("Referrals with immediate risk"),
    Right.AS_REPORTED: _l("As reported, for the service to confirm"),
    Right.CONFIDENTIAL_MOVES: _l("Confidential moves"),
    Right.IN_EMERGENCY: _l("Part of a file for a day, with a reason that is reviewed"),
    Right.REVIEW: _l("Review; part of a file for a day, with a reason"),
    Right.FAMILY: _l("The family’s own, after a second proof"),
    Right.READ: _l("Read"),
    Right.RAISE: _l("Raise"),
    Right.RAISE_AND_APPROVE: _l("Raise and approve"),
    Right.REPLY: _l("Reply and dispute"),
    Right.RULE: _l("Rule, where of neither party"),
    Right.ACCEPT_TERMS: _l("Read; accept and end terms of own services"),
    Right.CHANGE: _l("Change"),
    Right.PREPARE: _l("Prepare; somebody else co-signs"),
    Right.CO_SIGN: _l("Co-sign for the own organisation"),
    Right.PROPOSE: _l("Propose, for pupils on the school’s roll"),
    Right.APPROVE: _l("Approve"),
    Right.OWN_PART: _l("Own organisation’s part"),
    Right.CARRY_OUT: _l("Carry out what two people approved"),
    Right.ON_REQUEST: _l("On request"),
    Right.EARLIER_IDENTITY: _l("The only role that sees it"),
}


def role_in_table(role: str) -> Words:
    """The word for a column of the table: a role, or a family with a one-time link."""
    if role == FAMILY_ROLE:
        return _l("Parent or young person with a link")
    words: Words = word_for(ROLES, role)
    return words
