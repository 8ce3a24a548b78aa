"""Every event of a pupil as a plain sentence, in English and in Welsh."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.directory import codes
from coordination.directory.commands import RegisterOrganisation
from coordination.directory.decide import DECISIONS
from coordination.directory.evolve import evolve
from coordination.directory.state import Directory, Organisation
from coordination.event import Event, PupilEvent
from coordination.pupil.actions.events import Owner
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.sensitivity import ERASED, Coordinates, Sensitivity, classes
from coordination.topics import registry
from coordination.world import World
from projections.case_file.entries import entry_plan
from projections.case_file.queries import TimelineEntry
from projections.sentences import attribution, quotes, sentence, words
from projections.sentences.sentence import Language
from projections.sentences.text import BilingualText, TextByValue
from tests.county import (
    ALNCO,
    AUTHORITY,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    OTHER_SCHOOL,
    PSYCHOLOGY,
    PUPIL,
    REFERENCE,
    SCHOOL,
    START,
    directory_commands,
)
from tests.given import header
from tests.projections.sentence_values import BESIDES

TOPICS = sorted(topic for topic, of in registry().items() if issubclass(of, PupilEvent))
# The words of the milestones have tests of their own.
OTHER_TOPICS = [topic for topic in TOPICS if not issubclass(registry()[topic], Milestone)]

LANGUAGES: tuple[Language, ...] = ("en", "cy")
ON = date(2025, 2, 12)

# A value for each clear field, as the timeline keeps it, and for each sealed one, as it opens.
CLEAR: dict[str, Any] = {
    **dict.fromkeys(("school", "from_school", "first_told", "by"), str(SCHOOL)),
    "to_school": str(OTHER_SCHOOL),
    "held_by": str(AUTHORITY),
    "to_authority": str(AUTHORITY),
    **dict.fromkeys(("told_body", "decides", "body"), "school"),
    **dict.fromkeys(("young_person", "ceases"), False),
    **dict.fromkeys(("happened_on", "asked_on"), "2025-03-03"),
    "year": 8,
    "parental_responsibility": True,
    "whose": "parent",
    "part": "leads",
    **dict.fromkeys(("attached_to", "requirement", "data_class"), "referral"),
    "rolls": [],
    "language": "cy",
    "contact": str(MOTHER),
    "purpose": "referral",
    "contacts": [str(MOTHER)],
    "data_classes": ["identity", "needs"],
    "route": "verbal",
    "authority": "parental_responsibility",
    "expires_on": "2026-02-12",
    "competence_judged_by": str(ALNCO),
    "grounds": [str(PUPIL)],
    "person": str(CLINICIAN),
    "link_of": str(SCHOOL),
    "because": "not_passed_on",
    "basis": "public_task",
    "ground": str(PUPIL),
    "lawful_basis": "public_task",
    "legal_route": "service_request",
    "priority": "urgent",
    "immediate_risk": False,
    "informed_and_discussed": True,
    "organisation": str(SCHOOL),
    "roles": ["head"],
    "people": [str(ALNCO)],
    "told_party": "school",
    "told": ["social_services", "crisis_team"],
    "told_at": "2025-02-12T09:30:00Z",
    "word": "reported",
    "reported_how": "telephone",
    "reported_on": "2025-02-13",
    "supplied": ["parents_view"],
    "missing": ["childs_view", "risk_assessment"],
    "age_months": 160,
    "age_years": 13,
    "ending": "moved_away",
    "new_episode": True,
    "no_appointment_on_record": False,
    "asked_of": "family",
    "requirements": ["previous_reports"],
    "to_service": str(PSYCHOLOGY),
    "to_agency": str(EDUCATION),
    "from_agency": str(BOARD),
    "inherited_by": str(PSYCHOLOGY),
    "answer_by": "2025-02-28",
    "for_when": ["2025-03-04T10:30:00Z", "2025-03-11T00:00:00Z"],
    "answer": "accepted",
    "chosen": "2025-03-04T10:30:00Z",
    **dict.fromkeys(("identified", "in_welsh", "told_referrer", "told_plan_holder"), True),
    **dict.fromkeys(("plan_due", "agrees", "competent", "by_disclosure", "kept_from_parents"), True),
    **dict.fromkeys(("hold", "request", "proposal", "replaces", "order"), str(PUPIL)),
    **dict.fromkeys(("item", "minute", "paper_form", "thing"), str(PUPIL)),
    "kind": "subject_access",
    "asked_by": "parent",
    "controller": str(SCHOOL),
    "reason": "identity",
    "to": str(BOARD),
    "withheld": [3],
    "corrected_by": [4],
    "review_on": "2026-02-12",
    "approved_by": str(CLINICIAN),
    "local_authority": str(AUTHORITY),
    **dict.fromkeys(("proposed_by", "decided_by", "assessed_by"), str(ALNCO)),
    "assessed_on": "2025-02-01",
    "effect": "prevents",
    "outcome": "stops",
    "meaning": "stop_sharing",
    "referral": str(PUPIL),
    "subject": "referral",
    "also_services": [str(PSYCHOLOGY)],
    "says_on": "2025-02-10",
    "from_on": "2025-02-15",
    "until": "2025-03-01",
    "services_present": [str(CAMHS), str(PSYCHOLOGY)],
    "owner": {"organisation": str(BOARD), "service": str(CAMHS)},
    "due_on": "2025-03-20",
    "was": "2025-03-10",
    "confidential": True,
    "put_to": [str(SCHOOL)],
    "closes_at": "2025-02-13T10:30:00Z",
    **dict.fromkeys(("starts_decision", "decision_asked", "measurable", "with_child", "reported"), True),
    **dict.fromkeys(("support", "follows", "profile", "advised_by", "programme_of", "access"), str(PUPIL)),
    **dict.fromkeys(("transfer", "meeting", "copied_from", "appointment", "worse"), str(PUPIL)),
    **BESIDES,
    "finding": "justified",
}
SEALED: dict[str, Any] = {
    "because": "court_order",
    **dict.fromkeys(("times_not_possible", "interpreter", "statement", "social_worker"), "Mae’n poeni."),
    "raised_by": "parent",
    "asked_by": "parent",
    "outcome": "has_aln",
    "needs": ["ASD", "DYSL"],
    "provision": "idp_school",
    "looked_after": True,
    "language": "cy",
    "name": "Mair Gŵyn",
    "relationship": "mother",
    "reported_by": "the secretary",
    "answered_by": "Eleri Huws",
    "answered_as": "Ysgrifennydd",
    "place": "Clinig y Bryn",
    "dissent": [{"service": str(CAMHS), "text": "We would wait."}],
    "need": "SLCD",
    "voices": [{"voice": "child", "words": "Dw i’n hoffi hyn.", "language": "cy", "outcome": "nearer"}],
}
REASONS = {
    "referral.declined": "below_threshold",
    "referral.discharged": "treatment_completed",
    "referral.withdrawn": "family_asked",
    "referral.reopened": "need_returned",
    "referral.unavailability_recorded": "away",
}


@pytest.fixture(scope="module")
def directory() -> Directory:
    """The small county, decided and folded without a database."""
    held: dict[UUID, Organisation] = {}
    stamp = header(START, role="administrator", organisation=AUTHORITY, source="command_line")
    reference = RegisterOrganisation(
        organisation=REFERENCE, kind="reference", code="reference", name="Reference", occurred_on=START
    )
    commands = [reference, codes.first_codes(REFERENCE, START, Directory.of()), *directory_commands()]
    for command in commands:
        key = command.organisation  # type: ignore[attr-defined]
        state = held.get(key, Organisation())
        for event in DECISIONS[type(command)].decide(
            state, command, stamp, World(Directory.of(held.values()))
        ):
            state = evolve(state, event)
        held[key] = state
    return Directory.of(held.values())


def row(topic: str, clear: dict[str, Any] | None = None, **more: Any) -> TimelineEntry:
    """An entry of the timeline as CAMHS's referral or agreement would have it."""
    how = entry_plan(registry()[topic])
    known = {
        "pupil": PUPIL,
        "version": 5,
        "position": 50,
        "topic": topic,
        "matter": how.matter,
        "thing": MOTHER if how.matter == "profile" and how.thing else UUID(int=0xD1),
        "occurred_on": ON,
        "recorded_at": datetime(2025, 2, 15, 12, tzinfo=UTC),
        "person": ALNCO,
        "organisation": SCHOOL,
        "role": "alnco",
        "on_behalf_of": None,
        "source": "screen",
        "service": CAMHS if how.matter in ("referral", "advice") else None,
        "agency": BOARD if how.matter in ("referral", "consent", "advice") else None,
        "clear": clear if clear is not None else {},
        "at": Coordinates(PUPIL, 5, topic, ""),
    }
    return TimelineEntry(**(known | more))


def full(topic: str) -> dict[str, Any]:
    """All clear fields of an event."""
    return {name: CLEAR[name] for name in entry_plan(registry()[topic]).clear}


def opened(topic: str) -> dict[str, Any]:
    """All sealed fields of an event."""
    found = {
        n: SEALED.get(n, "Rhywbeth.") for n, c in classes(registry()[topic]).items() if c != "operational"
    }
    if topic in REASONS:
        found["reason"] = REASONS[topic]
    return found


def required(of: type[Event]) -> dict[str, Any]:
    """Only the clear fields that an event cannot be without."""
    defaults = {f.name: f.required for f in msgspec.structs.fields(of)}
    return {name: CLEAR[name] for name in entry_plan(of).clear if defaults[name]}


def texts() -> list[BilingualText]:
    """Every text with facts in it."""
    found: list[BilingualText] = [words.REPORTED, words.ATTRIBUTION, words.CONFIRMED, words.CONTESTED]
    for entry in words.SENTENCES.values():
        found += [entry] if isinstance(entry, BilingualText) else entry.texts()
    return found


@pytest.mark.parametrize("topic", OTHER_TOPICS)
def test_every_event_of_a_pupil_has_its_sentence_in_both_languages(topic: str) -> None:
    said = words.SENTENCES[topic]
    for text in [said] if isinstance(said, BilingualText) else said.texts():
        assert text.en.strip()
        assert text.cy.strip()
        assert text.cy != text.en


def test_no_sentence_is_left_of_an_event_that_is_gone() -> None:
    assert set(words.SENTENCES) == set(OTHER_TOPICS)


def test_both_languages_tell_the_same_facts() -> None:
    for text in texts():
        assert set(re.findall(r"{(\w+)}", text.en)) == set(re.findall(r"{(\w+)}", text.cy)), text.en


def test_cases_are_values_that_the_field_can_have() -> None:
    for topic, said in words.SENTENCES.items():
        if isinstance(said, TextByValue) and said.field != "thing":
            assert said.field in registry()[topic].__struct_fields__, topic


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_whatever_is_known_the_sentence_is_whole(
    topic: str, language: Language, directory: Directory
) -> None:
    of = registry()[topic]
    for clear in (full(topic), required(of)):
        for seen in (opened(topic), {}, None, ERASED):
            said = sentence(row(topic, clear), seen, directory, language)
            assert not re.search(r"[{}\[\]]|None|  | [.,;]|\(\)|unknown", said), said
            assert said[0].isupper()
            assert said.endswith(".")
    known = sentence(row(topic, full(topic)), opened(topic), directory, language)
    assert words.UNSAID.in_language(language) not in known


@pytest.mark.parametrize("topic", TOPICS)
def test_what_was_not_opened_is_not_said(topic: str, directory: Directory) -> None:
    told = opened(topic)
    for language in LANGUAGES:
        closed = sentence(row(topic, full(topic)), None, directory, language)
        for secret in ("Mair", "secretary", "Clinig", "Rhywbeth", "dyslexia", "dyslecsia"):
            assert secret not in closed
        gone = sentence(row(topic, full(topic)), ERASED, directory, language)
        assert gone == f"{closed} {words.GONE.in_language(language)}"
        free = {n for n, c in classes(registry()[topic]).items() if c is Sensitivity.special and n in told}
        open_ = sentence(row(topic, full(topic)), told, directory, language)
        assert "Rhywbeth" not in open_ or not free
    assert quotes(row(topic), None, directory, "en") == quotes(row(topic), ERASED, directory, "en") == ()


def test_free_words_are_quoted_in_full_with_what_they_are(directory: Directory) -> None:
    for topic in TOPICS:
        free = {n for n, c in classes(registry()[topic]).items() if c is Sensitivity.special}
        assert free <= {q.field for q in quotes(row(topic), opened(topic), directory, "cy")}, topic
    minute = quotes(row("minute.recorded"), opened("minute.recorded"), directory, "cy")
    assert [(q.label, q.text) for q in minute][:3] == [
        ("Trafodaeth", "Rhywbeth."),
        ("Penderfyniad", "Rhywbeth."),
        ("Anghytundeb", "CAMHS: We would wait."),
    ]


def test_a_reported_offer_in_plain_words(directory: Directory) -> None:
    clear = {"word": "reported", "reported_how": "telephone", "reported_on": "2025-02-12"}
    clear |= {"for_when": ["2025-03-04T00:00:00Z"]}
    offer = row("referral.appointment_offered", clear)
    assert sentence(offer, None, directory, "en") == (
        "CAMHS offered an appointment for 4 March (sent 12 February 2025), as reported by the school by telephone."
    )
    assert sentence(offer, {"reported_by": "Dr Rees"}, directory, "cy") == (
        "Cynigiodd CAMHS apwyntiad ar gyfer 4 Mawrth (anfonwyd 12 Chwefror 2025),"
        " yn ôl yr ysgol dros y ffôn (dywedodd: Dr Rees)."
    )


def test_the_hour_is_that_of_the_clock_in_wales_and_another_year_is_named(directory: Directory) -> None:
    clear = {"for_when": ["2025-07-01T08:30:00Z", "2026-01-07T08:30:00+00:00"]}
    assert "for 1 July at 09:30 or 7 January 2026 at 08:30 (" in sentence(
        row("referral.appointment_offered", clear), None, directory, "en"
    )


def test_what_came_upon_an_entry_follows_it(directory: Directory) -> None:
    def more(language: Language, **of: Any) -> str:
        return sentence(row("referral.assessed", {}, **of), None, directory, language).partition("2025. ")[2]

    assert more("en", standing="confirmed", answered_by=9) == "CAMHS confirmed this."
    assert more("en", standing="contested", answered_by=9) == "CAMHS contests this."
    assert more("cy", superseded_by=9) == "Nid yw hyn yn cyfrif mwyach am ei fod wedi’i gywiro wedyn."
    assert more("en", supersedes=3, superseded_by=9) == (
        "This corrects an earlier entry. This no longer counts because it was corrected later."
    )


def test_names_come_from_the_directory_and_from_what_the_page_opened(directory: Directory) -> None:
    given = row("consent.given", full("consent.given") | {"contact": str(MOTHER)})
    assert "responsibility: Mair; spoken" in sentence(given, None, directory, "en", {MOTHER: "Mair"})
    owner = msgspec.to_builtins(Owner(organisation=SCHOOL, person=ALNCO))
    assert "owner: Nia," in sentence(
        row("action.agreed", {"owner": owner, "due_on": "2025-03-01"}), None, directory, "en", {ALNCO: "Nia"}
    )
    assert "owner: Ysgol y Bryn." in sentence(row("action.agreed", {"owner": owner}), None, directory, "en")
    passed = row("referral.redirected", {"to_service": str(PSYCHOLOGY)})
    assert (
        sentence(passed, None, directory, "en") == "CAMHS passed the referral on to EPS on 12 February 2025."
    )


def test_an_unknown_name_or_code_leaves_a_sentence(directory: Directory) -> None:
    lost = row("referral.assessed", {}, service=UUID(int=9), agency=None)
    assert sentence(lost, None, directory, "en") == "The service assessed the pupil on 12 February 2025."
    assert sentence(lost, None, directory, "cy") == "Asesodd y gwasanaeth y disgybl ar 12 Chwefror 2025."
    odd = row("consent.given", {"purpose": "new_purpose", "authority": "court", "route": "verbal"})
    assert "(new purpose; court; spoken)" in sentence(odd, None, directory, "en")


def test_who_recorded_it_and_how_long_after(directory: Directory) -> None:
    late = row("referral.assessed")
    assert attribution(late, directory, "en") == (
        "Recorded on 15 February 2025 at 12:00 by Ysgol y Bryn (ALNCo), on screen; 3 days later."
    )
    two = row("referral.assessed", recorded_at=datetime(2025, 2, 14, 12, tzinfo=UTC), on_behalf_of=BOARD)
    assert attribution(two, directory, "cy", {ALNCO: "Nia"}) == (
        "Cofnodwyd ar 14 Chwefror 2025 am 12:00 gan Ysgol y Bryn (Nia, CADY),"
        " ar ran Dyffryn Health Board, ar y sgrin; 2 ddiwrnod yn ddiweddarach."
    )
    same_day = row("referral.assessed", recorded_at=datetime(2025, 2, 12, 9, tzinfo=UTC), person=CLINICIAN)
    assert attribution(same_day, directory, "en").endswith("(ALNCo), on screen.")


def test_welsh_that_is_not_of_statute_awaits_a_translator() -> None:
    flagged = [text for text in texts() if text.cy_review]
    assert len(flagged) == len(texts())
    assert not words.QUOTED["decision"].cy_review
