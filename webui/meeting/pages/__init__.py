"""Meetings: planned, held, minuted and closed by a school; answered by those invited."""

from webui.meeting.pages import (
    actions,
    agenda,
    beside,
    closing,
    copies,
    invitations,
    link_making,
    listed,
    messages,
    minutes,
    plan,
    proposed,
    register,
)
from webui.meeting.pages import meeting as whole
from webui.meeting.pages.shared import blueprint

__all__ = [
    "actions",
    "agenda",
    "beside",
    "blueprint",
    "closing",
    "copies",
    "invitations",
    "link_making",
    "listed",
    "messages",
    "minutes",
    "plan",
    "proposed",
    "register",
    "whole",
]
