"""An evidence pack: one ZIP with the letter, the evidence, the proof of each event in it, and the verifier that checks
them without this program and without a network. It names no pupil."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.event import Event, RecordedEvent
from coordination.outbox.message import case_reference
from webui.challenge.evidence_paper import ChallengeEvidence, evidence_paper
from webui.challenge.letter import letter_of
from webui.papers.pdf import pdf_of
from webui.words.languages import LOCALES

FORM = "cydlynu-pack-1"
VERIFIER = "check_ledger.py"
ABOUT_SOMETHING_ELSE = ("party", "service", "item", "pupil", "person")
"""The fields by which an event of a meeting is about one of its parties or pupils."""


Load = Callable[[list[UUID]], Mapping[UUID, Iterable[RecordedEvent]]]


def wanted_events(found: ChallengeEvidence, load: Load) -> list[RecordedEvent]:
    """The events that are evidence, in the order of the log: of the challenge all, of its meetings those about the
    service or about the meeting as a whole, of its waits those about the referrals that were on record when the
    challenge was raised. What came later may be of another service, to which a referral was passed on."""
    c = found.dossier.challenge
    meetings = [line.raised.meeting for line in found.dossier.lines]
    pupils = {one.pupil for one in found.dossier.waits}
    referrals = {one.referral for one in found.dossier.waits}
    events = load([c.challenge, *meetings, *pupils])
    own = list(events[c.challenge])
    chosen = [
        *own,
        *(one for m in meetings for one in events[m] if _is_about(one.event, c.service)),
        *(
            one
            for pupil in pupils
            for one in events[pupil]
            if one.position < own[0].position and getattr(one.event, "referral", None) in referrals
        ),
    ]
    return sorted(chosen, key=lambda one: one.position)


def _is_about(event: Event, service: UUID) -> bool:
    named = [getattr(event, name) for name in ABOUT_SOMETHING_ELSE if hasattr(event, name)]
    return all(one is None for one in named) or any(
        service in (one, getattr(one, "service", None)) for one in named
    )


def pack_of(
    found: ChallengeEvidence,
    proofs: Mapping[int, Mapping[str, Any]],
    head: bytes,
    verifier: Path,
    made_at: datetime,
) -> bytes:
    """The ZIP. `proofs` are by position of the event; `head` is the signed head that they are under. The same evidence
    and instant give the same bytes."""
    files: dict[str, bytes] = {}
    for code, locale in LOCALES.items():
        with force_locale(locale):
            files[f"letter-{code}.pdf"] = pdf_of(letter_of(found.dossier, code), made_at)
            files[f"evidence-{code}.pdf"] = pdf_of(evidence_paper(found, code), made_at)
            files[f"read-me-{code}.txt"] = _instructions(found).encode()
    files["head.json"] = head
    for position, proof in proofs.items():
        files[f"proofs/{position:010d}.json"] = json.dumps(proof, indent=1, sort_keys=True).encode()
    files[VERIFIER] = verifier.read_bytes()
    files["manifest.json"] = _manifest(found, files)
    return _zipped(files, made_at)


def _manifest(found: ChallengeEvidence, files: Mapping[str, bytes]) -> bytes:
    listed = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    about = {
        "form": FORM,
        "reference": case_reference(found.dossier.challenge.challenge),
        "challenge": str(found.dossier.challenge.challenge),
        "files": listed,
    }
    return json.dumps(about, indent=1).encode()


def _instructions(found: ChallengeEvidence) -> str:
    lines = (
        _("Evidence of challenge %(reference)s", reference=case_reference(found.dossier.challenge.challenge)),
        "",
        _("To check it without a network, with Python 3.9 or later:"),
        "",
        f"    python3 {VERIFIER} pack .",
        "",
        _(
            "It checks that no file was changed, that each event in the folder proofs is in the ledger under the "
            "signed head in head.json, and that the stored event is the one that was recorded."
        ),
        _(
            "Compare the public key and the head that it prints with those that you noted before, for example from "
            "an earlier letter. Only that shows that the ledger was not written anew."
        ),
        _(
            "What people wrote is sealed in the proofs. The PDF shows what the parties to the challenge may read."
        ),
        "",
    )
    return "\n".join(lines)


def _zipped(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    out = io.BytesIO()
    at = made_at.timetuple()
    stamp = (at.tm_year, at.tm_mon, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
