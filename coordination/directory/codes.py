"""The first code tables and service standards, kept as data beside this file.

An administrator adopts them once and then changes them through dated commands; the code depends on no particular
code. `codes.json` holds English and Welsh labels; a Welsh label that does not come word for word from an official
text is marked `cy_review`. `standards.json` holds service standards by profession with their source and its
reliability."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec

from coordination.directory.carried import OnTransfer
from coordination.directory.commands import CodeContents, SetCodes, SetStandard, SetStatutoryStandard
from coordination.directory.state import Directory
from coordination.struct_types import prepared

HERE = Path(__file__).parent


class _Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    en: str
    cy: str
    cy_review: bool = True
    effective_from: date | None = None
    effective_to: date | None = None


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    about: str
    effective_from: date
    tables: dict[str, tuple[_Label, ...]]


class StandardTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A standard that an administrator can adopt for a service of one of its professions. `limit` and `bands`
    are in `unit`. Confidence: V read in an official text, V2 in a secondary page, M known from practice."""

    code: str
    professions: tuple[str, ...]
    start: str
    stop: str
    limit: int
    unit: str
    target_percent: int | None
    bands: tuple[int, ...]
    legal_route: str | None
    effective_from: date
    effective_to: date | None
    source: str
    confidence: Literal["V", "V2", "M"]
    note: str
    on_transfer: OnTransfer = "continues"

    def adopted(self, organisation: UUID, service: UUID, occurred_on: date) -> SetStandard:
        """The command that sets it for a service of an agency."""
        return SetStandard(
            occurred_on=occurred_on,
            organisation=organisation,
            service=service,
            code=self.code,
            start=self.start,
            stop=self.stop,
            limit=self.limit,
            unit=self.unit,
            target_percent=self.target_percent,
            bands=self.bands,
            legal_route=self.legal_route,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            source=self.source,
            on_transfer=self.on_transfer,
        )


@cache
def _read() -> _Tables:
    return msgspec.json.decode((HERE / "codes.json").read_bytes(), type=prepared(_Tables))


@cache
def tables() -> frozenset[str]:
    """The names of the code tables. A new table is a change of the program; a new code is not."""
    return frozenset(_read().tables)


@cache
def initial() -> tuple[CodeContents, ...]:
    """The first codes of every table, in the order in which they are shown."""
    first = _read()
    return tuple(
        CodeContents(
            table=table,
            code=label.code,
            label=label.en,
            label_cy=label.cy,
            effective_from=label.effective_from or first.effective_from,
            effective_to=label.effective_to,
            cy_review=label.cy_review,
        )
        for table, labels in first.tables.items()
        for label in labels
    )


def first_codes(reference: UUID, occurred_on: date, directory: Directory) -> SetCodes:
    """The command that puts on the reference stream those first codes that are not in the directory yet; what an
    administrator has changed stays."""
    new = tuple(c for c in initial() if not directory.knows(c.table, c.code))
    return SetCodes(occurred_on=occurred_on, organisation=reference, codes=new)


class StatutoryTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statutory time limit of the first set. Confidence as of a StandardTemplate."""

    code: str
    body: str
    start: str
    stop: str
    limit: int
    unit: str
    effective_from: date
    source: str
    confidence: Literal["V", "V2", "M"]
    note: str
    repeats: bool = False
    from_consent: bool = False


@cache
def statutory_templates() -> tuple[StatutoryTemplate, ...]:
    """Every statutory time limit of the first set."""
    content = (HERE / "statutory_standards.json").read_bytes()
    return msgspec.json.decode(content, type=prepared(tuple[StatutoryTemplate, ...]))


def first_statutory_standards(
    reference: UUID, occurred_on: date, directory: Directory
) -> tuple[SetStatutoryStandard, ...]:
    """The commands that put on the reference stream those first statutory time limits of which there is no version
    yet; what an administrator has changed stays."""
    known = {standard.code for standard in directory.statutory_standards()}
    return tuple(
        SetStatutoryStandard(
            occurred_on=occurred_on,
            organisation=reference,
            code=one.code,
            body=one.body,
            start=one.start,
            stop=one.stop,
            limit=one.limit,
            unit=one.unit,
            effective_from=one.effective_from,
            source=one.source,
            repeats=one.repeats,
            from_consent=one.from_consent,
        )
        for one in statutory_templates()
        if one.code not in known
    )


@cache
def standard_templates() -> tuple[StandardTemplate, ...]:
    """Every standard of the first set."""
    return msgspec.json.decode(
        (HERE / "standards.json").read_bytes(), type=prepared(tuple[StandardTemplate, ...])
    )


def templates_for(profession: str) -> tuple[StandardTemplate, ...]:
    """The standards usual for services of a profession."""
    return tuple(t for t in standard_templates() if profession in t.professions)
