"""What msgspec works out about a type when it first reads one, done by one thread at a time.

While it works that out for a struct it runs Python, so that another thread may come in between; and that thread is
given what is there so far, with holes where fields are to come. The process then ends with a segmentation fault. It was
seen once, in a test in which the engine and a command read the first event of a kind at the same instant; a web
server's threads after a start could do the same.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_one_at_a_time = Lock()  # and not one for each type: types share the structs inside them
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decoder(of: type[T]) -> msgspec.json.Decoder[T]:
    """Of the JSON of a type; the same one for every call."""
    found = _decoders.get(of)
    if found is None:
        with _one_at_a_time:
            found = _decoders.get(of)
            if found is None:
                found = _decoders[of] = msgspec.json.Decoder(of)
    return found


def prepared(of: type[T]) -> type[T]:
    """The type, for `msgspec.convert` and `msgspec.json.decode`, once everything about it is worked out."""
    decoder(of)
    return of
