"""Our own style sheets, scripts and images: read and compressed once, named by their content."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from flask import Blueprint, Response, abort, current_app, request, url_for

from webui.shell.authentication import needs_no_session

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
blueprint = Blueprint("assets", __name__)


class Asset(msgspec.Struct, frozen=True):
    """A file as it is served."""

    kind: str
    plain: bytes
    squeezed: bytes
    version: str


@cache
def load_assets(folder: Path) -> Mapping[str, Asset]:
    """Every servable file below `folder`, by its path there; read once in a process."""
    return {
        path.relative_to(folder).as_posix(): _asset(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in KINDS
    }


def asset_url(name: str) -> str:
    """The address of an asset, which changes with its content. Raises KeyError for a file that is not
    there."""
    asset: Asset = current_app.extensions["assets"][name]
    return url_for("assets.file", name=name, v=asset.version)


@blueprint.get("/static/<path:name>")
@needs_no_session
def file(name: str) -> Response:
    """Send one asset; cached without limit if requested by its version."""
    asset: Asset | None = current_app.extensions["assets"].get(name)
    if asset is None:
        abort(404)
    response = Response(mimetype=None, content_type=asset.kind)
    response.set_etag(asset.version)
    response.vary.add("Accept-Encoding")
    forever = request.args.get("v") == asset.version
    keep = "public, max-age=31536000, immutable" if forever else "public, no-cache"
    response.headers["Cache-Control"] = keep
    if request.accept_encodings["gzip"] > 0:
        response.set_data(asset.squeezed)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.set_data(asset.plain)
    response.make_conditional(request)
    return response


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    version = hashlib.sha256(plain).hexdigest()[:16]
    return Asset(KINDS[path.suffix], plain, gzip.compress(plain, 9, mtime=0), version)
