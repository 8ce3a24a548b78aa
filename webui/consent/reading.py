"""What is shown of agreement to share: by agency, each question with its answers, and what already went there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from projections.case_file import queries
from projections.case_file.queries import DisclosureSummary, ReferralSummary, TimelineCriteria
from webui.parts.timeline import Line, lines, recorders
from webui.pupil.file import Agreement, OpenedFile, opened
from webui.shell import casework
from webui.shell.signed_in import viewer
from webui.shell.world import world
from webui.words.naming import code_words, organisation_name, people_names

ALL = 500
QUESTIONS = ("consent.requested", "consent.given", "consent.refused", "consent.withdrawn")


class Went(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went to an agency, with the referral for which it went."""

    disclosure: DisclosureSummary
    what: str
    referral: ReferralSummary | None
    rests_on: str


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """All about sharing with one agency: each question with its story, what went there, the basis beside it."""

    id: UUID
    name: str
    questions: tuple[tuple[Agreement, tuple[Line, ...]], ...]
    went: tuple[Went, ...]
    basis: str

    @property
    def conflict(self) -> bool:
        """One person with authority agrees while another does not."""
        return any(agreement.consent.conflict for agreement, _story in self.questions)


def open_file(pupil: UUID) -> OpenedFile:
    """The pupil's file opened for a form about agreement; the reading is noted."""
    shown = opened(queries.pupil(casework.reader(), viewer(), pupil))
    casework.shown("agreements", [pupil])
    return shown


def open_story(pupil: UUID) -> tuple[OpenedFile, list[Agency]]:
    """The pupil's file with every question and its answers, by agency; the reading is noted."""
    reader, who = casework.reader(), viewer()
    file = queries.pupil(reader, who, pupil)
    found = queries.timeline(reader, who, TimelineCriteria(pupil=pupil, matters=("consent",), limit=ALL))
    entries = [entry for entry in found.entries if entry.topic in QUESTIONS]
    shown = opened(file, [entry.at if entry.at.sealed else None for entry in entries])
    told = lines(entries, shown.also, shown.names | people_names(recorders(entries)))
    casework.shown("agreements", [pupil])
    return shown, _agencies(shown, told)


def _agencies(shown: OpenedFile, told: Sequence[Line]) -> list[Agency]:
    """Every agency that was asked about, or to which something went, by name."""
    today = world().today()
    bases = {b.agency: b.basis for b in shown.file.lawful_bases}
    asked = {
        a.consent.agency: (a, agreements) for _name, agreements in shown.agreements(today) for a in agreements
    }
    ids = {*asked, *bases, *(d.agency for d in shown.file.disclosures)}
    return [
        Agency(
            id=agency,
            name=organisation_name(agency),
            questions=tuple(
                (agreement, tuple(line for line in told if line.entry.thing == agreement.consent.consent))
                for agreement in (asked[agency][1] if agency in asked else ())
            ),
            went=tuple(went_to(shown, agency)),
            basis=code_words("lawful_basis", bases.get(agency, "public_task")),
        )
        for agency in sorted(ids, key=lambda a: organisation_name(a).casefold())
    ]


def went_to(shown: OpenedFile, agency: UUID) -> list[Went]:
    """What went to an agency, in the order in which it went."""
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
            Went(
                disclosure=made,
                what="; ".join(code_words("data_class", code) for code in made.data_classes),
                referral=referrals.get(made.ground),
                rests_on=rests_on,
            )
        )
    return found
