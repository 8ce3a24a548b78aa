"""A family in a browser: a parent answers by a link that came by mail, another on a printed form that the school types
in; the mail server is a real one."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from coordination.pupil.consent.decide import RequestConsent
from scripts.service.outbox import OutboxSettings, send_due
from tests.county import ALNCO, BOARD, MOTHER, PUPIL, THERAPY
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Keyboard, Walk
from tests.projections.casework import ASKED
from tests.scripts.mail_keeping import NAMES, MailServerThatKeeps
from tests.webui.family.family import EMAIL, FAMILY, FATHER, ON, state, with_parents
from tests.webui.referring import case_on, settled
from webui.shell.sign_in_settings import MailSettings

pytestmark = pytest.mark.browser

OF_FATHER = UUID(int=0xE9)


def test_one_parent_agrees_by_link_and_another_on_paper(
    site: ServedService,
    new_page: NewPage,
    inbox: tuple[MailServerThatKeeps, MailSettings],
    tmp_path: Path,
) -> None:
    taken, mail = inbox
    with case_on(site) as case:
        with_parents(site, case)
        asked = {
            "consent": OF_FATHER,
            "agency": BOARD,
            "service": THERAPY,
            "purpose": "meeting",
            "contact": FATHER,
        }
        case.does(ALNCO, ON, RequestConsent, pupil=PUPIL, **asked)
        settled(site, case.service)
        with psycopg.connect(site.database) as link:
            link.execute("update desk.outbox set sent_at = created_at")

        def newest(found: str) -> str:
            """What the newest mail to the mother has; it names nobody."""
            site.clock.advance(minutes=2)
            send_due(case.service, OutboxSettings(mail, site.url, tmp_path), site.clock())
            recipients, message = taken.taken[-1]
            assert recipients == [EMAIL]
            plain = message.get_body(("plain",))
            assert plain is not None
            words = f"{message['Subject']}\n{plain.get_content()}"
            assert not [name for name in NAMES if name in words]
            there = re.search(found, words)
            assert there, words
            return there[1]

        alnco = Walk(site, new_page(locale=LOCALES["en"]), "en", "family-school")
        alnco.signs_in("alnco")
        alnco.page.goto(FAMILY)
        alnco.glances("family")
        alnco.hand.activates(alnco.main.locator(f'form[action$="/people/{MOTHER}/send"] button'))

        page = new_page(locale=LOCALES["cy"])
        mother = Walk(site, page, "cy", "family", hand=Keyboard(page), also=320)
        page.goto(newest(rf"({site.url}/link/[\w-]+)"))
        mother.at("Open your link")
        mother.presses("Send a code")
        mother.reads("A code is on its way. It can take a minute to arrive.")
        mother.types("one_time_code", newest(r"Cod: (\d{6})"))
        mother.presses("Open the link")
        _answers(mother)
        _types_in_the_paper_of_the_father(alnco)
        held = state(case).consents.questions
        assert (held[ASKED].standing, held[ASKED].contact) == ("given", MOTHER)
        assert (held[OF_FATHER].standing, held[OF_FATHER].contact) == ("given", FATHER)
        events = case.service.record.load([PUPIL])[PUPIL]
        given = [e.event for e in events if e.event.topic == "consent.given"][-2:]
        assert [(one.header.source, one.route) for one in given] == [("link", "online"), ("screen", "paper")]


def _answers(mother: Walk) -> None:
    """Agrees, and adds words of her own."""
    mother.at("What the school asks you")
    assert "Huw" not in mother.main.inner_text(), "nothing of other adults"
    mother.goes_to(f"/questions/{ASKED}")
    mother.glances("question")
    mother.ticks("answer", "given")
    mother.types("words", "Iawn gen i.")
    mother.presses("Send my answer")
    mother.goes_to("/family/more")
    mother.types("own_words", "Mae’n poeni am yr ysgol.")
    mother.glances("words")
    mother.presses("Send what I wrote")
    mother.at("What the school asks you", "answered")


def _types_in_the_paper_of_the_father(alnco: Walk) -> None:
    """Prints the form, and types in what came back."""
    alnco.page.goto(FAMILY)
    alnco.hand.activates(alnco.main.locator(f'form[action$="/people/{FATHER}/form"] button'))
    alnco.glances("form")
    code = alnco.main.locator(".c-family-sheet__code").first.inner_text()
    alnco.page.goto("/paper-replies")
    alnco.types("code", code)
    alnco.hand.activates(alnco.main.locator("form button[type=submit]").first)
    alnco.glances("typing")
    alnco.types_day("occurred_on", ON)
    alnco.ticks("answer_1", "given")
    alnco.presses("Record the reply")
    alnco.reads("The reply is recorded, on the word of %(name)s.", name="Huw Llŷr")
