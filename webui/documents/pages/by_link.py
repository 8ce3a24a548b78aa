"""The complete referral behind a one-time link: all of it on one page and as one PDF, and each of its documents."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from coordination.desk.one_time_links import OneTimeLink
from projections.documents import queries
from webui.documents.pages.attached import file_response
from webui.documents.pages.complete_referral import complete_page, complete_paper
from webui.links.browser import keep_secret, link_url
from webui.links.proof import by_link
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.shell import casework
from webui.shell.authentication import viewer

blueprint = Blueprint("documents_by_link", __name__, url_prefix="/link/<token>/referral")
keep_secret(blueprint)


@blueprint.get("/complete")
@by_link("referral")
def complete(link: OneTimeLink) -> ResponseReturnValue:
    """Show everything of the referral that was disclosed to the service, and its documents."""
    return complete_page(
        _opened(link),
        back=link_url("referral_by_link.page"),
        pdf_to=lambda code: link_url("documents_by_link.complete_pdf", language=code),
        document_to=lambda document: link_url("documents_by_link.download", document=document),
        by_link=True,
    )


@blueprint.get("/complete.pdf")
@by_link("referral")
def complete_pdf(link: OneTimeLink) -> ResponseReturnValue:
    """The same as PDF/UA with the documents inside."""
    return complete_paper(_opened(link))


@blueprint.get("/documents/<uuid:document>")
@by_link("referral")
def download(link: OneTimeLink, document: UUID) -> ResponseReturnValue:
    """A document of the referral that was disclosed to the service; any other is a 404."""
    found = queries.document(casework.reader(), viewer(), document)
    if found.attached_to != "referral" or found.thing != link.thing:
        abort(404)
    return file_response(document)


def _opened(link: OneTimeLink) -> OpenedReferral:
    """The referral of the link. A service that has no sight of it any more gets 404."""
    if link.pupil is None:
        abort(404)
    return open_referral_page(link.pupil, link.thing)
