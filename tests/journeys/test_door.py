"""At the door: a new password by a one-time link, an authenticator app, and an outside provider of sign-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pyotp
import pytest
from playwright.sync_api import expect

from tests.county import ALNCO, AUTHORITY, SCHOOL, build
from tests.journeys.conftest import NewPage, ServedService, served
from tests.journeys.walking import LOCALES, Walk
from tests.webui.account.local_provider import LocalProvider, local_provider
from tests.webui.account.signing_in import co_signed
from tests.webui.service import service_on
from webui.shell.sign_in_settings import SignInSettings

pytestmark = pytest.mark.browser

NEW = "tair afal werdd"


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[ServedService]:
    """The service with a provider of sign-ins, an administrator and an ALNCo."""
    with (
        service_on(database, tmp_path / "data") as running,
        served(running.app) as url,
        local_provider(running.clock) as provider,
    ):
        here = running.app.extensions["cydlynu"]
        ways = SignInSettings(provider=provider.settings, public_url=url)
        here.settings = msgspec.structs.replace(here.settings, sign_in=ways)
        build(here.coordination)
        running.person("administrator", username="ada", organisation=AUTHORITY, display_name="Ada Môn")
        running.person(username="nia", person=ALNCO, organisation=SCHOOL)
        running.app.extensions["head"] = running.person("head", username="huw", organisation=SCHOOL)
        running.app.extensions["local_provider"] = provider
        yield ServedService(running.app, running.clock, running.database, url)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_person_comes_in_by_link_by_code_and_by_provider(
    site: ServedService, new_page: NewPage, language: str
) -> None:
    provider: LocalProvider = site.app.extensions["local_provider"]
    link = administrator_makes_a_link(
        Walk(site, new_page(locale=LOCALES[language]), language, f"door-ada-{language}", also=320)
    )
    page = new_page(locale=LOCALES[language], beside=urlsplit(provider.issuer).netloc)
    walk = Walk(site, page, language, f"door-nia-{language}", also=320)
    sets_a_password(walk, link)
    assert co_signed(site, site.app.extensions["head"]) == 1
    secret = adds_an_app(walk)
    site.clock.advance(seconds=60)
    signs_in_with_a_code(walk, secret)
    links_the_provider(walk)
    site.clock.advance(seconds=60)
    signs_in_with_the_provider(walk, secret)
    page.goto("/account/log")
    walk.at("What happened to your account")
    walk.reads("Sign-in provider linked")


def administrator_makes_a_link(walk: Walk) -> str:
    """From the list of people to the link that is shown once."""
    walk.signs_in("ada")
    walk.page.goto("/administration/people")
    walk.hand.activates(walk.main.get_by_role("link", name="nia", exact=True))
    walk.at("Account of %(name)s", name="Nia Prydderch")
    walk.follows("Make a one-time link for a new password")
    walk.at("Make a one-time link for a new password")
    walk.presses("Make the link")
    walk.at("The link is made", "made")
    link = walk.page.locator("#link").inner_text()
    walk.page.goto(f"/administration/organisations/{SCHOOL}/account-log")
    walk.at("What happened to accounts")
    return link


def sets_a_password(walk: Walk, link: str) -> None:
    """A common password is refused; the link then sets a better one, and signs in nobody by itself."""
    walk.page.goto(link)
    walk.types("new_password", "password1234")
    walk.presses("Set the password")
    walk.reads("Choose a new password")
    expect(walk.page.locator(".govuk-error-summary")).to_be_visible()
    walk.types("new_password", NEW)
    walk.presses("Set the password")
    walk.at("Your new password is set")
    walk.follows("Sign in")
    types_the_password(walk)
    expect(walk.page.locator("header form button")).to_be_visible()
    other = walk.page.locator(f".c-header__language[hreflang={walk.language}]")
    if other.count():
        walk.hand.activates(other)
    walk.page.goto(link)
    walk.at("This link does not work any more", "used")


def types_the_password(walk: Walk) -> None:
    walk.types("username", "nia")
    walk.types("password", NEW)
    walk.presses("Sign in")


def adds_an_app(walk: Walk) -> str:
    """Reads the key, gives its code, and keeps the recovery codes; the secret."""
    walk.page.goto("/account")
    walk.at("Your account")
    walk.follows("Authenticator app")
    walk.at("Authenticator app")
    walk.follows("Add an app")
    walk.at("Add an authenticator app")
    expect(walk.page.locator("svg.c-code")).to_be_visible()
    secret = walk.page.locator("#secret").inner_text().replace(" ", "")
    walk.types("password", NEW)
    walk.types("one_time_code", pyotp.TOTP(secret).at(walk.site.clock()))
    walk.presses("Add the app")
    walk.at("Your recovery codes", "added")
    expect(walk.page.locator("#codes li")).to_have_count(10)
    walk.page.goto("/account/sessions")
    walk.at("Where you are signed in")
    return secret


def signs_in_with_a_code(walk: Walk, secret: str) -> None:
    """A wrong code is said; the right one leads in."""
    signs_out(walk)
    walk.page.goto("/sign-in")
    types_the_password(walk)
    walk.at("Enter your code")
    walk.types("one_time_code", "000000")
    walk.presses("Sign in")
    walk.at("Enter your code", "wrong")
    gives_the_code(walk, secret)


def gives_the_code(walk: Walk, secret: str) -> None:
    walk.types("one_time_code", pyotp.TOTP(secret).at(walk.site.clock()))
    walk.presses("Sign in")
    expect(walk.page.locator("header form button")).to_be_visible()


def links_the_provider(walk: Walk) -> None:
    """After the password, over to the provider and back."""
    walk.page.goto("/account")
    walk.follows("Sign in with %(name)s", name="Hwb")
    walk.at("Sign in with %(name)s", name="Hwb")
    walk.types("password", NEW)
    walk.presses("Link your account")
    walk.follows("Continue to %(name)s", name="Hwb")
    walk.reads("Your account is linked. You can sign in with %(name)s.", name="Hwb")


def signs_in_with_the_provider(walk: Walk, secret: str) -> None:
    """The provider asked for a password only, so the app's code is asked for; then it asked for more, and it is not."""
    provider: LocalProvider = walk.site.app.extensions["local_provider"]
    for asked, second in ((["pwd"], True), (["pwd", "mfa"], False)):
        provider.amr = asked
        signs_out(walk)
        walk.page.goto("/sign-in")
        walk.at("Sign in", "provider")
        walk.follows("Sign in with %(name)s", name="Hwb")
        if second:
            walk.at("Enter your code", "provider")
            gives_the_code(walk, secret)
    expect(walk.page.locator("header form button")).to_be_visible()
    assert re.search(r"/today$", walk.page.url)


def signs_out(walk: Walk) -> None:
    walk.hand.activates(walk.page.locator("header form button"))
    walk.at("You are signed out")
