"""`cydlynu report governors`: shares with the inspectors' words, small numbers withheld, as JSON and as a PDF."""

from __future__ import annotations

import io
import json

import pikepdf
import pytest

from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu
from tests.scripts.test_report_command import directory

SCHOOL = "6994001"
PROVISIONS = {"idp_school": 40, "idp_la": 6, "school_action": 2, "no_aln": 12}
ASK = ("report", "governors", "--school", SCHOOL)


@pytest.fixture
def filled(cydlynu: Cydlynu) -> Cydlynu:
    provisions = [code for code, count in PROVISIONS.items() for _ in range(count)]
    people = [
        pupil(upn=upn(n, school=SCHOOL, year="14"), school_number=SCHOOL, provision=code)
        for n, code in enumerate(provisions)
    ]
    for what, content in (("directory", json.dumps(directory())), ("pupils", sheet(people))):
        assert cydlynu("import", what, cydlynu.file(f"{what}.csv", content), "--quiet").status == 0
    return cydlynu


def test_the_report_counts_withholds_and_puts_into_words(filled: Cydlynu) -> None:
    told = filled(*ASK, "--format", "json")
    assert told.status == 0, told.err
    found = told.json
    shares = {share["name"]: share for share in found["shares"]}
    plans = {part["part"]: part for part in shares["plans"]["parts"]}
    assert shares["plans"]["whole"] == 60
    assert plans["school_plan"] == {
        "part": "school_plan",
        "count": 40,
        "percent": 66.7,
        "word": "a majority",
    }
    assert (plans["authority_plan"]["count"], plans["authority_plan"]["word"]) == (5, "very few")
    assert (plans["no_plan"]["count"], plans["no_plan"]["word"]) == ("c", None)
    # nobody was reviewed in five years: no figure is withheld, and none is made up
    assert (shares["outcomes"]["years"], shares["outcomes"]["whole"]) == (5, 0)
    assert found["withheld"]

    for language, words in (("en", "en-GB"), ("cy", "cy-GB")):
        to = filled.data / f"governors-{language}.pdf"
        assert filled(*ASK, "--format", "pdf", "--language", language, "--to", to).status == 0
        with pikepdf.open(io.BytesIO(to.read_bytes())) as pdf:
            assert str(pdf.Root.Lang) == words
            assert pdf.Root.MarkInfo.Marked


def test_an_unknown_school_is_refused(cydlynu: Cydlynu) -> None:
    refused = cydlynu("report", "governors", "--school", "9999999")
    assert refused.status == 1
    assert refused.err.startswith("unknown_school")
