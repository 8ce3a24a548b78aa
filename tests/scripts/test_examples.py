"""The example files of the README go in, in the order in which it shows them, and the report follows."""

from __future__ import annotations

from tests.intake.samples import FILES
from tests.scripts.conftest import Cydlynu

EXAMPLES = FILES / "example"


def test_the_examples_from_the_directory_to_the_report(cydlynu: Cydlynu) -> None:
    for kind, name in (
        ("directory", "directory.json"),
        ("pupils", "pupils.csv"),
        ("pupils", "transfer.xml"),
        ("referrals", "referrals.csv"),
    ):
        for how in (["--preview"], []):
            said = cydlynu("import", kind, EXAMPLES / name, *how)
            assert (said.status, said.err) == (0, ""), said.out
            assert " refused" not in said.out
        assert "already recorded.\n" in cydlynu("import", kind, EXAMPLES / name, "--quiet").out
    moved = cydlynu("import", "pupils", EXAMPLES / "transfer.xml", "--for", "destination")
    assert (moved.status, "row 1  asked" in moved.out) == (2, True)

    found = cydlynu("report", "waiting-times", "--service", "CAMHS", "--format", "json").json
    (group,) = found["groups"]
    assert (group["completed"]["count"], group["completed"]["median_days"]) == (1, 41.0)
    assert group["waiting"]["count"] == 0  # the other was declined
    therapy = cydlynu("report", "waiting-times", "--service", "SALT", "--format", "json").json
    assert therapy["groups"][0]["waiting"]["over_standard"] == 1
