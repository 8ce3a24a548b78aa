"""`cydlynu export ctf`: a transfer file of a school's pupils, which the next school can import."""

from __future__ import annotations

import json

import pytest

from tests.intake.samples import FILES, pupil, sheet, upn
from tests.scripts.conftest import Cydlynu


@pytest.fixture
def county(cydlynu: Cydlynu) -> Cydlynu:
    assert cydlynu("import", "directory", FILES / "directory.json").status == 0
    path = cydlynu.file("pupils.csv", sheet([pupil(), pupil(upn=upn(2), forename="Mali")]))
    assert cydlynu("import", "pupils", path, "--school", "6994001").status == 0
    return cydlynu


def test_what_is_exported_can_be_imported(county: Cydlynu) -> None:
    said = county("export", "ctf", county.data, "--school", "6994001", "--to", "6992002")
    assert said.status == 0 and "6994001_CTF_6992002_001.xml: 2 pupils." in said.out
    path = county.data / "6994001_CTF_6992002_001.xml"
    assert "Prydderch" in path.read_text(encoding="utf-8") and "Prydderch" not in said.out
    again = county("import", "pupils", path, "--school", "6994001", "--preview")
    assert again.status == 0 and "2 already recorded" in again.out
    # an existing file is not overwritten
    assert county("export", "ctf", county.data, "--school", "6994001", "--to", "6992002").status == 1


def test_one_pupil_to_a_school_that_is_not_known(county: Cydlynu) -> None:
    said = county("export", "ctf", county.data, "--school", "6994001", "--upn", upn(2), "--serial", "7")
    assert said.status == 0
    text = (county.data / "6994001_CTF_XXXXXXX_007.xml").read_text(encoding="utf-8")
    assert text.count("<Pupil>") == 1 and "Mali" in text


@pytest.mark.parametrize(
    "options",
    [
        ("--school", "6999999"),
        ("--school", "6994001", "--to", "6999999"),
        ("--school", "6994001", "--upn", upn(99)),
        ("--school", "6992002", "--upn", upn(2)),
    ],
    ids=["no such school", "no such receiver", "no such pupil", "another school's pupil"],
)
def test_what_cannot_be_exported_writes_no_file(county: Cydlynu, options: tuple[str, ...]) -> None:
    assert county("export", "ctf", county.data, *options).status == 1
    assert list(county.data.glob("*_CTF_*.xml")) == []


def test_the_lists_of_single_points_of_access_come_back_unchanged(cydlynu: Cydlynu) -> None:
    whole = json.loads((FILES / "directory.json").read_bytes())
    whole["services"].append(
        whole["services"][0] | {"code": "salt-7A1", "profession": "speech_and_language_therapy"}
    )
    lists = [
        {
            "service": "camhs-7A1",
            "services": ["salt-7A1"],
            "effective_from": "2025-04-01",
            "effective_to": None,
        }
    ]
    first = cydlynu.file("whole.json", json.dumps(whole | {"single_points_of_access": lists}))
    assert cydlynu("import", "directory", first).status == 0
    path = cydlynu.data / "lists.json"
    assert cydlynu("export", "single-points-of-access", path).status == 0
    assert json.loads(path.read_bytes()) == {"single_points_of_access": lists}
    again = cydlynu("import", "directory", path, "--preview")
    assert again.status == 0 and "already recorded" in again.out
    assert cydlynu("export", "single-points-of-access", path).status == 1, "and it is not overwritten"
