"""A service without an account in a browser: the referral and the code come by mail, the answer goes by link."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from coordination.directory.commands import SetMailbox
from scripts.service.outbox import OutboxSettings, send_due
from tests.county import ADMINISTRATOR, BOARD, CAMHS, START, order
from tests.intake.documents.made_files import image, pdf
from tests.journeys.conftest import NewPage, ServedService, axe, fits
from tests.journeys.walking import LOCALES, Keyboard, Walk
from tests.scripts.mail_keeping import MAILBOX, NAMES, MailServerThatKeeps
from tests.webui.documents.test_pages import attach
from tests.webui.papers.reading import TaggedPdf
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, page_of, settled
from tests.webui.service import NOW
from webui.shell.sign_in_settings import MailSettings

pytestmark = pytest.mark.browser

REFERRAL = UUID(int=0xD31)
FILES = {"Adroddiad.pdf": pdf(), "Llun.png": image("PNG")}


def test_a_service_without_an_account_answers_and_the_school_sees_it(
    site: ServedService,
    new_page: NewPage,
    inbox: tuple[MailServerThatKeeps, MailSettings],
    tmp_path: Path,
) -> None:
    taken, mail = inbox
    with case_on(site) as case:
        with psycopg.connect(site.database) as link:
            link.execute("update desk.account set disabled_at = now() where organisation = %s", (BOARD,))
            link.execute("update desk.outbox set sent_at = created_at")
        box = SetMailbox(occurred_on=START, organisation=BOARD, service=CAMHS, address=MAILBOX)
        case.service.perform(box, order(ADMINISTRATOR, START, source="command_line"))
        case.refers(REFERRAL, CAMHS, NOW.date())
        settled(site, case.service)
        school = browser(site, "alnco")
        for name, content in FILES.items():
            assert attach(school, content, name, f"{page_of(REFERRAL)}/documents").status_code == 303
        with psycopg.connect(site.database) as link:
            link.execute("update desk.outbox set sent_at = created_at where rule <> 'referral_sent'")

        def newest(found: str) -> str:
            """What the newest mail to the mailbox of the service has."""
            site.clock.advance(hours=2)  # the story writes its events at noon
            send_due(case.service, OutboxSettings(mail, site.url, tmp_path), site.clock())
            recipients, message = taken.taken[-1]
            assert recipients == [MAILBOX]
            plain = message.get_body(("plain",))
            assert plain is not None
            words = f"{message['Subject']}\n{plain.get_content()}"
            assert not [name for name in NAMES if name in words]
            there = re.search(found, words)
            assert there, words
            return there[1]

        address = newest(rf"({site.url}/link/[\w-]+)")
        page = new_page(locale=LOCALES["en"])
        walk = Walk(site, page, "en", "by-link", hand=Keyboard(page), also=320)
        page.goto(address)
        walk.at("Open your link")
        walk.presses("Send a code")
        walk.reads("A code is on its way. It can take a minute to arrive.")
        walk.types("one_time_code", newest(r"Code: (\d{6})"))
        walk.presses("Open the link")
        walk.reads("Your answer")
        walk.glances("opened")
        _reads_all(walk)
        _answers(walk)
        page.locator(".c-header__language").first.click()
        page.set_viewport_size({"width": 320, "height": 800})
        axe(page)
        fits(page)
        settled(site, case.service)
        seen = text(browser(site, "alnco").get(page_of(REFERRAL)).text)
    for words in ("Acknowledged", "Appointment offered", "(Eleri Huws, Ysgrifennydd), by a link"):
        assert words in seen


def _reads_all(walk: Walk) -> None:
    """The complete referral: both documents, and both languages of the PDF with the documents inside."""
    page = walk.page
    walk.goes_to("/referral/complete")
    walk.glances("complete")
    for name, content in FILES.items():
        with page.expect_download() as started:
            page.get_by_role("link", name=name).first.click()
        assert Path(started.value.path()).read_bytes()[:4] == content[:4]
    for chosen in ("en", "cy"):
        with page.expect_download() as started:
            page.locator(f'a[hreflang="{chosen}"][href*="complete.pdf"]').click()
        made = TaggedPdf(Path(started.value.path()).read_bytes())
        assert (made.part, made.language, len(made.attached())) == ("1", f"{chosen}-GB", 2)
    walk.goes_back()


def _answers(walk: Walk) -> None:
    """Acknowledged and offered, on somebody's word."""
    walk.goes_to("/steps/acknowledged")
    walk.types("answered_by", "Eleri Huws")
    walk.types("answered_as", "Ysgrifennydd")
    walk.glances("step")
    walk.presses("Record")
    walk.goes_to("/steps/appointment_offered")
    walk.types_day("offered_1", walk.site.clock().date() + timedelta(days=9))
    walk.types("offered_1_at", "10:30")
    walk.presses("Record")
    walk.reads("Your answer")
