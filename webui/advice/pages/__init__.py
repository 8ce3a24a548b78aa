"""The pages of advice conversations."""

from webui.advice.pages import listed, recording, report
from webui.advice.pages.shared import blueprint

__all__ = ["blueprint", "listed", "recording", "report"]
