"""What may be attached: by its content, never by its name; every bad file of the issue."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from coordination.errors import Refusal
from coordination.intake.documents.inspecting import CheckedFile, DocumentLimits, checked_file
from coordination.pupil.documents.files import file_name
from tests.intake.documents.made_files import (
    PROGRAM,
    action,
    encrypted_zip,
    image,
    office,
    open_document,
    pdf,
    pdf_bomb,
    png_bomb,
    relation,
    taken_at,
    with_file,
    zipped,
)

LIMITS = DocumentLimits()


def checked(content: bytes, limits: DocumentLimits = LIMITS) -> CheckedFile:
    return checked_file(content, limits)


def refused(content: bytes, limits: DocumentLimits = LIMITS) -> str:
    with pytest.raises(Refusal) as refusal:
        checked(content, limits)
    assert refusal.value.field == "content"
    return refusal.value.code


GOOD: dict[str, tuple[bytes, str]] = {
    "a PDF": (pdf(), "pdf"),
    "a PDF with packed objects": (pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate), "pdf"),
    "a PDF with a link to a page": (pdf(change=action("URI", URI="https://hwb.gov.wales")), "pdf"),
    "a picture": (image("JPEG"), "jpeg"),
    "a progressive picture": (image("JPEG", progressive=True), "jpeg"),
    "a PNG": (image("PNG"), "png"),
    "a WebP": (image("WEBP"), "webp"),
    "Word": (office("docx"), "docx"),
    "Excel": (office("xlsx"), "xlsx"),
    "PowerPoint": (office("pptx"), "pptx"),
    "OpenDocument": (open_document(), "odt"),
    "Word with a link": (
        office("docx", word___rels__document_xml_rels=relation("hyperlink", "https://hwb.gov.wales")),
        "docx",
    ),
}


@pytest.mark.parametrize(("content", "code"), GOOD.values(), ids=GOOD)
def test_it_is_what_its_content_is(content: bytes, code: str) -> None:
    assert checked(content).type.code == code


DDE = "<w><instrText>DDEAUTO c:\\\\x cmd</instrText></w>"
SPLIT_DDE = "<w><instrText>DD</instrText><instrText>EAUTO x</instrText></w>"
XLINK = 'xmlns:x="http://www.w3.org/1999/xlink"'
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "document_empty"),
    "a renamed program": (PROGRAM, "document_program"),
    "a program of Linux": (b"\x7fELF\x02\x01\x01" + b"\x00" * 90, "document_program"),
    "a script": (b"#!/bin/sh\nrm -rf /", "document_program"),
    "a text": (b"Helo", "document_type_not_accepted"),
    "a page of the web": (b"<html><script>alert(1)</script></html>", "document_type_not_accepted"),
    "a drawing that runs": (b'<svg onload="alert(1)"/>', "document_type_not_accepted"),
    "an encrypted PDF": (
        pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
        "document_encrypted",
    ),
    "a PDF that anybody opens and nobody prints": (
        pdf(encryption=pikepdf.Encryption(owner="o", user="")),
        "document_encrypted",
    ),
    "JavaScript when opened": (pdf(change=action("JavaScript", JS="app.alert(1)")), "document_active"),
    "a program when opened": (pdf(change=action("Launch", F="cmd.exe")), "document_active"),
    "a form that is sent away": (pdf(change=action("SubmitForm", F="https://x")), "document_active"),
    "a file in a PDF": (pdf(change=with_file), "document_embeds"),
    "a PDF bomb": (pdf_bomb(), "document_bomb"),
    "half a PDF": (pdf()[:40], "document_unreadable"),
    "only the beginning of a PDF": (b"%PDF-1.7\n", "document_unreadable"),
    "a picture bomb": (png_bomb(), "document_bomb"),
    "half a picture": (image("PNG", (400, 300))[:200], "document_unreadable"),
    "not a picture": (b"\xff\xd8\xff\xe0" + b"x" * 400, "document_unreadable"),
    "a zip bomb": (office("docx", word__media__a_xml=b" " * (60 * 2**20)), "document_bomb"),
    "too many entries": (zipped({f"{n}.xml": b"" for n in range(4001)}), "document_bomb"),
    "an archive": (zipped({"a.txt": b"a"}), "document_type_not_accepted"),
    "half an archive": (office("docx")[:200], "document_unreadable"),
    "an encrypted Word file": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "document_encrypted",
    ),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "document_old_office"),
    "encrypted entries": (encrypted_zip(), "document_encrypted"),
    "an encrypted OpenDocument": (
        open_document(manifest="<m><encryption-data/></m>"),
        "document_encrypted",
    ),
    "macros by their part": (office("docx", word__vbaProject_bin=b"x"), "document_active"),
    "macros by their type": (
        office("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        "document_active",
    ),
    "controls": (office("docx", word__activeX__activeX1_xml="<a/>"), "document_active"),
    "an object in it": (office("docx", word__embeddings__oleObject1_bin=b"x"), "document_embeds"),
    "a program in it": (office("docx", word__media__a_exe=PROGRAM), "document_active"),
    "a template from elsewhere": (
        office("docx", word___rels__settings_xml_rels=relation("attachedTemplate", "https://x/t.dotm")),
        "document_external",
    ),
    "a picture from elsewhere": (
        office("docx", word___rels__document_xml_rels=relation("image", "https://x/pixel.png")),
        "document_external",
    ),
    "a link into this computer": (
        office("docx", word___rels__document_xml_rels=relation("hyperlink", "file:///c:/x.exe")),
        "document_external",
    ),
    "links to other workbooks": (
        office("xlsx", xl__externalLinks__externalLink1_xml="<a/>"),
        "document_external",
    ),
    "a field that starts a program": (office("docx", word__header1_xml=DDE), "document_active"),
    "such a field in pieces": (office("docx", word__header1_xml=SPLIT_DDE), "document_active"),
    "entities without end": (
        office("docx", word__a_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "document_unreadable",
    ),
    "a path out of the archive": (zipped({"../../a.xml": b"a"}), "document_unreadable"),
    "macros of OpenDocument": (open_document(Basic__Standard__a_xml="<a/>"), "document_active"),
    "a picture of OpenDocument from elsewhere": (
        open_document(f'<o {XLINK}><image x:href="https://x/p.png"/></o>'),
        "document_external",
    ),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_it_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_an_installation_says_how_large_and_of_which_kind() -> None:
    content = pdf()
    assert checked(content, DocumentLimits(largest=len(content))).content == content
    assert refused(content, DocumentLimits(largest=len(content) - 1)) == "document_too_large"
    only = DocumentLimits(types=("pdf", "docx"))
    assert checked(content, only).type.code == "pdf"
    assert checked(office("docx"), only).type.code == "docx"
    for other in (image(), office("xlsx"), open_document()):
        assert refused(other, only) == "document_type_not_accepted"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_where_it_was_taken_and_keeps_every_pixel(kind: str) -> None:
    content = taken_at(kind) + (b"" if kind == "WEBP" else b"behind the picture")
    kept = checked(content).content
    assert b"Ty Si" in content
    for gone in (b"Ty Si", b"by Mair", b"behind"):
        assert gone not in kept
    with Image.open(BytesIO(content)) as before, Image.open(BytesIO(kept)) as after:
        assert after.tobytes() == before.tobytes()
        assert dict(after.getexif().get_ifd(0x8825)) == {}
        assert after.getexif().get(0x0112, 1) == (6 if kind == "JPEG" else 1)
    assert checked(kept).content == kept


@given(st.binary(max_size=300), st.sampled_from([*GOOD]), st.integers(0, 2000))
@settings(max_examples=60)
def test_a_damaged_file_is_taken_or_refused_and_never_anything_else(noise: bytes, name: str, at: int) -> None:
    content = GOOD[name][0]
    damaged = content[:at] + noise + content[at + len(noise) :]
    try:
        assert checked(damaged).content
    except Refusal as refusal:
        assert refusal.code.startswith("document_")


NAMES: dict[str, tuple[str, str, str]] = {
    "as it is": ("Adroddiad Siân.pdf", "application/pdf", "Adroddiad Siân.pdf"),
    "a folder": ("C:\\Users\\x\\a.pdf", "application/pdf", "a.pdf"),
    "out of the folder": ("../../etc/passwd", "application/pdf", "passwd.pdf"),
    "another ending": ("report.exe", "application/pdf", "report.exe.pdf"),
    "the other name of an ending": ("a.JPEG", "image/jpeg", "a.jpg"),
    "no name": ("", "image/png", "document.png"),
    "line breaks and quotes": ('a"\r\nX: y.pdf', "application/pdf", "aX y.pdf"),
    "backwards": ("a\u202efdp.exe", "application/pdf", "afdp.exe.pdf"),
    "long": ("á" * 300, "application/pdf", "á" * 146 + ".pdf"),
}


@pytest.mark.parametrize(("given_name", "kind", "kept"), NAMES.values(), ids=NAMES)
def test_a_name_is_kept_without_what_could_do_harm(given_name: str, kind: str, kept: Any) -> None:
    assert file_name(given_name, kind) == kept
