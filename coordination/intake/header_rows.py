"""The header of a table of pupils: under title rows, over one or two rows, sometimes repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from coordination.identifiers import check_upn
from coordination.intake.contact_columns import contact_field, contact_part, names_no_contact
from coordination.intake.pupil_columns import field_of_header
from coordination.intake.tables import SourceRow

SEARCHED = 60
"""Rows of a table among which the header is looked for."""


class HeaderRows(msgspec.Struct, frozen=True):
    """A header: the `number` of its (first) row as a spreadsheet shows it, a text for each column, the place in the
    table's rows of the first row `below` it, how many fields it names (`known`), and the columns whose two header rows
    `disagree`."""

    number: int
    texts: tuple[str, ...]
    below: int
    known: int
    disagree: tuple[str, ...] = ()


def find_header(rows: Sequence[SourceRow], number: int | None = None) -> HeaderRows | None:
    """The header of a table: the row of that number if a person said it, else the row that names most fields, of equals
    the first. None where there is no such row."""
    if number is not None:
        at = next((at for at, row in enumerate(rows) if row.number == number), None)
        return None if at is None else header_at(rows, at)
    found = [header_at(rows, at) for at in range(min(len(rows), SEARCHED))]
    best = max(found, key=lambda header: header.known, default=None)
    if best is not None and best.known < 2:
        # no header is known: the first row as wide as the table is the likeliest
        widths = [sum(1 for cell in row.cells if cell.strip()) for row in rows[:SEARCHED]]
        return found[widths.index(max(widths))]
    return best


def header_at(rows: Sequence[SourceRow], at: int) -> HeaderRows:
    """The header if it begins in this row of the table."""
    own = list(rows[at].cells)
    texts = _with_groups(own, rows[at - 1].cells) if at else own
    below = at + 1
    disagree: list[str] = []
    if below < len(rows) and _is_header(rows[below].cells) and _known(texts):
        lower = list(rows[below].cells)
        grouped = _with_groups(lower, rows[at].cells)
        if any(contact_part(text) and text != own for text, own in zip(grouped, lower, strict=True)):
            texts = grouped
        else:
            texts, disagree = _merged(texts, lower)
        below += 1
    return HeaderRows(rows[at].number, tuple(texts), below, _known(texts), tuple(disagree))


def is_repeated_header(row: SourceRow, header: HeaderRows) -> bool:
    """Whether a row only repeats the header, as printed lists do on every page."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    texts = [text.strip() for text in header.texts if text.strip()]
    return len(cells) > 1 and cells == texts


def _known(texts: Sequence[str]) -> int:
    return len({field for text in texts if (field := field_of_header(text))})


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a row is a header too: most of its cells name a field, and none is a pupil's number."""
    filled = [cell for cell in cells if cell.strip()]
    known = sum(1 for cell in filled if field_of_header(cell))
    return known >= 2 and 2 * known >= len(filled) and not any(check_upn(cell).ok for cell in filled)


def _with_groups(own: list[str], above: Sequence[str]) -> list[str]:
    """Headers with the group that stands over them: `Surname` under `Contact 2` is that contact's surname."""
    texts: list[str] = []
    group = ""
    for place, text in enumerate(own):
        over = above[place] if place < len(above) else ""
        group = over if over.strip() else group
        part = contact_part(field_of_header(group) or "")
        if part is not None and part[1] == "name":
            inner = contact_part(field_of_header(f"contact {text}") or "")
            if inner is not None and text.strip():
                texts.append(contact_field(part[0], inner[1]))
                continue
        alone = not text.strip() and over.strip() and field_of_header(over)
        texts.append(over if alone else text)
    return texts


def _merged(first: Sequence[str], second: Sequence[str]) -> tuple[list[str], list[str]]:
    """Two header rows as one (English over Welsh, a group over its parts), and the columns on which they disagree."""
    texts: list[str] = []
    disagree: list[str] = []
    for place in range(max(len(first), len(second))):
        upper = first[place] if place < len(first) else ""
        lower = second[place] if place < len(second) else ""
        over, under = field_of_header(upper), field_of_header(lower)
        if under is None or over == under:
            texts.append(upper if upper.strip() else lower)
        elif over is None or over == "full_name" or names_no_contact(lower):
            texts.append(lower)
        else:
            texts.append(upper)
            disagree.append(f"{upper.strip()} / {lower.strip()}"[:60])
    return texts, disagree
