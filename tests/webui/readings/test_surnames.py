"""When a reader has the surname of a pupil: however it is spelled, and of a double surname either part."""

from __future__ import annotations

from typing import Any

import pytest

from webui.readings.reading import shares_surname


@pytest.mark.parametrize(
    ("name", "pupil", "shared"),
    [
        ("Nia Prydderch", {"surname": "Prydderch"}, True),
        ("Nia PRYDDERCH", {"surname": "prydderch"}, True),
        ("Siân Gŵyn", {"surname": "Gwyn"}, True),
        ("Siân Gŵyn", {"surname": "Gŵyn-Llŷr"}, True),
        ("Siân Gŵyn-Llŷr", {"surname": "Llyr"}, True),
        ("Siân O’Neill", {"surname": "ONeill"}, True),
        ("Ann Rees", {"surname": "Jones", "preferred_surname": "Rees"}, True),
        ("Ann Rees", {"surname": "Jones", "preferred_surname": None}, False),
        ("Rees Jones", {"surname": "Rees"}, False),
        ("", {"surname": ""}, False),
        ("Ann Rees", {}, False),
    ],
)
def test_a_shared_surname(name: str, pupil: dict[str, Any], shared: bool) -> None:
    assert shares_surname(name, pupil) is shared
