"""A look of its own: nothing of the crown, the crest, the typeface or the logotype of another service."""

import re
from pathlib import Path

import pytest

import webui

HERE = Path(webui.__file__).parent
TRACES = [
    "GDS Transport",
    "@font-face",
    "crest",
    "crown",
    "logotype",
    "copyright-logo",
    "licence-logo",
    "url(",
]


@pytest.mark.parametrize("path", sorted((HERE / "static").rglob("*.css")), ids=lambda p: p.name)
def test_no_trace_in_the_style_sheets(path):
    text = path.read_text()
    assert [trace for trace in TRACES if trace in text] == []


def test_no_trace_in_the_pages(client):
    for path in ("/", "/sign-in", "/gallery", "/nowhere"):
        page = client.get(path).text
        assert "GOV.UK" not in page
        assert "govuk-header__logo" not in page


def test_the_licence_lies_beside_the_code():
    text = (HERE / "static" / "govuk" / "LICENCE.txt").read_text()
    assert "MIT License" in text
    assert "Crown Copyright (Government Digital Service)" in text


def test_the_templates_and_the_files_are_of_one_version():
    from importlib.metadata import version

    assert version("govuk-frontend-jinja").startswith("4.1.")
    assert "govuk-frontend 6.3.0" in (HERE / "static" / "govuk" / "govuk-frontend.css").read_text()[:100]


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_parties_stand_out_from_the_ground_and_words_from_everything():
    css = (HERE / "static" / "cydlynu.css").read_text()
    colour = dict(re.findall(r"--(c-[a-z-]+|govuk-[a-z-]+): (#[0-9a-f]{6});", css))
    for words in ("c-ink", "c-quiet", "c-late", "c-green", "govuk-link-colour", "govuk-link-visited-colour"):
        for ground in ("c-paper", "c-green-tint", "govuk-template-background-colour"):
            assert _contrast(colour[words], colour[ground]) >= 4.5, (words, ground)
    assert _contrast(colour["c-ink"], colour["c-amber"]) >= 4.5
    assert _contrast(colour["govuk-input-border-colour"], "#ffffff") >= 3
