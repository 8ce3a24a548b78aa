"""With whom an agreement says that data may be shared, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from projections.case_file.queries import ConsentSummary
from webui.words.naming import organisation_name, service_name


def recipient_words(consent: ConsentSummary) -> str:
    """The agency and the service, and the services to which it may pass on what it receives."""
    agency = organisation_name(consent.agency)
    if consent.whole_agency:
        return _("%(agency)s, every service", agency=agency)
    if consent.service is None:
        return _("%(agency)s, the services that were already told", agency=agency)
    also = ", ".join(service_name(service) for service in consent.also_services)
    if not also:
        return _("%(agency)s, %(service)s", agency=agency, service=service_name(consent.service))
    return _(
        "%(agency)s, %(service)s, which may pass it on to: %(also)s",
        agency=agency,
        service=service_name(consent.service),
        also=also,
    )
