"""Documents of referrals, minutes and challenges: listed, attached, opened and taken back."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.challenge.commands import AttachToChallenge
from coordination.errors import NotFound
from coordination.pupil.documents.commands import StrikeDocument
from projections.documents import queries
from projections.documents.queries import DocumentSummary
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdsField, closed_schema, field_problem
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.challenge.reading import find_challenge
from webui.documents.forms import RemoveSchema
from webui.documents.reading import DocumentLine, documents_of, name_of, open_document
from webui.documents.receiving import ReceivedFile, attaching, checked
from webui.forms.fields import TextField
from webui.referral.api.referrals import find_referral
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import FILE_STAFF, SCHOOL_DESK
from webui.shell.runtime import runtime

documents = Resource(
    "documents",
    "Attached files. They are checked by their content: PDF, images and Office files, without macros, scripts, other "
    "files or passwords. A service receives a document only as far as the agreement covers its `data_class`; opening "
    "one is noted in the read log.",
)

ONE = "/documents/<uuid:document>"
LONGEST = 96 * 1024 * 1024
"""Characters of a file as base64; the size of a request is limited before."""


class DocumentBody(ClosedSchema):
    """A file to attach."""

    file_name = TextField("The name of the file", longest=300)
    content = TextField("The bytes of the file as base64 (RFC 4648)", longest=LONGEST)
    data_class = TextField("What it contains: a code of the table data_class", longest=60)


class ReferralDocumentBody(DocumentBody):
    """A file to attach to a referral."""

    requirement = TextField(
        "Which of the things that the service asks for it is: a code of the table requirement",
        longest=60,
        required=False,
    )


class ChallengeDocumentBody(DocumentBody):
    """A file to attach to a challenge or to the reply to it."""

    pupils = IdsField("The pupils of the challenge that it names", required=False)


class DocumentSchema(Schema):
    """A document. `file_name` is null where it can no longer be opened."""

    class Meta(Schema.Meta):
        include = fields_of(
            DocumentSummary,
            *("document", "attached_to", "thing", "organisation", "service", "attached_on", "size"),
            *("media_type", "data_class", "requirement"),
        )

    pupils = fields.List(fields.UUID(), required=True)
    file_name = fields.String(required=True, allow_none=True)


class DocumentContentSchema(DocumentSchema):
    """A document with its bytes as base64."""

    content = fields.String(required=True)


def _out(found: DocumentSummary, name: str | None) -> dict[str, Any]:
    return {field: getattr(found, field) for field in DocumentSummary.__struct_fields__} | {"file_name": name}


def _listed(lines: list[DocumentLine], page: PageRequest) -> ResourceRows:
    shown = lines[page.first : page.past]
    pupils = list(dict.fromkeys(pupil for line in shown for pupil in line.document.pupils))
    cites = [cited for line in shown for cited in line.document.cites]
    noted = ReadLogNote("document_list", pupils, _purpose(), cites)
    return ResourceRows([_out(line.document, line.name) for line in shown], len(lines), noted)


def _purpose() -> str:
    return "own_pupil" if viewer().role in FILE_STAFF else "disclosed"


@documents.lists("/referrals/<uuid:referral>/documents", scope="documents:read", answers=DocumentSchema)
def documents_of_referral(_query: dict[str, Any], page: PageRequest, referral: UUID) -> ResourceRows:
    """List the documents of a referral."""
    find_referral(referral)
    return _listed(documents_of(referral), page)


@documents.lists("/minutes/<uuid:minute>/documents", scope="documents:read", answers=DocumentSchema)
def documents_of_minute(_query: dict[str, Any], page: PageRequest, minute: UUID) -> ResourceRows:
    """List the documents of a minute."""
    queries.minute_of(casework.reader(), viewer(), minute)
    return _listed(documents_of(minute), page)


@documents.lists("/challenges/<uuid:challenge>/documents", scope="documents:read", answers=DocumentSchema)
def documents_of_challenge(_query: dict[str, Any], page: PageRequest, challenge: UUID) -> ResourceRows:
    """List the documents of a challenge and of the reply to it."""
    find_challenge(challenge)
    return _listed(documents_of(challenge), page)


@documents.shows(ONE, scope="documents:read", answers=DocumentSchema, tagged=False)
def one_document(document: UUID) -> ResourceView:
    """Get what is known of a document, without its content."""
    found = queries.document(casework.reader(), viewer(), document)
    name = name_of(casework.open_sealed([found.at])[0])
    return ResourceView(
        _out(found, name), noted=ReadLogNote("document_list", list(found.pupils), _purpose(), found.cites)
    )


@documents.shows(f"{ONE}/content", scope="documents:read", answers=DocumentContentSchema, tagged=False)
def document_content(document: UUID) -> ResourceView:
    """Get a document with its content. This is noted in the read log as an opening."""
    opened = open_document(document)
    content = base64.b64encode(opened.content).decode()
    return ResourceView(_out(opened.document, opened.name) | {"content": content})


@documents.records(
    "/referrals/<uuid:referral>/documents",
    scope="documents:write",
    takes=ReferralDocumentBody,
    makes=("document",),
)
def attach_to_referral(typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Attach a document to a referral: the holder of the pupil's file, or the service that has the referral."""
    kept = find_referral(referral)
    return _attach(
        typed, asked, ReferralDocumentBody(), kept.pupil, referral, "referral", typed["requirement"]
    )


@documents.records(
    "/minutes/<uuid:minute>/documents", scope="documents:write", takes=DocumentBody, makes=("document",)
)
def attach_to_minute(typed: dict[str, Any], asked: RecordRequest, minute: UUID) -> RecordingResult:
    """Attach a document to a minute: the school that took it."""
    if viewer().role not in SCHOOL_DESK:
        raise NotFound
    held = queries.minute_of(casework.reader(), viewer(), minute)
    return _attach(typed, asked, DocumentBody(), held.pupil, minute, "minute", None)


@documents.records(
    "/challenges/<uuid:challenge>/documents",
    scope="documents:write",
    takes=ChallengeDocumentBody,
    makes=("document",),
)
def attach_to_challenge(typed: dict[str, Any], asked: RecordRequest, challenge: UUID) -> RecordingResult:
    """Attach a document to a challenge (the school) or to the reply to it (the agency)."""
    find_challenge(challenge)
    file = _file(ChallengeDocumentBody(), typed)
    found, made = checked(file, runtime().settings.documents), asked.new_id("document")
    asked.perform(
        AttachToChallenge(
            occurred_on=runtime().today(),
            challenge=challenge,
            document=made,
            content=found.content,
            media_type=found.type.media_type,
            file_name=file.name,
            data_class=typed["data_class"],
            pupils=tuple(typed["pupils"] or ()),
        )
    )
    return _made(made)


@documents.records(
    f"{ONE}/remove", scope="documents:write", takes=closed_schema(RemoveSchema), makes=("document",)
)
def remove_document(typed: dict[str, Any], asked: RecordRequest, document: UUID) -> RecordingResult:
    """Take back a document that was attached in error: nobody can open it any more."""
    held = queries.document(casework.reader(), viewer(), document)
    if held.attached_to not in ("referral", "minute"):
        raise NotFound
    [pupil] = held.pupils
    asked.perform(
        StrikeDocument(occurred_on=runtime().today(), pupil=pupil, document=document, why=typed["why"])
    )
    return _made(document)


def _attach(
    typed: dict[str, Any],
    asked: RecordRequest,
    schema: DocumentBody,
    pupil: UUID,
    thing: UUID,
    attached_to: str,
    requirement: str | None,
) -> RecordingResult:
    made = asked.new_id("document")
    asked.perform(
        attaching(
            _file(schema, typed),
            runtime().settings.documents,
            pupil=pupil,
            document=made,
            thing=thing,
            occurred_on=runtime().today(),
            attached_to=attached_to,
            data_class=typed["data_class"],
            requirement=requirement,
        )
    )
    return _made(made)


def _file(schema: DocumentBody, typed: dict[str, Any]) -> ReceivedFile:
    try:
        content = base64.b64decode(typed["content"], validate=True)
    except (binascii.Error, ValueError):
        raise field_problem(schema, "content", "not_text") from None
    return ReceivedFile(typed["file_name"], content)


def _made(document: UUID) -> RecordingResult:
    return RecordingResult({"document": document}, f"/documents/{document}")
