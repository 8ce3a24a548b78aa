"""A row of the timeline as a plain sentence. Pure: no web, no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from babel.dates import format_date

from coordination.authority import CASEWORKER_ROLES, CLASS_TEACHER, SCHOOL_ROLES
from coordination.calendars import LONDON, local_date
from coordination.directory.state import Directory
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.sensitivity import Opened, Sensitivity, classes
from coordination.topics import event_type
from projections.case_file.queries.results import TimelineEntry
from projections.sentences import words
from projections.sentences.given_words import given_word
from projections.sentences.milestones import milestone_words
from projections.sentences.support_words import quoted
from projections.sentences.text import BilingualText, Language, TextByValue

T = TypeVar("T")
Names = Mapping[UUID, str]
Facts = dict[str, str]

LOCALES = {"en": "en_GB", "cy": "cy"}
NO_NAMES: Names = {}

# The code table of each field; those of a milestone are declared on its event.
TABLES = {
    "needs": "need",
    "provision": "provision",
    "priority": "priority",
    "told": "told",
    "purpose": "consent_purpose",
    "authority": "consent_authority",
    "route": "consent_route",
    "basis": "lawful_basis",
    "lawful_basis": "lawful_basis",
    "data_classes": "data_class",
    "language": "language",
    "raised_by": "aln_raised_by",
    "asked_by": "aln_raised_by",
    "ground": "aln_authority_ground",
    "need": "need",
}
REASONS = {
    "referral.unavailability_recorded": {"reason": "unavailability_reason"},
    "aln.decided": {"outcome": "aln_decision"},
    "aln.concern_answered": {"outcome": "concern_answer"},
    "support.reviewed": {"outcome": "support_outcome"},
    "support.ended": {"reason": "support_end"},
    "aln.plan_reviewed": {"outcome": "aln_review"},
    "aln.reconsideration_answered": {"outcome": "aln_reconsideration"},
}
# Labels that keep their capital within a sentence.
CAPITAL = frozenset({"language"})
DAYS = (
    *("from_on", "until", "answer_by", "says_on", "due_on", "was", "starts_on", "exit_due_on", "moves_on"),
    *("expires_on", "reported_on", "expected_on", "happened_on", "ends_by", "review_on", "next_review_on"),
)
INSTANTS = ("told_at", "chosen", "closes_at")
ORGANISATIONS = (
    "from_school",
    "to_school",
    "from_agency",
    "to_agency",
    "link_of",
    "held_by",
    "first_told",
    "by",
    "to_authority",
    "organisation",
)
# Sources without a named person.
UNNAMED_SOURCES: dict[str, BilingualText] = {"link": words.LINK_HOLDER, "api": words.SYSTEM}
# Sealed fields that are part of a sentence; the others are quoted below it.
PERSONAL_WORDS = frozenset({"why", "evidence"})

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")


class Quote(msgspec.Struct, frozen=True):
    """Words to be shown below a sentence as they were written, with a heading."""

    field: str
    label: str
    text: str


def sentence(
    row: TimelineEntry,
    opened: Opened | None,
    directory: Directory,
    language: Language,
    names: Names = NO_NAMES,
) -> str:
    """What happened, as one sentence, with what the agency says of a report or a correction after it.

    `opened` are the entry's sealed fields, ERASED, or None where the page has not opened them: then the sentence does
    without them. `names` are those of contacts and staff that the page has opened, by id. Raises KeyError for a topic
    without a sentence.
    """
    fields = {"thing": row.thing, **row.clear, **(opened if isinstance(opened, dict) else {})}
    facts = _facts(row, fields, directory, language, names)
    said = _text(row.topic, fields, language)
    if fields.get("word") == "reported":
        said = said.replace(".", words.REPORTED.in_language(language) + ".", 1)
    parts = [_render(said, facts, language)]
    parts += (_render(more.in_language(language), facts, language) for more in _after(row, opened))
    return " ".join(_capital(part) for part in parts)


def quotes(
    row: TimelineEntry, opened: Opened | None, directory: Directory, language: Language
) -> tuple[Quote, ...]:
    """The free words of an entry, in a fixed order; none where they were not opened or are erased."""
    if not isinstance(opened, dict):
        return ()
    kinds = classes(event_type(row.topic))
    found = []
    for field, label in words.QUOTED.items():
        free = kinds.get(field) is Sensitivity.special or field in PERSONAL_WORDS
        if not free or not opened.get(field):
            continue
        value = opened[field]
        text = _dissent(value, directory, language) if field == "dissent" else quoted(field, value, language)
        found.append(Quote(field, label.in_language(language), text))
    return tuple(found)


def attribution(
    row: TimelineEntry,
    directory: Directory,
    language: Language,
    names: Names = NO_NAMES,
    sealed: Opened | None = None,
) -> str:
    """Who recorded it (`sealed` says it of what came by a link), for whom, through what, when, how many days later."""
    role = _label(directory, "role", row.role, language)
    who = f"{names[row.person]}, {role}" if row.person in names else role
    if row.source in UNNAMED_SOURCES:
        who = given_word(sealed) or UNNAMED_SOURCES[row.source].in_language(language)
    facts = {
        "who": who,
        "organisation": _organisation(row.organisation, directory, language),
        "on_behalf_of": _organisation(row.on_behalf_of, directory, language),
        "source": _phrase(words.SOURCES, row.source, language),
        "recorded": instant(row.recorded_at, language),
        "late": _late((local_date(row.recorded_at) - row.occurred_on).days, language),
    }
    return _render(words.ATTRIBUTION.in_language(language), facts, language)


def day(on: date, language: Language, near: date | None = None) -> str:
    """4 March 2025; 4 Mawrth 2025. Without the year when it is that of the day `near` by."""
    pattern = "d MMMM" if near is not None and near.year == on.year else "d MMMM y"
    return format_date(on, pattern, locale=LOCALES[language])


def instant(at: datetime, language: Language, near: date | None = None) -> str:
    """4 March 2025 at 10:30, by the clock in Wales; at midnight the day alone."""
    local = at.astimezone(LONDON)
    on = day(local.date(), language, near)
    if (local.hour, local.minute) == (0, 0):
        return on
    return words.AT.in_language(language).format(day=on, time=f"{local:%H:%M}")


# The facts


def _facts(
    row: TimelineEntry, fields: Mapping[str, Any], directory: Directory, language: Language, names: Names
) -> Facts:
    """Every fact that a sentence may need, put into words; empty where it is not known."""
    near = row.occurred_on
    facts = {
        name: _codes(fields.get(name), name, table, directory, language)
        for name, table in _tables(row.topic).items()
    }
    facts |= {name: day(_date(fields[name]), language, near) for name in DAYS if fields.get(name)}
    facts |= {name: instant(_instant(fields[name]), language, near) for name in INSTANTS if fields.get(name)}
    facts |= {name: _organisation(_id(fields.get(name)), directory, language) for name in ORGANISATIONS}
    return facts | {
        "on": day(row.occurred_on, language),
        "school": _school(row, fields, directory, language),
        "service": _service(row.service, directory, language)
        or _organisation(row.agency, directory, language),
        "to_service": _service(_id(fields.get("to_service")), directory, language),
        "inherited_by": _service(_id(fields.get("inherited_by")), directory, language),
        "agency": _organisation(row.agency, directory, language),
        "services_present": _each(fields.get("services_present"), lambda s: _service(s, directory, language)),
        "owner": _owner(fields.get("owner"), directory, language, names),
        "contact": _contact(row, fields, directory, language, names),
        "person": names.get(taken, "") if (taken := _id(fields.get("person"))) else "",
        "year": _year(fields.get("year"), language),
        **_reason_once(fields),
        "for_when": words.OR.in_language(language).join(
            instant(_instant(at), language, near) for at in fields.get("for_when", ())
        ),
        "in_welsh": words.IN_WELSH.in_language(language) if fields.get("in_welsh") else "",
        "place": str(fields.get("place") or ""),
        "level": str(fields.get("level") or ""),
        "court": str(fields.get("court") or ""),
        "how": _phrase(words.HOW, fields.get("reported_how"), language),
        "reported_by": str(fields.get("reported_by") or ""),
        "answered_by": str(fields.get("answered_by") or ""),
        "answered_as": str(fields.get("answered_as") or ""),
        "reported_on": _reported_on(fields.get("reported_on"), near, language),
    }


def _reason_once(fields: Mapping[str, Any]) -> Facts:
    """No reason where the ending, which a sentence tells in other words, is the same."""
    return {"reason": ""} if fields.get("ending") and fields.get("ending") == fields.get("reason") else {}


def _tables(topic: str) -> Mapping[str, str]:
    """The code table of each field that a sentence of this topic may need."""
    of = event_type(topic)
    if issubclass(of, Milestone):
        return of.rules.codes
    return {**TABLES, **REASONS.get(topic, {})}


def _text(topic: str, fields: Mapping[str, Any], language: Language) -> str:
    """The sentence of a topic, for the value of the field that it depends on, before its facts are put in."""
    of = event_type(topic)
    if issubclass(of, Milestone):
        sentence = milestone_words(of.name, language).sentence
        return sentence if isinstance(sentence, str) else _case(sentence, fields)
    said = words.SENTENCES[topic]
    return (said if isinstance(said, BilingualText) else _case(said, fields)).in_language(language)


def _case(text: TextByValue[T], fields: Mapping[str, Any]) -> T:
    return text.cases.get(_word(fields.get(text.field)), text.otherwise)


def _word(value: object) -> str:
    """A value as the key of a case: true, false or a code; empty for None and empty values."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value else ""


def _after(row: TimelineEntry, opened: Opened | None) -> Iterable[BilingualText]:
    if row.standing == "confirmed":
        yield words.CONFIRMED
    if row.standing == "contested":
        yield words.CONTESTED
    if row.supersedes is not None and row.topic != "referral.entry_struck":
        yield words.CORRECTS
    if row.superseded_by is not None:
        yield words.SUPERSEDED
    if opened is not None and not isinstance(opened, dict):
        yield words.GONE


def _render(template: str, facts: Mapping[str, str], language: Language) -> str:
    """The template with its facts; parts in brackets only where all their facts are known."""

    def optional(part: re.Match[str]) -> str:
        return part[1] if all(facts.get(name) for name in _FIELD.findall(part[1])) else ""

    def fact(place: re.Match[str]) -> str:
        unknown = words.SOMEBODY.get(place[1], words.UNSAID)
        return facts.get(place[1]) or unknown.in_language(language)

    return _FIELD.sub(fact, _OPTIONAL.sub(optional, template))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Names


def _organisation(id: UUID | None, directory: Directory, language: Language) -> str:
    found = directory.organisation(id)
    if found is None:
        return ""
    return (found.name_cy if language == "cy" else None) or found.name


def _service(id: UUID | None, directory: Directory, language: Language) -> str:
    """The name of a service, else its code."""
    found = directory.service(id)
    if found is None:
        return ""
    return (found.name_cy if language == "cy" else None) or found.name or found.code


def _school(row: TimelineEntry, fields: Mapping[str, Any], directory: Directory, language: Language) -> str:
    """The school that the event names, else the one for which it was recorded; the authority that did it for a child on
    no roll."""
    named = _organisation(_id(fields.get("school")), directory, language)
    if named or row.role not in SCHOOL_ROLES | CASEWORKER_ROLES | {CLASS_TEACHER}:
        return named
    return _organisation(row.on_behalf_of or row.organisation, directory, language)


def _owner(owner: Any, directory: Directory, language: Language, names: Names) -> str:
    """The most specific owner that is named: a person whose name is known, a service, an organisation."""
    if not owner:
        return ""
    person = _id(owner.get("person"))
    known = names.get(person) if person else None
    service = _service(_id(owner.get("service")), directory, language)
    return known or service or _organisation(_id(owner.get("organisation")), directory, language)


def _contact(
    row: TimelineEntry, fields: Mapping[str, Any], directory: Directory, language: Language, names: Names
) -> str:
    """The person who represents the pupil, where the entry or the page gives it: Mair Gŵyn (mother)."""
    contact = row.thing if row.matter == "profile" else None
    contact = contact or _id(fields.get("contact"))
    name = names.get(contact) if contact else None
    if row.topic == "pupil.contact_recorded" and fields.get("name"):
        relationship = _codes(fields.get("relationship"), "relationship", "relationship", directory, language)
        name = f"{fields['name']} ({relationship})" if relationship else str(fields["name"])
    return name or ""


# Codes, days and numbers


def _label(directory: Directory, table: str, code: str, language: Language) -> str:
    """The label of a code; an unknown code in readable form."""
    english, welsh = directory.labels(table, code)
    label = welsh if language == "cy" else english
    return label.replace("_", " ") if label == code else label


def _codes(value: Any, field: str, table: str, directory: Directory, language: Language) -> str:
    """One label or several; within a sentence in lower case, except names and initials."""
    codes = [value] if isinstance(value, str) else list(value or ())
    labels = [_label(directory, table, code, language) for code in codes]
    shown = labels if field in CAPITAL else [_small(label) for label in labels]
    return "; ".join(shown) if any("," in label for label in shown) else ", ".join(shown)


def _small(label: str) -> str:
    initials = len(label) > 1 and not label[1].islower() and label[1] != " "
    return label if initials else label[:1].lower() + label[1:]


def _phrase(phrases: Mapping[str, BilingualText], code: str | None, language: Language) -> str:
    if not code:
        return ""
    return phrases[code].in_language(language) if code in phrases else f"({code.replace('_', ' ')})"


def _each(values: Iterable[str] | None, name: Callable[[UUID], str]) -> str:
    return ", ".join(filter(None, (name(UUID(value)) for value in values or ())))


def _year(year: int | None, language: Language) -> str:
    if year is None:
        return ""
    if year in words.YEARS:
        return words.YEARS[year].in_language(language)
    return words.YEAR.in_language(language).format(number=year)


def _reported_on(on: str | None, near: date, language: Language) -> str:
    """The day on which something was reported, if it differs from the day on which it happened."""
    return "" if on is None or _date(on) == near else day(_date(on), language, near)


def _late(days: int, language: Language) -> str:
    if days < 1:
        return ""
    return words.LATER.get(days, words.DAYS_LATER).in_language(language).format(count=days)


def _dissent(dissents: Iterable[Mapping[str, Any]], directory: Directory, language: Language) -> str:
    return "\n".join(f"{_service(_id(d['service']), directory, language)}: {d['text']}" for d in dissents)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
