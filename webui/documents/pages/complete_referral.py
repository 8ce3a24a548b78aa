"""The complete referral as a page and as a PDF with its documents inside: for those who sign in, and by a link."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from coordination.outbox.message import case_reference
from webui.documents.pack import referral_pack
from webui.documents.pack_paper import pack_paper
from webui.documents.reading import documents_opened
from webui.papers.attaching import AttachedFile
from webui.papers.sending import pdf_response
from webui.referral.reading import OpenedReferral
from webui.words.languages import LOCALES, language
from webui.words.naming import code_words

MOST_INSIDE = 40 * 2**20
"""Bytes of the documents inside a PDF; those beyond are named in it and downloaded one by one."""


def complete_page(
    opened: OpenedReferral,
    *,
    back: str,
    pdf_to: Callable[[str], str],
    document_to: Callable[[UUID], str],
    by_link: bool = False,
) -> ResponseReturnValue:
    """The page; `pdf_to` is called with a language, `document_to` with a document."""
    pack = referral_pack(opened)
    needs = "; ".join(code_words("need", code) for code in pack.needs)
    return render_template(
        "documents/complete.html",
        opened=opened,
        pack=pack,
        needs_words=needs,
        back=back,
        pdf_to=pdf_to,
        document_to=document_to,
        signing_in=by_link,
    )


def complete_paper(opened: OpenedReferral) -> ResponseReturnValue:
    """The PDF, in the language of the address or else of the page."""
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    with force_locale(LOCALES[chosen]):
        pack = referral_pack(opened)
        found = documents_opened(pack.documents, MOST_INSIDE)
        inside = {line.document.document for line, content in found if content is not None}
        paper = pack_paper(pack, chosen, inside)
        files = [
            AttachedFile(line.name, line.document.media_type, f"{line.name} ({line.kind})", content)
            for line, content in found
            if content is not None
        ]
    return pdf_response(paper, f"referral-{case_reference(opened.referral)}", files)
