"""Gathers an evidence pack: what the viewer may see of a challenge, and the proofs of its events."""

from __future__ import annotations

from pathlib import Path

from coordination.errors import NotFound, Refusal
from coordination.store.ledger.proofs import NoSuchEvent
from coordination.viewer import Viewer
from projections.attendance.queries import meeting
from projections.challenges.queries import ChallengedWait, Dossier
from projections.reader import Reader
from projections.waiting_times.queries import WaitHistory, wait_history
from webui.challenge.evidence_paper import ChallengeEvidence
from webui.challenge.pack import pack_of, wanted_events
from webui.challenge.reading import open_challenge
from webui.shell.runtime import runtime
from webui.words.naming import directory

VERIFIER = Path(__file__).resolve().parents[2] / "scripts" / "check_ledger.py"


def challenge_pack(held: Dossier, reader: Reader, who: Viewer) -> bytes:
    """The pack of a challenge as this viewer may see it, under the last signed head.

    Raises Refusal `no_head_yet` when no head covers its events: heads are made every day, and by `cydlynu ledger head`.
    """
    record = runtime().coordination.record
    meetings = [line.raised.meeting for line in held.lines]
    found = ChallengeEvidence(
        page=open_challenge(held, names=False),
        meetings={one: seen for one in meetings if (seen := meeting(reader, who, one)) is not None},
        waits={
            one.referral: history
            for one in held.waits
            if (history := _history(held, reader, who, one)) is not None
        },
    )
    events = wanted_events(found, record.load)
    signed = record.ledger_head()
    try:
        proofs = record.event_proofs([one.position for one in events])
    except NoSuchEvent:
        raise Refusal("no_head_yet") from None
    assert signed is not None
    return pack_of(found, proofs, record.head_file(signed), VERIFIER, runtime().now())


def _history(held: Dossier, reader: Reader, who: Viewer, one: ChallengedWait) -> WaitHistory | None:
    """The wait as it was known when the challenge was raised."""
    raised, at = held.challenge.raised_on, one.position or None
    try:
        return wait_history(reader, who, directory(), one.referral, raised, at=at)
    except NotFound:
        return None
