"""The waiting-time report: services compared, one service against its standard, the waits behind a figure."""

from webui.reports.pages.waiting_times import (
    audit,
    control_charts,
    data_quality,
    due_soon,
    file,
    periods,
    report,
    survival,
    waits,
    what_if,
)
from webui.reports.pages.waiting_times.question import blueprint

__all__ = [
    "audit",
    "blueprint",
    "control_charts",
    "data_quality",
    "due_soon",
    "file",
    "periods",
    "report",
    "survival",
    "waits",
    "what_if",
]
