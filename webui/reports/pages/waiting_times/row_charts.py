"""The two small charts in a row of services side by side: the median month by month, and how the waits are spread."""

from __future__ import annotations

import msgspec
from flask_babel import gettext as _

from projections.statistics.queries import Trend
from projections.waiting_times.queries import ServiceRow
from webui.parts.charts import SmallBars, SmallTrend, small_bars, small_trend
from webui.reports.pages.question import figure
from webui.reports.pages.waiting_times.figures import band_words
from webui.reports.statistics_words import limit_in_days
from webui.words.formats import number, short_month


class RowCharts(msgspec.Struct, frozen=True):
    """The charts of a row, each with its numbers in words; None: no wait has ended."""

    trend: SmallTrend
    trend_words: str
    spread: SmallBars
    spread_words: str


def row_charts(line: ServiceRow, trend: Trend | None) -> RowCharts | None:
    """The charts of a service by one version of a standard; `trend` is None where no wait ended in its months."""
    if trend is None or not line.completed.count:
        return None
    limit = line.standard.limit
    bands = line.completed.bands
    return RowCharts(
        trend=small_trend([month.median_days for month in trend], limit_in_days(line.standard)),
        trend_words=_(
            "Median of each month, in days: %(months)s.",
            months="; ".join(f"{short_month(month.first)} {figure(month.median_days)}" for month in trend),
        ),
        spread=small_bars(
            [band.count for band in bands],
            [limit is not None and (band.up_to is None or band.up_to > limit) for band in bands],
        ),
        spread_words=_(
            "Length of the waits that ended: %(bands)s.",
            bands="; ".join(f"{band_words(band, line.standard.unit)} {number(band.count)}" for band in bands),
        ),
    )
