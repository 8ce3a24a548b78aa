"""The pages of documents: those of a referral, a minute and a challenge, opening one, and taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.challenge.commands import AttachToChallenge
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.documents.commands import StrikeDocument
from projections.documents import queries
from webui.challenge.reading import find_challenge, note_challenge_shown, open_challenge
from webui.documents.forms import (
    AttachSchema,
    AttachToChallengeSchema,
    AttachToReferralSchema,
    RemoveSchema,
)
from webui.documents.pages.complete_referral import complete_page, complete_paper
from webui.documents.reading import documents_of, open_document
from webui.documents.receiving import ReceivedFile, attaching, checked
from webui.forms import Form
from webui.forms.recording import record
from webui.referral.choices import codes
from webui.referral.reading import open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, FILE_STAFF, REPORT_ROLES, SCHOOL_COORDINATION, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.shell.upload_limits import accepts_documents
from webui.words.naming import code_words, directory
from webui.words.text import Words

blueprint = Blueprint("documents", __name__)

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Of a document that is opened in a browser all the same: no script, no form, no plug-in, nothing loaded."""


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/documents", methods=["GET", "POST"])
@accepts_documents
@signed_in(*FILE_STAFF, *AGENCY_DESK)
def of_referral(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """List the documents of a referral, and attach one: the holder of the pupil's file, or the service."""
    opened = open_referral_page(pupil, referral)
    service = directory().service(opened.held.service)
    asks = service.asks_for(viewer().today) if service else ()
    answers = [(code, code_words("requirement", code)) for code in asks]
    form = _form(AttachToReferralSchema, requirement=[("", _("None of them")), *answers])

    def attach(file: ReceivedFile, typed: dict[str, Any], document: UUID) -> Command:
        return attaching(
            file,
            runtime().settings.documents,
            pupil=pupil,
            document=document,
            thing=referral,
            occurred_on=viewer().today,
            attached_to="referral",
            data_class=typed["data_class"],
            requirement=typed["requirement"] or None,
        )

    back = url_for("referrals.page", pupil=pupil, referral=referral)
    may_attach = opened.at_school or opened.holder
    return _page(form, attach if may_attach else None, referral, back, _("Referral"))


@blueprint.get("/pupils/<uuid:pupil>/referrals/<uuid:referral>/complete")
@signed_in(*FILE_STAFF, *AGENCY_DESK)
def complete(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the complete referral on one page: what the service asks for, documents, words, contacts."""
    return complete_page(
        open_referral_page(pupil, referral),
        back=url_for("referrals.page", pupil=pupil, referral=referral),
        pdf_to=lambda code: url_for("documents.complete_pdf", pupil=pupil, referral=referral, language=code),
        document_to=lambda document: url_for("documents.download", document=document),
    )


@blueprint.get("/pupils/<uuid:pupil>/referrals/<uuid:referral>/complete.pdf")
@signed_in(*FILE_STAFF, *AGENCY_DESK)
def complete_pdf(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """The complete referral as PDF/UA with its documents inside; `language` is that of its headings."""
    return complete_paper(open_referral_page(pupil, referral))


@blueprint.route("/pupils/<uuid:pupil>/minutes/<uuid:minute>/documents", methods=["GET", "POST"])
@accepts_documents
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def of_minute(pupil: UUID, minute: UUID) -> ResponseReturnValue:
    """List the documents of a minute, and attach one: the school that took it."""
    held = queries.minute_of(casework.reader(), viewer(), minute)
    if held.pupil != pupil:
        raise NotFound
    casework.note_shown("minute", [pupil], "own_pupil")

    def attach(file: ReceivedFile, typed: dict[str, Any], document: UUID) -> Command:
        return attaching(
            file,
            runtime().settings.documents,
            pupil=pupil,
            document=document,
            thing=minute,
            occurred_on=viewer().today,
            attached_to="minute",
            data_class=typed["data_class"],
        )

    own = held.school == viewer().organisation and viewer().role in SCHOOL_DESK
    back = url_for("case_file.page", pupil=pupil) if own else url_for("inbox.page")
    return _page(
        _form(AttachSchema), attach if own else None, minute, back, _("Case file") if own else _("Inbox")
    )


@blueprint.route("/challenges/<uuid:challenge>/documents", methods=["GET", "POST"])
@accepts_documents
@signed_in(*REPORT_ROLES)
def of_challenge(challenge: UUID) -> ResponseReturnValue:
    """List the documents of a challenge and of the reply to it, and attach one: the school or the agency."""
    shown = open_challenge(find_challenge(challenge))
    note_challenge_shown(shown.dossier)
    held = shown.dossier.challenge
    waits = {one.waited.pupil: one.name for one in shown.waits if one.name is not None}
    form = _form(AttachToChallengeSchema, pupils=[(str(pupil), name) for pupil, name in waits.items()])

    def attach(file: ReceivedFile, typed: dict[str, Any], document: UUID) -> Command:
        found = checked(file, runtime().settings.documents)
        return AttachToChallenge(
            occurred_on=viewer().today,
            challenge=challenge,
            document=document,
            content=found.content,
            media_type=found.type.media_type,
            file_name=file.name,
            data_class=typed["data_class"],
            pupils=tuple(UUID(one) for one in typed["pupils"] or ()),
        )

    who = viewer()
    school = who.organisation == held.school and who.role in SCHOOL_COORDINATION
    agency = who.organisation == held.agency and who.role in AGENCY_DESK and held.sent_on is not None
    back = url_for("challenges.one", challenge=challenge)
    return _page(form, attach if school or agency else None, challenge, back, _("Challenge"))


def _form(schema: type[AttachSchema], **choices: Sequence[tuple[str, Words]]) -> Form:
    return Form(
        schema,
        values={"data_class": "referral"},
        choices={"data_class": codes("data_class", viewer().today), **choices},
    )


def _page(form: Form, attach: Any, thing: UUID, back: str, back_words: str) -> ResponseReturnValue:
    """The list with the form; a file that is refused leaves the page as it was, with the reason."""
    if request.method == "POST":
        if attach is None:
            raise NotFound
        typed, file = form.take(request.form), _sent()
        if file is None:
            form.errors["file"] = _("Choose a file")
        elif typed is not None and _recorded(form, attach, file, typed):
            flash(_("The document is attached."))
            return redirect(request.path, 303)
    limits = runtime().settings.documents.limits
    return form.page(
        "documents/documents.html",
        lines=documents_of(thing),
        may_attach=attach is not None,
        back=back,
        back_words=back_words,
        largest=limits.largest // 2**20,
        types=limits.types,
    )


def _sent() -> ReceivedFile | None:
    """The file of this request; None: none was chosen."""
    sent = request.files.get("file")
    return ReceivedFile(sent.filename, sent.read()) if sent is not None and sent.filename else None


def _recorded(form: Form, attach: Any, file: ReceivedFile, typed: dict[str, Any]) -> bool:
    document = casework.new_id(form.command_id, "document")
    try:
        casework.perform(attach(file, typed, document), form.command_id)
    except NotFound:
        raise
    except Refusal as refused:
        if refused.field in (None, "content", "document"):
            refused.field = "file"
        form.refuse(refused)
        return False
    return True


@blueprint.get("/documents/<uuid:document>")
@signed_in(*FILE_STAFF, *AGENCY_DESK, *REPORT_ROLES)
def download(document: UUID) -> ResponseReturnValue:
    """Give a document as a file to keep: never shown inside the service, and without its name in the address."""
    return file_response(document)


def file_response(document: UUID) -> Response:
    """The bytes of a document as an attachment, sandboxed should a browser show it. Raises NotFound."""
    opened = open_document(document)
    response = Response(opened.content, mimetype=opened.document.media_type)
    plain = opened.name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(opened.name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/documents/<uuid:document>/remove", methods=["GET", "POST"])
@signed_in(*FILE_STAFF, *AGENCY_DESK)
def remove(document: UUID) -> ResponseReturnValue:
    """Take back a document that was attached in error: nobody is shown it any more."""
    held = queries.document(casework.reader(), viewer(), document)
    if held.organisation != viewer().organisation or held.attached_to not in ("referral", "minute"):
        raise NotFound
    [pupil] = held.pupils
    if held.attached_to == "referral":
        back = url_for("documents.of_referral", pupil=pupil, referral=held.thing)
    else:
        back = url_for("documents.of_minute", pupil=pupil, minute=held.thing)
    form = Form(RemoveSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = StrikeDocument(occurred_on=viewer().today, pupil=pupil, document=document, why=typed["why"])
        if record(form, command) is None:
            flash(_("The document is removed."))
            return redirect(back, 303)
    [line] = [one for one in documents_of(held.thing) if one.document.document == document]
    return form.page("documents/remove.html", line=line, back=back)
