"""The application factory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from coordination.outbox.message import case_reference
from webui.account.pages import (
    account,
    account_log,
    co_signing,
    desk,
    languages,
    own_messages,
    own_password,
    own_sessions,
    permissions,
    provider,
    reset,
    second_step,
    sign_in,
    welcome,
)
from webui.actions import api as actions_api
from webui.actions import pages as actions
from webui.administration import api as directory_api
from webui.administration import pages as administration
from webui.adoption import pages as adoption
from webui.advice import api as advice_api
from webui.advice import pages as advice
from webui.aln import api as aln_api
from webui.aln import pages as aln
from webui.api.document import open_api
from webui.case_file import api as changes_api
from webui.case_file import pages as case_file
from webui.challenge import pages as challenges
from webui.challenge.api import challenges as challenges_api
from webui.challenge.pages import by_link as challenge_by_link
from webui.classes import api as classes_api
from webui.classes.pages import classes, teaching
from webui.consent import api as consents_api
from webui.consent import pages as consents
from webui.desks.pages import caseworker, inbox, leavers, today
from webui.documents import api as documents_api
from webui.documents import pages as documents
from webui.documents.pages import by_link as documents_by_link
from webui.family.acting import family_by_link as family_by_link_actor
from webui.family.acting import still_receives
from webui.family.pages import by_link as family_by_link
from webui.family.pages import card as family_cards
from webui.family.pages import card_by_link, holds, paper, replies, sending
from webui.family.pages import worse as worse_by_link
from webui.joining import pages as joining
from webui.links import pages as links
from webui.links.kinds import LinkKind, register_link_kinds
from webui.meeting import pages as meetings
from webui.meeting.api import agendas as agendas_api
from webui.meeting.api import calendar as calendar_api
from webui.meeting.api import meetings as meetings_api
from webui.meeting.api import minutes as minutes_api
from webui.meeting.api import registers as registers_api
from webui.meeting.api import terms as terms_api
from webui.meeting.pages import by_link as meeting_by_link
from webui.meeting.pages import calendar as calendar_feed
from webui.messages import pages as lost_messages
from webui.moves.pages import answering, emergency, emergency_file, records, transfers
from webui.objections import api as objections_api
from webui.objections import pages as objections
from webui.outbox.api import bounces as bounces_api
from webui.outbox.api import links as links_api
from webui.parts.charts import PARTY_WORDS
from webui.places import api as places_api
from webui.places.pages import bases, visits
from webui.places.pages import reviews as place_reviews
from webui.pupil import api as pupils_api
from webui.pupil.pages import asked, doubts, profile, pupil_files, pupils, registering, taking_on
from webui.readings import pages as readings
from webui.referral import api as referrals_api
from webui.referral.pages import allocation, link_making, milestones, refer, referrals, worse
from webui.referral.pages import by_link as referral_by_link
from webui.referral.pages import messages as referral_messages
from webui.reports.api import attendance as attendance_api
from webui.reports.api import ledger_heads as ledger_api
from webui.reports.api import waiting_times as waiting_times_api
from webui.reports.pages import (
    attendance,
    forecasts,
    governors,
    ledger_heads,
    published,
    saved,
    stamps,
    take_away,
    waiting_times,
)
from webui.reports.pages import register as aln_register
from webui.restriction import pages as restriction
from webui.rights.pages import desk as rights_desk
from webui.rights.pages import records as rights_records
from webui.rights.pages import registers
from webui.rights.pages import requests as rights_requests
from webui.series import api as series_api
from webui.series import pages as series
from webui.shell import assets, health, navigation
from webui.shell.authentication import current, current_address, register_sessions
from webui.shell.casework import close_snapshots
from webui.shell.drafts import offer_drafts
from webui.shell.errors import register_error_pages
from webui.shell.freshness import minutes_behind
from webui.shell.headers import FormCookie, send_headers
from webui.shell.logs import Crash, configure_logs, log_crash, log_requests
from webui.shell.metrics import count_requests
from webui.shell.repeated_forms import register_repeat_answers
from webui.shell.replica import page_seconds_behind, register_replica_reading
from webui.shell.runtime import Runtime
from webui.shell.script_redirects import register_script_redirects
from webui.shell.settings import WebSettings
from webui.shell.template_loading import template_loader
from webui.shell.upload_limits import register_upload_limits
from webui.support import api as support_api
from webui.support.pages import concerns as told_concerns
from webui.support.pages import of_school as school_support
from webui.support.pages import one_page_profile, programmes, support
from webui.transition import pages as transition
from webui.webhooks import api as webhooks_api
from webui.words.codes import ROLES, word_for
from webui.words.formats import offer_formats
from webui.words.languages import register_languages
from webui.words.naming import offer_names

HERE = Path(__file__).resolve().parent
# behind a one-time link, after the second proof
BY_LINK = (
    referral_by_link,
    documents_by_link,
    meeting_by_link,
    challenge_by_link,
    family_by_link,
    card_by_link,
    worse_by_link,
)
LINK_KINDS = {
    "referral": LinkKind("referral_by_link.page"),
    "meeting": LinkKind("meeting_by_link.page"),
    "challenge": LinkKind("challenge_by_link.page"),
    "family": LinkKind("family_by_link.page", family_by_link_actor, still_receives),
    "family_card": LinkKind("card_by_link.page", family_by_link_actor, still_receives),
}
PAGES = (
    welcome,
    desk,
    sign_in,
    second_step,
    provider,
    reset,
    account,
    permissions,
    co_signing,
    account_log,
    own_messages,
    own_password,
    own_sessions,
    leavers,
    languages,
    health,
    inbox,
    referrals,
    allocation,
    worse,
    referral_messages,
    link_making,
    links,
    lost_messages,
    *BY_LINK,
    milestones,
    refer,
    pupils,
    case_file,
    actions,
    aln,
    support,
    one_page_profile,
    programmes,
    school_support,
    bases,
    place_reviews,
    visits,
    transition,
    told_concerns,
    consents,
    objections,
    sending,
    holds,
    paper,
    replies,
    family_cards,
    profile,
    pupil_files,
    classes,
    teaching,
    doubts,
    registering,
    taking_on,
    joining,
    adoption,
    asked,
    answering,
    emergency,
    emergency_file,
    readings,
    restriction,
    records,
    transfers,
    saved,
    waiting_times,
    attendance,
    stamps,
    ledger_heads,
    published,
    governors,
    forecasts,
    take_away,
    aln_register,
    challenges,
    advice,
    today,
    caseworker,
    meetings,
    series,
    documents,
    rights_desk,
    rights_records,
    rights_requests,
    registers,
    administration,
)
RESOURCES = (
    pupils_api.pupils,
    classes_api.classes,
    aln_api.concerns,
    support_api.support,
    places_api.places,
    consents_api.consents,
    objections_api.objections,
    referrals_api.referrals.referrals,
    referrals_api.sharing.sharing,
    documents_api.documents,
    meetings_api.meetings,
    calendar_api.calendar,
    terms_api.terms,
    series_api.series,
    series_api.capacity,
    agendas_api.agendas,
    registers_api.registers,
    minutes_api.minutes,
    actions_api.actions,
    waiting_times_api.waiting_times,
    attendance_api.attendance,
    challenges_api.challenges,
    advice_api.advice,
    changes_api.feed,
    directory_api.directory,
    ledger_api.ledger,
    webhooks_api.webhooks,
    links_api.links,
    bounces_api.bounces,
)


class WebApplication(Flask):
    """Flask, except that a crash is logged without its message, which may contain a pupil's name."""

    def log_exception(self, exc_info: Crash) -> None:
        log_crash(exc_info)


def create_app(settings: WebSettings, *, now: Callable[[], datetime] | None = None) -> Flask:
    """The application for these settings; `now` replaces the clock. Connects to nothing until the first
    request.

    `app.extensions["cydlynu"]` is its Runtime; a test that makes an app must close it.
    """
    configure_logs()
    app = WebApplication(__name__, static_folder=None, template_folder=None)
    app.extensions["cydlynu"] = Runtime(settings, now=now)
    app.extensions["assets"] = assets.load_assets(HERE / "static")
    _configure(app, settings)
    _prepare_templates(app)
    # the order of these is the order in which they see a request
    log_requests(app)
    count_requests(app)
    register_languages(app)
    send_headers(app)
    register_sessions(app)
    close_snapshots(app)
    register_upload_limits(app)
    forms_checked = CSRFProtect(app)
    register_script_redirects(app)
    offer_drafts(app)
    register_repeat_answers(app)
    register_error_pages(app)
    app.register_blueprint(assets.blueprint)
    _open_pages(app)
    open_api(app, RESOURCES, forms_checked)
    register_replica_reading(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _open_pages(app: Flask) -> None:
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    register_link_kinds(app, LINK_KINDS)
    # the address of each of these pages holds the secret of the link, which no other site knows
    for module in (links, *BY_LINK):
        app.extensions["csrf"].exempt(module.blueprint)
    # a mail program that stops a digest with one click has no session
    app.register_blueprint(own_messages.stops)
    app.register_blueprint(calendar_feed.blueprint)
    app.extensions["csrf"].exempt(own_messages.stops)
    # the provider itself sends this, with a signed token
    app.extensions["csrf"].exempt(provider.sign_out)
    app.extensions["session_over_page"] = sign_in.session_over_page


def _configure(app: Flask, settings: WebSettings) -> None:
    app.secret_key = settings.secret_key.hex()
    app.session_interface = FormCookie()
    app.config.update(
        SESSION_COOKIE_NAME="cydlynu_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.largest_form,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        # a form is valid for as long as its session; see authentication.py
        WTF_CSRF_TIME_LIMIT=None,
    )


def _prepare_templates(app: Flask) -> None:
    app.jinja_options = {
        "loader": template_loader(HERE, app.create_global_jinja_loader()),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    offer_formats(app)
    offer_names(app)
    app.jinja_env.globals.update(
        asset=assets.asset_url,
        here=current_address,
        me=current,
        navigation=navigation.menu_items,
        home=navigation.home_address,
        minutes_behind=minutes_behind,
        page_seconds_behind=page_seconds_behind,
        case_reference=case_reference,
        role_words=lambda role: word_for(ROLES, role),
        party_words=PARTY_WORDS,
    )
