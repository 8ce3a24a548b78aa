"""The directory: the ids and codes used in all other requests. It contains no personal data."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from coordination.directory.organisation import Organisation, Service, ServiceTriages, Standard
from coordination.errors import NotFound
from webui.api.derived import fields_of
from webui.api.narrowing import ids_in
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField
from webui.api.resource import Resource, ResourceRows
from webui.forms.fields import ChoiceField
from webui.shell.authentication import viewer
from webui.words.naming import directory as known

directory = Resource(
    "directory",
    "Organisations, services and code tables, as they are today. Any token of an organisation can read them.",
)

KINDS = ("authority", "school", "agency")
ANY_TOKEN = ""


class OrganisationsQuery(ClosedSchema):
    """Filters for the list."""

    kind = ChoiceField("The kind of organisation", choices=[(kind, kind) for kind in KINDS], required=False)


class ServicesQuery(ClosedSchema):
    """Filters for the list."""

    agency = IdField("Only services of this agency", required=False)


class OrganisationSchema(Schema):
    """An organisation. The `code` of a school is its number."""

    class Meta(Schema.Meta):
        include = fields_of(Organisation, "kind", "code")

    organisation = fields.UUID(required=True)
    name = fields.String(required=True)
    name_cy = fields.String(required=True, allow_none=True)
    open = fields.Boolean(required=True)


class ServiceStandardOut(Schema):
    """A standard in force today, from one milestone to another; `limit` is in `unit`."""

    class Meta(Schema.Meta):
        include = fields_of(
            Standard,
            "start",
            "stop",
            "limit",
            "unit",
            "legal_route",
            "source",
            "on_transfer",
            standard="code",
        )


class SortedForOut(Schema):
    """The services for which a single point of access sorts referrals, between two days."""

    class Meta(Schema.Meta):
        include = fields_of(ServiceTriages, "effective_from", "effective_to", "services")


class ServiceSchema(Schema):
    """A service of an agency. `open`: it takes referrals today. `asks_for`: codes of what it requires with a
    referral. `sorts_for`: the dated lists of a single point of access by their first day; on a day the one that began
    last holds, unless it has ended. One agreement covers the services on it, less those that the family strikes
    out."""

    class Meta(Schema.Meta):
        include = fields_of(Service, "code", "agency", "profession", "name", "name_cy")

    service = fields.UUID(required=True)
    open = fields.Boolean(required=True)
    asks_for = fields.List(fields.String(), required=True)
    sorts_for = fields.List(fields.Nested(SortedForOut), required=True)
    standards = fields.List(fields.Nested(ServiceStandardOut), required=True)


class CodeSchema(Schema):
    """A code in force today, with its labels."""

    code = fields.String(required=True)
    en = fields.String(required=True)
    cy = fields.String(required=True)


@directory.lists("/organisations", scope=ANY_TOKEN, query=OrganisationsQuery, answers=OrganisationSchema)
def organisations(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List authorities, schools and agencies, by kind and code."""
    today, kinds = viewer().today, [query["kind"]] if query.get("kind") else KINDS
    found = [one for kind in kinds for one in known().of_kind(kind)]
    rows = [
        {
            "organisation": one.id,
            "kind": one.kind,
            "code": one.code,
            "name": one.name,
            "name_cy": one.name_cy,
            "open": one.is_open(today),
        }
        for one in found[page.first : page.past]
    ]
    return ResourceRows(rows, len(found))


@directory.lists("/services", scope=ANY_TOKEN, query=ServicesQuery, answers=ServiceSchema)
def services(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List services by code, with what they require and their standards."""
    agency = ids_in(ServicesQuery, query, "agency")["agency"]
    found = [one for one in known().services if agency in (None, one.agency)]
    return ResourceRows([_service(one) for one in found[page.first : page.past]], len(found))


def _service(one: Service) -> dict[str, Any]:
    today = viewer().today
    in_force = [
        s
        for s in known().standards_of(one.id)
        if s.effective_from <= today and (s.effective_to is None or today <= s.effective_to)
    ]
    return {
        "service": one.id,
        "code": one.code,
        "agency": one.agency,
        "profession": one.profession,
        "name": one.name,
        "name_cy": one.name_cy,
        "open": one.is_open(today),
        "asks_for": one.asks_for(today),
        "sorts_for": one.triage_versions,
        "standards": in_force,
    }


@directory.lists("/codes/<table>", scope=ANY_TOKEN, answers=CodeSchema)
def codes(_query: dict[str, Any], page: PageRequest, table: str) -> ResourceRows:
    """Get a code table (need, decline_reason, reported_how, ...) as it is today, in its own order."""
    found = known().codes(table, viewer().today)
    if not found:
        raise NotFound
    rows = []
    for code in found[page.first : page.past]:
        english, welsh = known().labels(table, code)
        rows.append({"code": code, "en": english, "cy": welsh})
    return ResourceRows(rows, len(found))
