"""What a reader of a PDF relies on: its tags, language and title."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf


class TaggedPdf:
    """A PDF as a screen reader finds it."""

    def __init__(self, data: bytes) -> None:
        self._pdf = pikepdf.open(io.BytesIO(data))
        root = self._pdf.Root
        self.marked = bool(root.MarkInfo.Marked)
        self.language = str(root.Lang)
        self.shows_title = bool(root.ViewerPreferences.DisplayDocTitle)
        with self._pdf.open_metadata() as metadata:
            self.part = metadata.get("pdfuaid:part")
            self.title = metadata.get("dc:title")
        self.pages = len(self._pdf.pages)

    def tags(self) -> list[str]:
        """The kinds of its elements, in the order of reading."""
        return [str(one.S)[1:] for one in _elements(self._pdf.Root.StructTreeRoot)]

    def attached(self) -> dict[str, bytes]:
        """The files inside it by name; each has to say what it is (PDF/UA-1, 7.11)."""
        found = {}
        for name, file in self._pdf.attachments.items():
            assert file.description
            assert {"/F", "/UF"} <= set(file.obj.keys())
            found[name] = file.get_file().read_bytes()
        return found

    def active(self) -> bool:
        """Whether anything in it would run or reach out."""
        root = self._pdf.Root
        return any(name in root for name in ("/OpenAction", "/AA", "/AcroForm")) or "/JavaScript" in root.get(
            "/Names", {}
        )


def _elements(node: Any) -> Iterator[Any]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)
