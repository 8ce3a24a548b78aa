"""The event format is irreversible: only additions, every field classified, the header without a word of anybody."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, datetime
from typing import Any, get_type_hints
from uuid import UUID

import pytest

from coordination.event import Event, Header, PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, UnclassifiedField, classes
from coordination.topics import event_type, registry
from tests.store.event_format import FILE, HEADER, describe, problems, with_additions

WRITTEN = json.loads(FILE.read_text())


def test_no_event_changes_but_by_additions() -> None:
    assert problems(WRITTEN, describe()) == []


def test_every_addition_is_written_down() -> None:
    now = describe()
    assert with_additions(WRITTEN, now) == WRITTEN, "write it down: python -m tests.store.event_format"


@pytest.mark.parametrize("topic", sorted(registry()))
def test_no_field_is_unclassified_and_the_topic_is_no_module_path(topic: str) -> None:
    of = event_type(topic)
    fields = classes(of)
    assert set(fields) == set(of.__struct_fields__) - {"header", "sealed"}
    room, _, what = topic.partition(".")
    assert room.isidentifier() and what.isidentifier() and "coordination" not in topic


def test_the_header_holds_ids_and_times_and_three_words_of_the_service() -> None:
    """`role` and `source` are codes, `command_id` is drawn by who sends it; nothing else is text."""
    hints = get_type_hints(Header)
    text = {
        name
        for name, hint in hints.items()
        if hint not in (date, datetime, UUID, UUID | None, datetime | None)
    }
    assert text == {"role", "source", "command_id"}


# Every clear text in an event, and what it is allowed to be: a code of a dated table, a natural code or a public name
# of an organisation. Whoever adds one says here which; words about a person are sealed.
CLEAR_TEXT = {
    "code of a table": {
        *("challenge.escalated level", "challenge.resolved outcome", "code.ended table", "code.ended code"),
        *("code.set table", "code.set code", "consent.disclosure_made data_classes"),
        *("consent.disclosure_made lawful_basis", "consent.given purpose", "consent.given data_classes"),
        *("consent.given authority", "consent.given route", "consent.given language"),
        *("consent.lawful_basis_recorded basis", "consent.information_shared lawful_basis"),
        *("consent.refused purpose", "consent.refused authority", "consent.refused route"),
        *("consent.withdrawn route", "service.no_answer_rule_set telephone"),
        *("consent.requested purpose", "consent.requested data_classes", "consent.requested route"),
        *("consent.objected purpose", "consent.objected route", "consent.objected language"),
        *("consent.court_order_recorded purpose", "consent.competence_assessed purpose"),
        *("consent.requested language", "organisation.changed phase", "organisation.changed language"),
        *(
            "organisation.changed agency_kind",
            "organisation.registered kind",
            "organisation.registered phase",
        ),
        *("organisation.registered language", "organisation.registered agency_kind", "person.appointed role"),
        *(
            "person.left role",
            "pupil.restricted roles",
            "pupil.views_recorded language",
            "referral.appointment_offered language",
        ),
        *("referral.immediate_risk_raised told", "referral.information_requested requirements"),
        *(
            "referral.information_supplied requirements",
            "referral.opened legal_route",
            "referral.opened priority",
        ),
        *("referral.submitted supplied", "referral.submitted missing", "referral.triaged priority"),
        "service.received profession",
        *("service.changed profession", "service.opened profession", "service.requirements_set requirements"),
        *("standard.set start", "standard.set stop", "standard.set unit", "standard.set legal_route"),
        *("standard.ended code", "standard.set code", "terms.accepted meetings", "meeting.scheduled of_kind"),
        "meeting_series.set kind",
        *("statutory_standard.set code", "statutory_standard.set body", "statutory_standard.set start"),
        *("support.started programme", "programme.set needs", "one_page_profile.written language"),
        *("places.function_reviewed needs", "transition.pack_sent language"),
        *("retention_rule.set applies", "retention_rule.set begins", "retention_rule.set code"),
        *("statutory_standard.set stop", "statutory_standard.set unit", "statutory_standard.ended code"),
        *(f"{t} data_class" for t in ("challenge.document_filed", "document.attached", "document.filed")),
        *(f"{t} requirement" for t in ("document.attached", "document.filed")),
        *(f"{t} reported_how" for t, e in registry().items() if "reported_how" in e.__struct_fields__),
    },
    "public": {
        *("organisation.registered code", "organisation.registered name", "organisation.registered name_cy"),
        *("document.attached media_type", "document.attached sha256"),  # of a list, and of the ciphertext
        *("organisation.registered ods_code", "organisation.changed ods_code", "organisation.changed name"),
        *(
            "organisation.changed name_cy",
            "service.opened code",
            "service.opened name",
            "service.opened name_cy",
        ),
        *("service.received code", "service.received name", "service.received name_cy"),
        *("service.changed name", "service.changed name_cy", "standard.set source"),
        "statutory_standard.set source",
        "retention_rule.set source",
        *("programme.set code", "programme.set name", "programme.set name_cy"),
        "meeting_series.set name",  # of an office, as on its door
        *("programme.set entry_criteria", "programme.set exit_criteria"),
        *("challenge_rule.set code", "challenge_rule.set source"),
        *("challenge.suggested code", "challenge.suggested source"),
        *("letter_wording.set subject", "letter_wording.set opening", "letter_wording.set opening_cy"),
        *("letter_wording.set request", "letter_wording.set request_cy"),
        *("code.set label", "code.set label_cy"),
        # an authority's own arrangement for its base
        *(
            "places.set source",
            "places.set reason",
            "places.criteria_set admission",
            "places.criteria_set exit",
        ),
        *(
            "places.criteria_set source",
            "places.host_agreement_made terms",
            "places.host_agreement_made source",
        ),
        *("places.function_reviewed function", "places.function_reviewed source"),
        *("places.staff_trained subject", "places.staff_trained source"),
    },
}


def test_every_clear_text_is_a_code_or_public() -> None:
    found = set()
    for topic, versions in describe()["topics"].items():
        for fields in versions.values():
            for name, field in fields.items():
                words = field["type"] if isinstance(field["type"], list) else [field["type"]]
                text = {"str", 'list of "str"'} & set(words)
                if text and field["class"] == "operational":
                    found.add(f"{topic} {name}")
    assert found == set().union(*CLEAR_TEXT.values())


# The check itself


def test_a_field_without_a_class_is_found() -> None:
    class Careless(PupilEvent, frozen=True, kw_only=True):
        topic = "test.careless"
        name: str = ""

    class Double(PupilEvent, frozen=True, kw_only=True):
        topic = "test.double"
        name: Operational[Personal[str]] = SEALED

    for event in (Careless, Double):
        with pytest.raises(UnclassifiedField):
            classes(event)


class Now(PupilEvent, frozen=True, kw_only=True):
    """The event as somebody changed it."""

    topic = "test.thing"
    class_version = 1
    kept: Operational[str]
    added: Operational[int] = 0
    sealed_too: Coded[str | None] = SEALED


AS_IT_WAS = {
    "topics": {
        "test.thing": {
            "1": {
                "kept": {"type": "str", "class": "operational"},
                "sealed_too": {"type": ["null", "str"], "default": "not stored", "class": "coded"},
            }
        }
    },
    "structs": {HEADER: describe({})["structs"][HEADER]},
}


def said(change: Any, of: type[Event] = Now) -> str:
    """What is said of the format after a change to what was written down."""
    written = deepcopy(AS_IT_WAS)
    change(written["topics"]["test.thing"]["1"], written)
    events = {"test.thing": of}
    return " ".join(problems(written, describe(events), events))


def test_additions_are_welcome() -> None:
    assert said(lambda fields, all: None) == ""
    assert said(lambda fields, all: fields["sealed_too"].update(type="str")) == ""


@pytest.mark.parametrize("was", ["personal", "special"])
def test_a_class_may_be_lowered_where_the_value_stays_sealed(was: str) -> None:
    assert said(lambda fields, all: fields["sealed_too"].update(**{"class": was})) == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f, a: f.update(lost={"type": "int", "class": "operational"}), "test.thing.lost is gone"),
        (lambda f, a: f["kept"].update(type="int"), "not every stored event fits"),
        (lambda f, a: f["sealed_too"].update(**{"class": "operational"}), "was operational and is coded"),
        (lambda f, a: f["kept"].update(**{"class": "special"}), "in another place"),
        (
            lambda f, a: f.update(added={"type": "int", "class": "operational", "default": 1}),
            "change their meaning",
        ),
        (lambda f, a: f.pop("kept"), "has no default"),
        (lambda f, a: a["topics"].update({"test.gone": {"1": {}}}), "A topic is permanent"),
        (lambda f, a: a["structs"].update(Party={}), "Party is gone"),
        (lambda f, a: a["structs"][HEADER].pop("person"), "the header.person is new and has no default"),
        (lambda f, a: a["topics"]["test.thing"].update({"2": {}}), "went back to class_version 1"),
    ],
)
def test_a_change_that_is_no_addition_is_told_what_to_do(change: Any, sentence: str) -> None:
    assert sentence in said(change)


def test_a_raised_version_needs_its_upcaster() -> None:
    class Second(Now, frozen=True, kw_only=True):
        topic = "test.thing"
        class_version = 2

    assert "upcast_v1_v2" in said(lambda f, a: None, Second)

    class WithUpcaster(Second, frozen=True, kw_only=True):
        topic = "test.thing"
        class_version = 2

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Nothing to do."""

    assert said(lambda f, a: f.update(lost={"type": "int", "class": "operational"}), WithUpcaster) == ""
