"""Events of any type, drawn by Hypothesis from the types of their fields."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from coordination.event import Event, Header
from coordination.sensitivity import Sensitivity, classes

# What is clear is drawn from other letters, years and lengths than what is sealed, so that a sealed value that is found
# in the stored bytes did not come there by chance.
SECRETS = st.text(st.characters(codec="utf-8"), min_size=5, max_size=30).map(lambda words: f"¤{words}¤")
_YEARS = (datetime(2000, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 - the zone is put to them
CLEAR = {
    UUID: st.uuids(version=4),
    str: st.text("abcdefghij_", min_size=1, max_size=12),
    int: st.integers(-(2**31), 2**31),
    bool: st.booleans(),
    date: st.dates(date(2000, 1, 1), date(2090, 12, 31)),
    datetime: st.datetimes(*_YEARS, timezones=st.just(UTC)),
    time: st.times(),
    type(None): st.none(),
}
SEALED = {**CLEAR, str: SECRETS, date: st.dates(date(1900, 1, 1), date(1960, 12, 31))}


def values(hint: Any, kinds: dict[Any, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if hint in kinds:
        return kinds[hint]
    if get_origin(hint) is Annotated:
        return values(get_args(hint)[0], kinds)
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) in (Union, types.UnionType):
        parts = [part for part in get_args(hint) if part is not msgspec.UnsetType]
        return st.one_of([values(part, kinds) for part in parts])
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0], kinds), max_size=3).map(tuple)
    assert issubclass(hint, msgspec.Struct), hint
    hints = get_type_hints(hint, include_extras=True)
    return st.builds(hint, **{name: values(hints[name], kinds) for name in hint.__struct_fields__})


@cache
def headers() -> st.SearchStrategy[Header]:
    return values(Header, CLEAR)


@cache
def events(of: type[Event]) -> st.SearchStrategy[Event]:
    """Events of a type as a decision makes them: every sealed field is given."""
    hints = get_type_hints(of, include_extras=True)
    fields: dict[str, st.SearchStrategy[Any]] = {"header": headers()}
    for name, sensitivity in classes(of).items():
        kinds = CLEAR if sensitivity is Sensitivity.operational else SEALED
        fields[name] = values(hints[name], kinds)
        if sensitivity is Sensitivity.operational and msgspec.UnsetType in get_args(get_args(hints[name])[0]):
            fields[name] |= st.just(msgspec.UNSET)
    return st.builds(of, **fields)
