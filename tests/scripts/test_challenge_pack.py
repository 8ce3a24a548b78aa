"""The evidence pack of a challenge, checked by its single-file verifier without this program, its packages or a
network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from coordination.outbox.message import case_reference
from coordination.service import Coordination
from projections.attendance.queries import attendance_evidence
from projections.reader import Reader
from tests.county import ALNCO, CAMHS, SCHOOL, build
from tests.projections.hwb import CHALLENGE, accept_terms, held_on, hold, raise_challenge, viewer
from tests.readers import readers
from tests.scripts.conftest import CommandOutput, Cydlynu
from tests.webui.papers.reading import TaggedPdf

REFERENCE = case_reference(CHALLENGE)


@pytest.fixture
def packed(cydlynu: Cydlynu, record: Coordination, tmp_path: Path) -> Path:
    """The pack of a challenge about three meetings of which two were missed."""
    build(record)
    accept_terms(record)
    for n, how in enumerate(("attended", "absent", "absent")):
        hold(record, n, {CAMHS: how})
    assert cydlynu("catch-up").status == 0
    with readers(cydlynu.database) as pool:
        found = attendance_evidence(Reader(pool), viewer(ALNCO), SCHOOL, CAMHS, held_on(2))
    raise_challenge(record, found.marks, held_on(2))
    to = tmp_path / "pack.zip"
    said = cydlynu("challenge", "pack", REFERENCE, "--to", to)
    assert said.status == 0, said.err
    return to


def check(folder: Path, *arguments: object) -> CommandOutput:
    """The verifier of the pack, run where it was unpacked, as somebody outside does."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "check_ledger.py", "pack", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return CommandOutput(ran.returncode, ran.stdout, ran.stderr)


def unpacked(pack: Path) -> Path:
    folder = pack.parent / "unpacked"
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder)
    return folder


def test_it_holds_the_evidence_and_is_checked_outside(packed: Path) -> None:
    folder = unpacked(packed)
    assert check(folder, ".").out.endswith("It holds.\n")
    assert check(folder, packed).status == 0
    with zipfile.ZipFile(packed) as archive:
        assert all(not Path(n).is_absolute() and ".." not in Path(n).parts for n in archive.namelist())
    names = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    for kind in ("letter", "evidence"):
        for language in ("en", "cy"):
            found = TaggedPdf((folder / f"{kind}-{language}.pdf").read_bytes())
            assert (found.part, found.language) == ("1", f"{language}-GB")
    proofs = [json.loads((folder / name).read_text()) for name in names if name.startswith("proofs/")]
    topics = {event["topic"] for proof in proofs for event in proof["events"]}
    assert {"challenge.raised", "challenge.approved", "challenge.sent"} <= topics
    assert {"meeting.scheduled", "meeting.finalised"} <= topics
    assert any("invit" in topic for topic in topics) and any("mark" in topic for topic in topics)
    assert json.loads((folder / "manifest.json").read_text())["reference"] == REFERENCE


def another_byte(folder: Path) -> None:
    letter = folder / "letter-en.pdf"
    letter.write_bytes(letter.read_bytes()[:-1] + b"x")


def a_file_more(folder: Path) -> None:
    (folder / "more.txt").write_text("More evidence")


def a_file_less(folder: Path) -> None:
    next((folder / "proofs").iterdir()).unlink()


def another_event(folder: Path) -> None:
    """With a manifest that fits."""
    proof = sorted((folder / "proofs").iterdir())[0]
    held = json.loads(proof.read_text())
    held["events"][0]["version"] += 1
    proof.write_text(json.dumps(held))
    manifest = folder / "manifest.json"
    listed = json.loads(manifest.read_text())
    listed["files"][f"proofs/{proof.name}"] = sha256(proof.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(listed))


def another_head(folder: Path) -> None:
    head = folder / "head.json"
    held = json.loads(head.read_text())
    held["root"] = "00" * 32
    head.write_text(json.dumps(held))


def test_whatever_is_changed_in_it_is_found(packed: Path) -> None:
    for tampers in (another_byte, a_file_more, a_file_less, another_event, another_head):
        folder = unpacked(packed)
        tampers(folder)
        said = check(folder, ".")
        assert said.status == 2 and "does NOT hold" in said.out, tampers.__name__
        shutil.rmtree(folder)
    folder = unpacked(packed)
    assert check(folder, ".", "--key", "00" * 32).status == 2
    assert check(folder, "letter-en.pdf").status == 1
    assert check(folder, "nowhere.zip").status == 1


def test_no_such_challenge(cydlynu: Cydlynu, record: Coordination, tmp_path: Path) -> None:
    build(record)
    said = cydlynu("challenge", "pack", "AAAA-BBBB", "--to", tmp_path / "no.zip")
    assert said.status == 1 and said.err.startswith("no_such_challenge")
    assert not (tmp_path / "no.zip").exists()
