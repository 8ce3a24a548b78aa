"""Meetings: planned, held, minuted and closed by a school; answered by those invited."""

from webui.pages.meetings import agenda, closing, invitations, listed, minutes, plan, register, whole
from webui.pages.meetings.desk import blueprint

__all__ = ["agenda", "blueprint", "closing", "invitations", "listed", "minutes", "plan", "register", "whole"]
