"""The command `cydlynu`: what an operator does on the machine itself.

Exit status: 0 done (warnings allowed), 2 some rows refused or something found, 1 nothing done.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click
import psycopg

from coordination.errors import Refusal
from coordination.store.migrate import MigrationRefused
from coordination.store.programs import ServerFailed
from coordination.store.secret_settings import SecretRefused
from scripts.cli.accounts import reopen, reset
from scripts.cli.advice import advised
from scripts.cli.beginning import begin
from scripts.cli.challenges import challenge
from scripts.cli.control_charts import control_charts_of
from scripts.cli.database import CommandSettings
from scripts.cli.drilling import drill
from scripts.cli.erasure import erase
from scripts.cli.export import export
from scripts.cli.files import import_files
from scripts.cli.governors import governors
from scripts.cli.hosts import prepare_database, print_pooler_users, serve, work
from scripts.cli.jobs import jobs
from scripts.cli.ledger import ledger, verify
from scripts.cli.meetings import meetings
from scripts.cli.national_tables import register_tables
from scripts.cli.outbox import outbox
from scripts.cli.people import user
from scripts.cli.pupils import pupils
from scripts.cli.quality import changed_figures, quality_of_record, soon_late
from scripts.cli.recovery import backup, restore
from scripts.cli.reports import report
from scripts.cli.returns import monthly_returns
from scripts.cli.sentences import sentence
from scripts.cli.stamps import compare_stamps, replay_stamp
from scripts.cli.support_report import support as support_of_pupils
from scripts.cli.survival import survival_curves
from scripts.cli.tokens import token
from scripts.cli.upkeep import catch_up, rebuild_read_models, status

NOTHING_DONE = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cydlynu(context: click.Context) -> None:
    """Multi-agency case coordination for schools in Wales: import files, print reports, look after the record.

    Uses the database at DATABASE_URL, or the private one under CYDLYNU_DATA (./data), which is started if it is not
    running.
    """
    try:
        context.obj = context.obj or CommandSettings.from_environment()
    except SecretRefused as refused:
        raise click.ClickException(str(refused)) from None


for command in (
    begin,
    import_files,
    export,
    pupils,
    report,
    user,
    token,
    erase,
    rebuild_read_models,
    verify,
    ledger,
    status,
    catch_up,
    backup,
    outbox,
    jobs,
    restore,
    drill,
    challenge,
    meetings,
    prepare_database,
    serve,
    work,
    print_pooler_users,
):
    cydlynu.add_command(command)
for of_reports in (
    survival_curves,
    advised,
    support_of_pupils,
    governors,
    register_tables,
    control_charts_of,
    monthly_returns,
    quality_of_record,
    soon_late,
    changed_figures,
    replay_stamp,
    compare_stamps,
):
    report.add_command(of_reports)
for of_users in (reset, reopen):
    user.add_command(of_users)


def main(arguments: Sequence[str] | None = None, settings: CommandSettings | None = None) -> int:
    """Run a command; the exit status. Problems are one line on standard error, without a traceback and without what a
    record or file says of anybody."""
    try:
        done = cydlynu.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="cydlynu",
            standalone_mode=False,
            obj=settings,
        )
    except click.exceptions.Exit as over:
        return over.exit_code
    except click.Abort:
        return _failed("Stopped. Everything recorded so far is kept. Run the same command again to finish.")
    except click.ClickException as problem:
        return _failed(problem.format_message())
    except Refusal as refused:
        return _failed(f"{refused.code}: {sentence(refused.code, refused.facts)}")
    except (ServerFailed, MigrationRefused) as problem:
        return _failed(str(problem))
    except psycopg.OperationalError as problem:
        return _failed(f"The database cannot be used: {str(problem).strip().splitlines()[0]}")
    except Exception as problem:
        return _failed(f"Unexpected error: {_where(problem)}")
    return done if isinstance(done, int) else 0


def _failed(text: str) -> int:
    print(text, file=sys.stderr)
    return NOTHING_DONE


def _where(problem: Exception) -> str:
    """The kind of problem and its place in the program; the error's text could quote a record."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{place}"


if __name__ == "__main__":
    sys.exit(main())
