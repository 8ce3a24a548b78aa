"""The reports and a challenge walked in a browser: the auditor as it was known a month ago and today; the ALNCo raises,
the head teacher approves, the letter goes, CAMHS disputes, the authority rules. In both languages, on a phone, without
scripts, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from coordination.service import Coordination
from tests.county import BOARD, CAMHS
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.webui.reports_county import SEEN, reports_on
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

LOCALES = {"en": "en-GB", "cy": "cy-GB"}
WORDS = {
    "en": {
        "times": "Waiting times", "camhs": "Child and adolescent mental health", "lengths": "Waits, by length",
        "ago": "As known a month ago",
        "last_year": "Last 12 months", "show": "Show", "side_by_side": "Compare by", "schools": "Schools",
        "bands": "Ended waits, by length", "one_by_one": "List of ended waits",
        "then": "As known on 1 Nov 2025",
        "known": "As known on", "reported": "reported", "now": "As known now", "attendance": "Attendance",
        "look": "Check the evidence and raise it", "raise": "Raise the challenge", "approve": "Approve",
        "letter_lang": "English", "dear": "Dear colleagues,", "send": "Send the letter", "by_letter": "Letter",
        "record_sent": "Record as sent", "dispute": "Dispute.*2 April 2025", "attended": "Attended",
        "why_wrong": "Why the mark is wrong", "dispute_it": "Dispute the mark", "reply": "Reply",
        "your_reply": "Your reply",
        "send_reply": "Send the reply", "rule": "Rule on the dispute", "reasons": "Reasons",
        "upheld": "Upheld: the agency is right", "record_ruling": "Record the ruling", "ruled": "ruling: Attended",
        "to_approve": "The head teacher decides whether to send it", "missing": "Give your reasons",
    },
    "cy": {
        "times": "Amseroedd aros", "camhs": "Iechyd meddwl plant a’r glasoed", "lengths": "Cyfnodau aros, yn ôl eu hyd",
        "ago": "Fel yr oedd y cofnodion fis yn ôl",
        "last_year": "Y 12 mis diwethaf", "show": "Dangos", "side_by_side": "Cymharu yn ôl", "schools": "Ysgolion",
        "bands": "Cyfnodau aros sydd wedi gorffen, yn ôl eu hyd",
        "one_by_one": "Rhestr o’r cyfnodau aros sydd wedi gorffen",
        "then": "Yn ôl cofnodion hyd at 1 Tach 2025",
        "known": "Yn ôl cofnodion hyd at", "reported": "yn ôl yr ysgol", "now": "Yn ôl y cofnodion nawr",
        "attendance": "Presenoldeb", "look": "Edrych ar y dystiolaeth a chodi’r mater", "raise": "Codi’r her",
        "approve": "Cymeradwyo", "letter_lang": "Cymraeg", "dear": "Annwyl gydweithwyr", "send": "Anfon y llythyr",
        "by_letter": "Llythyr", "record_sent": "Cofnodi anfon y llythyr", "dispute": "Anghytuno.*2 Ebrill 2025",
        "attended": "Yn bresennol", "why_wrong": "Pam mae’r marc yn anghywir", "dispute_it": "Anghytuno â’r marc",
        "reply": "Ateb", "your_reply": "Eich ateb", "send_reply": "Anfon yr ateb", "rule": "Dyfarnu ar yr anghydfod",
        "reasons": "Rhesymau", "upheld": "Cadarnhawyd: yr asiantaeth sy’n iawn",
        "record_ruling": "Cofnodi’r dyfarniad", "ruled": "dyfarniad: Yn bresennol",
        "to_approve": "Y pennaeth sy’n penderfynu a gaiff y llythyr ei anfon", "missing": "Rhowch eich rhesymau",
    },
}  # fmt: skip


CHALLENGE = re.compile(r"/challenges/[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    with reports_on(site) as coordination:
        yield coordination


def signed_in(new_page: NewPage, username: str, language: str = "en", **more: object) -> Page:
    page = new_page(locale=LOCALES[language], **more)
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#username")).to_have_count(0)
    page.goto(f"/language/{language}?to=/account")
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def looked_at(page: Page, language: str, name: str = "") -> None:
    """What holds on every page."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)
    if name:
        picture(page, f"reports-{name}-{language}")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_auditor_as_it_was_known_a_month_ago_and_today(
    county: Coordination, new_page: NewPage, language: str
) -> None:
    words = WORDS[language]
    page = signed_in(new_page, "auditor", language)
    page.get_by_role("link", name=words["times"], exact=True).click()
    looked_at(page, language, "1-overview")
    page.get_by_role("link", name=words["camhs"]).first.click()
    looked_at(page, language, "2-service")
    # the chart and, beside it, the table with the same numbers
    expect(page.get_by_role("img", name=words["bands"])).to_be_visible()
    beside = page.get_by_role("table", name=words["lengths"], exact=True).locator("tbody tr")
    expect(beside).to_have_count(3)
    expect(beside.nth(1)).to_contain_text("1")

    page.get_by_role("link", name=words["ago"]).click()
    headline = page.locator("table.c-headline").first
    expect(headline).to_contain_text(words["then"])
    expect(headline).to_contain_text(words["now"])
    expect(headline.locator("tbody tr").first.locator("td")).to_have_text(["0", "1"])
    looked_at(page, language, "3-a-month-ago")

    page.get_by_role("link", name=words["last_year"]).click()
    expect(headline).not_to_contain_text(words["then"])
    page.get_by_label(words["side_by_side"], exact=True).select_option(label=words["schools"])
    page.get_by_role("button", name=words["show"]).click()
    expect(page.get_by_role("rowheader", name="Ysgol y Bryn")).to_be_visible()
    looked_at(page, language, "4-schools")
    page.get_by_role("link", name=words["one_by_one"]).click()
    looked_at(page, language, "5-waits")
    page.get_by_role("link", name=str(SEEN)[:8]).click()
    looked_at(page, language, "6-one-wait")
    expect(page.locator("main")).not_to_contain_text("Siân")

    # what it rests on, without a name; then the same as it was known a month ago
    expect(page.locator(".c-steps")).to_contain_text(words["reported"])
    known = page.get_by_role("group", name=words["known"])
    for box, typed in zip(known.get_by_role("textbox").all(), ("1", "11", "2025"), strict=True):
        box.fill(typed)
    page.get_by_role("button", name=words["show"]).click()
    expect(page.locator(".c-steps .c-step")).to_have_count(3)
    looked_at(page, language, "6-one-wait-a-month-ago")
    page.locator(".govuk-back-link").click()
    expect(page.get_by_role("link", name=str(SEEN)[:8]).first).to_be_visible()

    page.get_by_role("link", name=words["attendance"], exact=True).click()
    looked_at(page, language, "7-attendance")
    for kind in ("csv", "xlsx"):
        with page.expect_download() as downloaded:
            page.get_by_role("link", name=re.compile(kind.upper())).last.click()
        assert downloaded.value.suggested_filename == f"attendance-2025-12-01.{kind}"

    page.goto("/challenges?as_of=2025-11-01")
    looked_at(page, language, "7-challenges-then")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_administrator_makes_out_a_token_and_the_read_models_anew(
    county: Coordination, new_page: NewPage, language: str
) -> None:
    page = signed_in(new_page, "administrator", language, width=320, height=800)
    page.goto("/administration/tokens")
    looked_at(page, language, "a-tokens")
    page.locator("main a.govuk-button").click()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    looked_at(page, language, "a-token-missing")
    page.locator("#organisation").select_option(str(BOARD))
    page.locator("#label").fill("PARIS")
    page.locator(f"input[name=services][value='{CAMHS}']").check()
    page.locator("input[name=scopes]").first.check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#token")).to_contain_text("cyd_")
    looked_at(page, language)
    page.goto("/administration/tokens")
    expect(page.locator("#token")).to_have_count(0)
    page.locator("a[href$=revoke]").click()
    looked_at(page, language, "a-revoke")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main [role=status]")).to_be_visible()

    page.goto("/administration/rebuild")
    looked_at(page, language, "a-rebuild")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    looked_at(page, language, "a-rebuilding")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_challenge_from_the_suggestion_to_the_ruling(
    county: Coordination, new_page: NewPage, language: str
) -> None:
    words = WORDS[language]
    school = signed_in(new_page, "alnco", language)
    school.get_by_role("link", name=words["attendance"], exact=True).click()
    looked_at(school, language, "8-suggestion")
    school.get_by_role("link", name=words["look"]).click()
    looked_at(school, language, "9-raise")
    school.get_by_role("button", name=words["raise"]).click()
    expect(school.locator("main [role=status]")).to_be_visible()
    looked_at(school, language, "10-raised")
    where = school.url.split("?")[0]

    head = signed_in(new_page, "head", language)
    head.goto("/challenges")
    expect(head.locator("main")).to_contain_text(words["to_approve"])
    looked_at(head, language, "11-head")
    head.get_by_role("link", name=words["camhs"]).click()
    head.get_by_role("button", name=words["approve"], exact=True).click()
    expect(head).to_have_url(re.compile("/approve$"))
    looked_at(head, language, "12-approve")
    head.get_by_role("button", name=words["approve"], exact=True).click()
    expect(head.locator("main .c-note[role=status]")).to_be_visible()

    school.goto(where)
    school.get_by_role("link", name=words["letter_lang"], exact=True).last.click()
    expect(school.locator("article")).to_contain_text(words["dear"])
    looked_at(school, language, "13-letter")
    school.goto(where)
    school.get_by_role("button", name=words["send"], exact=True).click()
    school.get_by_label(words["by_letter"], exact=True).check()
    looked_at(school, language, "14-send")
    school.get_by_role("button", name=words["record_sent"]).click()
    expect(school.locator("main .c-note[role=status]")).to_be_visible()

    camhs = signed_in(new_page, "clinician", language)
    camhs.goto(where)
    looked_at(camhs, language, "15-camhs")
    camhs.get_by_role("link", name=re.compile(words["dispute"])).click()
    camhs.get_by_label(words["attended"], exact=True).check()
    camhs.get_by_label(words["why_wrong"]).fill("Roedden ni yno. We were there.")
    looked_at(camhs, language, "16-dispute")
    camhs.get_by_role("button", name=words["dispute_it"]).click()
    camhs.get_by_role("button", name=words["reply"], exact=True).click()
    camhs.get_by_label(words["your_reply"]).fill("Bydd dirprwy yn dod y tro nesaf.")
    camhs.get_by_role("button", name=words["send_reply"]).click()
    expect(camhs.locator("main")).to_contain_text("Bydd dirprwy yn dod y tro nesaf.")

    the_authority_rules(new_page, language)

    school.goto(where)
    expect(school.locator("main")).to_contain_text(words["ruled"])
    expect(school.locator("main")).to_contain_text("The visitors’ book has the name.")
    looked_at(school, language, "20-school-at-the-end")


def the_authority_rules(new_page: NewPage, language: str) -> None:
    """Not without an answer; then the ruling stands beside the dispute."""
    words = WORDS[language]
    authority = signed_in(new_page, "auditor", language)
    authority.goto("/challenges")
    looked_at(authority, language, "17-authority")
    authority.get_by_role("link", name=words["camhs"]).click()
    authority.get_by_role("button", name=words["rule"]).click()
    authority.get_by_role("button", name=words["record_ruling"]).click()
    summary = authority.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(words["missing"])
    looked_at(authority, language, "18-ruling-missing")
    authority.get_by_label(words["upheld"]).check()
    authority.get_by_label(words["reasons"]).fill("The visitors’ book has the name.")
    authority.get_by_role("button", name=words["record_ruling"]).click()
    expect(authority.locator("main .c-contest")).to_contain_text("The visitors’ book has the name.")
    looked_at(authority, language, "19-ruled")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_letter_is_one_sheet_and_nothing_else(
    county: Coordination, new_page: NewPage, language: str
) -> None:
    page = signed_in(new_page, "alnco")
    page.goto(f"/challenges/raise/attendance/{CAMHS}")
    page.get_by_role("button", name=WORDS["en"]["raise"]).click()
    expect(page).to_have_url(CHALLENGE)
    page.goto(page.url.split("?")[0] + f"/letter?language={language}")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.emulate_media(media="print")
    picture(page, f"reports-letter-printed-{language}")
    for chrome in ("header", "footer", ".c-letter__tools", ".govuk-back-link"):
        expect(page.locator(chrome).first).to_be_hidden()
    expect(page.locator("article")).to_be_visible()


def test_on_a_phone(county: Coordination, new_page: NewPage) -> None:
    auditor = signed_in(new_page, "auditor", width=320, height=700)
    for path in (
        "/waiting-times",
        "/waiting-times?service=CAMHS&by=school&known_at=2025-11-01",
        "/waiting-times/waits?service=CAMHS",
        f"/waiting-times/waits/{SEEN}?standard=CAMHS-28",
        "/attendance?known_at=2025-11-01",
        "/challenges",
        "/waiting-times?from_on=2025-02-30",
    ):
        auditor.goto(path)
        looked_at(auditor, "en", "phone-" + re.sub(r"\W+", "-", path)[1:40])
    school = signed_in(new_page, "alnco", "cy", width=320, height=700)
    for path in (
        "/attendance",
        f"/challenges/raise/attendance/{CAMHS}",
        f"/challenges/raise/delay/{CAMHS}/CAMHS-28",
    ):
        school.goto(path)
        looked_at(school, "cy", "phone-" + re.sub(r"\W+", "-", path)[1:40])
    school.goto(f"/challenges/raise/attendance/{CAMHS}")
    school.get_by_role("button", name=WORDS["cy"]["raise"]).click()
    expect(school).to_have_url(CHALLENGE)
    looked_at(school, "cy", "phone-challenge")
    school.goto(school.url.split("?")[0] + "/letter")
    looked_at(school, "cy", "phone-letter")


def test_without_scripts(county: Coordination, new_page: NewPage) -> None:
    words = WORDS["en"]
    page = signed_in(new_page, "alnco", scripts=False)
    page.goto("/waiting-times")
    page.get_by_label("Service", exact=True).select_option(label=words["camhs"])
    page.get_by_role("button", name=words["show"]).click()
    expect(page.locator("h1")).to_contain_text(words["camhs"])
    page.get_by_role("link", name="Ask the service to explain waits over the limit").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name=words["raise"]).click()
    expect(page.locator("main [role=status]")).to_be_visible()
    head = signed_in(new_page, "head", scripts=False)
    head.goto(page.url.split("?")[0])
    # without scripts these are plain links
    head.locator(".c-moves a").first.click()
    head.get_by_role("button", name=words["approve"], exact=True).click()
    expect(head.locator("main")).to_contain_text("The letter can now be sent.")


def test_by_keyboard_alone(county: Coordination, new_page: NewPage) -> None:
    page = signed_in(new_page, "alnco")
    page.goto("/attendance")
    tab_to(page, WORDS["en"]["look"])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(WORDS["en"]["camhs"])
    tab_to(page, WORDS["en"]["raise"])
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status]")).to_be_visible()
    tab_to(page, "Withdraw")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Withdraw")
    tab_to_field(page, "why")
    page.keyboard.type("We ring them first.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("We ring them first.")
    # a wide table scrolls by keyboard too, once it is reached
    page.goto("/waiting-times?service=CAMHS&by=need")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-labelledby')") == "months":
            break
    expect(page.get_by_role("region", name="Month by month").first).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus; each stop on the way must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:  # the calendar button inside a box for a day, which the browser draws itself
            continue
        expect(focused).to_be_in_viewport()
        if name in focused.inner_text().strip():
            return
    pytest.fail(f"no way by Tab to {name}")


def tab_to_field(page: Page, field: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("id") == field:
            return
    pytest.fail(f"no way by Tab to the field {field}")
