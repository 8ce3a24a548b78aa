"""The ledger on the command line: signed heads, verification, and proofs for people outside."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from coordination.errors import Refusal
from coordination.store.ledger.findings import LedgerFinding
from coordination.store.ledger.heads import (
    BrokenHead,
    ForeignHead,
    NotedHead,
    check_own,
    read_head,
    read_short,
    write_head,
)
from coordination.store.ledger.making import LedgerChanged, all_heads, head_marks, make_head, store_id
from coordination.store.ledger.proofs import NoSuchEvent, NoSuchHead, consistency_proof, event_proof
from coordination.store.ledger.signing import (
    SigningKeyBroken,
    SigningKeyMissing,
    public_bytes,
    signing_key,
)
from coordination.store.ledger.verification import LedgerCheckpoint
from coordination.store.ledger.verification import verify as verified
from scripts.cli.database import CommandSettings, open_database

FOUND = 2  # the exit status of a check that found something

WORDS = {
    "head_signature": "a stored head does not have the signature of this store's key",
    "not_as_noted": "the ledger was rewritten: it differs from what was noted",
    "shorter_than_noted": "the end was removed: the ledger ends before what was noted",
    "leaf_missing": "a leaf of the ledger was removed",
    "events_changed": "an event was changed",
    "events_missing": "an event is missing",
    "events_added": "an event was added outside the service",
    "events_moved": "events stand at other positions than they were written at",
    "save_changed": "the ledger was changed: a save does not fit its events",
    "save_missing": "the ledger was changed: the row of a save is missing",
    "chain_broken": "the ledger was changed: a link does not follow from the one before",
    "row_changed": "a row was changed outside the service",
    "row_missing": "a row was deleted outside the service",
    "row_added": "a row was added outside the service",
    "outside_a_save": "a row was changed by somebody who is not the service",
    "access_without_event": "access was changed without an event that says so",
    "key_without_erasure": "a key or look-up was deleted without an erasure",
    "log_changed": "entries of a log were changed or removed",
    "log_cleared": "entries of a log were removed",
}


@click.command("verify")
@click.option("--noted", metavar="POSITION:CHAIN", help="A chain link that an earlier run printed.")
@click.pass_obj
def verify(settings: CommandSettings, noted: str | None) -> int:
    """Check that the record has not been changed: hash everything again and compare it with the ledger.

    Exit status: 0 unchanged, 2 changed. Keep the last link that it prints, or a head (cydlynu ledger head), in another
    place: only that can show later that the end was removed or the whole record was rewritten.
    """
    return _verify(settings, _link(noted), None, None)


@click.group("ledger")
def ledger() -> None:
    """Signed heads of the ledger, verification against them, and proofs that can be checked elsewhere."""


@ledger.command("head")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the head to this file.")
@click.pass_obj
def head(settings: CommandSettings, to: Path | None) -> None:
    """Make a signed head over everything recorded up to now.

    Keep it, and the public key, outside this machine: give it to every organisation that asks.
    """
    with open_database(settings) as home, home.owner() as connection:
        try:
            key = signing_key(settings.ledger_key, make=not all_heads(connection))
            signed = make_head(connection, key, home.now)
        except SigningKeyMissing:
            raise Refusal("ledger_key_missing", place=str(settings.ledger_key)) from None
        except SigningKeyBroken:
            raise Refusal("ledger_key_broken", place=str(settings.ledger_key)) from None
        except LedgerChanged:
            raise Refusal("ledger_changed") from None
        if to is not None:
            to.write_bytes(write_head(signed, *head_marks(connection, signed.head.size)))
    click.echo(f"head        {signed.head.short}")
    click.echo(f"made        {signed.head.made_at:%Y-%m-%d %H:%M} UTC, up to position {signed.head.position}")
    click.echo(f"public key  {signed.key.hex()}")


@ledger.command("verify")
@click.option(
    "--head",
    "head_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file of a head.",
)
@click.option(
    "--short", metavar="SIZE:ROOT", help="The short form of a head, as printed on a report or letter."
)
@click.option("--key", metavar="HEX", help="The public key of the store, if its key file is not here.")
@click.option("--noted", metavar="POSITION:CHAIN", help="A chain link that an earlier run printed.")
@click.pass_obj
def verify_ledger(
    settings: CommandSettings, head_file: Path | None, short: str | None, key: str | None, noted: str | None
) -> int:
    """Check the whole record against its ledger, and the ledger against a head that was noted outside.

    Exit status: 0 sound, 2 not; 1 when the head is broken or not one of this store.
    """
    given = head_file.read_bytes() if head_file is not None else None
    return _verify(settings, _link(noted), given, key, short)


@ledger.command("prove")
@click.argument("event", metavar="POSITION", type=click.IntRange(min=1))
@click.option(
    "--state", is_flag=True, help="Include what is stored of the event; its personal part stays sealed."
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the proof to this file.")
@click.pass_obj
def prove(settings: CommandSettings, event: int, state: bool, to: Path | None) -> None:
    """Prove that an event, by its position in the log, is in the ledger under the latest head."""
    with open_database(settings) as home, home.owner() as connection:
        try:
            _give(event_proof(connection, event, state=state), to)
        except NoSuchEvent:
            raise Refusal("no_event_under_a_head", position=event) from None


@ledger.command("consistency")
@click.argument("first", metavar="A", type=click.IntRange(min=1))
@click.argument("second", metavar="B", type=click.IntRange(min=1))
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the proof to this file.")
@click.pass_obj
def consistency(settings: CommandSettings, first: int, second: int, to: Path | None) -> None:
    """Prove that the ledger of A leaves is the beginning of that of B leaves (the sizes of two heads)."""
    with open_database(settings) as home, home.owner() as connection:
        try:
            _give(consistency_proof(connection, first, second), to)
        except NoSuchHead:
            raise Refusal("no_such_heads") from None


def _give(proof: dict[str, Any], to: Path | None) -> None:
    text = json.dumps(proof, indent=1)
    if to is None:
        click.echo(text)
    else:
        to.write_text(text + "\n")


def _verify(
    settings: CommandSettings,
    link: LedgerCheckpoint | None,
    given: bytes | None,
    key: str | None,
    short: str | None = None,
) -> int:
    with open_database(settings) as home, home.owner() as connection:
        keys = _keys(settings, key)
        noted = [*_noted(given, store_id(connection), keys), *_short(short)]
        found = verified(connection, link, noted, keys)
    if found.sound:
        click.echo(f"{found.events} events in {found.saves} saves are unchanged.")
    click.echo(f"last link  {found.position}:{found.chain}")
    for finding in found.findings:
        click.echo(_sentence(finding))
    return 0 if found.sound else FOUND


def _sentence(finding: LedgerFinding) -> str:
    first = "first " if finding.count > 1 else ""
    leaf = f", leaf {finding.leaf}" if finding.leaf is not None else ""
    count = f" ({finding.count} places)" if finding.count > 1 else ""
    return (
        f"The record was CHANGED.  {finding.problem}  {first}at {finding.source} {finding.place}{leaf}{count}:"
        f" {WORDS[finding.problem]}."
    )


def _keys(settings: CommandSettings, key: str | None) -> tuple[bytes, ...]:
    """The public keys whose heads are this store's own."""
    if key is not None:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", key.strip()):
            raise click.BadParameter("enter the 64 digits of the public key", param_hint="--key")
        return (bytes.fromhex(key.strip()),)
    try:
        return (public_bytes(signing_key(settings.ledger_key, make=False)),)
    except SigningKeyMissing:
        return ()
    except SigningKeyBroken:
        raise Refusal("ledger_key_broken", place=str(settings.ledger_key)) from None


def _noted(given: bytes | None, store: Any, keys: Sequence[bytes]) -> list[NotedHead]:
    """The head of a file. Raises Refusal."""
    if given is None:
        return []
    if not keys:
        raise Refusal("ledger_key_not_given")
    try:
        signed, noted = read_head(given)
        check_own(signed, store, keys)
    except BrokenHead:
        raise Refusal("head_broken") from None
    except ForeignHead as foreign:
        raise Refusal(foreign.code) from None
    return [noted]


def _short(text: str | None) -> list[NotedHead]:
    if text is None:
        return []
    try:
        return [read_short(text)]
    except BrokenHead:
        raise click.BadParameter("enter a head such as 1234:5e88...", param_hint="--short") from None


def _link(noted: str | None) -> LedgerCheckpoint | None:
    if noted is None:
        return None
    found = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", noted.strip().lower())
    if found is None:
        raise click.BadParameter("enter a link such as 1234:5e88...", param_hint="--noted")
    return LedgerCheckpoint(int(found[1]), found[2])
