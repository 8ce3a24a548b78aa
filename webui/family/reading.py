"""What is asked of a family, in words, for the school's page, the link and the printed form."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.family_cards import FamilyCard, cards_of_pupil
from coordination.desk.family_contacts import (
    FamilyContact,
    child_name,
    family_case,
    looked_after,
    opened_contact,
)
from coordination.desk.one_time_links import OneTimeLink, links_of_family
from coordination.desk.paper_forms import PaperForm, forms_of_pupil
from coordination.errors import NotFound
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.state import Consent
from coordination.pupil.family.receiving import NotReceiving, questions_for, reason_not_to_send
from projections.case_file import queries
from webui.pupil.file import OpenedPupilFile, open_pupil_file
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name, service_name
from webui.words.text import Words

BARRED: dict[NotReceiving, Words] = {
    "file_not_held": _l("Your school does not hold this pupil’s file."),
    "pupil_restricted": _l("The file is restricted: nothing is sent. Speak to the family yourself."),
    "family_hold": _l("Nothing is sent to this person at the moment: see below."),
    "contact_not_current": _l("This person no longer represents the pupil."),
    "social_worker_decides": _l("The pupil is looked after: the social worker decides who receives."),
    "no_parental_responsibility": _l("This person does not have parental responsibility."),
}
"""Why a person may be sent nothing now, for the school. The family is told nothing of it."""
BY_HAND = frozenset({"pupil_restricted"})
"""What does not prevent a paper that the school prints and hands over itself."""
LOCALES = {"cy": "cy", "en": "en_GB"}
DATA = ("identity", "needs", "referral")


class FamilyQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question to one person, or an agreement of theirs, in words. `number` counts from 1 on the page or form."""

    number: int
    held: Consent
    recipient: str
    purpose: str
    shares: tuple[str, ...]
    also: tuple[tuple[str, str], ...]

    @property
    def agreed(self) -> bool:
        """Whether the person agreed, and can take it back."""
        return self.held.standing == "given"

    @property
    def data_classes(self) -> tuple[str, ...]:
        """What was asked for."""
        return self.held.data_classes or DATA


class FamilyPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom the school can ask. `barred`: why nothing may be sent to them now."""

    person: FamilyContact
    barred: NotReceiving | None
    questions: tuple[FamilyQuestion, ...]

    @property
    def audience(self) -> UUID:
        """The id that stands for the person in links: the contact's, or the pupil's own."""
        return self.person.contact or self.person.pupil

    @property
    def waiting(self) -> int:
        """How many questions wait for an answer."""
        return sum(not question.agreed for question in self.questions)


class FamilyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's family as the school sees it."""

    shown: OpenedPupilFile
    case: CaseFile
    people: tuple[FamilyPerson, ...]
    links: tuple[OneTimeLink, ...]
    forms: tuple[PaperForm, ...]
    cards: tuple[FamilyCard, ...]
    looked_after: bool

    def person(self, audience: UUID) -> FamilyPerson:
        """The person of an id in an address. Raises NotFound."""
        found = next((p for p in self.people if p.audience == audience), None)
        if found is None:
            raise NotFound
        return found

    def name_of(self, audience: UUID) -> str:
        """The name of a person, or that they are no longer recorded."""
        found = next((p for p in self.people if p.audience == audience), None)
        return found.person.name if found else _("a contact no longer recorded")


def may_be_printed(person: FamilyPerson) -> bool:
    """Whether the school may print a paper for a person and hand it over."""
    return person.barred is None or person.barred in BY_HAND


def sheet_languages(person: FamilyPerson) -> tuple[tuple[str, str], ...]:
    """The languages of a paper with their locales: the person's, or both where that is not known."""
    wish = person.person.language
    codes = (wish,) if wish in LOCALES else tuple(LOCALES)
    return tuple((code, LOCALES[code]) for code in codes if code is not None)


def open_family(pupil: UUID, *, note: bool = True) -> FamilyPage:
    """A pupil's family, for somebody who may see the file, noted in the read log. Raises NotFound."""
    shown = open_pupil_file(queries.pupil(casework.reader(), viewer(), pupil)).on_file(pupil)
    if note:
        casework.note_shown("family", [pupil])
    service, school, today = runtime().coordination, viewer().organisation, runtime().today()
    case = family_case(service, pupil)
    cared_for = looked_after(service, pupil)
    known = [
        *(
            FamilyContact(pupil=pupil, contact=c.contact, name=c.name, email=c.email, language=c.language)
            for c in shown.speaking
        ),
        FamilyContact(pupil=pupil, contact=None, name=shown.child.name, language=shown.language_wish),
    ]
    found = [
        FamilyPerson(
            person=person,
            barred=reason_not_to_send(
                case, person.contact, sender=school, on=today, looked_after=lambda: cared_for
            ),
            questions=questions_in_words(case, person.contact),
        )
        for person in known
    ]
    with runtime().desk() as conn:
        links = links_of_family(conn, pupil, school)
        forms = forms_of_pupil(conn, pupil, school)
        cards = cards_of_pupil(conn, pupil, school)
    return FamilyPage(
        shown=shown,
        case=case,
        people=tuple(found),
        links=tuple(links),
        forms=tuple(forms),
        cards=tuple(cards),
        looked_after=bool(cared_for),
    )


def questions_in_words(case: CaseFile, contact: UUID | None) -> tuple[FamilyQuestion, ...]:
    """What a person is asked, and then what they agreed to, in words and numbered."""
    found = questions_for(case, contact, runtime().today())
    ordered = sorted(found, key=lambda held: (held.standing == "given", held.since, held.last_version))
    return tuple(_question(number, held) for number, held in enumerate(ordered, 1))


def _question(number: int, held: Consent) -> FamilyQuestion:
    return FamilyQuestion(
        number=number,
        held=held,
        recipient=_recipient(held),
        purpose=str(code_words("consent_purpose", held.purpose)),
        shares=tuple(str(code_words("data_class", code)) for code in held.data_classes or DATA),
        also=tuple((str(one), service_name(one)) for one in held.also_services),
    )


def _recipient(held: Consent) -> str:
    agency = organisation_name(held.agency)
    if held.whole_agency:
        return _("%(agency)s, every service", agency=agency)
    if held.service is None:
        return agency
    return _("%(service)s (%(agency)s)", service=service_name(held.service), agency=agency)


def opened_for_link(link: OneTimeLink) -> tuple[CaseFile, FamilyContact, str]:
    """The case file, the person and the child's name behind a family's link, noted in the read log as a disclosure.
    Raises NotFound."""
    service, pupil = runtime().coordination, link.pupil
    if pupil is None:
        raise NotFound
    case = family_case(service, pupil)
    person = opened_contact(service, case, pupil, None if link.audience == pupil else link.audience)
    if person is None:
        raise NotFound
    casework.note_shown("family_link", [pupil], purpose="disclosed")
    return case, person, child_name(service, case, pupil)


def opened_questions(questions: Sequence[FamilyQuestion], consent: UUID) -> FamilyQuestion:
    """The question of an id. Raises NotFound."""
    found = next((q for q in questions if q.held.consent == consent), None)
    if found is None:
        raise NotFound
    return found
