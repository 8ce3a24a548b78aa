"""The directory and the state of the service, for who looks after them. No case data whatever."""

from webui.administration.pages import codes, organisations, overview, people, standards, terms, tokens
from webui.administration.pages.shared import blueprint

__all__ = ["blueprint", "codes", "organisations", "overview", "people", "standards", "terms", "tokens"]
