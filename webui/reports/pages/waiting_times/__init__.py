"""The waiting-time report: services compared, one service against its standard, the waits behind a figure."""

from webui.reports.pages.waiting_times import (
    control_charts,
    data_quality,
    due_soon,
    file,
    report,
    survival,
    waits,
)
from webui.reports.pages.waiting_times.question import blueprint

__all__ = ["blueprint", "control_charts", "data_quality", "due_soon", "file", "report", "survival", "waits"]
