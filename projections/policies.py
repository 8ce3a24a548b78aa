"""Row-level security of the read schema: each table's policies, put together from a few templates.

Every policy lets the read role select rows. What it asks of the viewer are settings of the transaction
(`projections.reader`); each is a sub-select, so that PostgreSQL reads it once for a query and not once for a row. A
table with a policy has row-level security: what no policy lets through is not there for the viewer.
"""

from __future__ import annotations

import msgspec

from coordination.permissions import Right, Thing, roles_with

ORGANISATION = "(select nullif(current_setting('cydlynu.organisation', true), '')::uuid)"
PERSON = "(select nullif(current_setting('cydlynu.person', true), '')::uuid)"
TODAY = "(select nullif(current_setting('cydlynu.today', true), '')::date)"
DESK = "(select current_setting('cydlynu.desk', true))"
WHOLE_AGENCY = "(select coalesce(current_setting('cydlynu.whole_agency', true), '') = 'yes')"
SERVICES = "(select nullif(current_setting('cydlynu.services', true), '')::uuid[])::uuid[]"
PARTIES = (
    "(select coalesce(nullif(current_setting('cydlynu.services', true), ''), '{}')::uuid[]"
    " || nullif(current_setting('cydlynu.organisation', true), '')::uuid"
    " || nullif(current_setting('cydlynu.person', true), '')::uuid)::uuid[]"
)
"""The viewer as a party of meetings: the services, the organisation as a whole, and the person."""
ROLE = "(select current_setting('cydlynu.role', true))"


LOOKED_UP = frozenset({"disclosure", "mark", "minute", "seal", "timeline"})
"""Tables that are read a few rows at a time, of one pupil. Their policies look up each row of another table that they
ask for. For other tables PostgreSQL also plans to collect all such rows beforehand, and takes what is cheaper; with
policies inside policies that doubles at each level, and the plan of a case file took ten times as long to make, and
five times as long to begin each time it was run."""
_EACH_OR_ALL = " /* each or all */"


class Policy(msgspec.Struct, frozen=True):
    """The rows of a table that `condition` (SQL) lets the viewer see. One that restricts lets nothing through: it takes
    away from what the others do."""

    table: str
    name: str
    condition: str
    restricts: bool = False

    @property
    def sql(self) -> str:
        return (
            f"create policy {self.table}_{self.name} on {self.table}"
            f"{' as restrictive' if self.restricts else ''} for select to cydlynu_read"
            f" using ({self._condition});"
        )

    @property
    def _condition(self) -> str:
        # an offset keeps PostgreSQL from collecting the rows
        return self.condition.replace(_EACH_OR_ALL, " offset 0" if self.table in LOOKED_UP else "")


def policies_sql(policies: tuple[Policy, ...]) -> str:
    """The statements that make policies, and put row-level security on their tables."""
    tables = dict.fromkeys(policy.table for policy in policies)
    return "\n".join(
        [
            *(f"alter table {table} enable row level security;" for table in tables),
            *(policy.sql for policy in policies),
        ]
    )


def at(*desks: str) -> str:
    """The viewer sits at one of these desks."""
    if len(desks) == 1:
        return f"{DESK} = '{desks[0]}'"
    return f"{DESK} in ({', '.join(map(repr, desks))})"


def in_roles(*roles: str) -> str:
    """The viewer has one of these roles."""
    return f"{ROLE} in ({', '.join(map(repr, roles))})"


SCHOOL_STAFF = in_roles(*roles_with(Thing.MINUTE, Right.OWN_SCHOOL))
"""The viewer is one of the school's named staff."""
AT_THE_AUTHORITY = at("auditor", "caseworker")
"""The viewer sits at a desk of the authority, for figures and lines without names."""


def own(column: str) -> str:
    """The column holds the viewer's organisation."""
    return f"{column} = {ORGANISATION}"


def of_own_service(table: str) -> str:
    """The row (with columns `service` and `agency`) is of a service for which the viewer looks, whichever agency it was
    with then, or, for a viewer of the whole agency, of any of it."""
    return f"({table}.service = any ({SERVICES}) or {WHOLE_AGENCY} and {own(f'{table}.agency')})"


def own_among(column: str) -> str:
    """The column, an array, has the viewer's organisation in it."""
    return f"{ORGANISATION} = any ({column})"


def own_service(column: str) -> str:
    """The column holds one of the viewer's services at the agency, or the viewer looks for the whole of it. It says
    nothing of the agency itself."""
    return f"({WHOLE_AGENCY} or {column} = any ({SERVICES}))"


def own_services_among(column: str) -> str:
    """The column, an array, has one of the viewer's services in it, or the viewer looks for the whole agency."""
    return f"({WHOLE_AGENCY} or {column} && {SERVICES})"


def own_party(column: str) -> str:
    """The column holds the key of a party of meetings that the viewer is, or the viewer looks for the whole agency."""
    return f"({WHOLE_AGENCY} or {column} = any ({PARTIES}))"


def party_among(column: str) -> str:
    """The column, an array, has the key of a party in it that the viewer is, or the viewer looks for the whole
    agency."""
    return f"({WHOLE_AGENCY} or {column} && {PARTIES})"


def of_the_agency_s_service(agency: str = "agency", service: str = "service") -> str:
    """The columns hold the viewer's agency and one of the viewer's services there."""
    return f"{own(agency)} and {own_service(service)}"


def of_the_party(
    table: str,
    *,
    agency: str,
    agency_if: str = "",
    authority: str = "",
    authority_if: str = "",
) -> Policy:
    """Rows for the operator and for the parties, each at its own desk: the school of the row (column `school`), the
    agency and the authority's auditor and caseworker. `agency` and `authority` are conditions of whose row it is
    (empty: for nobody there), `agency_if` and `authority_if` further conditions of when they see it."""
    sides = (
        (own("school"), "", at("school")),
        (agency, agency_if, at("agency")),
        (authority, authority_if, AT_THE_AUTHORITY),
    )
    allowed = [
        f"({' and '.join(part for part in (whose, when, desk) if part)})"
        for whose, when, desk in sides
        if whose
    ]
    return Policy(table, "of_the_party", " or ".join([at("operator"), *allowed]))


# The outer cast changes nothing: without it the sub-select would be taken for a set of rows and not for an array.
HIDDEN = "(select coalesce(nullif(current_setting('cydlynu.hidden', true), ''), '{}')::uuid[])::uuid[]"


def not_hidden(table: str) -> Policy:
    """No rows about a pupil whose file is hidden from the viewer: restricted to others of their organisation, or of a
    child in whom they have an interest."""
    return Policy(table, "not_hidden", f"{table}.pupil <> all ({HIDDEN})", restricts=True)


HOLDING = "('registration', 'no_roll', 'disputed_request', 'confidential_request', 'emergency')"
"""Bases of access to the pupil's file as a whole, not to what was disclosed on a ground."""


def held(table: str) -> str:
    """The viewer's organisation holds the file of the row's pupil: the school on whose roll they are, or, at the
    caseworker's desk, the authority of a child on no roll or between two schools that disagree."""
    return (
        f"{at('school', 'caseworker')} and exists (select from open_access a where a.pupil = {table}.pupil"
        f" and a.basis = any (case {DESK} when 'school' then array['registration']"
        f" else array['no_roll', 'disputed_request', 'confidential_request'] end){_EACH_OR_ALL})"
    )


def of_the_school(table: str, name: str = "of_the_school") -> Policy:
    """Rows about the pupils whose file the viewer's school, or the authority's caseworker, holds."""
    return Policy(table, name, held(table))


def unseen(table: str, referral: str = "referral") -> str:
    """No organisation has access to the referral of the row: nobody holds the pupil's file, and no agency was told."""
    return f"not log.referral_seen({table}.pupil, {table}.{referral}, {TODAY}, '{{}}')"


def opened_for(table: str, ground: str) -> str:
    """Something was disclosed to the viewer's service about the pupil on the ground of a referral (a column)."""
    return (
        "exists (select from open_access a"
        f" where a.pupil = {table}.pupil and a.ground = {table}.{ground} and a.basis not in {HOLDING}{_EACH_OR_ALL})"
    )


def disclosed(table: str, *conditions: str, version: str = "version") -> str:
    """There is a disclosure `d` about the pupil that the viewer may see, that meets the conditions, and whose sharing
    had not stopped when the row was recorded (`version`: its place in the pupil's stream)."""
    so_far = f"(d.until_version is null or {table}.{version} <= d.until_version)"
    # a document's disclosure opens that document and nothing else of its class
    every = [f"d.pupil = {table}.pupil", "d.subject <> 'document'", *conditions, so_far]
    return f"exists (select from disclosure d where {' and '.join(every)}{_EACH_OR_ALL})"


def received(table: str, ground: str) -> str:
    """The row was recorded while one of the viewer's services had its ground (a column), by their organisation, or
    before the sharing stopped."""
    return (
        "exists (select from disclosure d"
        f" where d.pupil = {table}.pupil and d.ground = {table}.{ground} and (d.until_version is null"
        f" or {table}.version <= d.until_version or {own_service(f'{table}.service')}"
        f" and {ORGANISATION} in ({table}.organisation, {table}.on_behalf_of)){_EACH_OR_ALL})"
    )


def still_shared(table: str, ground: str) -> str:
    """The row was recorded before the sharing of its ground (a column) with the viewer's agency stopped."""
    return disclosed(table, f"d.ground = {table}.{ground}")


def holds(data_class: str) -> str:
    """A condition of `disclosed`: a class of data was disclosed."""
    return f"'{data_class}' = any (d.data_classes)"


def visible(parent: str, alias: str, *conditions: str) -> str:
    """There is a row of another table that the viewer may see and that meets the conditions."""
    return f"exists (select from {parent} {alias} where {' and '.join(conditions)}{_EACH_OR_ALL})"


def with_the(table: str, name: str, parent: str, *keys: str) -> Policy:
    """Rows that are seen with the row of another table that has the same keys."""
    alias = parent[0]
    return Policy(table, name, visible(parent, alias, *(f"{alias}.{key} = {table}.{key}" for key in keys)))
