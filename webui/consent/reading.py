"""Agreement to share as the pages show it: by agency, each request with its answers, and what was already shared."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from projections.case_file import queries
from projections.case_file.queries import DisclosureSummary, ReferralSummary, TimelineCriteria
from webui.parts.timeline import TimelineItem, recorders, timeline_items
from webui.pupil.file import AgreementView, OpenedPupilFile, open_pupil_file
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name
from webui.words.text import Words

ALL = 500
SHARED = "consent.information_shared"
"""What an agency heard in a meeting, or has to do."""
QUESTIONS = ("consent.requested", "consent.given", "consent.refused", "consent.withdrawn")


SUBJECTS: dict[str, Words] = {
    "minute": _l("minute of a meeting"),
    "meeting": _l("agenda of a meeting"),
    "emergency": _l("emergency access"),
    "advice": _l("advice conversation"),
    "document": _l("document"),
}
"""What was shared, where it is no referral."""


class DisclosureItem(msgspec.Struct, frozen=True, kw_only=True):
    """A disclosure to an agency, with its referral."""

    disclosure: DisclosureSummary
    what: str
    words: Words
    referral: ReferralSummary | None
    rests_on: str


class AgencySharing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about sharing with one agency: each request with its history, disclosures, and the lawful basis."""

    id: UUID
    name: str
    questions: tuple[tuple[AgreementView, tuple[TimelineItem, ...]], ...]
    went: tuple[DisclosureItem, ...]
    told: tuple[TimelineItem, ...]
    basis: str

    @property
    def conflict(self) -> bool:
        """Whether one person with authority agrees while another does not."""
        return any(agreement.consent.conflict for agreement, _story in self.questions)


def open_file(pupil: UUID) -> OpenedPupilFile:
    """Open the pupil's file for a form about agreement, with the contacts and agreements of this file of the child, and
    note it in the read log."""
    shown = open_pupil_file(queries.pupil(casework.reader(), viewer(), pupil))
    casework.note_shown("agreements", [pupil])
    return shown.on_file(pupil)


def open_story(pupil: UUID) -> tuple[OpenedPupilFile, list[AgencySharing]]:
    """Open the pupil's file with every request and its answers, by agency, and note it in the read log."""
    reader, who = casework.reader(), viewer()
    file = queries.pupil(reader, who, pupil)
    found = queries.timeline(reader, who, TimelineCriteria(pupil=pupil, matters=("consent",), limit=ALL))
    entries = [entry for entry in found.entries if entry.topic in (*QUESTIONS, SHARED)]
    shown = open_pupil_file(file, [entry.at if entry.at.sealed else None for entry in entries])
    items = timeline_items(entries, shown.also, shown.names | people_names(recorders(entries)))
    casework.note_shown("agreements", [pupil])
    return shown, _agencies(shown, items)


def _agencies(shown: OpenedPupilFile, items: Sequence[TimelineItem]) -> list[AgencySharing]:
    """The agencies with a request or a disclosure, by name."""
    today = runtime().today()
    bases = {b.agency: b.basis for b in shown.file.lawful_bases if b.service is None}
    of_services = {b.service: b.basis for b in shown.file.lawful_bases if b.service is not None}
    asked = {
        a.consent.agency: (a, agreements) for _name, agreements in shown.agreements(today) for a in agreements
    }
    told = [line for line in items if line.entry.topic == SHARED]
    ids = {
        *asked,
        *(b.agency for b in shown.file.lawful_bases),
        *(d.agency for d in shown.file.disclosures),
        *(line.entry.agency for line in told if line.entry.agency is not None),
    }
    return [
        AgencySharing(
            id=agency,
            name=organisation_name(agency),
            questions=tuple(
                (agreement, _story(items, agreement))
                for agreement in (asked[agency][1] if agency in asked else ())
            ),
            went=tuple(went_to(shown, agency)),
            told=tuple(line for line in told if line.entry.agency == agency),
            basis="; ".join(
                [
                    code_words("lawful_basis", bases.get(agency, "public_task")),
                    *(
                        f"{service_name(service)}: {code_words('lawful_basis', basis)}"
                        for service, basis in of_services.items()
                        if (found := directory().service(service)) is not None and found.agency == agency
                    ),
                ]
            ),
        )
        for agency in sorted(ids, key=lambda a: organisation_name(a).casefold())
    ]


def _story(items: Sequence[TimelineItem], agreement: AgreementView) -> tuple[TimelineItem, ...]:
    """What was asked, answered and withdrawn under one request."""
    about = agreement.consent.consent
    return tuple(line for line in items if line.entry.thing == about and line.entry.topic in QUESTIONS)


def went_to(shown: OpenedPupilFile, agency: UUID) -> list[DisclosureItem]:
    """The disclosures to an agency, in order."""
    referrals = {r.referral: r for r in shown.file.referrals}
    consents = {c.consent: c for c in shown.file.consents}
    found = []
    for made in shown.file.disclosures:
        if made.agency != agency:
            continue
        rests_on = code_words("lawful_basis", made.lawful_basis)
        given = consents.get(made.consent) if made.consent else None
        if given is not None:
            rests_on = _(
                "%(basis)s, with the agreement of %(who)s", basis=rests_on, who=shown.who(given.contact)
            )
        found.append(
            DisclosureItem(
                disclosure=made,
                what="; ".join(code_words("data_class", code) for code in made.data_classes),
                words=SUBJECTS.get(made.subject, ""),
                referral=referrals.get(made.ground),
                rests_on=rests_on,
            )
        )
    return found
