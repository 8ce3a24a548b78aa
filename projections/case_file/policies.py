"""Who sees what of a pupil. A school's access comes from registration, a service's from what was disclosed to it."""

from __future__ import annotations

from coordination.permissions import Right, Thing, roles_with
from projections.policies import (
    AT_THE_AUTHORITY,
    DESK,
    HOLDING,
    ORGANISATION,
    PERSON,
    ROLE,
    SCHOOL_STAFF,
    Policy,
    at,
    disclosed,
    held,
    holds,
    in_roles,
    of_own_service,
    of_the_agency_s_service,
    of_the_school,
    own,
    own_among,
    own_service,
    own_services_among,
    received,
    unseen,
    visible,
    with_the,
)

NOT_ALLOCATED = "topic <> 'referral.allocated'"
"""Who has a referral inside the service, and who gave it to them, is the service's own matter."""
SERVICE_NOTE = "referral.service_note"
SHARED = f"topic not in ('referral.allocated', '{SERVICE_NOTE}')"
"""What is not a service's own matter."""


def _to_the_agency(table: str, *conditions: str, name: str = "to_the_agency") -> Policy:
    return Policy(table, name, " and ".join([at("agency"), *conditions]))


# A service reads the words of its own time with the referral; of an earlier service's what was written to be handed on,
# as far as the disclosure to it goes.
READS_WORDS = (
    f"({DESK} <> 'agency' or t.matter <> 'referral' or {of_own_service('t')}"
    " or seal.handed_on and "
    + visible("disclosure", "d", "d.pupil = t.pupil", "d.ground = t.thing", holds("referral"))
    + ")"
)

OF_IMMEDIATE_RISK = (
    f"(not {in_roles(*roles_with(Thing.REFERRAL_CONTENT, Right.IMMEDIATE_RISK))} or t.matter <> 'referral' or "
    + visible("referral", "r", "r.referral = t.thing", "r.immediate_risk")
    + ")"
)
"""The school's safeguarding person reads the words of a referral only where immediate risk was recorded."""

PEOPLE = (
    of_the_school("pupil"),
    _to_the_agency(
        "pupil",
        visible("open_access", "a", "a.pupil = pupil.pupil", f"a.basis not in {HOLDING}"),
        name="of_the_agency",
    ),
    # Ids alone. That two files are of one child is told with each file; it opens neither.
    with_the("joined", "of_the_pupil", "pupil", "pupil"),
    Policy("joined", "of_the_operator", at("operator")),
    with_the("replaced", "of_the_pupil", "pupil", "pupil"),
    of_the_school("roll"),
    # To an agency to which the identity was disclosed, that was in the room for the pupil, or that has something to do.
    of_the_school("identity"),
    _to_the_agency(
        "identity",
        f"({disclosed('identity', holds('identity'))}"
        f" or {visible('minute', 'm', 'm.pupil = identity.pupil')}"
        f" or {visible('action', 't', 't.pupil = identity.pupil', 't.ended is null')})",
    ),
    # Every version, for what was final then: to who holds the file and to an agency that may read the newest one; to a
    # school of its own meetings and challenges, as far as it knew them.
    of_the_school("identity_version"),
    _to_the_agency(
        "identity_version",
        visible("identity", "i", "i.pupil = identity_version.pupil", "i.kind = 'identity'"),
    ),
    Policy(
        "identity_version",
        "of_own_records",
        f"{at('school')} and "
        + visible(
            "identity_known", "k", "k.pupil = identity_version.pupil", "k.version = identity_version.version"
        )
        + " and ("
        + " or ".join(
            visible(table, table[0], f"{table[0]}.pupil = identity_version.pupil")
            for table in ("agenda_item", "minute", "challenge_wait")
        )
        + ")",
    ),
    Policy("identity_known", "of_the_school", f"{at('school')} and {own('school')}"),
    of_the_school("coded"),
    _to_the_agency("coded", "field <> 'looked_after'", disclosed("coded", holds("needs"))),
    of_the_school("contact"),
    _to_the_agency("contact", disclosed("contact", holds("contact"))),
    with_the("contact_end", "of_the_contact", "contact", "pupil", "contact"),
    # To an agency: what had been said when views were disclosed to it.
    of_the_school("said"),
    _to_the_agency("said", disclosed("said", "d.version > said.version", holds("views"))),
)

SHARING = (
    of_the_school("disclosure"),
    _to_the_agency(
        "disclosure",
        own("agency"),
        f"(service is null or {own_service('service')})",
        visible("open_access", "a", "a.pupil = disclosure.pupil", "a.ground = disclosure.ground"),
    ),
    # The school's; to the service that it is about only while something disclosed to it depends on it.
    of_the_school("consent"),
    _to_the_agency(
        "consent",
        own("agency"),
        disclosed("consent", "d.consent = consent.consent", version="last_version"),
    ),
    of_the_school("lawful_basis"),
)

# A minute belongs to the school that took it (its named staff, also after the pupil has left: it is the school's own
# record) and to the services that were present for this pupil, as the minute stands now. So does an action
# that was agreed at a meeting of the school.
WORK = (
    Policy(
        "minute",
        "of_the_named_staff",
        f"{at('school')} and {own('school')} and {SCHOOL_STAFF}",
    ),
    Policy(
        "action",
        "of_the_meeting_s_school",
        f"{at('school')} and {own('school')} and {SCHOOL_STAFF} and meeting is not null",
    ),
    _to_the_agency(
        "minute",
        f"({own_among('agencies')} and {own_services_among('services')} or "
        + visible("disclosure", "d", "d.pupil = minute.pupil", "d.ground = minute.minute")
        + ")",
        name="of_those_present",
    ),
    of_the_school("action"),
    _to_the_agency(
        "action",
        own("owner_organisation"),
        f"({own_service('owner_service')} or owner_person = {PERSON})",
        name="of_its_owner",
    ),
)

HOLDS = of_the_agency_s_service("referral.agency", "referral.service")
ANSWER_DUE = visible("reported", "p", "p.referral = referral.referral", own("p.agency"))
"""Something was reported in the agency's name that it has still to confirm or contest."""

REFERRALS = (
    of_the_school("referral"),
    # Where the sharing has stopped, the row goes on for the service that still holds the referral; who passed it on
    # reads only the entries that it had, but for what it has still to answer.
    _to_the_agency(
        "referral",
        visible(
            "disclosure",
            "d",
            "d.pupil = referral.pupil",
            "d.ground = referral.referral",
            f"(d.until_version is null or {HOLDS} or {ANSWER_DUE})",
        ),
        name="disclosed_to_the_agency",
    ),
    # Ids, days and states only, so that an auditor may count it.
    Policy("referral", "of_the_authority", f"{AT_THE_AUTHORITY} and {own('authority')}"),
    # One that nobody could see would be a fault: the authority's administrator is shown its ids.
    Policy(
        "referral",
        "seen_by_nobody",
        f"{ROLE} = 'administrator' and {own('authority')} and not ended and {unseen('referral')}",
    ),
    _to_the_agency(
        "allocation",
        of_the_agency_s_service(),
        visible("open_access", "a", "a.pupil = allocation.pupil", "a.ground = allocation.referral"),
        name="inside_the_service",
    ),
)

MINUTE_DISCLOSED = (
    f"({own_among('m.agencies')} and {own_services_among('m.services')} or "
    + visible(
        "disclosure",
        "d",
        "d.pupil = timeline.pupil",
        "d.ground = timeline.thing",
        "timeline.version < d.version",
    )
    + ")"
)
"""The minute as it was when it was disclosed; a correction is disclosed again to those that have a basis then."""

ENTRIES = (
    Policy(
        "timeline",
        "of_the_school",
        f"{held('timeline')}"
        f" and (matter <> 'minute' or {visible('minute', 'm', 'm.minute = timeline.thing')})"
        f" and (matter <> 'request' or {visible('file_request', 'f', 'f.request = timeline.thing')})"
        f" and (matter <> 'emergency'"
        f" or {visible('emergency_access', 'e', 'e.access = timeline.thing')})"
        f" and (matter <> 'restriction' or {own('organisation')})"
        f" and (matter <> 'aln' or {at('caseworker')} or {SCHOOL_STAFF})"
        f" and (matter <> 'rights' or {at('caseworker')} or {ROLE} in ('alnco', 'head'))"
        f" and (matter <> 'document' or {SCHOOL_STAFF} or {at('caseworker')})"
        f" and (matter <> 'advice' or {visible('advice', 'a', 'a.advice = timeline.thing')})"
        f" and {SHARED}",
    ),
    # What a school's own minutes say, after the pupil has left: the minute, and what was agreed.
    Policy(
        "timeline",
        "of_the_school_s_minutes",
        f"{at('school')} and (matter = 'minute' and {visible('minute', 'm', 'm.minute = timeline.thing')}"
        f" or topic in ('action.agreed') and {visible('action', 't', 't.action = timeline.thing')})",
    ),
    _to_the_agency(
        "timeline",
        f"case matter when 'referral' then {received('timeline', 'thing')}"
        f" and ({NOT_ALLOCATED} or {of_the_agency_s_service()})"
        f" and (topic <> '{SERVICE_NOTE}' or {of_own_service('timeline')})"
        f" when 'minute' then {visible('minute', 'm', 'm.minute = timeline.thing', MINUTE_DISCLOSED)}"
        f" when 'action' then {visible('action', 't', 't.action = timeline.thing')}"
        " else false end",
        name="of_the_agency",
    ),
    Policy(
        "timeline",
        "of_the_authority",
        f"{AT_THE_AUTHORITY} and matter = 'referral' and {SHARED} and "
        + visible("referral", "r", "r.referral = timeline.thing"),
    ),
    Policy("timeline", "of_the_operator", at("operator")),
    # An auditor and an operator see who recorded what, and never the ciphertext; a caseworker only of a child whose
    # file they hold.
    Policy(
        "seal",
        "of_the_entry",
        f"({at('school', 'agency')} or {held('seal')}) and "
        + visible(
            "timeline",
            "t",
            "t.pupil = seal.pupil",
            "t.version = seal.version",
            READS_WORDS,
            OF_IMMEDIATE_RISK,
        ),
    ),
    with_the("mark", "of_the_entry", "timeline", "pupil", "version"),
    Policy(
        "recorded",
        "by_the_own_organisation",
        f"{at('operator')} or ({ORGANISATION} in (organisation, on_behalf_of)"
        f" and ({at('school', 'agency', 'auditor', 'caseworker')} or kind = 'organisation' and not {at('teacher')}))",
    ),
)

POLICIES = (*PEOPLE, *SHARING, *WORK, *REFERRALS, *ENTRIES)
