"""How the row policies are put together."""

from __future__ import annotations

import re

import pytest

from projections.catalogue import policies
from projections.policies import LOOKED_UP

ASKED_FOR = re.compile(r"exists \(select")


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: f"{policy.table}-{policy.name}")
def test_only_where_a_few_rows_are_read_is_each_row_of_another_table_looked_up(policy):
    asked = len(ASKED_FOR.findall(policy.sql))
    assert policy.sql.count(" offset 0)") == (asked if policy.table in LOOKED_UP else 0)
