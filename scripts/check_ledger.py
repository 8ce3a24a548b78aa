#!/usr/bin/env python3
"""Check heads and proofs of a Cydlynu ledger, without Cydlynu: one file, Python 3.9 or later, no other packages.

    python3 check_ledger.py head HEAD [--key PUBLIC]          is this head whole, and signed by this key?
    python3 check_ledger.py proof PROOF [--key PUBLIC]        is this event under the head in the proof?
    python3 check_ledger.py consistency PROOF [--key PUBLIC]  does the second head continue the first?
    python3 check_ledger.py pack PACK [--key PUBLIC]          is this evidence pack whole, and each event in it proved?

PACK is the ZIP of `cydlynu challenge pack`, or the folder that it was unpacked into.
HEAD is a file of `cydlynu ledger head --to`, PROOF one of `cydlynu ledger prove` or `cydlynu ledger consistency`.
PUBLIC is the public key of the store, 64 digits, as you noted it; without it the key in the file is printed for you to
compare. With --head HEAD a proof must be about exactly that head. Exit status: 0 it holds, 2 it does not, 1 it cannot
be read.

The hashes are those of RFC 6962 (section 2.1), the signature is Ed25519 (RFC 8032).
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import zipfile
from collections.abc import Callable, Sequence
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

# Ed25519, from RFC 8032, sections 5.1 and 6. Nothing here is secret, so it need not take constant time.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
Json = dict[str, Any]


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(scalar: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _add(found, point)
        point = _add(point, point)
        scalar >>= 1
    return found


def _x_of(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(raw: bytes) -> Point | None:
    if len(raw) != 32:
        return None
    number = int.from_bytes(raw, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a text is by a public key (32 bytes)."""
    key, start = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if BASE is None or key is None or start is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + text).digest(), "little") % ORDER
    left, right = _times(scalar, BASE), _add(start, _times(challenge, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes in order (RFC 6962, 2.1)."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(root_of(hashes[:middle]), root_of(hashes[middle:]))


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to (RFC 9162, 2.1.3.2), None when the path does not fit."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def consistent(first: int, second: int, roots: tuple[bytes, bytes], path: Sequence[bytes]) -> bool:
    """Whether the tree of `first` leaves is the beginning of the tree of `second` (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not path and roots[0] == roots[1]
    if not 0 < first < second or not path:
        return False
    steps = ([roots[0]] if first & (first - 1) == 0 else []) + list(path)
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for one in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one)
        place, last = place >> 1, last >> 1
    return last == 0 and (old, new) == roots


def signed_text(head: Json) -> bytes:
    """The text of a head that is signed."""
    return (
        "{form}\nstore {store}\nsize {size}\nroot {root}\nposition {position}\nmade {made_at}\n".format(
            **head
        )
    ).encode()


def check_head(head: Json, key: str | None) -> str | None:
    """What is wrong with a head; None when nothing is."""
    if head["form"] != "cydlynu-head-1":
        return "the file is of an unknown form"
    if key is not None and head["key"] != key:
        return "the head was signed by another key: {}".format(head["key"])
    if not signed_by(bytes.fromhex(head["key"]), bytes.fromhex(head["signature"]), signed_text(head)):
        return "the signature does not fit the head"
    marks, level = head.get("marks") or [], head.get("level", 0)
    whole = (
        len(marks) == -(-head["size"] >> level)
        and root_of([bytes.fromhex(m) for m in marks]).hex() == head["root"]
    )
    return None if not marks or whole else "the marks do not fit the root"


def check_proof(proof: Json, key: str | None) -> str | None:
    """What is wrong with the proof of an event; None when nothing is."""
    if proof["form"] != "cydlynu-inclusion-1":
        return "the file is of an unknown form"
    leaf, head = proof["leaf"], proof["head"]
    wrong = check_head(head, key) or _check_events(proof)
    if wrong:
        return wrong
    save = "" if leaf["save"] is None else leaf["save"]
    lines = "{}\n{}\n{}\n{}\n".format(leaf["source"], leaf["change"], leaf["key"], save)
    found = root_from_inclusion(
        proof["index"],
        head["size"],
        leaf_hash(lines.encode() + bytes.fromhex(leaf["digest"])),
        [bytes.fromhex(one) for one in proof["path"]],
    )
    return None if found is not None and found.hex() == head["root"] else "the path does not lead to the root"


def _check_events(proof: Json) -> str | None:
    """Whether what is stored of the events gives the digest of the leaf, where it was included."""
    if not proof["events"]:
        return None
    parts = []
    for event in proof["events"]:
        state = base64.b64decode(event["state"])
        start = "{}:{}:{}:{}:".format(event["stream"], event["version"], event["topic"], len(state))
        parts.append(start.encode() + state)
    return None if sha256(b"".join(parts)).hexdigest() == proof["leaf"]["digest"] else "the event was changed"


def check_consistency(proof: Json, key: str | None) -> str | None:
    """What is wrong with the proof that one head continues another; None when nothing is."""
    if proof["form"] != "cydlynu-consistency-1":
        return "the file is of an unknown form"
    first, second = proof["first"], proof["second"]
    wrong = check_head(first, key) or check_head(second, key)
    if wrong:
        return wrong
    if first["store"] != second["store"]:
        return "the heads are of two stores"
    roots = bytes.fromhex(first["root"]), bytes.fromhex(second["root"])
    path = [bytes.fromhex(one) for one in proof["path"]]
    if consistent(first["size"], second["size"], roots, path):
        return None
    return "the second head does not continue the first"


def check_pack(pack: Json, key: str | None) -> str | None:
    """What is wrong with an evidence pack; None when nothing is. `pack`: its files' contents by name, under "files"."""
    files: dict[str, bytes] = pack["files"]
    manifest = json.loads(files["manifest.json"])
    if manifest["form"] != "cydlynu-pack-1":
        return "the pack is of an unknown form"
    listed = manifest["files"]
    extra = sorted(set(files) - set(listed) - {"manifest.json"})
    missing = sorted(set(listed) - set(files))
    if missing or extra:
        return "files are {}: {}".format("missing" if missing else "added", ", ".join(missing or extra))
    changed = [name for name in sorted(listed) if sha256(files[name]).hexdigest() != listed[name]]
    if changed:
        return "files were changed: " + ", ".join(changed)
    head = json.loads(files["head.json"])
    wrong = check_head(head, key)
    if wrong:
        return wrong
    proofs = [name for name in sorted(files) if name.startswith("proofs/")]
    if not proofs:
        return "no event is proved"
    for name in proofs:
        proof = json.loads(files[name])
        if any(proof["head"][told] != head[told] for told in TOLD):
            return name + " is under another head"
        if not proof["events"] and proof["leaf"]["source"] != "save":  # an old save holds others' events too
            return name + " does not hold its event"
        wrong = check_proof(proof, key)
        if wrong:
            return name + ": " + wrong
    return None


TOLD = ("store", "size", "root", "position", "made_at", "key")
CHECKS: dict[str, Callable[[Json, str | None], str | None]] = {
    "head": check_head,
    "proof": check_proof,
    "consistency": check_consistency,
    "pack": check_pack,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 it holds, 2 it does not, 1 it cannot be read."""
    parser = argparse.ArgumentParser(description="Check heads and proofs of a Cydlynu ledger.")
    parser.add_argument("what", choices=CHECKS)
    parser.add_argument("file")
    parser.add_argument("--key", help="the public key of the store, 64 digits")
    parser.add_argument("--head", help="the file of the head that a proof must be about")
    given = parser.parse_args(arguments)
    try:
        held = _unpacked(given.file) if given.what == "pack" else _read(given.file)
        heads = (
            [held] if given.what == "head" else [held[n] for n in ("head", "first", "second") if n in held]
        )
        wrong = CHECKS[given.what](held, given.key and given.key.strip().lower())
        if wrong is None and given.head is not None:
            noted = _read(given.head)
            same = any(all(head[name] == noted[name] for name in TOLD) for head in heads)
            wrong = None if same else "the proof is about another head"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as problem:
        print("It cannot be read: " + type(problem).__name__, file=sys.stderr)
        return 1
    for head in heads:
        print("  ".join(f"{name} {head[name]}" for name in TOLD))
    print("It holds." if wrong is None else "It does NOT hold: " + wrong + ".")
    return 0 if wrong is None else 2


def _read(path: str) -> Json:
    held: Json = json.loads(Path(path).read_text("utf-8"))
    return held


def _unpacked(path: str) -> Json:
    """The files of a pack, a ZIP or a folder, by name, and its head. The command as printed names this folder."""
    place = Path(path)
    if place.is_dir():
        inside = (one for one in sorted(place.rglob("*")) if one.is_file() and "__pycache__" not in one.parts)
        files = {one.relative_to(place).as_posix(): one.read_bytes() for one in inside}
    else:
        with zipfile.ZipFile(place) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    return {"files": files, "head": json.loads(files["head.json"])}


if __name__ == "__main__":
    sys.exit(main())
