"""A pytest plugin for mutation tests: the quick tests first, since the first that fails ends the run of a mutant."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings

# The same examples for every mutant; a counterexample need not be made smaller.
settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=50,
    phases=(Phase.explicit, Phase.generate),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests of laws, which try many examples, behind those of one example."""
    items.sort(key=lambda item: item.get_closest_marker("hypothesis") is not None)
