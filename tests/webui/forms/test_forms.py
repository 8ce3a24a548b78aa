"""Forms: what is typed is read, kept, and put right in words."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from coordination.errors import Refusal, StaleVersion
from tests.webui.gallery import GallerySchema
from webui.forms import DateField, Form, FormSchema, TextField
from webui.forms.fields import month_number, normalise_text

GOOD = [
    ("surname", "Llŷr"),
    ("notes", ""),
    ("happened_on-day", "2"),
    ("happened_on-month", "3"),
    ("happened_on-year", "2026"),
    ("outcome", "attended"),
    ("service", "camhs-1"),
    ("needs", "ASD"),
    ("needs", "HI"),
    ("risk", "no"),
    ("weeks", ""),
]
SERVICES = {"service": [("camhs-1", "CAMHS")]}


@pytest.fixture
def form(service):
    with service.app.test_request_context("/"):
        yield Form(GallerySchema, choices=SERVICES, seen=7)


def typed(*changes, without=()):
    replaced = {name for name, _ in changes} | set(without)
    return MultiDict(
        [pair for pair in GOOD if pair[0] not in replaced] + [c for c in changes if c[1] is not None]
    )


def test_a_full_form_is_read(form):
    assert form.take(typed()) == {
        "surname": "Llŷr",
        "notes": None,
        "happened_on": date(2026, 3, 2),
        "outcome": "attended",
        "service": "camhs-1",
        "needs": ["ASD", "HI"],
        "risk": False,
        "weeks": None,
    }
    assert not form.wrong


def test_every_field_empty_names_every_required_one_in_order(form):
    assert form.take(MultiDict({name: "" for name, _ in GOOD})) is None
    assert list(form.errors) == ["surname", "happened_on", "outcome", "service", "needs", "risk"]
    assert form.errors["surname"] == "Enter the name"
    assert form.anchors()[1] == {
        "text": "Answer this question: Day of the appointment",
        "href": "#happened_on-day",
    }


def test_nothing_sent_at_all_is_the_same_as_empty(form):
    assert form.take(MultiDict()) is None
    assert list(form.errors) == ["surname", "happened_on", "outcome", "service", "needs", "risk"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("surname", "x" * 201, "Name: use 200 characters or fewer"),
        ("notes", "x" * 51, "Notes: use 50 characters or fewer"),
        ("outcome", "eaten", "Outcome: choose one of the answers offered"),
        ("service", "camhs-2", "Service: choose one of the answers offered"),
        ("needs", "XXX", "Needs: choose one of the answers offered"),
        ("risk", "perhaps", "Is there an immediate risk?: choose one of the answers offered"),
        ("weeks", "many", "Weeks: enter a whole number"),
        ("weeks", "0", "Weeks: enter 1 or more"),
        ("weeks", "53", "Weeks: enter 52 or less"),
        ("weeks", "9" * 5000, "Weeks: enter 52 or less"),
        ("weeks", "1e9", "Weeks: enter a whole number"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field(form, name, value, words):
    assert form.take(typed((name, value))) is None
    assert form.errors == {name: words}
    assert form[name].error == words


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("30", "2", "2026", "Day of the appointment: enter a real date"),
        ("29", "Chwefror", "2026", "Day of the appointment: enter a real date"),
        ("31", "4", "2026", "Day of the appointment: enter a real date"),
        ("32", "1", "2026", "Day of the appointment: enter a real date"),
        ("1", "13", "2026", "Day of the appointment: enter a real date"),
        ("1", "1", "26", "Day of the appointment: enter a real date"),
        ("1", "1", "0000", "Day of the appointment: enter a real date"),
        ("x", "y", "z", "Day of the appointment: enter a real date"),
        ("1", "", "2026", "Day of the appointment: enter a day, a month and a year"),
        ("²", "1", "2026", "Day of the appointment: enter a real date"),
    ],
)
def test_a_day_that_does_not_exist(form, day, month, year, words):
    parts = [("happened_on-day", day), ("happened_on-month", month), ("happened_on-year", year)]
    assert form.take(typed(*parts)) is None
    assert form.errors == {"happened_on": words}
    assert form["happened_on"].value == {"day": day, "month": month, "year": year}


def test_only_the_empty_box_of_a_date_is_marked(form):
    form.take(typed(("happened_on-month", "")))
    assert form["happened_on"].wrong_parts == ["month"]
    assert form.anchors()[0]["href"] == "#happened_on-month"


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "Mawrth", "MAW", "maw."])
def test_a_month_has_names_in_both_languages(form, month):
    assert form.take(typed(("happened_on-month", month)))["happened_on"] == date(2026, 3, 2)


def test_every_month_is_understood_in_both_languages():
    english = "January February March April May June July August September October November December"
    welsh = "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr"
    assert [month_number(name) for name in english.split()] == list(range(1, 13))
    assert [month_number(name) for name in welsh.split()] == list(range(1, 13))


@given(st.dates())
def test_every_day_is_read_back_from_its_three_boxes(day):
    class OneDay(FormSchema):
        on = DateField("On")

    boxes = MultiDict({"on-day": str(day.day), "on-month": str(day.month), "on-year": f"{day.year:04}"})
    assert OneDay().load(boxes) == {"on": day}
    assert OneDay().load({"on": day.isoformat()}) == {"on": day}
    assert OneDay().dump({"on": day}) == {"on": day.isoformat()}


@given(st.text(max_size=50))
def test_text_has_one_form_and_forming_it_twice_changes_nothing(text):
    once = normalise_text(text, multiline=True)
    assert normalise_text(once, multiline=True) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    assert "\r" not in once
    assert "\n" not in normalise_text(text, multiline=False)


def test_welsh_letters_arrive_the_same_in_each_normal_form(form):
    decomposed = unicodedata.normalize("NFD", "Siôn Ŵyn-Tŷ")
    assert form.take(typed(("surname", f"  {decomposed}  ")))["surname"] == "Siôn Ŵyn-Tŷ"


def test_what_was_typed_is_kept_as_typed(form):
    form.take(typed(("surname", ""), ("notes", "  two\r\nlines "), ("needs", "ASD"), ("needs", "SLCD")))
    assert form["notes"].value == "  two\r\nlines "
    assert [item["code"] for item in form["needs"].items if item["chosen"]] == ["ASD", "SLCD"]


def test_a_day_in_json_that_is_none_is_refused():
    class OneDay(FormSchema):
        on = DateField("On")

    for wrong in ("2026-02-30", "yesterday", 5, ["2026-01-01"]):
        with pytest.raises(ValidationError) as refused:
            OneDay().load({"on": wrong})
        assert refused.value.messages == {"on": ["no_such_day"]}


def test_errors_are_codes_for_a_program():
    class Named(FormSchema):
        name = TextField("Name", longest=3)

    for sent, code in (
        ({}, "missing"),
        ({"name": " "}, "missing"),
        ({"name": "long"}, "too_long"),
        ({"name": 5}, "not_text"),
    ):
        with pytest.raises(ValidationError) as refused:
            Named().load(sent)
        assert refused.value.messages == {"name": [code]}


def test_values_of_the_record_fill_the_form_in(service):
    with service.app.test_request_context("/"):
        known = {
            "surname": "Llŷr",
            "happened_on": date(2026, 3, 2),
            "needs": ["HI"],
            "risk": True,
            "weeks": 3,
        }
        form = Form(GallerySchema, values=known, choices=SERVICES)
        assert form["happened_on"].value == {"day": "2", "month": "3", "year": "2026"}
        assert form["weeks"].value == "3"
        assert [item["code"] for item in form["risk"].items if item["chosen"]] == ["yes"]


def test_a_refusal_stands_beside_the_field_it_names_or_above_the_form(form):
    form.refuse(Refusal("username_taken", "surname"))
    form.refuse(StaleVersion(3, 4))
    assert form.errors == {"surname": "This username is already in use. Choose another."}
    assert form.summary[0].startswith("This has changed. Check what is new")
    assert form.anchors()[0].keys() == {"text"}


def test_the_command_keeps_its_id_and_what_was_seen(service, client):
    page = client.get("/gallery").text
    hidden = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf_token", "command_id", "seen")
    }
    assert hidden["seen"] == "17"
    wrong = client.post("/gallery", data=hidden | {"surname": "x"})
    assert wrong.status_code == 422
    assert f'name="command_id" value="{hidden["command_id"]}"' in wrong.text
    right = client.post("/gallery", data=MultiDict([*hidden.items(), *GOOD]))
    assert right.json["id"] == hidden["command_id"]
    assert right.json["seen"] == 17


def test_each_showing_of_a_form_has_a_command_of_its_own(client):
    pages = [client.get("/gallery").text.split('name="command_id" value="')[1][:36] for _ in range(2)]
    assert pages[0] != pages[1]


@pytest.mark.parametrize(("sent", "seen"), [("5", 5), ("", 17), ("-1", 17), ("x", 17), ("9" * 40, 17)])
def test_a_seen_that_is_no_position_is_not_believed(client, sent, seen):
    token = client.get("/gallery").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/gallery", data=MultiDict([("csrf_token", token), ("seen", sent), *GOOD]))
    assert answer.json["seen"] == seen


def test_markup_stays_text(client):
    page = client.get("/gallery").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    bad = '"><script>alert(1)</script></textarea>'
    data = MultiDict([("csrf_token", token), *[(n, bad) for n, _ in GOOD]])
    answer = client.post("/gallery", data=data)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_typed_lines_come_back_unchanged_however_deep_they_stand(client):
    token = client.get("/gallery").text.split('name="csrf_token" value="')[1].split('"')[0]
    lines = "\n first\n    second & <third>\n" + "x" * 60
    data = MultiDict([("csrf_token", token), ("notes", lines), ("outcome", "not_brought")])
    answer = client.post("/gallery", data=data).text
    shown = answer.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert shown == "&#10;&#10; first&#10;    second &amp; &lt;third&gt;&#10;" + "x" * 60
