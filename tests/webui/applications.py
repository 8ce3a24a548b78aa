"""Applications that one test after another uses: to make one costs more than most tests that look at a page or two, and
its templates are loaded once.

What a test changes on it (its settings, what it registers) is put back or, where that cannot be done, the application
is not used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.webui import gallery
from tests.webui.compiled_rules import compile_once
from webui.app import create_app
from webui.shell.runtime import Runtime
from webui.shell.settings import WebSettings

# templates, translations and addresses are compiled once for all the applications of a run
COMPILED = TemporaryDirectory(prefix="cydlynu-compiled-")
Path(COMPILED.name, "cache").mkdir()
_TEMPLATES = FileSystemBytecodeCache(COMPILED.name)
compile_once()

_idle: dict[bool, list[_KeptApplication]] = {False: [], True: []}


@contextmanager
def application(settings: WebSettings, now: Callable[[], datetime]) -> Iterator[Flask]:
    """An application of its own, for settings that it is made with."""
    app = create_app(settings, now=now)
    app.testing = True
    app.jinja_env.bytecode_cache = _TEMPLATES
    runtime: Runtime = app.extensions["cydlynu"]
    try:
        yield app
    finally:
        runtime.close()


@contextmanager
def kept_application(
    settings: WebSettings, now: Callable[[], datetime], *, with_gallery: bool = False
) -> Iterator[Flask]:
    """The application that the last test left, for settings that only its requests read: database, folder, costs.
    `with_gallery`: with the gallery of fields as an extra page."""
    kept = _idle[with_gallery].pop() if _idle[with_gallery] else _KeptApplication(with_gallery)
    runtime = kept.lend(settings, now)
    try:
        yield kept.app
    finally:
        runtime.close()
        if kept.take_back():
            _idle[with_gallery].append(kept)


class _KeptApplication:
    """An application with all that a test may have changed of it."""

    def __init__(self, with_gallery: bool) -> None:
        app = create_app(WebSettings(database="host=nowhere", data=Path(COMPILED.name)))
        app.testing = True
        app.jinja_env.bytecode_cache = _TEMPLATES
        if with_gallery:
            app.register_blueprint(gallery.blueprint)
        self.app = app
        self._config = dict(app.config)
        self._extensions = dict(app.extensions)
        self._words = dict(app.jinja_env.globals)
        self._shape = self._as_it_is()

    def lend(self, settings: WebSettings, now: Callable[[], datetime]) -> Runtime:
        """Makes it the application for these settings."""
        runtime = self.app.extensions["cydlynu"] = Runtime(settings, now=now)
        self.app.secret_key = settings.secret_key.hex()
        # or a test could not register a page of its own
        self.app._got_first_request = False
        return runtime

    def take_back(self) -> bool:
        """Puts back what can be put back; whether it is as it was."""
        for held, before in (
            (self.app.config, self._config),
            (self.app.extensions, self._extensions),
            (self.app.jinja_env.globals, self._words),
        ):
            held.clear()
            held.update(before)
        return self._as_it_is() == self._shape

    def _as_it_is(self) -> tuple[object, ...]:
        app = self.app
        hooks = (
            app.before_request_funcs,
            app.after_request_funcs,
            app.teardown_request_funcs,
            app.template_context_processors,
            app.url_value_preprocessors,
            app.url_default_functions,
        )
        return (
            tuple(app.blueprints),
            len(list(app.url_map.iter_rules())),
            *(_counted(kind) for kind in hooks),
            len(app.teardown_appcontext_funcs),
            str(app.error_handler_spec),
            id(app.jinja_env.loader),
            id(app.session_interface),
            id(app.__dict__.get("wsgi_app")),
        )


def _counted(hooks: Any) -> dict[object, int]:
    return {where: len(functions) for where, functions in hooks.items()}
