"""Two languages: whose choice counts, and whether the Welsh is whole."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask_babel import force_locale, ngettext
from jinja2 import Environment

from tests.webui.conftest import form_token, sign_in
from webui.words import catalogue, formats

WELSH = {"Accept-Language": "cy-GB, cy;q=0.9, en;q=0.5"}
ROOT = Path(__file__).resolve().parents[3]
WEBUI = ROOT / "webui"


def test_every_string_has_its_welsh_and_the_catalogue_is_not_stale():
    assert catalogue.problems() == []


@pytest.mark.parametrize(
    "path", sorted(WEBUI.glob("*/templates/**/*.html")), ids=lambda p: p.relative_to(WEBUI).as_posix()
)
def test_no_template_has_words_of_its_own(path):
    """Whatever a person reads or hears goes through gettext."""
    html = "".join(words for _, kind, words in Environment().lex(path.read_text()) if kind == "data")
    text = re.sub(r"<(pre|code).*?</\1>", " ", html, flags=re.S)
    # a macro writes attributes for a tag that stands elsewhere
    text = re.sub(r"\bdata-[a-z-]+=(\"[^\"]*\"|'[^']*')", " ", text)
    heard = " ".join(re.findall(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"', text))
    words = re.findall(r"[A-Za-zâêîôûŵŷ]{3,}", re.sub(r"<[^>]*>|&#?\w+;", " ", text) + " " + heard)
    assert set(words) <= {"Cydlynu"}


def test_the_script_says_the_same():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "translations", "check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "Every string has its Welsh.\n")


def test_welsh_has_six_plural_forms(service):
    with service.app.test_request_context("/"), force_locale("cy"):
        said = [formats.days(n) for n in (0, 1, 2, 3, 4, 5, 6, 7, 41)]
    assert said == [
        "0 diwrnod",
        "1 diwrnod",
        "2 ddiwrnod",
        "3 diwrnod",
        "4 diwrnod",
        "5 diwrnod",
        "6 diwrnod",
        "7 diwrnod",
        "41 diwrnod",
    ]


def test_each_of_the_six_is_reached(service):
    with service.app.test_request_context("/"), force_locale("cy"):
        # a plural that has no Welsh falls back to English: the rule itself is asked
        from flask_babel import get_translations

        rule = get_translations().plural
        assert [rule(n) for n in (0, 1, 2, 3, 6, 4, 10)] == [0, 1, 2, 3, 4, 5, 5]
        assert ngettext("%(count)s day", "%(count)s days", 2, count=2) == "2 ddiwrnod"


def test_english_counts_too(service):
    with service.app.test_request_context("/"):
        assert [formats.days(n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_the_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path, monkeypatch):
    first = catalogue.compile_catalogue(tmp_path)
    made = (first / "cy" / "LC_MESSAGES" / "messages.mo").stat().st_mtime_ns
    assert catalogue.compile_catalogue(tmp_path) == first
    assert (first / "cy" / "LC_MESSAGES" / "messages.mo").stat().st_mtime_ns == made
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    for path in catalogue.ROOMS.glob("*.po"):
        (rooms / path.name).write_text(path.read_text().replace("Mewngofnodi", "Dewch i mewn"))
    monkeypatch.setattr(catalogue, "ROOMS", rooms)
    assert catalogue.compile_catalogue(tmp_path) != first


def _room(folder, *entries):
    folder.mkdir(exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += f'"Plural-Forms: {catalogue.PLURALS}\\n"\n\n'
    (folder / "room.po").write_text(head + "\n\n".join(entries) + "\n")


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ('msgid "Sign in"\nmsgstr "Mewngofnodi"', "neither"),
        ('# translator: review\nmsgid "At %(time)s"\nmsgstr "Am"', "placeholders differ"),
        ('# translator: review\nmsgid "At %(time)s"\nmsgstr "Am %(amser)s"', "placeholders differ"),
        ('# translator: review\nmsgid "Nowhere in the source"\nmsgstr "Dim"', "no longer used"),
        ('# translator: review\nmsgid "Sign in"\nmsgstr ""', "no Welsh for 'Sign in'"),
        ('# translator: review\n#, fuzzy\nmsgid "Sign in"\nmsgstr "Mewn"', "no Welsh for 'Sign in'"),
    ],
)
def test_the_check_finds(tmp_path, monkeypatch, entry, wrong):
    _room(tmp_path / "rooms", entry)
    monkeypatch.setattr(catalogue, "ROOMS", tmp_path / "rooms")
    assert any(problem.startswith(wrong) for problem in catalogue.problems())


def test_two_rooms_cannot_disagree(tmp_path, monkeypatch):
    _room(tmp_path / "rooms", '# translator: review\nmsgid "Sign in"\nmsgstr "A"')
    (tmp_path / "rooms" / "room.po").rename(tmp_path / "rooms" / "first.po")
    _room(tmp_path / "rooms", '# translator: review\nmsgid "Sign in"\nmsgstr "B"')
    monkeypatch.setattr(catalogue, "ROOMS", tmp_path / "rooms")
    with pytest.raises(ValueError, match="disagree"):
        catalogue.welsh()


def test_update_adds_to_the_right_room_and_prune_drops(tmp_path, monkeypatch):
    rooms = tmp_path / "rooms"
    _room(rooms, '# translator: review\nmsgid "Nowhere in the source"\nmsgstr "Dim"')
    monkeypatch.setattr(catalogue, "ROOMS", rooms)
    assert "Enter your username" in catalogue.update()
    assert 'msgid "Enter your username"' in (rooms / "account.po").read_text()
    assert 'msgid "Sign out"' in (rooms / "shell.po").read_text()
    assert catalogue.update() == []
    assert catalogue.prune() == ["Nowhere in the source"]


def test_the_browsers_language_counts_first(client):
    page = client.get("/", headers=WELSH)
    assert '<html lang="cy"' in page.text
    assert "Dyddiau pwy oedden nhw?" in page.text
    assert page.headers["Content-Language"] == "cy"
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "fr"}).text


def test_the_switch_keeps_the_page_and_says_its_language(client):
    page = client.get("/sign-in?next=/account")
    assert 'href="/language/cy?to=/sign-in?next%3D/account" lang="cy" hreflang="cy"' in page.text
    answer = client.get("/language/cy?to=/sign-in?next%3D/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    page = client.get(answer.location)
    assert '<h1 class="govuk-heading-l">Mewngofnodi</h1>' in page.text
    assert 'lang="en" hreflang="en"' in page.text


def test_a_language_that_is_not_ours_is_not_here(client):
    assert client.get("/language/fr").status_code == 404
    client.set_cookie("cydlynu_language", "fr")
    assert '<html lang="en"' in client.get("/").text


def test_the_accounts_language_counts_before_the_browsers(service, client):
    service.person(username="nia", language="cy")
    sign_in(client, "nia")
    assert '<html lang="cy"' in client.get("/account", headers={"Accept-Language": "en"}).text


def test_the_choice_of_somebody_signed_in_is_remembered(service, client):
    service.person(username="nia")
    sign_in(client, "nia")
    client.get("/language/cy?to=/account")
    other = service.app.test_client()
    sign_in(other, "nia")
    assert '<html lang="cy"' in other.get("/account").text


def test_the_next_person_at_a_shared_computer_has_their_own_language(service, client):
    service.person(username="nia", language="cy")
    service.person("head", username="huw", language="en")
    sign_in(client, "nia")
    client.get("/language/cy")
    client.post("/sign-out", data={"csrf_token": form_token(client.get("/account").text)})
    assert '<html lang="cy"' in client.get("/signed-out").text
    sign_in(client, "huw")
    assert '<html lang="en"' in client.get("/account").text


def test_a_choice_made_just_before_signing_in_stands(service, client):
    service.person(username="nia", language="en")
    client.get("/language/cy")
    sign_in(client, "nia")
    assert '<html lang="cy"' in client.get("/account").text


def test_dates_and_numbers_as_people_in_wales_write_them(service):
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    with service.app.test_request_context("/"):
        english = [formats.day(late), formats.short_day(date(2026, 9, 5)), formats.weekday(date(2026, 3, 1))]
        english += [
            formats.instant(late),
            formats.number(1234567),
            formats.percent(63.44),
            formats.number(2.5, 1),
        ]
        with force_locale("cy"):
            welsh = [formats.day(late), formats.weekday(date(2026, 3, 1)), formats.month(date(2026, 2, 1))]
            welsh += [formats.instant(late), formats.percent(100)]
    assert english == [
        "1 July 2026",
        "5 Sept 2026",
        "Sunday 1 March 2026",
        "1 July 2026 at 00:30",
        "1,234,567",
        "63.4%",
        "2.5",
    ]
    assert welsh == [
        "1 Gorffennaf 2026",
        "Dydd Sul 1 Mawrth 2026",
        "Chwefror 2026",
        "1 Gorffennaf 2026 am 00:30",
        "100.0%",
    ]


def test_nothing_is_shown_for_nothing(service):
    with service.app.test_request_context("/"):
        assert [formats.day(None), formats.instant(None), formats.number(None), formats.percent(None)] == [
            ""
        ] * 4
