"""The waiting-time report: services compared, one service against its standard, the waits behind a figure."""

from webui.reports.pages.waiting_times import file, report, waits
from webui.reports.pages.waiting_times.question import blueprint

__all__ = ["blueprint", "file", "report", "waits"]
