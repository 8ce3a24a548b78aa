"""The web application, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from webui import assets, navigation
from webui.api.document import open_api
from webui.casework import end_moments
from webui.charts import PARTY_WORDS
from webui.drafts import offer_drafts
from webui.errors import show_errors
from webui.formats import offer_formats
from webui.headers import FormCookie, send_headers
from webui.in_place import lead_on
from webui.languages import speak
from webui.larger_files import make_room
from webui.logs import Crash, configure_logs, log_crash, log_requests
from webui.naming import offer_names
from webui.pages import open_pages
from webui.sent_once import answer_repeats
from webui.settings import Settings, secret_key
from webui.signed_in import current, here, know_the_person
from webui.words import ROLES, word_for
from webui.world import World

HERE = Path(__file__).resolve().parent


class Site(Flask):
    """Flask, except that a crash is logged without its words: they may hold a pupil's name."""

    def log_exception(self, exc_info: Crash) -> None:
        log_crash(exc_info)


def create_app(settings: Settings, *, now: Callable[[], datetime] | None = None) -> Flask:
    """The application for these settings; `now` replaces the clock. Connects to nothing until the first
    request.

    `app.extensions["cydlynu"]` is its World: whoever makes an app in a test closes that.
    """
    configure_logs()
    app = Site(__name__, static_folder=None, template_folder="templates")
    app.extensions["cydlynu"] = World(settings, now=now)
    app.extensions["assets"] = assets.load_assets(HERE / "static")
    _configure(app, settings)
    _prepare_templates(app)
    # the order of these is the order in which they see a request
    log_requests(app)
    speak(app)
    send_headers(app)
    know_the_person(app)
    end_moments(app)
    make_room(app)
    forms_checked = CSRFProtect(app)
    lead_on(app)
    offer_drafts(app)
    answer_repeats(app)
    show_errors(app)
    app.register_blueprint(assets.blueprint)
    open_pages(app)
    open_api(app, forms_checked)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.secret_key = secret_key(settings.data).hex()
    app.session_interface = FormCookie()
    app.config.update(
        SESSION_COOKIE_NAME="cydlynu_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.largest_form,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        # a form is good for as long as its session; see signed_in.find
        WTF_CSRF_TIME_LIMIT=None,
    )


def _prepare_templates(app: Flask) -> None:
    app.jinja_options = {
        "loader": ChoiceLoader(
            [
                app.create_global_jinja_loader(),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    offer_formats(app)
    offer_names(app)
    app.jinja_env.globals.update(
        asset=assets.asset_url,
        here=here,
        me=current,
        navigation=navigation.entries,
        home=navigation.home,
        role_words=lambda role: word_for(ROLES, role),
        party_words=PARTY_WORDS,
    )
