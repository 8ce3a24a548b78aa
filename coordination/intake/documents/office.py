"""Office files (OOXML) and OpenDocument: without macros, other files in them, or parts from elsewhere."""

from __future__ import annotations

from coordination.errors import Refusal
from coordination.intake.documents.archives import Archive

FIELD = "content"
_OOXML = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    f"{_OOXML}.wordprocessingml.document.main+xml": "docx",
    f"{_OOXML}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OOXML}.presentationml.presentation.main+xml": "pptx",
}
_OPEN = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_ACTIVE_PARTS = ("vbaproject", "vbadata", "activex", "macrosheets", "dialogsheets", "customui", "ctrlprops")
_CARRIED = ("embeddings/", "oleobject", "package/")
_LINKED = ("externallinks/",)
_HREF = "{http://www.w3.org/1999/xlink}href"
_FIELD_CODES = ("instrText", "fldSimple")


def checked_office(content: bytes) -> str:
    """The code of the file's type. Raises Refusal `document_type_not_accepted` for an archive of another kind,
    `document_active`, `document_embeds`, `document_external`, and what `Archive` refuses."""
    archive = Archive(content)
    if "[Content_Types].xml" not in archive.names:
        raise Refusal("document_type_not_accepted", FIELD)
    types = [held.get("ContentType", "") for held in archive.xml("[Content_Types].xml")]
    if any("macroenabled" in one.casefold() or "vbaproject" in one.casefold() for one in types):
        raise Refusal("document_active", FIELD)
    found = {_MAIN[one] for one in types if one in _MAIN}
    if len(found) != 1:
        raise Refusal("document_type_not_accepted", FIELD)
    for name in archive.names:
        _refuse_part(name.casefold())
        if name.endswith(".rels"):
            _refuse_relations(archive, name)
        elif name.startswith("word/") and name.endswith(".xml"):
            _refuse_field_codes(archive, name)
    return found.pop()


def _refuse_part(name: str) -> None:
    if any(part in name for part in _ACTIVE_PARTS):
        raise Refusal("document_active", FIELD)
    if any(part in name for part in _CARRIED):
        raise Refusal("document_embeds", FIELD)
    if any(part in name for part in _LINKED):
        raise Refusal("document_external", FIELD)


def _refuse_relations(archive: Archive, name: str) -> None:
    """A link that somebody may follow stays; a template, picture or object from elsewhere is fetched unasked."""
    for relation in archive.xml(name):
        kind, target = relation.get("Type", ""), relation.get("Target", "").strip().casefold()
        if kind.endswith(("/oleObject", "/package", "/control", "/vbaProject")):
            raise Refusal(
                "document_embeds" if kind.endswith(("Object", "package")) else "document_active", FIELD
            )
        if relation.get("TargetMode", "").casefold() != "external":
            continue
        if not kind.endswith("/hyperlink") or not target.startswith(("https://", "http://", "mailto:", "#")):
            raise Refusal("document_external", FIELD)


def _refuse_field_codes(archive: Archive, name: str) -> None:
    """Fields that fetch from other programs or files when the document is opened."""
    said: list[str] = []
    for held in archive.xml(name).iter():
        tag = held.tag.rpartition("}")[2] if isinstance(held.tag, str) else ""
        if tag in _FIELD_CODES:
            said += [held.text or "", *held.attrib.values()]
    words = "".join(said).upper().split()
    if any(word.startswith("DDE") for word in words):
        raise Refusal("document_active", FIELD)
    if any(word in ("INCLUDETEXT", "INCLUDEPICTURE") for word in words):
        raise Refusal("document_external", FIELD)


def checked_open_document(content: bytes) -> str:
    """The code of an OpenDocument file's type; empty for an archive of another kind. Refuses as `checked_office`."""
    archive = Archive(content)
    code = _OPEN.get(archive.read("mimetype").decode("ascii", "replace").strip(), "")
    if not code:
        return ""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refusal("document_encrypted", FIELD)
    for name in archive.names:
        lower = name.casefold()
        if lower.startswith(("basic/", "scripts/", "dialogs/")):
            raise Refusal("document_active", FIELD)
        if lower.startswith(("object ", "objectreplacements/")):
            raise Refusal("document_embeds", FIELD)
    for name in ("content.xml", "styles.xml"):
        if name in archive.names:
            _refuse_of_xml(archive, name)
    return code


def _refuse_of_xml(archive: Archive, name: str) -> None:
    for held in archive.xml(name).iter():
        tag = held.tag.rpartition("}")[2] if isinstance(held.tag, str) else ""
        if tag in ("event-listener", "script", "dde-source", "dde-connection-decl", "applet", "plugin"):
            raise Refusal("document_active", FIELD)
        if tag in ("object", "object-ole"):
            raise Refusal("document_embeds", FIELD)
        target = held.get(_HREF, "").strip().casefold()
        if not target:
            continue
        link = tag == "a" and target.startswith(("https://", "http://", "mailto:", "#"))
        if not link and (":" in target or target.startswith(("/", "../"))):
            raise Refusal("document_external", FIELD)
