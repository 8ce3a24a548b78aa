"""The complete referral: everything of it that the user may see, and for each thing that the service asks for whether
it is there, and by what. One function gives it as data, for the page, the PDF and a link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.pupil.referral.state import Referral
from webui.documents.reading import DocumentLine, documents_of
from webui.pupil.identity import text_of
from webui.referral.reading import OpenedReferral
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, directory

ON_RECORD_ONLY = frozenset(
    {"consent", "childs_view", "parents_view", "language_wish", "contacts", "address", "nhs_number"}
)
"""What is there only if the record holds it, whatever somebody said when the referral was sent."""
FAMILY_ITEMS = "pupil.family_items_supplied"


class PackContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact whose details the user may see."""

    name: str
    relationship: str
    responsible: bool
    language: str
    telephone: str
    email: str
    address: str


class PackWords(msgspec.Struct, frozen=True, kw_only=True):
    """What the child or a parent said, in their own words."""

    whose: str
    language: str
    said_on: date
    words: str


class PackItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of the things that the service asks for (a code of the table `requirement`). `there` only if it is: answered
    by `documents`, by what the record holds or by words (`how`)."""

    code: str
    there: bool
    how: str = ""
    documents: tuple[DocumentLine, ...] = ()


class ReferralPack(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a referral for its reader. `interpreter`, `times_not_possible` and `statement` are the family's
    own; empty where there are none, or where they were not disclosed."""

    opened: OpenedReferral
    reason: str
    needs: tuple[str, ...]
    items: tuple[PackItem, ...]
    documents: tuple[DocumentLine, ...]
    contacts: tuple[PackContact, ...]
    words: tuple[PackWords, ...]
    interpreter: str
    times_not_possible: str
    statement: str
    nhs_number: str = ""
    gp: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of what is not there."""
        return tuple(item.code for item in self.items if not item.there)


def referral_pack(opened: OpenedReferral) -> ReferralPack:
    """The complete referral, as far as it was disclosed to the user. The caller notes the reading of the referral."""
    shared = opened.file.shared
    begun = next((e for e in opened.file.entries if e.topic == "referral.opened"), None)
    sealed = opened.sealed_of(begun.version) if begun else {}
    documents = tuple(documents_of(opened.referral))
    contacts, words = _contacts(opened), _words(opened)
    supplied = _family(opened.pupil)
    family = supplied if shared is None or "views" in shared else {}
    # who the child is to the health service, with how the family is reached
    health = supplied if shared is None or "contact" in shared else {}
    recorded = _recorded(opened, contacts, words, family, health)
    return ReferralPack(
        opened=opened,
        reason=str(sealed.get("reason") or ""),
        needs=tuple(sealed.get("needs") or ()) if shared is None or "needs" in shared else (),
        items=tuple(_item(code, opened, documents, recorded) for code in asked_for(opened.held)),
        documents=documents,
        contacts=contacts,
        words=words,
        interpreter=str(family.get("interpreter") or ""),
        times_not_possible=str(family.get("times_not_possible") or ""),
        statement=str(family.get("statement") or ""),
        nhs_number=_grouped(str(health.get("nhs_number") or "")),
        gp=str(health.get("gp") or ""),
    )


def asked_for(held: Referral) -> tuple[str, ...]:
    """What the service that has the referral asks for, as its directory said when the referral was begun."""
    service = directory().service(held.service)
    return service.asks_for(held.opened_on) if service else ()


def _item(
    code: str, opened: OpenedReferral, documents: tuple[DocumentLine, ...], recorded: Mapping[str, str]
) -> PackItem:
    attached = tuple(line for line in documents if line.document.requirement == code)
    if attached:
        return PackItem(code=code, there=True, how=_("By a document"), documents=attached)
    if recorded.get(code):
        return PackItem(code=code, there=True, how=recorded[code])
    if code not in ON_RECORD_ONLY and code in _in_words(opened):
        return PackItem(code=code, there=True, how=_("In the words of the referral, or sent another way"))
    return PackItem(code=code, there=False)


def _in_words(opened: OpenedReferral) -> set[str]:
    """What whoever sent it, or supplied more later, said was there."""
    found: set[str] = set()
    for entry in sorted(opened.file.entries, key=lambda e: e.version):
        if entry.superseded_by is None and entry.topic == "referral.submitted":
            found = set(entry.clear.get("supplied", ()))
        elif entry.superseded_by is None and entry.topic == "referral.information_supplied":
            found |= set(entry.clear.get("requirements", ()))
    return found


def _recorded(
    opened: OpenedReferral,
    contacts: tuple[PackContact, ...],
    words: tuple[PackWords, ...],
    family: Mapping[str, Any],
    health: Mapping[str, Any],
) -> dict[str, str]:
    """By requirement that the record can tell, where it is on the record; empty where it is not."""
    said = {one.whose: _("On record, %(day)s", day=day(one.said_on)) for one in words}
    live = [c for c in opened.file.consents if c.in_force and c.purpose == "referral"]
    told = any(d.lawful_basis for d in opened.file.disclosures)
    agreed = _("In force since %(day)s", day=day(max(c.since for c in live))) if live else ""
    with_address = any(one.address for one in contacts)
    return {
        "consent": agreed or (_("Another lawful basis is recorded") if told else ""),
        "childs_view": said.get("child", ""),
        "parents_view": said.get("parent", ""),
        "language_wish": code_words("language", opened.child.language) if opened.child.language else "",
        "contacts": _("On record") if any(one.telephone or one.email for one in contacts) else "",
        "address": _("On record") if with_address else "",
        "interpreter": str(family.get("interpreter") or ""),
        "times_not_possible": str(family.get("times_not_possible") or ""),
        "nhs_number": _("On record") if health.get("nhs_number") else "",
        "gp_details": str(health.get("gp") or ""),
    }


def _grouped(number: str) -> str:
    """An NHS number as it is printed: 3, 3 and 4 digits."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""


def _contacts(opened: OpenedReferral) -> tuple[PackContact, ...]:
    return tuple(
        PackContact(
            name=text_of(sealed, "name") or _("Name erased"),
            relationship=code_words("relationship", text_of(sealed, "relationship")),
            responsible=held.parental_responsibility,
            language=code_words("language", text_of(sealed, "language")),
            telephone=text_of(sealed, "telephone") or "",
            email=text_of(sealed, "email") or "",
            address=text_of(sealed, "address") or "",
        )
        for held, sealed in zip(opened.file.contacts, opened.contacts, strict=True)
        if held.ended_on is None
    )


def _words(opened: OpenedReferral) -> tuple[PackWords, ...]:
    """The latest words of the child and of each parent."""
    latest: dict[str, PackWords] = {}
    for held, sealed in zip(opened.file.views, opened.views, strict=True):
        said = text_of(sealed, "words")
        if said and held.whose not in latest:
            latest[held.whose] = PackWords(
                whose=held.whose, language=held.language, said_on=held.said_on, words=str(said)
            )
    return tuple(latest.values())


def _family(pupil: UUID) -> dict[str, Any]:
    return runtime().coordination.record.newest_fields(pupil, (FAMILY_ITEMS,))
