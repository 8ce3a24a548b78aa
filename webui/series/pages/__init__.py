"""Pages of series of meetings: setting one up, its dates, the planner, and how many people a service can send."""

from webui.series.pages import capacity, dates, planner, setting_up
from webui.series.pages.shared import blueprint

__all__ = ["blueprint", "capacity", "dates", "planner", "setting_up"]
