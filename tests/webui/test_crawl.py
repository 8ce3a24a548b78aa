"""A crawler over the demonstration county, signed in as each role: from its home it reaches every page that the role
may open, finds no dead link and no crash, and no page asks the database more than so many things, whatever is on it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from threading import get_ident
from typing import Any
from urllib.parse import urljoin, urlsplit

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from scripts.demonstration.load import demonstration_people
from tests.conftest import _fresh
from tests.demonstration import NOW, DemonstrationCounty
from tests.webui.conftest import sign_in
from tests.webui.service import RunningService, service_on

ROLES = [visitor.sign_in.role for visitor in demonstration_people()]
# how many addresses of a page are opened, how many questions in the address of each, and how many in all
WIDE, SPARING = (8, 12, 24), (2, 3, 3)
# more of them, because few are what leads on: a referral that is not sent yet
MORE = {"referrals.page": 60}
# a file that is made for each look costs a second: so many from each page that gives some
MADE, MOST_MADE = {"application/pdf", "application/zip"}, 2
# a browser shows these in its own order of day and month, whatever the language of the page
BROWSERS_OWN = {"date", "datetime-local", "month", "week"}
# however many rows are on it
MOST_STATEMENTS = 40
# an evidence pack reads, beside its page, the path of each event through the ledger
MORE_STATEMENTS = {"challenges.evidence": 400}

JOINING = ("joining.compare", "joining.separate")
# no transition is prepared in the demonstration, and nobody has said of a wait that it got worse
TRANSITION = ("follow_up", "pack", "pack_pdf", "send_pack", "visit")
NOT_TOLD = {*(f"transition.{page}" for page in TRANSITION), "worse.answer"}

# the pages that a role may open and this person is not led to, and why
# everybody in the demonstration has one place, so there is no desk to choose
# no file of the demonstration leaves a doubt, and no child of it has two files or is on two rolls; the visitor's school
# asks for no file on screen, and in autumn no list of a yearly transfer is open
# of the few children with an open concern none is among the files that the crawl opens
# no class of the demonstration has a teacher
# no parent of the demonstration objects, no court has made an order and no agreement is to be asked for again
# every withdrawal of the demonstration ends the referral too, so that none is shared again
# the programmes of the demonstration are the authority's, so that a school has none of its own to change
SCHOOL_STAFF = {
    *NOT_TOLD,
    "programmes.change",
    "aln.record",
    "referrals.share_again",
    "classes.end",
    *("doubts.one", "profile.leading_school", *JOINING),
    *("objections.decide", "objections.end_order", "objections.review"),
    *("asked.one", "emergency.page", "transfers.one", "transfers.cancel"),
}
# nothing waits for a co-signature
# nobody has added an authenticator app, and no outside provider of sign-ins is set up; no head of the ledger
# is signed in this county
NOT_LED_TO_ANYBODY = {
    # until a form is printed, a card begun, a reply kept or a hold placed; the last of a looked-after child
    *("family_paper.sheet", "family_cards.sheet", "paper_replies.reply", "paper_replies.match"),
    *("family_holds.lift", "family_holds.recipients"),
    # nobody has drawn a sample for an audit
    *("waiting_times.audit_sample_page", "waiting_times.audit_finding", "waiting_times.audit_file"),
    "co_signing.one",
    # a script's part of the minute page; no mark is contested, nothing is promised or suggested yet
    *("meetings.typed", "meetings.rule_on_contest", "challenges.promise"),
    "desk.choose",
    "ledger_heads.file",
    # nothing is sent for the demonstration, and so nothing is lost
    "lost_messages.page",
    "provider.page",
    "second_step.recovery_codes",
    "second_step.remove",
    # nobody opened a file in an emergency, or restricted one; nobody has an interest in a pupil
    *("emergency_file.page", "restriction.lift", "restriction.end_interest"),
    # the demonstration attaches no document
    *("documents.download", "documents.remove"),
}
# no record of the demonstration is held, proposed for erasure or asked for
ASKED_FOR = {
    *("rights_requests.page", "rights_requests.step", "rights_requests.copy", "rights_requests.copy_file"),
    *("rights_records.lift", "rights_records.decide", "rights_records.erase"),
}
NOT_LED_TO: dict[str, set[str]] = {
    "alnco": SCHOOL_STAFF | ASKED_FOR,
    "head": SCHOOL_STAFF | ASKED_FOR,
    "designated_safeguarding_person": SCHOOL_STAFF,
    "wellbeing_coordinator": SCHOOL_STAFF,
    # nor has a child on no roll a referral that is not sent, a question that waits for an answer, or a first concern
    "la_caseworker": {
        *NOT_TOLD,
        *JOINING,
        *ASKED_FOR,
        *("joining.files", "doubts.one", "doubts.page", "refer.send", "consents.answer_to"),
        *("objections.decide", "objections.end_order", "objections.review"),
        "aln.begin",
        # no child on no roll has support or a profile
        *("support.review", "support.end", "support.strike_out", "one_page_profile.printed"),
        "referrals.share_again",
    },
    # no token has been made out, nobody has an app, and the crawl opens no account of somebody who is signed in
    "administrator": {
        *ASKED_FOR,
        "administration.revoke",
        # nor is there a webhook
        "administration.webhook",
        "administration.remove_app",
        "administration.end_account_sessions",
    },
    # for officers of the authority's own services, who rule on other agencies' disputes
    # and the list of who is ready at one school is linked from the page of a base, which a health board has not
    "clinician": {"challenges.rule", "worse.answer", "visits.page"},
    # the one who signs in runs a base for three pupils: no meeting, challenge, advice or report of a school is about it
    "service_manager": {
        *("challenges.rule", "worse.answer", *ASKED_FOR),
        *("actions.change", "actions.page", "advice.one", "advice.report_file", "attendance.months_file"),
        *(
            f"challenges.{page}"
            for page in ("dispute", "evidence", "file", "letter", "letter_pdf", "one", "step")
        ),
        *("documents.of_challenge", "documents.of_minute", "inbox.reported", "milestones.contest"),
        *(
            f"meetings.{page}"
            for page in ("contest", "copy", "copy_pdf", "end_terms", "page", "print", "read_minute")
        ),
        *("referrals.no_longer_shared", "rights_records.page", "rights_requests.receive"),
    },
    "declo": {"challenges.rule", *ASKED_FOR},
}


@pytest.fixture(scope="module")
def county(
    postgres: str, demonstration: DemonstrationCounty, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """The demonstration county on the morning after its last day."""
    folder = tmp_path_factory.mktemp("crawl")
    demonstration.give_keys(folder)
    with _fresh(postgres, demonstration.database) as database, service_on(database, folder) as running:
        running.clock.at = NOW
        yield running


@contextmanager
def counting() -> Iterator[list[str]]:
    """What this thread says to the database meanwhile, a statement each. The engines of other tests' fixtures go on in
    threads of their own."""
    said: list[str] = []
    execute = psycopg.Cursor.execute
    page = get_ident()

    def counted(cursor: Any, query: Any, *more: Any, **options: Any) -> Any:
        if get_ident() == page:
            said.append(str(query))
        return execute(cursor, query, *more, **options)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign]
    try:
        yield said
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


class Links(HTMLParser):
    """Where a page leads: links, and forms that only ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.browsers_own: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") in BROWSERS_OWN:
            self.browsers_own.append(given.get("name") or "")
        if tag == "a" and given.get("href"):
            self.found.append(given["href"] or "")
        if tag == "form" and (given.get("method") or "get").lower() == "get" and given.get("action"):
            self.found.append(given["action"] or "")


class Crawl:
    """One walk: what was opened by endpoint, and what was wrong."""

    def __init__(self, app: Flask, browser: FlaskClient, limits: tuple[int, int, int]) -> None:
        self.same_page, self.same_address, self.most = limits
        self.browser = browser
        self.map = app.url_map.bind("localhost")
        self.seen: set[str] = set()
        self.opened: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.ahead: deque[tuple[str, str]] = deque()
        self.making: set[str] = set()

    def walk(self, start: str) -> None:
        self.ahead.append((start, "the start"))
        while self.ahead:
            address, source = self.ahead.popleft()
            self.open(address, source)

    def open(self, address: str, source: str) -> None:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or (where := self._endpoint(parts.path, source)) is None:
            return
        known = f"{parts.path}?{parts.query}"
        if known in self.seen or where in ("sign_in.leave", "languages.choose", "assets.file"):
            return
        if self.opened[where] >= MORE.get(where, self.most) or self.asked[parts.path] >= self.same_address:
            return
        if where in self.making and self.opened[where] >= MOST_MADE:
            return
        alike = sum(1 for path in self.asked if self._same(path, where))
        if self.asked[parts.path] == 0 and alike >= MORE.get(where, self.same_page):
            return
        self.seen.add(known)
        self.opened[where] += 1
        self.asked[parts.path] += 1
        with counting() as statements:
            answer = self.browser.get(known)
        if answer.mimetype in MADE:
            self.making.add(where)
        if len(statements) > MORE_STATEMENTS.get(where, MOST_STATEMENTS):
            self.wrong.append(f"{len(statements)} statements for {known}")
        if answer.status_code in (301, 302, 303):
            self.ahead.append(
                (urlsplit(answer.headers["Location"])._replace(scheme="", netloc="").geturl(), known)
            )
        elif answer.status_code != 200:
            self.wrong.append(f"{answer.status_code} for {known}, from {source}")
        elif answer.mimetype == "text/html":
            links = Links()
            links.feed(answer.text)
            self.wrong.extend(
                f"the box {name} on {known} is the browser's own" for name in links.browsers_own
            )
            self.ahead.extend((urljoin(parts.path, href), known) for href in links.found if href[0] != "#")

    def _same(self, path: str, where: str) -> bool:
        return self._endpoint(path, "") == where

    def _endpoint(self, path: str, source: str) -> str | None:
        try:
            return self.map.match(path, method="GET")[0]
        except RequestRedirect:
            self.wrong.append(f"{path} redirects, from {source}")
        except HTTPException:
            self.wrong.append(f"{path} is nowhere, from {source}")
        return None


def pages_of(app: Flask, role: str) -> set[str]:
    """The endpoints with a page that a role may open."""
    found = set()
    for rule in app.url_map.iter_rules():
        roles = getattr(app.view_functions[rule.endpoint], "roles", None)
        if "GET" in (rule.methods or ()) and roles is not None and (not roles or role in roles):
            found.add(rule.endpoint)
    return found


def crawled(county: RunningService, role: str, language: str, limits: tuple[int, int, int]) -> Crawl:
    """What somebody of a role comes upon from home."""
    browser = county.app.test_client()
    account = next(v.sign_in for v in demonstration_people() if v.sign_in.role == role)
    home = sign_in(browser, account.username, account.password).headers["Location"]
    browser.get(f"/language/{language}?to=/account")
    crawl = Crawl(county.app, browser, limits)
    crawl.walk(home)
    return crawl


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_from_home_every_page_is_reached_and_nothing_is_dead(county: RunningService, role: str):
    crawl = crawled(county, role, "en", WIDE)
    assert not crawl.wrong
    missed = pages_of(county.app, role) - set(crawl.opened) - NOT_LED_TO.get(role, set()) - NOT_LED_TO_ANYBODY
    assert not missed, f"no link leads {role} to {sorted(missed)}"


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_dead_in_welsh(county: RunningService, role: str):
    crawl = crawled(county, role, "cy", SPARING)
    assert not crawl.wrong
    assert len(crawl.opened) >= 4
