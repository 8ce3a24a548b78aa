"""Geometry for SVG charts: numbers in per cent of the width; the templates of the parts draw them.

Each chart is shown with a table or list of the same numbers, and colour is never the only sign of a meaning.
"""

from webui.parts.charts.bars import ChartBar, bars
from webui.parts.charts.control import ControlPicture, control_picture
from webui.parts.charts.curves import CurvePicture, curve_picture
from webui.parts.charts.small import SmallBars, SmallTrend, small_bars, small_trend
from webui.parts.charts.strips import PARTY_WORDS, ChartMark, ChartParty, ChartPeriod, DayStrip, strip

__all__ = [
    "PARTY_WORDS",
    "ChartBar",
    "ChartMark",
    "ChartParty",
    "ChartPeriod",
    "ControlPicture",
    "CurvePicture",
    "DayStrip",
    "SmallBars",
    "SmallTrend",
    "bars",
    "control_picture",
    "curve_picture",
    "small_bars",
    "small_trend",
    "strip",
]
