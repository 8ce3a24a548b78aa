"""A reference leads back to the ids that have it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.outbox.message import case_reference, reference_range


@settings(max_examples=200, deadline=None)
@given(thing=st.uuids())
def test_an_id_is_in_the_range_of_its_reference(thing):
    reference = case_reference(thing)
    for typed in (
        reference,
        reference.lower(),
        reference.replace("-", ""),
        f" {reference.replace('0', 'O')} ",
    ):
        found = reference_range(typed)
        assert found is not None
        first, last = found
        assert first <= thing <= last
        assert case_reference(first) == case_reference(last) == reference


@pytest.mark.parametrize("typed", ["", "ABC", "Siân", "ABCD-12345", "ABCDÀ234", "UUUU-UUUU"])
def test_other_text_is_no_reference(typed):
    assert reference_range(typed) is None
