"""The fixtures that these tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coordination.service import Coordination
from projections.reader import Reader
from tests.projections.casework import (
    RecordedCase,
    known_story,
    told,
)


@pytest.fixture(scope="module")
def known(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RecordedCase, Reader]]:
    with known_story(postgres, template, tmp_path_factory.mktemp("keys") / "keys.json") as story:
        yield story


@pytest.fixture
def case(county: Coordination) -> RecordedCase:
    return told(county)
