"""What gave a reason to ask again, and which agreements it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, assert_never
from uuid import UUID

import msgspec

from coordination.pupil.ages import end_of_compulsory_school_age
from coordination.pupil.asking.events import AgreementReviewed, AnyAskingEvent, CompetenceAssessed
from coordination.pupil.consent.events import AgreementFollowed, AnyConsentEvent
from coordination.pupil.profile.events import ContactEnded, ContactRecorded, ProfileEvent
from coordination.pupil.profile.state import Profile

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile
    from coordination.pupil.consent.state import Consent

AskReason = Literal[
    "responsibility_changed",
    "competence_assessed",
    "service_moved",
    "end_of_compulsory_school_age",
    "ends_soon",
    "expired",
]
NOTICE = timedelta(days=30)
"""How long before its last day an agreement is asked for again."""
OF_CHILD = ("competent_child", "young_person")
OF_PARENTS = ("parental_responsibility", "local_authority")


class AskingTrigger(msgspec.Struct, frozen=True):
    """Something that gives a reason to ask again. `consent`: of that agreement alone; `purpose`: of that purpose
    alone; `of_child`: of agreements that the child gave (True) or others gave (False); None: of any."""

    reason: AskReason
    version: int
    on: date
    consent: UUID | None = None
    purpose: str | None = None
    of_child: bool | None = None


class AskAgain(msgspec.Struct, frozen=True, order=True):
    """An agreement that is to be asked for again, and since when."""

    since: date
    consent: UUID
    reason: AskReason


class Asking(msgspec.Struct, frozen=True):
    """`reviewed`: when each agreement was last looked at again, and the version of that entry."""

    triggers: tuple[AskingTrigger, ...] = ()
    reviewed: dict[UUID, tuple[int, date]] = {}

    def competent(self, purpose: str) -> bool | None:
        """What the last assessment for the purpose found; None where there is none."""
        found = [
            t for t in self.triggers if t.reason == "competence_assessed" and t.purpose in (None, purpose)
        ]
        return None if not found else not found[-1].of_child


def evolve(held: Asking, event: AnyAskingEvent, version: int) -> Asking:
    """The reasons to ask again after the event; `version` is its place in the pupil's stream."""
    on = event.header.occurred_on
    match event:
        case CompetenceAssessed(competent=competent, purpose=purpose):
            # a competent child is asked what others agreed to; what a child agreed to who is not, others are asked
            return _with(
                held,
                AskingTrigger("competence_assessed", version, on, purpose=purpose, of_child=not competent),
            )
        case AgreementReviewed(consent=consent):
            reviewed = {**held.reviewed, consent: (version, on)}
            return msgspec.structs.replace(held, reviewed=reviewed)
        case _:
            assert_never(event)


def follow_consent(held: Asking, event: AnyConsentEvent, version: int) -> Asking:
    """The reasons to ask again after an event about agreement: the service that it is about moved."""
    if not isinstance(event, AgreementFollowed):
        return held
    on = event.header.occurred_on
    return _with(held, AskingTrigger("service_moved", version, on, consent=event.consent))


def follow_profile(held: Asking, event: ProfileEvent, before: Profile, version: int) -> Asking:
    """The reasons to ask again after an event of the profile: somebody got or lost parental responsibility."""
    match event:
        case ContactRecorded(contact=contact, parental_responsibility=now):
            known = before.contact(contact)
            changed = (known.parental_responsibility if known else False) != now
        case ContactEnded(contact=contact):
            known = before.contact(contact)
            changed = known is not None and known.parental_responsibility
        case _:
            return held
    if not changed:
        return held
    on = event.header.occurred_on
    return _with(held, AskingTrigger("responsibility_changed", version, on, of_child=False))


def what_happened(case: CaseFile, agreement: Consent) -> AskingTrigger | None:
    """The newest of what happened since an agreement was given or looked at again, and that gives a reason to ask
    again. Does without the date of birth and the day."""
    reviewed, _ = case.asking.reviewed.get(agreement.consent, (0, date.min))
    child = agreement.authority in OF_CHILD
    happened = [
        t
        for t in case.asking.triggers
        if t.version >= agreement.last_version  # that of a service that moved is the agreement's own
        and t.version > reviewed
        and t.consent in (None, agreement.consent)
        and t.purpose in (None, agreement.purpose)
        and t.of_child in (None, child)
        and agreement.authority in (*OF_CHILD, *OF_PARENTS)
    ]
    return happened[-1] if happened else None


def by_its_end(ends: date, reviewed_on: date | None, on: date) -> tuple[AskReason, date] | None:
    """The reason that the last day of an agreement gives on a day, and since when: it has ended, or will within
    `NOTICE`, and was not looked at since then."""
    reviewed = reviewed_on or date.min
    ended, soon = ends + timedelta(days=1), ends - NOTICE
    if on >= ended > reviewed:
        return "expired", ended
    if soon <= on < ended and reviewed < soon:
        return "ends_soon", soon
    return None


def to_ask_again(case: CaseFile, on: date) -> Iterator[AskAgain]:
    """The agreements that are given and to be asked for again, one reason each: the newest of what happened; else their
    last day. Does without the date of birth."""
    for agreement in case.consents.questions.values():
        if agreement.standing != "given":
            continue
        happened = what_happened(case, agreement)
        if happened is not None:
            yield AskAgain(happened.on, agreement.consent, happened.reason)
        elif agreement.expires_on is not None:
            reviewed = case.asking.reviewed.get(agreement.consent)
            found = by_its_end(agreement.expires_on, reviewed[1] if reviewed else None, on)
            if found is not None:
                yield AskAgain(found[1], agreement.consent, found[0])


def past_school_age(given_on: date, reviewed_on: date | None, born: date, on: date) -> date | None:
    """The day from which an agreement that others gave is the young person's to give: the day after the end of
    compulsory school age. None before that day, or where somebody agreed or looked at it again from that day on."""
    since = end_of_compulsory_school_age(born) + timedelta(days=1)
    asked_since = given_on >= since or (reviewed_on is not None and reviewed_on >= since)
    return None if on < since or asked_since else since


def _with(held: Asking, trigger: AskingTrigger) -> Asking:
    return msgspec.structs.replace(held, triggers=(*held.triggers, trigger))
