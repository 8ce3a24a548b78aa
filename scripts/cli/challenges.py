"""`cydlynu challenge`: the evidence of a challenge for somebody outside."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from uuid import UUID

import click

from coordination.errors import Refusal
from coordination.outbox.message import case_reference
from coordination.store.ledger.making import LedgerChanged, all_heads, make_head
from coordination.store.ledger.signing import SigningKeyBroken, SigningKeyMissing, signing_key
from coordination.viewer import Viewer
from projections.challenges.queries import challenge_ids, dossier
from projections.reader import Reader
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database


@click.group("challenge")
def challenge() -> None:
    """Challenges to agencies."""


@challenge.command("pack")
@click.argument("reference")
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write the ZIP to this file."
)
@click.pass_obj
def pack(settings: CommandSettings, reference: str, to: Path) -> None:
    """Write the evidence pack of the challenge with this REFERENCE, as its page and letter print it.

    One ZIP: letter, invitations and deliveries, register, minutes, clocks, disputes and rulings, the proof of each
    event, and the verifier: python3 check_ledger.py pack FILE. A head of the ledger is signed first, so that it covers
    everything.
    """
    with open_database(settings) as home:
        catch_up(home)
        with home.reader() as reader:
            found = _find(reader, home.viewer, reference)
            _sign_head(settings, home)
            to.write_bytes(_packed(settings, home, reader, found))
    click.echo(f"The evidence pack is in {to}. Check it with: python3 check_ledger.py pack {to}")


def _find(reader: Reader, who: Viewer, reference: str) -> UUID:
    """The challenge by its reference or its id. Raises Refusal `no_such_challenge`."""
    wanted = reference.strip().upper().replace("-", "")
    for one in challenge_ids(reader, who):
        if wanted in (case_reference(one).replace("-", ""), one.hex.upper()):
            return one
    raise Refusal("no_such_challenge", reference=reference)


def _sign_head(settings: CommandSettings, home: OpenedDatabase) -> None:
    with home.owner() as connection:
        try:
            make_head(connection, signing_key(settings.ledger_key, make=not all_heads(connection)), home.now)
        except SigningKeyMissing:
            raise Refusal("ledger_key_missing", place=str(settings.ledger_key)) from None
        except SigningKeyBroken:
            raise Refusal("ledger_key_broken", place=str(settings.ledger_key)) from None
        except LedgerChanged:
            raise Refusal("ledger_changed") from None


def _packed(settings: CommandSettings, home: OpenedDatabase, reader: Reader, found: UUID) -> bytes:
    # the pages' words are needed for the letter; every other command starts without them
    from flask import g

    from webui.app import create_app
    from webui.challenge.packing import challenge_pack
    from webui.shell.settings import WebSettings

    site = WebSettings(database=home.database, data=settings.data, keys=settings.keys)
    app = create_app(site, now=lambda: home.now)
    with closing(app.extensions["cydlynu"]), app.test_request_context("/"), home.service() as service:
        g.directory = service.directory()
        held = dossier(reader, home.viewer, g.directory, found)
        assert held is not None
        return challenge_pack(held, reader, home.viewer)
