"""The columns of a file as a person maps them: each with its first values and the fields it may fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from coordination.intake.column_mapping import ColumnMapping, DateOrder, MappedColumn, column_letter
from coordination.intake.contact_columns import CONTACT_FIELDS, contact_field, contact_part
from coordination.intake.pupil_columns import FIELDS, PUPIL_FIELDS
from coordination.intake.pupil_guess import SheetGuess
from coordination.intake.starting_mappings import LIKELY
from webui.words.refusals.translated import sentence

SAMPLES = 3
LONGEST_SAMPLE = 40
LEAST_CONTACTS = 2

PUPIL_WORDS = {
    "upn": _l("Unique pupil number"),
    "surname": _l("Surname"),
    "forename": _l("First name"),
    "full_name": _l("Name (surname, first name)"),
    "date_of_birth": _l("Date of birth"),
    "sex": _l("Sex"),
    "school_number": _l("School number"),
    "year": _l("Year"),
    "class_name": _l("Class or registration group"),
    "language": _l("Language"),
    "provision": _l("Provision"),
    "needs": _l("Needs"),
    "looked_after": _l("Looked after"),
    "preferred_surname": _l("Preferred surname"),
    "preferred_forename": _l("Preferred first name"),
    "middle_names": _l("Middle names"),
    "former_surname": _l("Former surname"),
    "former_upn": _l("Former unique pupil number"),
    "contact": _l("Contact"),
}
CONTACT_WORDS = {
    "name": _l("name"),
    "forename": _l("first name"),
    "surname": _l("surname"),
    "relationship": _l("relationship"),
    "parental_responsibility": _l("parental responsibility"),
    "telephone": _l("telephone"),
    "email": _l("email"),
    "address": _l("address"),
    "priority": _l("priority"),
}


def field_words(field: str) -> str:
    """A field in words; what has none is shown as it is written."""
    part = contact_part(field)
    if part is not None and part[1] in CONTACT_WORDS:
        return _("Contact %(number)s: %(part)s", number=part[0], part=CONTACT_WORDS[part[1]])
    return str(PUPIL_WORDS.get(field, field.replace("_", " ")))


class ColumnChoice(msgspec.Struct, frozen=True):
    """A column with its letter, header, first values, the chosen field ("" leaves it out) and what is wrong."""

    place: int
    letter: str
    header: str
    samples: tuple[str, ...]
    chosen: str
    guessed: bool
    error: str = ""


class MappingPage(msgspec.Struct, frozen=True):
    """All that the page of a mapping shows."""

    columns: tuple[ColumnChoice, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    sheets: tuple[str, ...]
    sheet: str
    header_row: int
    date_order: DateOrder
    language: str
    name: str
    mapping_names: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, str], ...]


def mapping_page(
    layout: SheetGuess,
    *,
    chosen: Mapping[int, str],
    date_order: DateOrder,
    language: str,
    name: str,
    offered: Sequence[ColumnMapping],
    errors: Mapping[str, str],
) -> MappingPage:
    """The page of a layout. `chosen`: place -> field as typed (else as guessed); `errors`: id of an input -> words."""
    columns = tuple(_choice(layout, column, chosen, errors) for column in layout.columns)
    used = [part[0] for column in columns if (part := contact_part(column.chosen)) is not None]
    return MappingPage(
        columns=columns,
        groups=_groups(max([LEAST_CONTACTS, *used])),
        sheets=layout.sheets,
        sheet=layout.table.name,
        header_row=layout.header.number,
        date_order=date_order,
        language=language,
        name=name,
        mapping_names=tuple((one.name, _offer(one)) for one in offered),
        errors=tuple(errors.items()),
    )


def _choice(
    layout: SheetGuess, column: MappedColumn, chosen: Mapping[int, str], errors: Mapping[str, str]
) -> ColumnChoice:
    samples = (" ".join(value.split())[:LONGEST_SAMPLE] for value in layout.samples(column, SAMPLES))
    return ColumnChoice(
        place=column.place,
        letter=column_letter(column.place),
        header=column.header,
        samples=tuple(samples),
        chosen=chosen.get(column.place, column.field or ""),
        guessed=column.reason == "values",
        error=errors.get(f"c{column.place}", ""),
    )


def _groups(contacts: int) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The fields to choose from, in groups."""
    contacts_fields = [
        (number, [contact_field(number, part) for part in CONTACT_FIELDS])
        for number in range(1, contacts + 1)
    ]
    groups = [
        (_("Pupil"), list(PUPIL_FIELDS)),
        *((_("Contact %(number)s", number=number), fields) for number, fields in contacts_fields),
    ]
    return tuple((words, tuple((field, field_words(field)) for field in fields)) for words, fields in groups)


def _offer(mapping: ColumnMapping) -> str:
    if mapping.unverified_source == LIKELY:
        return _("%(name)s (made from likely column names, not confirmed by a school)", name=mapping.name)
    if mapping.unverified_source:
        return _("%(name)s (made from public descriptions, not confirmed by a school)", name=mapping.name)
    return mapping.name


def decision_words(code: str, facts: Mapping[str, Any]) -> str:
    """What a person has to decide about the columns, from the code of a doubt or refusal."""
    match code:
        case "header_missing":
            fields = ", ".join(field_words(field) for field in facts["columns"])
            return _("Choose the column for: %(fields)s", fields=fields)
        case "mapping_guessed":
            return _(
                "Check that this column is the date of birth: %(columns)s",
                columns=", ".join(facts["columns"]),
            )
        case "mapping_two_columns":
            return _(
                "Choose one column for “%(field)s”. The file has: %(columns)s",
                field=field_words(facts["column"]),
                columns=", ".join(facts["columns"]),
            )
        case _:
            return sentence(Refusal(code, None, **facts))


def chosen_fields(form: Mapping[str, Any], columns: int) -> dict[int, str]:
    """The fields chosen in a form; what is not offered is left out."""
    found = {place: form.get(f"c{place}") for place in range(columns)}
    return {place: field if field in FIELDS else "" for place, field in found.items() if field is not None}
