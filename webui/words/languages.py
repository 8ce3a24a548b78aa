"""The language of a page: the choice of this visit, then the account's, then the browser's."""

from __future__ import annotations

from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Babel, get_locale, get_translations
from werkzeug.wrappers import Response

from projections.sentences.text import Language
from webui.shell.authentication import is_api_request
from webui.shell.headers import secure_cookies
from webui.words.catalogue import compile_catalogue

COOKIE = "cydlynu_language"
LOCALES = {"en": "en_GB", "cy": "cy"}
NAMES = {"en": "English", "cy": "Cymraeg"}
# after sign-out the page keeps its language, but the next user's account decides for itself
_LEFT_BEHIND = "-left"


def register_languages(app: Flask) -> None:
    """Compile the catalogue if needed, and set the language of each request."""
    cache = app.extensions["cydlynu"].settings.data / "cache"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compile_catalogue(cache))
    app.config["BABEL_DEFAULT_LOCALE"] = "en_GB"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/London"
    Babel(app, locale_selector=lambda: LOCALES[_chosen()])
    # a page has some hundred strings: the catalogue is looked up once for all of them
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda one: _catalogue().ugettext(one),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, one: _catalogue().upgettext(context, one),
    )
    app.jinja_env.globals.update(language=language, other_language=other_language, language_names=NAMES)

    @app.after_request
    def say_which(response: Response) -> Response:
        if request.endpoint != "assets.file":
            response.headers["Content-Language"] = language()
            response.vary.update(("Cookie", "Accept-Language"))
        return response


def _catalogue() -> Translations | NullTranslations:
    """The catalogue of this request, Welsh or English; a letter in the other language uses its own while it is
    rendered."""
    locale = get_locale()
    held: tuple[object, Translations | NullTranslations] | None = g.get("catalogue")
    if held is None or held[0] is not locale:
        held = g.catalogue = (locale, get_translations())
    return held[1]


def language() -> Language:
    """`en` or `cy`: the language of this page, for `lang`."""
    locale = get_locale()
    return "cy" if locale and locale.language == "cy" else "en"


def other_language() -> str:
    """The language that the switch changes to."""
    return "en" if language() == "cy" else "cy"


def remember_language(response: Response, code: str) -> None:
    """Keep the choice for this visit (until the browser closes)."""
    _set(response, code)


def keep_language_at_sign_out(response: Response) -> None:
    """At sign-out: keep the language, but do not apply it to the next user."""
    _set(response, language() + _LEFT_BEHIND)


def set_language_at_sign_in(response: Response) -> None:
    """At sign-in: keep a choice made just before; remove one left by another user."""
    if request.cookies.get(COOKIE, "").endswith(_LEFT_BEHIND):
        response.delete_cookie(COOKIE, path="/")


def language_of_account() -> str | None:
    """The language stored for the signed-in account."""
    session = g.get("session")
    return session.account.language if session else None


def _chosen() -> str:
    here = "" if is_api_request() else request.cookies.get(COOKIE, "").removesuffix(_LEFT_BEHIND)
    if here not in LOCALES:
        here = language_of_account() or ""
    if here not in LOCALES:
        here = request.accept_languages.best_match(["en", "cy"]) or "en"
    return here


def _set(response: Response, value: str) -> None:
    response.set_cookie(COOKIE, value, path="/", httponly=True, samesite="Lax", secure=secure_cookies())
