"""`cydlynu pupils doubts`: what waits, and never a name."""

from __future__ import annotations

import re

from tests.intake.samples import FILES, pupil, sheet, upn
from tests.scripts.conftest import Cydlynu


def test_doubts_are_listed_without_a_name(cydlynu: Cydlynu) -> None:
    assert cydlynu("import", "directory", FILES / "directory.json").status == 0
    empty = cydlynu("pupils", "doubts")
    assert (empty.status, empty.out) == (0, "No doubts are waiting.\n")
    first = cydlynu.file("one.csv", sheet([pupil(forename="Mali")]))
    second = cydlynu.file("two.csv", sheet([pupil(upn=upn(2), forename="Mali")]))
    assert cydlynu("import", "pupils", first, "--school", "6994001").status == 0
    assert cydlynu("import", "pupils", second, "--school", "6994001").status == 2
    said = cydlynu("pupils", "doubts")
    assert said.status == 0
    assert re.search(r"^[0-9a-f-]{36}  another_number  6994001 +0$", said.out, re.MULTILINE)
    assert "Mali" not in said.out
    assert "Prydderch" not in said.out
