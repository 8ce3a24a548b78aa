"""The directory and the state of the service, for who looks after them. No case data whatever."""

from webui.pages.administration import codes, organisations, overview, people, standards, terms, tokens
from webui.pages.administration.desk import blueprint

__all__ = ["blueprint", "codes", "organisations", "overview", "people", "standards", "terms", "tokens"]
