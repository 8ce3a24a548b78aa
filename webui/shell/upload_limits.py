"""Size limits of requests: larger for a page that accepts files, and only for signed-in users."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from webui.shell.authentication import current
from webui.shell.runtime import runtime

View = TypeVar("View", bound=Callable[..., Any])

# A file carried by its page is encoded as text, a third longer than the file.
IN_A_PAGE = 4 / 3
DOCUMENTS = "api_documents.attach_"
"""The operations of the API that take a document."""


def accepts_files(view: View) -> View:
    """Mark a page that accepts files."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def accepts_documents(view: View) -> View:
    """Mark a page that accepts a document."""
    view.takes_documents = True  # type: ignore[attr-defined]
    return view


def register_upload_limits(app: Flask) -> None:
    """Set the limit of each request before anything reads its body (the CSRF check does)."""

    @app.before_request
    def room() -> None:
        view = current_app.view_functions.get(request.endpoint) if request.endpoint else None
        page = current() is not None and hasattr(view, "takes_documents")
        if page or (request.endpoint or "").startswith(DOCUMENTS):  # the API says only later who asks
            request.max_content_length = _room(runtime().settings.documents.limits.largest)
        elif current() is not None and hasattr(view, "takes_files"):
            request.max_content_length = request.max_form_memory_size = _room(runtime().settings.largest_file)


def _room(file: int) -> int:
    return int(file * IN_A_PAGE) + 64 * 1024
