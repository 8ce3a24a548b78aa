"""A paper as the answer to a request."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

from webui.papers.attaching import AttachedFile, with_attachments
from webui.papers.paper import Paper
from webui.papers.pdf import pdf_of
from webui.shell.runtime import runtime


def pdf_response(paper: Paper, name: str, files: Sequence[AttachedFile] = ()) -> Response:
    """The paper as a PDF to keep, with `files` inside it. `name` is the file's, without its ending: never anybody's
    name. Nothing keeps a copy on the way."""
    made = pdf_of(paper, runtime().now())
    response = Response(with_attachments(made, files) if files else made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
