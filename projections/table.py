"""A table of the read schema, declared by the struct of its rows."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import msgspec

RowT = TypeVar("RowT", bound=msgspec.Struct)

Json = Annotated[str, "jsonb"]
"""JSON that was encoded already, for a column of type jsonb."""


class Table(Generic[RowT]):
    """A table and the struct whose fields are its columns, in order; a test holds them against PostgreSQL's catalogue.

    The first `key` fields are its key (0: rows are only ever added). A bitemporal table has two more columns, which
    the struct leaves out: `known_from` after the key and `known_to` at the end, both positions of the log.

    `coded` names the column that holds opened codes of a pupil (column `pupil`), and its value in SQL once the pupil's
    stream is erased: what a rebuild without the key writes there.
    """

    __slots__ = ("bitemporal", "coded", "columns", "key", "name", "row")

    def __init__(
        self,
        name: str,
        row: type[RowT],
        *,
        key: int = 0,
        bitemporal: bool = False,
        coded: tuple[str, str] | None = None,
    ) -> None:
        fields = row.__struct_fields__
        self.name = name
        self.row = row
        self.key = key
        self.bitemporal = bitemporal
        self.coded = coded
        self.columns = (*fields[:key], "known_from", *fields[key:], "known_to") if bitemporal else fields

    def __repr__(self) -> str:
        return f"Table({self.name!r})"
