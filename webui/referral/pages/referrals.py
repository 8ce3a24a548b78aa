"""A referral: whose days they were, what happened, what may happen next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.pupil.referral.milestones import MILESTONES, rules_of
from coordination.pupil.referral.milestones.milestone import AppointmentPart
from projections.case_file.queries import Entry
from projections.sentences import Quote, attribution, quotes, sentence
from webui.forms import Form
from webui.parts.timeline import recorders
from webui.pupil.identity import age, text_of, year_words
from webui.referral.allocation import may_allocate, people
from webui.referral.clocks import waits
from webui.referral.forms.milestones import NothingSchema, step_name
from webui.referral.reading import (
    OpenReferral,
    answerable,
    correctable,
    offers,
    open_referral,
    possible_today,
    reports,
    sayable,
)
from webui.referral.status import move_words, step_words
from webui.shell.roles import AGENCY_STAFF, SCHOOL_STAFF
from webui.shell.signed_in import signed_in, viewer
from webui.shell.world import world
from webui.words.codes import milestone_name
from webui.words.languages import language
from webui.words.naming import code_words, directory, people_names

blueprint = Blueprint("referrals", __name__)
# Who makes links with which an agency answers without an account.
LINK_MAKERS = ("alnco",)

# What came of an appointment, in the order of the buttons.
OUTCOMES: tuple[AppointmentPart, ...] = ("attended", "missed", "cancelled")

_OTHER_HEADLINES: dict[str, Any] = {
    "referral.opened": _l("Begun"),
    "referral.immediate_risk_raised": _l("Immediate risk"),
    "referral.unavailability_recorded": _l("No appointment wanted for a while"),
    "referral.milestone_confirmed": _l("Confirmed"),
    "referral.milestone_contested": _l("Contested"),
    "referral.entry_struck": _l("Struck out"),
    "referral.allocated": _l("Allocated"),
}
# Other entries whose sentence tells more than their headline.
_OTHER_TELLING = frozenset(
    {
        "referral.opened",
        "referral.allocated",
        "referral.immediate_risk_raised",
        "referral.unavailability_recorded",
    }
)
# Entries that are shown with the one they speak about.
_ABOUT_ANOTHER = {
    "referral.milestone_confirmed": "milestone",
    "referral.milestone_contested": "milestone",
    "referral.entry_struck": "supersedes",
}


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What was later said about an entry: confirmed, contested or struck out, by whom and why."""

    said: str
    quotes: tuple[Quote, ...]
    recorded: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as the page shows it. `tags` are (words, tone); `counts` is False once it was corrected or struck;
    `corrects` and `corrected_by` are the versions of the other entry."""

    version: int
    on: date
    headline: str
    said: str
    quotes: tuple[Quote, ...]
    recorded: str
    tags: tuple[tuple[str, str], ...]
    counts: bool
    corrects: int | None
    corrected_by: int | None
    remarks: tuple[Remark, ...]
    correct: bool
    strike: bool
    answer: bool


class Possible(msgspec.Struct, frozen=True, kw_only=True):
    """A step that may be next; `reported`: as the agency told the school of it; `at_once`: one press records it for
    today."""

    milestone: str
    words: Any
    href: str
    reported: bool
    at_once: bool = False


@blueprint.get("/pupils/<uuid:pupil>/referrals/<uuid:referral>")
@signed_in(*SCHOOL_STAFF, *AGENCY_STAFF)
def page(pupil: UUID, referral: UUID) -> Any:
    """The referral, for the pupil's school and for the agencies it was disclosed to."""
    return show(open_referral(pupil, referral))


def show(opened: OpenReferral, form: Form | None = None) -> Any:
    """The page; `form` is the button that was pressed on it, when something came in between."""
    form = form or Form(NothingSchema)
    form.seen = opened.file.referral.last_version
    today, facts = viewer().today, facts_of(opened)
    return form.page(
        "referral/referral.html",
        opened=opened,
        stands=opened.file.referral,
        waits=waits(opened.held, directory(), today),
        rows=rows_of(opened),
        next_steps=next_steps(opened),
        gone_by=gone_by(opened),
        other_steps=other_steps(opened),
        facts=facts,
        told_words=", ".join(code_words("told", code) for code in facts.told),
        needs_words="; ".join(code_words("need", code) for code in facts.needs),
        asked=_asked(opened),
        age=age(opened.child.born, today) if opened.child.born else None,
        year_words=year_words,
        step=step_words(opened.file.referral),
        move=move_words(opened.file.referral),
        contacts=_contacts(opened),
        views=_views(opened),
        today=today,
        new_id=world().new_id,
        people=people([opened.file.allocated]) if opened.holder and may_allocate() else None,
        own_person=viewer().person,
        may_link=viewer().role in LINK_MAKERS and bool(opened.file.referral.unconfirmed),
        log_position=opened.file.position,
    )


def address(opened: OpenReferral, milestone: str) -> str:
    """Where a step is recorded."""
    where: dict[str, Any] = {"pupil": opened.pupil, "referral": opened.referral}
    if milestone == "submitted":
        return url_for("refer.send", **where)
    return url_for("milestones.record", milestone=milestone, **where)


def next_steps(opened: OpenReferral) -> list[Possible]:
    """What usually comes next, as far as the viewer may record it today, the likeliest first."""
    if not opened.sent and not opened.file.referral.ended:
        return [_choice(opened, "submitted")] if opened.at_school else []
    possible = set(possible_today(opened))
    wanted = outcomes() if gone_by(opened) else usually_next(opened.file.referral.phase)
    if opened.held.legal_route == "s20_nhs" and "s21_answer" not in wanted:
        wanted.insert(1, "s21_answer")
    if opened.file.referral.received_on is None and "received" in possible and "received" not in wanted:
        wanted.insert(0, "received")
    return [_choice(opened, name) for name in wanted if name in possible]


def usually_next(phase: str) -> list[str]:
    """What usually follows a phase, the likeliest first."""
    return [] if phase == "opened" else list(rules_of(phase).usually_next)


def outcomes() -> list[str]:
    """What can have come of an appointment, the likeliest first."""
    return [name for part in OUTCOMES for name, of in MILESTONES.items() if of.rules.appointment == part]


def gone_by(opened: OpenReferral) -> datetime | None:
    """The last time that was offered, when it has gone by and nobody has said what came of it."""
    phase = opened.file.referral.phase
    if phase == "opened" or rules_of(phase).appointment not in ("offered", "answered"):
        return None
    last = next(iter(offers(opened.held)), None)
    if last is None or not last.for_when or max(last.for_when) > world().now():
        return None
    return max(last.for_when)


def other_steps(opened: OpenReferral) -> list[Possible]:
    """Every other step that the viewer may record, for today or for a day gone by."""
    first = {one.milestone for one in next_steps(opened) if not one.at_once}
    return [_choice(opened, name, at_once=False) for name in sayable(opened) if name not in first]


def _choice(opened: OpenReferral, milestone: str, *, at_once: bool = True) -> Possible:
    reported = reports(opened, milestone)
    return Possible(
        milestone=milestone,
        words=step_name(milestone, reported=reported),
        href=address(opened, milestone),
        reported=reported,
        at_once=at_once and rules_of(milestone).at_once and not reported,
    )


# The entries


def rows_of(opened: OpenReferral) -> list[Row]:
    """The entries from the last day back, each with what was later said about it."""
    entries = opened.file.entries
    names = people_names(recorders(entries))
    remarks: dict[int, list[Remark]] = {}
    for entry in sorted(entries, key=lambda e: e.version):
        if (key := _ABOUT_ANOTHER.get(entry.topic)) is not None:
            about = entry.supersedes if key == "supersedes" else entry.clear[key]
            remarks.setdefault(int(about or 0), []).append(_remark(entry, opened, names))
    return [
        _row(entry, opened, names, tuple(remarks.get(entry.version, ())))
        for entry in entries
        if entry.topic not in _ABOUT_ANOTHER
    ]


def news_of(opened: OpenReferral, since: int | None) -> list[Remark]:
    """What was recorded about it after a version that somebody had seen, in the order of recording."""
    entries = opened.since(since)
    names = people_names(recorders(entries))
    return [_remark(entry, opened, names) for entry in entries]


def _remark(entry: Entry, opened: OpenReferral, names: Mapping[UUID, str]) -> Remark:
    sealed = opened.opened.get(entry.version)
    return Remark(
        said=sentence(entry, sealed, directory(), _spoken(), names),
        quotes=quotes(entry, sealed, directory(), _spoken()),
        recorded=attribution(entry, directory(), _spoken(), names),
    )


def _row(entry: Entry, opened: OpenReferral, names: Mapping[UUID, str], remarks: tuple[Remark, ...]) -> Row:
    sealed = opened.opened.get(entry.version)
    # what was said about it afterwards stands beneath it, with who and when
    plain = msgspec.structs.replace(entry, standing="said", supersedes=None, superseded_by=None)
    step = opened.held.step(entry.version) if entry.superseded_by is None else None
    struck = entry.superseded_by is not None and any(
        e.version == entry.superseded_by and e.topic == "referral.entry_struck" for e in opened.file.entries
    )
    correct = step is not None and correctable(opened, step)
    return Row(
        version=entry.version,
        on=entry.occurred_on,
        headline=headline(entry.topic),
        said=sentence(plain, sealed, directory(), _spoken(), names) if _says_more(entry) else "",
        quotes=quotes(entry, sealed, directory(), _spoken()),
        recorded=attribution(entry, directory(), _spoken(), names),
        tags=_tags(entry, struck),
        counts=entry.superseded_by is None,
        corrects=entry.supersedes,
        corrected_by=None if struck else entry.superseded_by,
        remarks=remarks,
        correct=correct,
        strike=correct,
        answer=step is not None and step.standing == "said" and answerable(opened, step),
    )


def _says_more(entry: Entry) -> bool:
    """Whether its sentence says more than the day and the headline do."""
    if entry.clear.get("word") == "reported" or entry.topic in _OTHER_TELLING:
        return True
    of = MILESTONES.get(entry.topic.partition(".")[2])
    return of is not None and of.rules.sentence_tells_more


def _spoken() -> Any:
    return language()


def headline(topic: str) -> str:
    """An entry in a word or two."""
    if topic in _OTHER_HEADLINES:
        return str(_OTHER_HEADLINES[topic])
    return milestone_name(topic.partition(".")[2])


def _tags(entry: Entry, struck: bool) -> tuple[tuple[str, str], ...]:
    found = []
    if entry.superseded_by is not None:
        found.append((_("Struck out") if struck else _("Corrected"), "plain"))
    if entry.clear.get("word") == "reported":
        found.append((_("Reported by the school"), "soon"))
    if entry.standing == "confirmed":
        found.append((_("Confirmed"), "done"))
    if entry.standing == "contested":
        found.append((_("Contested"), "late"))
    if entry.supersedes is not None:
        found.append((_("Correction"), "plain"))
    return tuple(found)


# What stands beside them


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the opening entry says: needs (codes, only for those they were disclosed to), reason, whether the family
    was told, who was told of a danger and when."""

    needs: tuple[str, ...]
    reason: str
    informed: bool | None
    told: tuple[str, ...]
    told_at: datetime | None
    concern: str


def facts_of(opened: OpenReferral) -> Facts:
    """From the entry that began it, and the last that raised a danger."""
    begun = next((e for e in opened.file.entries if e.topic == "referral.opened"), None)
    risk = next((e for e in opened.file.entries if e.topic == "referral.immediate_risk_raised"), None)
    sealed = opened.sealed_of(begun.version) if begun else {}
    shared = opened.file.shared
    told_at = risk.clear.get("told_at") if risk else None
    return Facts(
        needs=tuple(sealed.get("needs") or ()) if shared is None or "needs" in shared else (),
        reason=str(sealed.get("reason") or ""),
        informed=begun.clear.get("informed_and_discussed") if begun else None,
        told=tuple(risk.clear.get("told", ())) if risk else (),
        told_at=datetime.fromisoformat(told_at) if told_at else None,
        concern=str(opened.sealed_of(risk.version).get("concern") or "") if risk else "",
    )


def _asked(opened: OpenReferral) -> list[tuple[str, bool]]:
    """What the service asks for, and whether it went with the referral; what was supplied later counts as there."""
    supplied: set[str] = set()
    missing: set[str] = set()
    for entry in sorted(opened.file.entries, key=lambda e: e.version):
        if entry.superseded_by is None and entry.topic == "referral.submitted":
            supplied, missing = set(entry.clear.get("supplied", ())), set(entry.clear.get("missing", ()))
        elif entry.superseded_by is None and entry.topic == "referral.information_supplied":
            supplied |= set(entry.clear.get("requirements", ()))
    service = directory().service(opened.held.service)
    in_turn = service.asks_for(opened.held.opened_on) if service else ()
    known = [*in_turn, *sorted((supplied | missing) - set(in_turn))]
    return [(code, code in supplied) for code in known if code in supplied | missing]


class Speaking(msgspec.Struct, frozen=True, kw_only=True):
    """A contact whose particulars were disclosed to the viewer."""

    name: str
    relationship: str
    responsible: bool
    language: str
    telephone: str
    email: str


def _contacts(opened: OpenReferral) -> list[Speaking]:
    return [
        Speaking(
            name=text_of(sealed, "name") or _("Name erased"),
            relationship=code_words("relationship", text_of(sealed, "relationship")),
            responsible=held.parental_responsibility,
            language=code_words("language", text_of(sealed, "language")),
            telephone=text_of(sealed, "telephone") or "",
            email=text_of(sealed, "email") or "",
        )
        for held, sealed in zip(opened.file.contacts, opened.contacts, strict=True)
        if held.ended_on is None
    ]


def _views(opened: OpenReferral) -> list[tuple[str, str, date, str]]:
    """What the child and the parents said, the last of each: whose, in which language, on which day, the words."""
    latest: dict[str, tuple[str, str, date, str]] = {}
    for held, sealed in zip(opened.file.views, opened.views, strict=True):
        words = text_of(sealed, "words")
        if words and held.whose not in latest:
            latest[held.whose] = (held.whose, held.language, held.said_on, str(words))
    return list(latest.values())
