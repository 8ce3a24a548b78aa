"""A misspelt name in one of our templates is an error; an option that a GOV.UK macro may have is not. No database."""

from __future__ import annotations

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError

from webui.app import HERE, create_app
from webui.shell.settings import WebSettings
from webui.shell.template_loading import template_loader

BUTTON = '{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}'


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The application's templates and a room `odd` with a few more, in the application's environment."""
    tmp_path = tmp_path_factory.mktemp("templates")
    app = create_app(WebSettings(database="host=nowhere", data=tmp_path / "data"))
    room = tmp_path / "odd" / "templates"
    room.mkdir(parents=True)
    for name, source in {
        "misspelt.html": "{{ pupl }}",
        "tested.html": "{% if pupl %}{% endif %}",
        "attribute.html": "{{ pupil.surnme }}",
        "key.html": "{{ {'surname': pupil}['surnme'] }}",
        "looped.html": "{% for one in pupls %}{% endfor %}",
        "macro.html": BUTTON + "{{ govukButton({'text': pupil}) }}",
        "macro_misspelt.html": BUTTON + "{{ govukButton({'text': pupl}) }}",
        "own_macro.html": "{% macro label(one) %}{{ one.surnme }}{% endmacro %}{{ label(pupil) }}",
        "defined.html": "{% if pupl is defined %}{{ pupl }}{% endif %}{{ pupl | default('none') }}",
    }.items():
        (room / name).write_text(source)
    app.jinja_env.loader = template_loader(tmp_path, template_loader(HERE, app.create_global_jinja_loader()))
    return app.jinja_env


@pytest.mark.parametrize(
    "name", ["misspelt", "tested", "attribute", "key", "looped", "macro_misspelt", "own_macro"]
)
def test_a_misspelt_name_is_an_error(environment: Environment, name: str) -> None:
    with pytest.raises(UndefinedError, match=r"pupl|surnme"):
        environment.get_template(f"odd/{name}.html").render(pupil="Siân")


def test_a_name_that_may_be_missing_is_asked_for(environment: Environment) -> None:
    assert environment.get_template("odd/defined.html").render() == "none"


def test_a_macro_of_the_govuk_package_does_without_its_options(environment: Environment) -> None:
    drawn = environment.get_template("odd/macro.html").render(pupil="Siân")
    assert "Siân" in drawn and drawn.strip().startswith("<button")


def test_both_kinds_of_template_share_globals_and_filters(environment: Environment) -> None:
    ours = environment.get_template("odd/macro.html")
    theirs = environment.get_template("govuk_frontend_jinja/components/button/macro.html")
    assert theirs.environment is not ours.environment
    assert ours.environment.undefined is StrictUndefined
    assert theirs.environment.filters is ours.environment.filters
    assert theirs.environment.globals is ours.environment.globals
