"""Challenges and enquiries: raised by a school, answered by the agency, ruled on by an independent person."""

from webui.challenge.pages import letter, link_making, listed, messages, raising, steps, suggested
from webui.challenge.pages.shared import blueprint

__all__ = ["blueprint", "letter", "link_making", "listed", "messages", "raising", "steps", "suggested"]
