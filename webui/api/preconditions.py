"""ETags and the preconditions If-Match and If-None-Match.

An ETag is the thing's last version and a hash of the response, so that it changes with either. If-Match compares the
version only: a program must not overlook what was recorded about this thing.
"""

from __future__ import annotations

import hashlib
import re

from flask import request

from webui.api.problems import Problem

PATTERN = '^"[0-9]{1,18}(-[0-9a-f]{16})?"$'
_ETAG = re.compile(r'"([0-9]{1,18})(?:-[0-9a-f]{16})?"')


def etag(version: int, answered: bytes) -> str:
    """The ETag of a response about a thing at its last version, quotation marks included."""
    return f'"{version}-{hashlib.sha256(answered).hexdigest()[:16]}"'


def matches_etag(tag: str) -> bool:
    """Whether the program already has this response (If-None-Match)."""
    return request.if_none_match.contains(tag.strip('"'))


def expected_version() -> int:
    """The version of the thing that the program last read (If-Match). Raises Problem 428 or 400."""
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise Problem("if_match_missing")
    found = _ETAG.fullmatch(sent)
    if found is None:
        raise Problem("if_match_wrong")
    return int(found[1])
