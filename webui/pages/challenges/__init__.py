"""Challenges and enquiries: raised by a school, answered by the agency, ruled on by neither."""

from webui.pages.challenges import letter, listed, raising, steps
from webui.pages.challenges.desk import blueprint

__all__ = ["blueprint", "letter", "listed", "raising", "steps"]
