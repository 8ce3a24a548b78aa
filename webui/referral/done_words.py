"""What a page says that it has recorded."""

from __future__ import annotations

from flask_babel import gettext as _

from coordination.event import Command
from coordination.pupil.referral.commands import (
    ConfirmMilestone,
    ContestMilestone,
    RaiseImmediateRisk,
    RecordMilestone,
    StrikeEntry,
)
from webui.words.codes import milestone_name


def done_words(command: Command) -> str:
    """In a few words, what a command about a referral has recorded."""
    match command:
        case RecordMilestone(milestone=name):
            return milestone_name(name)
        case StrikeEntry():
            return _("Struck out")
        case ConfirmMilestone():
            return _("Confirmed")
        case ContestMilestone():
            return _("Contested")
        case RaiseImmediateRisk():
            return _("Immediate risk")
        case _:
            return _("No appointment wanted for a while")
