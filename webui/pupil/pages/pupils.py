"""A school's pupils: searched by name or number, filtered, sorted by name.

The search text is never in an address: it is kept with the browser's session under a random key, and the address
contains the key. The way back from a case file therefore leads to the same list, and each tab keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from projections.case_file.queries import PupilCriteria, PupilSummary, pupils
from webui.forms.fields import normalise_text
from webui.parts.paging import Paging, page_number
from webui.pupil.doubting import waiting_count
from webui.pupil.identity import PupilIdentity, PupilSearch, by_name, open_identity, year_of, year_words
from webui.pupil.pages.kept_searches import KEY, keep_search, kept_search
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_COORDINATION, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, service_name

PAGE_SIZE = 50
LONGEST = 100

blueprint = Blueprint("pupils", __name__)

# The short names of provision for the list; the full label is in the case file.
SHORT_PROVISION = {
    "idp_school": _l("IDP: school"),
    "idp_la": _l("IDP: local authority"),
    "idp_fei": _l("IDP: college"),
    "being_decided": _l("Being decided"),
    "no_aln": _l("No ALN"),
    "ehc_plan": _l("EHC plan"),
}


class PupilItem(msgspec.Struct, frozen=True):
    """A pupil in the list, with the identity."""

    pupil: PupilSummary
    child: PupilIdentity


class PupilFilter(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the list: codes and a service, no text about a child."""

    need: str | None = None
    year: int | None = None
    provision: str | None = None
    service: UUID | None = None

    def address(self) -> dict[str, Any]:
        """The filters as query parameters."""
        given = {"need": self.need, "year": self.year, "provision": self.provision, "service": self.service}
        return {name: str(value) for name, value in given.items() if value is not None}

    def __bool__(self) -> bool:
        return bool(self.address())


@blueprint.get("/pupils")
@signed_in(*SCHOOL_DESK)
def page() -> ResponseReturnValue:
    """Show the list, or the requested part of it."""
    key = request.args.get(KEY)
    return _list(_filter(request.args), key, kept_search(key), page_number(request.args.get("page")))


def _list(chosen: PupilFilter, key: str | None, typed: str, number: int) -> str:
    """A page of the list; `typed` is the search text kept under `key`."""
    wanted = PupilSearch(typed)
    asked = PupilCriteria(
        need=chosen.need, year=chosen.year, provision=chosen.provision, service=chosen.service
    )
    found = pupils(casework.reader(), viewer(), asked)
    lines = _lines(found.rows, wanted)
    pages = Paging.of(len(lines), number, PAGE_SIZE)
    shown = lines[pages.first : pages.past]
    casework.note_shown("pupil_search" if wanted else "pupil_list", [line.pupil.pupil for line in shown])
    here: dict[str, Any] = chosen.address() | ({KEY: key} if typed else {})
    return render_template(
        "pupil/pupils.html",
        lines=shown,
        pages=pages,
        typed=typed,
        key=key if typed else "",
        chosen=chosen,
        offered=_offered(),
        needs=sorted({need for line in shown for need in line.pupil.needs}),
        short_provision=_short_provision,
        year_words=year_words,
        year_of=year_of,
        today=viewer().today,
        page_address=lambda number: url_for("pupils.page", **here, page=number if number > 1 else None),
        may_ask=viewer().role in SCHOOL_COORDINATION,
        log_position=found.position,
        doubts=waiting_count() if viewer().role in SCHOOL_COORDINATION else None,
    )


@blueprint.post("/pupils/find")
@signed_in(*SCHOOL_DESK)
def find() -> ResponseReturnValue:
    """Keep the search text and show the results; a pupil found by the full number is opened immediately. While the
    user types (htmx) only the list is returned, and the text replaces the previous one."""
    typed = normalise_text(request.form.get("words", "")[:LONGEST], multiline=False)
    chosen = _filter(request.form)
    typing = "HX-Request" in request.headers
    key = keep_search(typed, request.form.get(KEY) if typing else None) if PupilSearch(typed) else None
    if key is not None and not chosen and not typing:
        alone = _by_number(typed)
        if alone is not None:
            return redirect(url_for("case_file.page", pupil=alone), 303)
    asked: dict[str, Any] = chosen.address() | ({KEY: key} if key else {})
    address = url_for("pupils.page", **asked)
    if not typing:
        return redirect(address, 303)
    response = make_response(_list(chosen, key, typed if key else "", 1))
    response.headers["HX-Replace-Url"] = address
    return response


def _lines(rows: tuple[PupilSummary, ...], wanted: PupilSearch) -> list[PupilItem]:
    """The pupils found, by name."""
    opened = casework.open_sealed([row.identity for row in rows])
    lines = [
        PupilItem(row, open_identity(row.pupil, identity)) for row, identity in zip(rows, opened, strict=True)
    ]
    if wanted:
        lines = [line for line in lines if wanted.finds(line.child)]
    return sorted(lines, key=lambda line: by_name(line.child))


def _by_number(typed: str) -> UUID | None:
    """The school's own pupil with the full number that was typed."""
    number = PupilSearch(typed).number
    if len(number) != 13:
        return None
    found = runtime().coordination.record.pupils_by_upn([number]).get(number)
    if found is None:
        return None
    files = runtime().coordination.record.files_of_children([found])[found]
    rows = pupils(casework.reader(), viewer(), PupilCriteria()).rows
    return next((row.pupil for row in rows if row.pupil in files), None)


def _filter(given: Mapping[str, str]) -> PupilFilter:
    """The selected filters; values that are not offered are left out, so that an old address still shows a list."""
    known = directory()
    need, provision = given.get("need", ""), given.get("provision", "")
    year, service = given.get("year", ""), _id(given.get("service", ""))
    return PupilFilter(
        need=need if known.knows("need", need) else None,
        provision=provision if known.knows("provision", provision) else None,
        year=int(year) if year in YEARS else None,
        service=service if known.service(service) else None,
    )


YEARS = {str(year) for year in range(-2, 15)}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _offered() -> dict[str, list[tuple[str, str]]]:
    """The filters offered, in words."""
    known, today = directory(), runtime().today()
    codes = {
        table: [(code, code_words(table, code)) for code in known.codes(table, today)]
        for table in ("need", "provision")
    }
    services = [(str(s.id), service_name(s)) for s in known.services if s.is_open(today)]
    return codes | {
        "year": [(str(year), year_words(year)) for year in range(-2, 15)],
        "service": sorted(services, key=lambda one: one[1].casefold()),
    }


def _short_provision(code: str | None) -> str:
    if code is None:
        return ""
    return str(SHORT_PROVISION.get(code) or code_words("provision", code))
