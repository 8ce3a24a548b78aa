"""Two versions of a minute side by side, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec
from flask_babel import gettext as _

from webui.meeting.pages.shared import blueprint
from webui.meeting.reading import MinuteText
from webui.words.naming import service_name


class WordRun(msgspec.Struct, frozen=True):
    """Some words of a version; `changed`: the other version does not have them there."""

    text: str
    changed: bool


class PartBeside(msgspec.Struct, frozen=True):
    """A part of the minute in both versions."""

    label: str
    earlier: tuple[WordRun, ...]
    later: tuple[WordRun, ...]


def compared(earlier: str, later: str) -> tuple[tuple[WordRun, ...], tuple[WordRun, ...]]:
    """Both texts as runs of words; joined again they are the texts as they were."""
    before, after = _words(earlier), _words(later)
    left: list[WordRun] = []
    right: list[WordRun] = []
    for same, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if i1 < i2:
            left.append(WordRun("".join(before[i1:i2]), same != "equal"))
        if j1 < j2:
            right.append(WordRun("".join(after[j1:j2]), same != "equal"))
    return tuple(left), tuple(right)


def _words(text: str) -> list[str]:
    """The words and what is between them."""
    return re.findall(r"\s+|[^\s]+", text)


@blueprint.app_template_filter("beside")
def beside(earlier: MinuteText, later: MinuteText) -> list[PartBeside]:
    """The parts that one of two versions has."""
    return [
        PartBeside(label, *compared(before, after))
        for label, before, after in _parts(earlier, later)
        if before or after
    ]


def _parts(earlier: MinuteText, later: MinuteText) -> Iterator[tuple[str, str, str]]:
    for name, label in (
        ("discussion", _("Discussed")),
        ("decision", _("Decided")),
        ("childs_view", _("The pupil says")),
        ("parents_view", _("The parents say")),
    ):
        yield label, getattr(earlier, name), getattr(later, name)
    before, after = dict(earlier.dissent), dict(later.dissent)
    for service in dict.fromkeys([*before, *after]):
        label = _("%(service)s does not agree", service=service_name(service))
        yield label, before.get(service, ""), after.get(service, "")
    there = (_services(earlier), _services(later))
    yield _("Services present"), *there


def _services(words: MinuteText) -> str:
    return ", ".join(service_name(service) for service in words.version.services_present)
