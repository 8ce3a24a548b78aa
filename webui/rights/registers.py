"""Words of the registers: for each activity its purpose, its basis in law, its controller and who receives it."""

from __future__ import annotations

import msgspec
from flask_babel import lazy_gettext as _l

from coordination.processing import Activity
from webui.words.text import Words


class ActivityWords(msgspec.Struct, frozen=True):
    """What a register says of an activity."""

    name: Words
    purpose: Words
    basis: Words
    controller: Words
    recipients: Words


TASK = _l("Public task (UK GDPR, article 6(1)(e))")
TASK_AND_HEALTH = _l(
    "Public task (UK GDPR, article 6(1)(e)), with substantial public interest or health and social care"
    " (article 9(2)(g) or (h))"
)
SCHOOL = _l("The school on whose roll the pupil is; the local authority for a child on no roll")
EACH = _l("Each organisation for what it records itself")

ACTIVITIES: dict[Activity, ActivityWords] = {
    "staff": ActivityWords(
        _l("People who work with the service"),
        _l("To know who may act for an organisation"),
        TASK,
        _l("The organisation in which the person works"),
        _l("The organisations that work together"),
    ),
    "identity": ActivityWords(
        _l("Who the child is, and who represents them"),
        _l("To keep one file for a child, and to reach those with parental responsibility"),
        TASK_AND_HEALTH,
        SCHOOL,
        _l("The services to which the family agreed, or for which another basis is recorded"),
    ),
    "moves": ActivityWords(
        _l("Moves between schools"),
        _l("To let the record follow the child"),
        TASK,
        SCHOOL,
        _l("The next school, and the local authority where schools disagree"),
    ),
    "needs": ActivityWords(
        _l("Additional learning needs"),
        _l("To decide about needs and plans within the time limits of the law"),
        TASK_AND_HEALTH,
        _l("The body that has the duty to decide"),
        _l("The local authority and the school"),
    ),
    "agreements": ActivityWords(
        _l("Agreement to share"),
        _l("To share only what was agreed, or what another basis allows"),
        TASK,
        EACH,
        _l("The service that the agreement is about"),
    ),
    "referrals": ActivityWords(
        _l("Referrals and their steps"),
        _l("To refer a child in time, and to show how long they wait and whose days those are"),
        TASK_AND_HEALTH,
        EACH,
        _l("The service that has the referral, and the school"),
    ),
    "meetings": ActivityWords(
        _l("Meetings, minutes and actions"),
        _l("To agree together what is done for a child"),
        TASK_AND_HEALTH,
        _l("The school that held the meeting"),
        _l("Those who were there for the child, with a basis"),
    ),
    "challenges": ActivityWords(
        _l("Challenges to services"),
        _l("To ask a service that is late or does not come for an answer"),
        TASK,
        _l("The organisation that raised the challenge"),
        _l("The service, and the local authority"),
    ),
    "rights": ActivityWords(
        _l("Requests about records, legal holds and erasure"),
        _l("To answer people who ask about their information"),
        _l("Legal obligation (UK GDPR, article 6(1)(c))"),
        _l("The organisation that was asked"),
        _l("Other organisations that hold a part"),
    ),
}

RISKS: tuple[tuple[Words, Words], ...] = (
    (
        _l("Somebody reads a file without a reason."),
        _l(
            "Access rests on the roll, or on an agreement or other basis of the own service. Every look is logged."
        ),
    ),
    (
        _l("A copy of the database is stolen."),
        _l(
            "Personal fields are sealed under a key for each child. The keys that open them are kept outside."
        ),
    ),
    (
        _l("What a child said alone reaches a parent."),
        _l("A child’s own and counselling referrals leave no trace in what a parent may receive."),
    ),
    (
        _l("Small numbers in a published table point to a child."),
        _l("Small numbers, and what would give them back, are withheld."),
    ),
    (
        _l("A record is kept for too long."),
        _l("Dated rules say what is due each month. Two people decide about erasing a record."),
    ),
    (
        _l("A record is changed without a trace."),
        _l("Entries are only ever added, and a ledger shows any change."),
    ),
    (
        _l("An erased record is read again from a backup."),
        _l(
            "A restore erases again what was erased. No UK regulator has endorsed the method: say so to those who ask."
        ),
    ),
)
"""Risks of the draft impact assessment, each with what is done about it."""
