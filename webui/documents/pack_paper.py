"""The complete referral as a paper: the same as on its page, with the list of the attached documents."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from uuid import UUID

from flask_babel import gettext as _

from coordination.outbox.message import case_reference
from webui.documents.pack import PackContact, PackItem, ReferralPack
from webui.documents.reading import DocumentLine
from webui.papers.paper import Block, Facts, Heading, Items, Paper, Paragraph
from webui.papers.words import head_words, page_words
from webui.words.formats import day
from webui.words.naming import code_words, organisation_name, service_name


def pack_paper(pack: ReferralPack, language: str, inside: Collection[UUID] = ()) -> Paper:
    """The paper in the language in force for its words, which `language` ("en" or "cy") names. What people wrote stays
    in their own. The title does not name the child: readers of PDF show it, and it stands in lists of files. `inside`:
    the documents that the PDF holds."""
    held = pack.opened.held
    return Paper(
        title=_("Referral %(reference)s", reference=case_reference(pack.opened.referral)),
        language=language,
        author=organisation_name(held.school),
        sender=(organisation_name(held.school),),
        recipient=(_("To: %(service)s", service=service_name(held.service)),),
        blocks=(
            Facts(tuple((name, value) for name, value in _facts(pack) if value)),
            Heading(_("Reason for the referral")),
            Paragraph(pack.reason or _("No reason was written down.")),
            *_asked(pack),
            *_words(pack),
            *_contacts(pack),
            *_documents(pack, inside),
        ),
        evidence=head_words(),
        page=page_words(),
    )


def _facts(pack: ReferralPack) -> Iterable[tuple[str, str]]:
    child = pack.opened.child
    yield _("Name"), pack.opened.name
    yield _("Date of birth"), day(child.born)
    yield _("School"), organisation_name(pack.opened.held.school)
    yield _("Language"), code_words("language", child.language) if child.language else ""
    yield _("Needs at referral"), ", ".join(code_words("need", code) for code in pack.needs)
    yield _("NHS number"), pack.nhs_number
    yield _("Doctor’s practice (GP)"), pack.gp
    yield _("Interpreter"), pack.interpreter
    yield _("Times that are not possible"), pack.times_not_possible


def _asked(pack: ReferralPack) -> Iterable[Block]:
    yield Heading(_("What the service asks for"))
    if pack.items:
        yield Items(tuple(_item(item) for item in pack.items))
    else:
        yield Paragraph(_("This service has not listed what to send with a referral."))


def _item(item: PackItem) -> str:
    parts = [code_words("requirement", item.code), _("There") if item.there else _("Missing"), item.how]
    names = ", ".join(line.name for line in item.documents)
    return ": ".join(part for part in (*parts, names) if part)


def _words(pack: ReferralPack) -> Iterable[Block]:
    if not pack.words and not pack.statement:
        return
    yield Heading(_("In their own words"))
    for one in pack.words:
        who = _("The child") if one.whose == "child" else _("A parent")
        yield Paragraph(one.words, lead=f"{who}, {day(one.said_on)}:", language=one.language)
    if pack.statement:
        yield Paragraph(pack.statement)


def _contacts(pack: ReferralPack) -> Iterable[Block]:
    if pack.contacts:
        yield Heading(_("Contacts"))
    for one in pack.contacts:
        yield Heading(one.name, level=3)
        yield Facts(tuple((name, value) for name, value in _contact(one) if value))


def _contact(one: PackContact) -> Iterable[tuple[str, str]]:
    relationship = one.relationship
    if one.responsible:
        responsible = _("parental responsibility")
        relationship = f"{relationship}, {responsible}" if relationship else responsible
    yield _("Relationship"), relationship
    yield _("Language"), one.language
    yield _("Telephone"), one.telephone
    yield _("Email"), one.email
    yield _("Address"), one.address


def _documents(pack: ReferralPack, inside: Collection[UUID]) -> Iterable[Block]:
    yield Heading(_("Documents"))
    if not pack.documents:
        yield Paragraph(_("No document is attached."))
        return
    yield Items(tuple(_document(number, line, inside) for number, line in enumerate(pack.documents, 1)))
    if inside:
        yield Paragraph(
            _("They are inside this PDF: open the list of attachments of your PDF reader."), quiet=True
        )
    if any(line.document.document not in inside for line in pack.documents):
        yield Paragraph(
            _("Those that are not inside are downloaded from the page of the referral."), quiet=True
        )


def _document(number: int, line: DocumentLine, inside: Container[UUID]) -> str:
    words = f"{number:02} {line.name} ({line.kind})"
    return words if line.document.document in inside else f"{words}: " + _("not inside")
