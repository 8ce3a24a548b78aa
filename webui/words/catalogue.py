"""The Welsh translations: extracted from the source, kept in one .po file for each folder, compiled at the start.

A new string is added to the file of the folder that uses it: those of webui/pupil/ to translations/cy/pupil.po. All
files together are one catalogue, so a string has one translation wherever it is used.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po

HERE = Path(__file__).resolve().parent
ROOMS = HERE / "translations" / "cy"
SOURCE = HERE.parents[1]
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# CLDR: zero, one, two, few (3), many (6), other
PLURALS = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);"
REVIEW = "translator: review"
STATUTE = "translator: statute"
_HEADER = f"""# Welsh for Cydlynu.
# {REVIEW}: written by a developer, for a translator to check.
# {STATUTE}: the term of Welsh law and official pages.
msgid ""
msgstr ""
"Language: cy\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {PLURALS}\\n"

"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)")


def extract_strings() -> Catalog:
    """Every string of the source that needs a translation, with its location."""
    catalog = Catalog(charset="utf-8")
    with (SOURCE / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        SOURCE,
        methods,
        options,
        keywords=KEYWORDS,
        directory_filter=lambda folder: not Path(folder).name.startswith((".", "data", "build", "tests")),
    )
    for filename, line, message, comments, context in found:
        catalog.add(message, None, [(filename, line)], auto_comments=comments, context=context)
    return catalog


def rooms() -> dict[str, Catalog]:
    """The .po files by name."""
    return {path.stem: _read(path) for path in sorted(ROOMS.glob("*.po"))}


def welsh(kept: dict[str, Catalog] | None = None) -> Catalog:
    """All .po files as one catalogue. Raises ValueError if two files translate a string differently."""
    together = _empty()
    for name, room in (rooms() if kept is None else kept).items():
        for message in _messages(room):
            before = together.get(message.id, message.context)
            if before is not None and before.string != message.string:
                raise ValueError(f"{name}.po and another room disagree on {message.id!r}")
            together.add(
                message.id,
                message.string,
                flags=message.flags,
                user_comments=message.user_comments,
                context=message.context,
            )
    return together


def compile_catalogue(cache: Path) -> Path:
    """A folder with the compiled catalogue, made unless another process has made it.

    It is named by the content of the .po files: it is never stale, and nothing is written into the source folder.
    """
    digest = hashlib.sha256()
    for path in sorted(ROOMS.glob("*.po")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    folder = cache / f"translations-{digest.hexdigest()[:16]}"
    target = folder / "cy" / "LC_MESSAGES" / "messages.mo"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            write_mo(file, welsh())
        Path(fresh).replace(target)
    return folder


def problems() -> list[str]:
    """The problems of the Welsh: missing, no longer used, a plural form or placeholder missing, unflagged."""
    source, kept = extract_strings(), welsh()
    found = [f"no Welsh for {m.id!r} ({_where(m)})" for m in _messages(source) if not _has(kept, m)]
    found += [f"no longer used: {m.id!r}" for m in _messages(kept) if source.get(m.id, m.context) is None]
    for message in _messages(kept):
        found += [f"{wrong}: {message.id!r}" for wrong in _wrong_with(message)]
    return found


def update() -> list[str]:
    """Add every new string of the source, without a translation, to the .po file of its folder; returns them."""
    source, kept = extract_strings(), rooms()
    new, touched = [], set()
    for message in _messages(source):
        if any(room.get(message.id, message.context) is not None for room in kept.values()):
            continue
        name = _room_of(message)
        kept.setdefault(name, _empty()).add(message.id, None, user_comments=[REVIEW], context=message.context)
        new.append(str(message.id))
        touched.add(name)
    for name in touched:
        _write(ROOMS / f"{name}.po", kept[name])
    return new


def prune() -> list[str]:
    """Remove the strings that the source no longer uses; returns them. It is not part of `update`: a page that another
    developer is rewriting must not lose its Welsh."""
    source, gone = extract_strings(), []
    for name, room in rooms().items():
        unused = [m for m in _messages(room) if source.get(m.id, m.context) is None]
        for message in unused:
            room.delete(message.id, message.context)
            gone.append(str(message.id))
        if unused:
            _write(ROOMS / f"{name}.po", room)
    return gone


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _strings(message: Message) -> list[str]:
    """The translations of a string: one, or one for each plural form."""
    held: Any = message.string
    return list(held) if isinstance(held, list | tuple) else [held]


def _ids(message: Message) -> list[str]:
    held: Any = message.id
    return list(held) if isinstance(held, list | tuple) else [held]


def _has(kept: Catalog, wanted: Message) -> bool:
    message = kept.get(wanted.id, wanted.context)
    if message is None or message.fuzzy or message.pluralizable != wanted.pluralizable:
        return False
    return all(_strings(message))


def _wrong_with(message: Message) -> Iterator[str]:
    if not {REVIEW, STATUTE} & set(message.user_comments):
        yield f"neither '{REVIEW}' nor '{STATUTE}'"
    if message.pluralizable and len(_strings(message)) != 6:
        yield f"{len(_strings(message))} plural forms, Welsh has 6"
    wanted = set(_PLACEHOLDER.findall(_ids(message)[-1]))
    # "no files" needs no number
    optional = {"num", "count"} if message.pluralizable else set()
    for string in _strings(message):
        if string and not wanted - optional <= set(_PLACEHOLDER.findall(string)) <= wanted:
            yield f"placeholders differ in {string!r}"


def _room_of(message: Message) -> str:
    """The .po file of a new string: the name of the folder below webui/ or projections/ that contains it."""
    path = Path(message.locations[0][0])
    if path.parts[:3] == ("webui", "words", "refusals"):
        return "refusals"
    return path.parts[1] if len(path.parts) > 2 else path.parts[0]


def _where(message: Message) -> str:
    return ", ".join(f"{file}:{line}" for file, line in message.locations)


def _empty() -> Catalog:
    catalog = Catalog(locale="cy", charset="utf-8", fuzzy=False)
    # Babel's own plural rules for Welsh have five forms; CLDR has six
    six: Any = catalog
    six._num_plurals, six._plural_expr = 6, PLURALS.split("plural=", 1)[1].rstrip(";")
    return catalog


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="cy", charset="utf-8", abort_invalid=True)


def _write(path: Path, catalog: Catalog) -> None:
    """Write a .po file without dates and line numbers, so that a diff shows only real changes."""
    text = "".join(generate_po(catalog, width=110, no_location=True, omit_header=True))
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(_HEADER + text.strip() + "\n")
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
