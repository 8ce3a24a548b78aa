"""Meetings: planned, held, minuted and closed by a school; answered by those invited."""

from webui.meeting.pages import (
    actions,
    agenda,
    beside,
    closing,
    contests,
    copies,
    invitations,
    link_making,
    listed,
    messages,
    minutes,
    plan,
    proposed,
    register,
    terms,
)
from webui.meeting.pages import meeting as whole
from webui.meeting.pages.shared import blueprint

__all__ = [
    "actions",
    "agenda",
    "beside",
    "blueprint",
    "closing",
    "contests",
    "copies",
    "invitations",
    "link_making",
    "listed",
    "messages",
    "minutes",
    "plan",
    "proposed",
    "register",
    "terms",
    "whole",
]
