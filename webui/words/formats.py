"""Dates, numbers and durations as people in Wales write them, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from webui.shell.runtime import LONDON


def day(value: date | None) -> str:
    """21 November 2026; 21 Tachwedd 2026. An instant is shown as its date in Wales; None as an empty text."""
    return _as("d MMMM y", value)


def short_day(value: date | None) -> str:
    """21 Nov 2026; 21 Tach 2026: for tables."""
    return _as("d MMM y", value)


def weekday(value: date | None) -> str:
    """Saturday 21 November 2026; Dydd Sadwrn 21 Tachwedd 2026."""
    return _as("EEEE d MMMM y", value)


def month(value: date | None) -> str:
    """November 2026; Tachwedd 2026."""
    return _as("MMMM y", value)


def short_month(value: date | None) -> str:
    """Nov 2026; Tach 2026: where there is little room."""
    return _as("MMM y", value)


def clock(value: datetime) -> str:
    """14:05, by the clock in Wales."""
    return format_datetime(value.astimezone(LONDON), "HH:mm", locale=get_locale())


def instant(value: datetime | None) -> str:
    """21 November 2026 at 14:05."""
    return _("%(day)s at %(time)s", day=day(value), time=clock(value)) if value else ""


def number(value: float | None, decimals: int = 0) -> str:
    """1,234 or 1,234.5 (always that many decimals); None as an empty text."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _decimal(value, pattern, get_locale())


def percent(value: float | None, decimals: int = 1) -> str:
    """63.4% from 63.4 (not from 0.634); None as an empty text."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    return format_percent(value / 100, pattern, locale=get_locale())


def days(count: int) -> str:
    """41 days; 41 diwrnod."""
    return ngettext("%(count)s day", "%(count)s days", count, count=number(count))


def in_unit(count: int, unit: str) -> str:
    """A limit with its unit: 28 days, 14 weeks, 35 school days."""
    match unit:
        case "weeks":
            return ngettext("%(count)s week", "%(count)s weeks", count, count=number(count))
        case "working_days":
            return ngettext("%(count)s working day", "%(count)s working days", count, count=number(count))
        case "school_days":
            return ngettext("%(count)s school day", "%(count)s school days", count, count=number(count))
        case _:
            return days(count)


def offer_formats(app: Flask) -> None:
    """Add the formats as filters in every template: `{{ referral.received_on|day }}`."""
    for name in (day, short_day, weekday, month, short_month, clock, instant, number, percent, days):
        app.jinja_env.filters[name.__name__] = name


def _as(pattern: str, value: date | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return _date(value, pattern, get_locale())


# A page of fifty rows formats the same few hundred dates and small numbers repeatedly.
@lru_cache(maxsize=8192)
def _date(value: date, pattern: str, locale: Locale | None) -> str:
    return format_date(value, pattern, locale=locale)


@lru_cache(maxsize=8192)
def _decimal(value: float, pattern: str, locale: Locale | None) -> str:
    return format_decimal(value, pattern, locale=locale)
