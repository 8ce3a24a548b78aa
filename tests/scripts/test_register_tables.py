"""Tables 1a, 1b and 2 of Estyn (2020) come out of a register exactly as they were published."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coordination.errors import Refusal
from projections.register.national_tables import national_tables
from scripts.cli.main import main

REGISTER = Path(__file__).parents[1] / "data" / "estyn-2020-register.csv"
# as printed in the report
TABLE_1A = [
    ("2018-2019", 98996, 4980, 1571, 470182, 22.4),
    ("2017-2018", 100797, 4828, 1396, 468721, 22.8),
    ("2016-2017", 100852, 4725, 1241, 467910, 22.8),
    ("2015-2016", 100603, 4540, 1300, 468067, 22.7),
    ("2014-2015", 100513, 4444, 1195, 467091, 22.7),
    ("2013-2014", 100965, 4338, 1059, 466306, 22.8),
    ("2012-2013", 99472, 4319, 1032, 466088, 22.5),
    ("2011-2012", 98784, 4254, 922, 466969, 22.3),
    ("2010-2011", 95749, 4181, 888, 467215, 21.6),
    ("2009-2010", 94887, 4117, 808, 468136, 21.3),
]
TABLE_1B = [
    ("2018-2019", 491, 247, 6233),
    ("2017-2018", 478, 249, 4555),
    ("2016-2017", 490, 254, 5569),
    ("2015-2016", 507, 262, 6474),
    ("2014-2015", 520, 269, 6553),
    ("2013-2014", 521, 278, 5840),
    ("2012-2013", 531, 274, 6668),
    ("2011-2012", 512, 276, 6459),
    ("2010-2011", 564, 280, 7262),
    ("2009-2010", 525, 289, 6766),
]
TABLE_2 = [
    ("2018-2019", 468398, 103976, 13168, 22.2, 2.8, 12.7),
    ("2017-2018", 467112, 105625, 12895, 22.6, 2.8, 12.2),
    ("2016-2017", 466508, 105577, 12602, 22.6, 2.7, 11.9),
    ("2015-2016", 466555, 105143, 12434, 22.5, 2.7, 11.8),
    ("2014-2015", 465704, 104957, 12437, 22.5, 2.7, 11.8),
    ("2013-2014", 465081, 105303, 12530, 22.6, 2.7, 11.9),
    ("2012-2013", 464868, 103791, 12738, 22.3, 2.7, 12.3),
    ("2011-2012", 465943, 103038, 13098, 22.1, 2.8, 12.7),
    ("2010-2011", 466172, 99930, 13407, 21.4, 2.9, 13.4),
    ("2009-2010", 467141, 99004, 13767, 21.2, 2.9, 13.9),
]


def lines() -> list[dict[str, str | None]]:
    with REGISTER.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def classes() -> list[dict[str, str | None]]:
    """So many classes of so many schools with so many pupils; how they are spread does not matter."""
    found: list[dict[str, str | None]] = []
    for year, number, schools, pupils in TABLE_1B:
        for one in range(number):
            share = pupils // number + (one < pupils % number)
            line = {"year": year, "school": str(one % schools), "class": str(one), "pupils": str(share)}
            found.append(line)  # type: ignore[arg-type]
    return found


def test_the_published_tables_come_out_of_a_register() -> None:
    found = national_tables(lines(), classes())
    assert [msgspec.structs.astuple(row) for row in found.table_1a] == TABLE_1A
    assert [msgspec.structs.astuple(row) for row in found.table_1b] == TABLE_1B
    assert [msgspec.structs.astuple(row) for row in found.table_2] == TABLE_2


def test_a_line_without_a_number_is_one_pupil() -> None:
    one = {"year": "2025-2026", "setting": "mainstream", "status": "sen"}
    found = national_tables([one, one, {**one, "status": "none"}])
    assert msgspec.structs.astuple(found.table_2[0]) == ("2025-2026", 3, 2, 0, 66.7, 0.0, 0.0)
    only_eotas = national_tables([{**one, "setting": "eotas"}])
    assert only_eotas.table_2[0].percent_sen is None


@pytest.mark.parametrize(
    "changed",
    [{"setting": "prison"}, {"status": "maybe"}, {"pupils": "-3"}, {"pupils": "a few"}, {"year": " "}],
)
def test_a_line_that_is_not_valid_is_named(changed: dict[str, Any]) -> None:
    good = {"year": "2025-2026", "setting": "special", "status": "sen", "pupils": "3"}
    with pytest.raises(Refusal) as refused:
        national_tables([good, {**good, **changed}])
    assert (refused.value.code, refused.value.facts["line"]) == ("register_line_not_valid", 3)


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "register-tables", str(REGISTER), "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["table_2"][0]["percent_sen"] == 22.2
    assert main(["report", "register-tables", str(REGISTER)]) == 0
    assert "98996" in capsys.readouterr().out
