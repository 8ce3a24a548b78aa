"""The directory and the status of the service, for administrators. These pages show no case data."""

from webui.administration.pages import (
    accounts,
    codes,
    jobs,
    letters,
    messages,
    organisations,
    overview,
    people,
    people_file,
    registering,
    reorganising,
    school_terms,
    setting_up,
    standards,
    terms,
    tokens,
    webhooks,
)
from webui.administration.pages.shared import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "codes",
    "jobs",
    "messages",
    "organisations",
    "overview",
    "people",
    "people_file",
    "registering",
    "reorganising",
    "letters",
    "school_terms",
    "setting_up",
    "standards",
    "terms",
    "tokens",
    "webhooks",
]
