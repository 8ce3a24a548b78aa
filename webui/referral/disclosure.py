"""What a referral discloses to its agency: the agreement, the data that can be shared, and the answers about it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from coordination.directory.organisation import Service
from coordination.pupil.consent.decide import OVERRIDES
from coordination.pupil.referral.decide import REFERRAL_DATA
from projections.case_file.queries import ConsentSummary, PupilFile
from projections.support.queries.of_pupil import is_on_record
from webui.pupil.file import OpenedPupilFile, contact_choices
from webui.referral.choices import codes
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.formats import day
from webui.words.naming import code_words, directory
from webui.words.text import Words

# Required for every referral, so they are not a choice.
ALWAYS = REFERRAL_DATA
# Data that may also be shared, if it is recorded.
BESIDES = ("contact", "views", "support", "one_page_profile")
PURPOSE = "referral"
ROUTES = ("service_request", "s11_school", "s12_to_authority")
"""The routes that are a school's own; the others are the authority's or history (ALN Act s.20(2), s.65)."""


def choices(shown: OpenedPupilFile, service: Service) -> dict[str, Sequence[tuple[str, Words]]]:
    """The choices for each question, for this pupil and this service."""
    today = viewer().today
    agreement = agreement_with(shown.file, service)
    asks = service.asks_for(today)
    responsible = [c for c in shown.speaking if c.responsible]
    name = shown.child.known_as
    return {
        "supplied": [(code, code_words("requirement", code)) for code in asks],
        "shared": shareable(shown, agreement),
        "priority": codes("priority", today)[::-1],
        "legal_route": [
            (code, code_words("legal_route", code)) for code in ROUTES if _is_current("legal_route", code)
        ],
        "giver": [
            *((str(c.contact), c.described) for c in responsible),
            ("young_person", _("%(name)s, as a young person", name=name)),
            ("competent_child", _("%(name)s, a child you judge to be competent", name=name)),
            ("court", _("A court")),
        ],
        "asked": [*contact_choices(responsible), ("pupil", name)],
        "route": codes("consent_route", today),
        "override": [(c, w) for c, w in codes("lawful_basis", today) if c in OVERRIDES],
    }


def _is_current(table: str, code: str) -> bool:
    return directory().code(table, code, viewer().today) == "current"


def on_record(shown: OpenedPupilFile, service: Service, agreement: ConsentSummary | None) -> dict[str, str]:
    """The service's requirements that are already recorded, with where they were found."""
    file, there = shown.file, {}
    for whose, code in (("child", "childs_view"), ("parent", "parents_view")):
        said = next((s for s in shown.said if s.whose == whose), None)
        if said is not None and (agreement is None or "views" in agreed_data(agreement)):
            there[code] = _("recorded, %(day)s", day=day(said.on))
    if shown.wish:
        there["language_wish"] = code_words("language", shown.wish)
    if file.pupil.provision in ("idp_school", "idp_la", "idp_fei"):
        there["idp_or_one_page_profile"] = code_words("provision", file.pupil.provision)
    if agreement is not None:
        there["consent"] = _("in force since %(day)s", day=day(agreement.since))
    asks = service.asks_for(viewer().today)
    return {code: words for code, words in there.items() if code in asks}


def agreement_with(file: PupilFile, service: Service) -> ConsentSummary | None:
    """The newest agreement in force with a service that a referral may be based on. One from before agreements were for
    a service is with those that were told under it."""
    told = {d.consent for d in file.disclosures if d.service == service.id}

    def covers(c: ConsentSummary) -> bool:
        if c.whole_agency:
            return c.agency == service.agency
        if c.service is None:
            return c.consent in told
        return service.id in (c.service, *c.also_services)

    live = [c for c in file.consents if covers(c) and c.purpose == PURPOSE and c.in_force]
    return max(live, key=lambda c: (c.since, c.last_version)) if live else None


def agreed_data(agreement: ConsentSummary) -> tuple[str, ...]:
    """The data that an agreement covers; one that names none covers everything a referral includes."""
    return agreement.data_classes or (*ALWAYS, *BESIDES)


def shareable(shown: OpenedPupilFile, agreement: ConsentSummary | None) -> list[tuple[str, str]]:
    """The data that may be shared in addition to the referral: recorded, and covered by the agreement."""
    support, profile = is_on_record(casework.reader(), viewer(), shown.file.pupil.pupil)
    there = {
        "contact": bool(shown.speaking),
        "views": bool(shown.said),
        "support": support,
        "one_page_profile": profile,
    }
    allowed_data = agreed_data(agreement) if agreement is not None else BESIDES
    return [(c, code_words("data_class", c)) for c in BESIDES if there[c] and c in allowed_data]
