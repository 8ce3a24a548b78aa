"""The fields of a response, derived from the struct that a query returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from marshmallow import fields


class HourOut(fields.String):
    """A time in Wales, such as 13:30."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return value.strftime("%H:%M") if isinstance(value, time) else value


_FIELDS: Mapping[object, type[fields.Field[Any]]] = {
    bool: fields.Boolean,
    int: fields.Integer,
    float: fields.Float,
    str: fields.String,
    date: fields.Date,
    datetime: fields.AwareDateTime,
    time: HourOut,
    UUID: fields.UUID,
}


def fields_of(struct: type[msgspec.Struct], *names: str, **renamed: str) -> dict[str, fields.Field[Any]]:
    """Fields for these attributes of a struct; `renamed` maps a field's name to the attribute's.

    They are named one by one, because an attribute that is added to a query is not meant for the API until somebody
    says so. Raises KeyError for an attribute that the struct does not have, TypeError for a type that is no plain value
    or tuple of plain values: declare such a field in the schema.
    """
    types = get_type_hints(struct)
    attributes = {name: name for name in names} | renamed
    return {
        name: _field(types[attribute], attribute=None if attribute == name else attribute, required=True)
        for name, attribute in attributes.items()
    }


def _field(of: Any, **options: Any) -> fields.Field[Any]:
    if get_origin(of) in (Union, UnionType):
        [wanted] = [one for one in get_args(of) if one is not NoneType]
        return _field(wanted, allow_none=True, **options)
    if get_origin(of) is Literal:
        return fields.String(**options)
    if get_origin(of) is tuple:
        [each, _ellipsis] = get_args(of)
        return fields.List(_field(each), **options)
    if of not in _FIELDS:
        raise TypeError(f"no field for {of}")
    return _FIELDS[of](**options)
