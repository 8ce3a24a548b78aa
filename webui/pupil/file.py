"""A pupil's file opened for one page: the pupil, the contacts, the views, and the agreements to share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.sensitivity import Coordinates, Opened
from projections.case_file import queries
from projections.case_file.queries import PupilFile
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.pupil.recipients import recipient_words
from webui.shell import casework
from webui.words.naming import code_words, organisation_name
from webui.words.text import Words

STANDINGS = {
    "requested": _l("Asked, no answer yet"),
    "given": _l("Agreed"),
    "refused": _l("Refused"),
    "withdrawn": _l("Withdrawn"),
    "expired": _l("Agreement expired"),
    "superseded": _l("Replaced by a newer agreement"),
}


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """A contact who represents the pupil, or did. `pupil` is the file on which it is recorded."""

    pupil: UUID
    contact: UUID
    name: str
    relationship: str
    responsible: bool
    language: str | None
    telephone: str | None
    email: str | None
    address: str | None
    relationship_code: str | None = None
    ended_on: date | None = None

    @property
    def described(self) -> str:
        """For example "Mair Gŵyn, mother"."""
        return ", ".join(part for part in (self.name, self.relationship) if part)


class RecordedViews(msgspec.Struct, frozen=True, kw_only=True):
    """A person's own words, in the language in which they were spoken; None if they are erased."""

    whose: str
    who: str
    words: str | None
    language: str
    on: date


class AgreementView(msgspec.Struct, frozen=True, kw_only=True):
    """A request to share and its status. `state` is a key of STANDINGS."""

    consent: queries.ConsentSummary
    agency: str
    recipient: str
    purpose: str
    who: str
    state: str
    words: str


class OpenedPupilFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file with its sealed fields opened, for one page. `also` are further opened places."""

    file: PupilFile
    child: PupilIdentity
    wish: str | None
    contacts: tuple[ContactView, ...]
    said: tuple[RecordedViews, ...]
    actions: tuple[tuple[queries.ActionSummary, str | None], ...]
    also: tuple[Opened, ...] = ()

    @property
    def speaking(self) -> tuple[ContactView, ...]:
        """The contacts who represent the pupil now, in all files of the child."""
        return tuple(c for c in self.contacts if c.ended_on is None)

    def on_file(self, pupil: UUID) -> OpenedPupilFile:
        """For what is recorded on one file of the child: the pupil is that file's, and only its contacts can be asked
        and agree."""
        return msgspec.structs.replace(
            self,
            contacts=tuple(c for c in self.contacts if c.pupil == pupil),
            file=msgspec.structs.replace(
                self.file,
                pupil=msgspec.structs.replace(self.file.pupil, pupil=pupil),
                consents=tuple(c for c in self.file.consents if c.pupil == pupil),
            ),
        )

    @property
    def names(self) -> dict[UUID, str]:
        """The contacts' names."""
        return {c.contact: c.name for c in self.contacts}

    @property
    def language_wish(self) -> str | None:
        """The latest language preference; else the language recorded at registration."""
        return self.wish or self.child.language

    def contact(self, contact: UUID | None) -> ContactView | None:
        return next((c for c in self.contacts if c.contact == contact), None)

    def who(self, contact: UUID | None) -> str:
        """The name of the speaker: a contact, or (None) the pupil."""
        if contact is None:
            return self.child.name
        held = self.contact(contact)
        return held.described if held else _("a contact no longer recorded")

    def agreements(self, today: date) -> list[tuple[str, list[AgreementView]]]:
        """The requests by agency, agencies by name, the newest request first."""
        shown = [self._agreement(consent, today) for consent in self.file.consents]
        shown.sort(key=lambda a: (a.agency.casefold(), str(a.consent.agency), -a.consent.last_version))
        grouped = groupby(shown, key=lambda a: (a.agency, a.consent.agency))
        return [(agency, list(questions)) for (agency, _id), questions in grouped]

    def newest_agreements(self, today: date) -> list[tuple[str, list[AgreementView]]]:
        """The same with only the last request for each purpose and person, which shows the current status."""
        found = []
        for agency, questions in self.agreements(today):
            last: dict[Any, AgreementView] = {}
            for question in questions:
                asked = question.consent
                last.setdefault((asked.purpose, asked.contact, asked.service), question)
            found.append((agency, list(last.values())))
        return found

    def _agreement(self, consent: queries.ConsentSummary, today: date) -> AgreementView:
        state: str = consent.standing
        if state == "given" and consent.expires_on is not None and consent.expires_on < today:
            state = "expired"
        return AgreementView(
            consent=consent,
            agency=organisation_name(consent.agency),
            recipient=recipient_words(consent),
            purpose=code_words("consent_purpose", consent.purpose),
            who=self.who(consent.contact),
            state=state,
            words=str(STANDINGS[state]),
        )


def open_pupil_file(file: PupilFile, also: Sequence[Coordinates | None] = ()) -> OpenedPupilFile:
    """Open everything that a page about one pupil shows, with one look-up of keys; `also` are further places."""
    here = [
        file.pupil.identity,
        file.language_wish,
        *(c.at for c in file.contacts),
        *(v.at for v in file.views),
        *(a.at if a.at.sealed else None for a in file.actions),
    ]
    found = iter(casework.open_sealed([*here, *also]))
    who = open_identity(file.pupil.pupil, next(found))
    wish = text_of(next(found), "language")
    contacts = tuple(_contact(c, next(found)) for c in file.contacts)
    names = {c.contact: c.described for c in contacts}
    said = tuple(_said(v, next(found), who, names) for v in file.views)
    actions = tuple((a, text_of(next(found), "what")) for a in file.actions)
    return OpenedPupilFile(
        file=file,
        child=who,
        wish=wish,
        contacts=contacts,
        said=said,
        actions=actions,
        also=tuple(found),
    )


def _contact(held: queries.SealedContact, opened: Opened) -> ContactView:
    relationship = text_of(opened, "relationship")
    return ContactView(
        pupil=held.at.stream,
        contact=held.contact,
        name=text_of(opened, "name") or _("Name erased"),
        relationship=_within(code_words("relationship", relationship)),
        relationship_code=relationship,
        responsible=held.parental_responsibility,
        language=text_of(opened, "language"),
        telephone=text_of(opened, "telephone"),
        email=text_of(opened, "email"),
        address=text_of(opened, "address"),
        ended_on=held.ended_on,
    )


def _within(label: str) -> str:
    """A label within a line of text: it begins with a small letter."""
    return label[:1].lower() + label[1:]


def _said(
    views: queries.SealedViews, opened: Opened, who: PupilIdentity, names: Mapping[UUID, str]
) -> RecordedViews:
    by = names.get(views.contact, "") if views.contact else ""
    return RecordedViews(
        whose=views.whose,
        who=who.known_as if views.whose == "child" else by or _("A parent"),
        words=text_of(opened, "words"),
        language=views.language,
        on=views.said_on,
    )


def contact_choices(contacts: Iterable[ContactView]) -> list[tuple[str, Words]]:
    """The contacts who can be asked, each with whether they hold parental responsibility."""
    return [
        (
            str(c.contact),
            _("%(who)s (parental responsibility)", who=c.described)
            if c.responsible
            else _("%(who)s (no parental responsibility)", who=c.described),
        )
        for c in contacts
    ]
