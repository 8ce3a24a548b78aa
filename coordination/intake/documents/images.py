"""Images: decoded once to see that they are what they say, and kept without their metadata.

What says where and with what a picture was taken, thumbnails and texts are left out without touching a pixel: the
compressed data is copied byte for byte. Of a JPEG's Exif only the orientation stays, so that it is shown upright. What
follows the end of the image is left out too.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from coordination.errors import Refusal

FIELD = "content"
MOST_PIXELS = 60_000_000
MOST_FRAMES = 20
_ORIENTATION = 0x0112
_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"bKGD",
        b"pHYs",
    }
)
_SIGNATURE = 8


def checked_image(content: bytes, kind: str) -> bytes:
    """The image without metadata; `kind` is PNG, JPEG or WEBP. Raises Refusal `document_bomb`,
    `document_unreadable`."""
    orientation = _decoded(content, kind)
    try:
        kept = {"JPEG": _bare_jpeg, "PNG": _bare_png, "WEBP": _bare_webp}[kind](content, orientation)
    except (struct.error, IndexError, ValueError):
        raise Refusal("document_unreadable", FIELD) from None
    _decoded(kept, kind)
    return kept


def _decoded(content: bytes, kind: str) -> int:
    """Decodes the whole image; its orientation (1: upright)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[kind]) as image:
                if image.width * image.height > MOST_PIXELS or getattr(image, "n_frames", 1) > MOST_FRAMES:
                    raise Refusal("document_bomb", FIELD)
                image.load()
                turned = image.getexif().get(_ORIENTATION, 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal("document_bomb", FIELD) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError, struct.error):
        raise Refusal("document_unreadable", FIELD) from None
    return turned if turned in range(1, 9) else 1


def _bare_jpeg(content: bytes, orientation: int) -> bytes:
    """The segments that make the picture: JFIF, colour profile and Adobe's colour transform, tables, scans."""
    kept = [b"\xff\xd8"]
    if orientation != 1:
        exif = b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01" + struct.pack(
            ">HHIHHI", _ORIENTATION, 3, 1, orientation, 0, 0
        )
        kept.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    at = 2
    while content[at : at + 2] != b"\xff\xd9":
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if marker == 0xDA:
            end = _end_of_scan(content, end)
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or _of_the_picture(marker, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, b"\xff\xd9"])


def _of_the_picture(marker: int, data: bytes) -> bool:
    return (
        (marker == 0xE0 and data.startswith(b"JFIF\x00"))
        or (marker == 0xE2 and data.startswith(b"ICC_PROFILE\x00"))
        or (marker == 0xEE and data.startswith(b"Adobe"))
    )


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the entropy-coded data ends: at a marker that is neither stuffing nor a restart."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _bare_png(content: bytes, _orientation: int) -> bytes:
    kept, at = [content[:_SIGNATURE]], _SIGNATURE
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if name in _PNG_KEPT:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _bare_webp(content: bytes, _orientation: int) -> bytes:
    """The chunks of the picture, and in the extended header the flags of metadata put out."""
    kept: list[bytes] = []
    for name, data in _chunks(content):
        if name in (b"EXIF", b"XMP "):
            continue
        body = bytes([data[0] & ~0x0C]) + data[1:] if name == b"VP8X" else data
        kept.append(name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2))
    inside = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", content, 4)
    at, last = 12, min(len(content), size + 8)
    while at + 8 <= last:
        (length,) = struct.unpack_from("<I", content, at + 4)
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
