"""Where templates come from. In ours a name that is not defined is an error; in the GOV.UK package's it is empty."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    Template,
    Undefined,
)

GOVUK = "govuk_frontend_jinja"


class LenientPackageLoader(PackageLoader):
    """Loads the templates of a package into an environment of their own, in which a name that is not defined is empty:
    its macros ask for options that a page may leave out. All else is that of the application's environment."""

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self._lenient: Environment | None = None

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        if self._lenient is None:
            self._lenient = environment.overlay(undefined=Undefined)
        return super().load(self._lenient, name, globals)


def template_loader(webui: Path, shared: BaseLoader) -> BaseLoader:
    """The loader of all templates: those of blueprints elsewhere (`shared`), the rooms', and the GOV.UK package's.

    A template is named after its room: referral/refer/begin.html is webui/referral/templates/refer/begin.html.
    """
    rooms = {folder.parent.name: FileSystemLoader(folder) for folder in webui.glob("*/templates")}
    return ChoiceLoader([shared, PrefixLoader({GOVUK: LenientPackageLoader(GOVUK), **rooms})])
