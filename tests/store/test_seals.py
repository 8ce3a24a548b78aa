"""Sealed fields: back as they were with the key and at their place, nowhere else, and never in the stored bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.event import Event
from coordination.sensitivity import (
    ERASED,
    SEALED,
    Coordinates,
    Sensitivity,
    classes,
    coded_fields,
    sealed_fields,
)
from coordination.store.keys import Keyring, TamperedCiphertext
from coordination.store.mapper import decode, encode
from coordination.topics import registry
from tests.store.instances import events
from tests.store.writers import HEADER

STREAM, OTHER = UUID(int=0xA), UUID(int=0xB)
EVENTS = sorted(registry().values(), key=lambda e: e.topic)
some = settings(max_examples=12, deadline=None)


def ring(*streams: UUID) -> Keyring:
    made = Keyring({})
    for stream in streams:
        made.make(stream)
    return made


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, msgspec.Struct):
        yield from (leaf for name in value.__struct_fields__ for leaf in leaves(getattr(value, name)))
    elif isinstance(value, tuple):
        yield from (leaf for part in value for leaf in leaves(part))
    else:
        yield value


@pytest.mark.parametrize("of", EVENTS, ids=lambda e: e.topic)
def test_stored_and_read_back(of: type[Event]) -> None:
    """For every event type: the clear part comes back, the sealed part opens as it was, and nothing of it is in the
    stored bytes."""

    @some
    @given(event=events(of), version=st.integers(1, 2**40))
    def law(event: Event, version: int) -> None:
        keys = ring(STREAM)
        stored = encode(keys.seal(STREAM, version, event))
        back = decode(of.topic, stored)
        assert type(back) is of
        names = sealed_fields(of)
        for name in of.__struct_fields__:
            if name in names:
                assert getattr(back, name) is SEALED
            elif name != "sealed":
                assert getattr(back, name) == getattr(event, name)
        opened = keys.open(Coordinates(STREAM, version, of.topic, back.sealed))
        given_ = {name: getattr(event, name) for name in names}
        if any(value is not None for value in given_.values()):
            assert opened == msgspec.json.decode(msgspec.json.encode(given_))
            assert keys.open_coded(STREAM, version, back) == {n: opened[n] for n in coded_fields(of)}
        else:
            assert (opened, back.sealed) == ({}, "")
        text = stored.decode()
        for secret in (leaf for value in given_.values() for leaf in leaves(value)):
            if isinstance(secret, str):
                assert secret not in text and json.dumps(secret)[1:-1] not in text
            elif isinstance(secret, date | UUID):
                assert str(secret) not in text

    law()


@some
@given(
    event=events(registry()["pupil.registered"]),
    version=st.integers(1, 1000),
    elsewhere=st.sampled_from(["stream", "version", "topic", "byte"]),
    at=st.integers(0, 10**6),
)
def test_a_ciphertext_opens_nowhere_else(event: Event, version: int, elsewhere: str, at: int) -> None:
    """Not on another stream (not even one with the same key), at another version, under another topic, or changed."""
    key = b"k" * 32
    keys = Keyring({STREAM: key, OTHER: key})
    box = keys.seal(STREAM, version, event).sealed
    place = {"stream": STREAM, "version": version, "topic": event.topic, "sealed": box}
    assert keys.open(Coordinates(**place))
    raw = bytearray(base64.b64decode(box))
    raw[at % len(raw)] ^= 1 + at % 255
    moved = {
        "stream": OTHER,
        "version": version + 1,
        "topic": "pupil.identity_changed",
        "byte": base64.b64encode(bytes(raw)).decode(),
    }[elsewhere]
    place["sealed" if elsewhere == "byte" else elsewhere] = moved
    with pytest.raises(TamperedCiphertext) as problem:
        keys.open(Coordinates(**place))
    assert problem.value.__cause__ is None
    assert str(event.surname) not in str(problem.value)


def test_the_same_words_are_never_sealed_the_same_twice() -> None:
    words = registry()["pupil.needs_recorded"](header=HEADER, needs=("ASD",))
    keys = ring(STREAM)
    assert len({keys.seal(STREAM, 2, words).sealed for _ in range(50)}) == 50


def test_an_event_without_its_sealed_fields_is_not_stored() -> None:
    """The text names the fields and holds no value of the others."""
    views = registry()["pupil.identity_changed"](header=HEADER, upn="B801200005001", surname="Gŵyn")
    with pytest.raises(TypeError) as problem:
        ring(STREAM).seal(STREAM, 1, views)
    assert "forename" in str(problem.value)
    assert "Gŵyn" not in str(problem.value) and "B801" not in str(problem.value)


def test_without_its_key_it_is_erased_and_cannot_be_sealed() -> None:
    needs = registry()["pupil.needs_recorded"](header=HEADER, needs=("ASD",))
    box = ring(STREAM).seal(STREAM, 2, needs).sealed
    assert Keyring({}).open(Coordinates(STREAM, 2, needs.topic, box)) is ERASED
    with pytest.raises(KeyError):
        Keyring({}).seal(STREAM, 3, needs)


def test_projectors_open_coded_fields_only() -> None:
    opened = registry()["referral.opened"]
    assert coded_fields(opened) == {"needs"}
    for of in EVENTS:
        assert all(classes(of)[name] is Sensitivity.coded for name in coded_fields(of))
