"""Trees, proofs and heads, against the definition in RFC 6962 and its known vectors; also with the verifier that people
outside use, which shares no code with the service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.store.ledger.heads import (
    BrokenHead,
    ForeignHead,
    Head,
    NotedHead,
    check_own,
    mark_level,
    read_head,
    read_short,
    sign,
    write_head,
)
from coordination.store.ledger.signing import SigningKeyBroken, SigningKeyMissing, public_bytes, signing_key
from coordination.store.ledger.tree import (
    EMPTY,
    consistency_path,
    consistent,
    inclusion_path,
    leaf_hash,
    root_from_inclusion,
    root_of,
)
from scripts import check_ledger

# The leaves and roots of the test of Google's certificate-transparency, which many implementations repeat.
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STORE = UUID(int=7)
AT = datetime(2026, 11, 30, 6, 0, 1, tzinfo=UTC)


def mth(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash, as RFC 6962 defines it in 2.1, over the data of leaves."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(bytes([0]) + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(bytes([1]) + mth(leaves[:k]) + mth(leaves[k:])).digest()


def data(size: int) -> list[bytes]:
    return [b"leaf %d" % n for n in range(size)]


def test_the_known_roots() -> None:
    hashes = [leaf_hash(one) for one in LEAVES]
    assert [root_of(hashes[:n]).hex() for n in range(1, 9)] == ROOTS
    assert [check_ledger.root_of(hashes[:n]).hex() for n in range(1, 9)] == ROOTS
    assert EMPTY == root_of([]) == mth([])


@given(st.integers(1, 300), st.integers(0, 6))
@settings(max_examples=60)
def test_roots_are_those_of_the_definition_also_over_subtrees(size: int, level: int) -> None:
    leaves = data(size)
    hashes = [leaf_hash(one) for one in leaves]
    step = 1 << level
    assert root_of(hashes) == mth(leaves)
    assert root_of([root_of(hashes[at : at + step]) for at in range(0, size, step)]) == mth(leaves)


@given(st.data())
@settings(max_examples=150)
def test_a_proof_of_inclusion_holds_for_its_leaf_and_nothing_else(drawn: st.DataObject) -> None:
    size = drawn.draw(st.integers(1, 200))
    index = drawn.draw(st.integers(0, size - 1))
    leaves = data(size)
    path = inclusion_path(index, size, lambda start, end: mth(leaves[start:end]))
    root, leaf = mth(leaves), leaf_hash(leaves[index])
    for check in (root_from_inclusion, check_ledger.root_from_inclusion):
        assert check(index, size, leaf, path) == root
        assert check(index, size, leaf_hash(b"another"), path) != root
        assert check(index, size, leaf, [*path, leaf]) is None
        other = drawn.draw(st.integers(0, size - 1))
        assert (check(other, size, leaf, path) == root) is (other == index)
        if path:
            at = drawn.draw(st.integers(0, len(path) - 1))
            changed = [*path[:at], bytes(32), *path[at + 1 :]]
            assert check(index, size, leaf, changed) != root
            assert check(index, size, leaf, path[:-1]) is None


@given(st.data())
@settings(max_examples=150)
def test_a_proof_of_consistency_holds_for_its_trees_and_no_others(drawn: st.DataObject) -> None:
    second = drawn.draw(st.integers(1, 200))
    first = drawn.draw(st.integers(1, second))
    leaves = data(second)
    path = consistency_path(first, second, lambda start, end: mth(leaves[start:end]))
    roots = (mth(leaves[:first]), mth(leaves))
    at = drawn.draw(st.integers(0, first - 1))
    rewritten = mth([*leaves[:at], b"rewritten", *leaves[at + 1 :]])
    for check in (consistent, check_ledger.consistent):
        assert check(first, second, roots, path)
        assert not check(first, second, (roots[0], rewritten), path)
        assert not check(first, second, roots, [*path, bytes(32)])
        if first < second:
            assert not check(second, first, roots, path)
        if path:
            assert not check(first, second, roots, path[:-1])
            assert not check(first, second, roots, [bytes(32), *path[1:]])


def test_there_is_no_proof_of_what_is_not_there() -> None:
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion_path(index, size, lambda *_: b"")
        assert root_from_inclusion(index, size, b"", []) is None
    with pytest.raises(ValueError, match="empty or longer"):
        consistency_path(4, 3, lambda *_: b"")


# RFC 8032, 7.1, tests 1 to 3: public key, message, signature
ED25519 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
        "4655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
        "eb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
        "dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), ED25519)
def test_the_signatures_of_the_standard(public: str, message: str, signature: str) -> None:
    key, text, by = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert check_ledger.signed_by(key, by, text)
    assert not check_ledger.signed_by(key, by, text + b".")
    assert not check_ledger.signed_by(key, bytes([by[0] ^ 1]) + by[1:], text)
    assert not check_ledger.signed_by(key, by[:63], text)
    assert not check_ledger.signed_by(bytes.fromhex(ED25519[0][0][::-1]), by, text)


def head_of(size: int) -> Head:
    return Head(STORE, size, mth(data(size)), 3 * size, AT)


@given(st.integers(1, 3000))
@settings(max_examples=25)
def test_the_file_of_a_head_says_the_same_when_it_is_read(size: int) -> None:
    hashes = [leaf_hash(one) for one in data(size)]
    level = mark_level(size)
    marks = [root_of(hashes[at : at + (1 << level)]) for at in range(0, size, 1 << level)]
    assert len(marks) <= 1024
    signed = sign(head_of(size), KEY)
    raw = write_head(signed, level, marks)
    assert read_head(raw) == (signed, NotedHead(size, signed.head.root.hex(), level, tuple(marks)))
    assert check_ledger.check_head(json.loads(raw), public_bytes(KEY).hex()) is None


@pytest.mark.parametrize(
    "name", ["store", "size", "root", "position", "made_at", "key", "signature", "marks", "level"]
)
def test_a_head_of_which_anything_was_changed_is_broken(name: str) -> None:
    hashes = [leaf_hash(one) for one in data(5)]
    held = json.loads(write_head(sign(head_of(5), KEY), 0, hashes))
    other = json.loads(write_head(sign(Head(UUID(int=8), 6, mth(data(6)), 19, AT.replace(day=29)), KEY)))
    other |= {"key": "00" * 32, "signature": "00" * 64, "marks": held["marks"][:4], "level": 1}
    held[name] = other[name]
    with pytest.raises(BrokenHead):
        read_head(json.dumps(held).encode())
    assert check_ledger.check_head(held, None) is not None


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"form": "cydlynu-head-1"}', b"\xff" * 9, b" " * 300_000]
)
def test_what_is_no_head(raw: bytes) -> None:
    with pytest.raises(BrokenHead):
        read_head(raw)


def test_a_head_is_of_one_store_and_one_key() -> None:
    signed = sign(head_of(5), KEY)
    other = public_bytes(Ed25519PrivateKey.generate())
    check_own(signed, STORE, [other, public_bytes(KEY)])
    for store, key, code in (
        (UUID(int=8), public_bytes(KEY), "head_of_another_store"),
        (STORE, other, "head_by_another_key"),
    ):
        with pytest.raises(ForeignHead) as foreign:
            check_own(signed, store, [key])
        assert foreign.value.code == code


def test_the_short_form_is_read_as_it_is_printed() -> None:
    head = head_of(5)
    noted = read_short(f" {head.short[:20]}\n {head.short[20:].upper()} ")
    assert noted.size == 5
    assert noted.agrees(head.root)
    assert not noted.agrees(mth(data(6)))
    for text in ("", "5", "5:", "5:abc", "x:" + "0" * 32, head.short + "0" * 40):
        with pytest.raises(BrokenHead):
            read_short(text)


def test_the_key_is_made_once_and_only_when_asked(tmp_path) -> None:
    path = tmp_path / "keys" / "ledger-key.pem"
    with pytest.raises(SigningKeyMissing):
        signing_key(path, make=False)
    made = signing_key(path, make=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_bytes(signing_key(path, make=True)) == public_bytes(made)
    path.write_text("no key")
    with pytest.raises(SigningKeyBroken):
        signing_key(path, make=True)
