"""A paper as the answer to a request."""

from __future__ import annotations

from flask import Response

from webui.papers.paper import Paper
from webui.papers.pdf import pdf_of
from webui.shell.runtime import runtime


def pdf_response(paper: Paper, name: str) -> Response:
    """The paper as a PDF to keep. `name` is the file's, without its ending: never anybody's name. Nothing keeps a copy
    on the way."""
    response = Response(pdf_of(paper, runtime().now()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
