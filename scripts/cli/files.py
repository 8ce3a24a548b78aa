"""`cydlynu import ...`: files in, each with a preview and a word about every row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, get_args
from uuid import UUID

import click

from coordination.desk.column_mappings import kept_mappings
from coordination.directory.state import Directory, Organisation
from coordination.errors import Refusal
from coordination.identifiers import check_school_number
from coordination.intake.column_mapping import ColumnMapping, parse_mapping
from coordination.intake.encodings import Encoding
from coordination.intake.file_requests import carry_out_requests
from coordination.intake.pupil_sheets import PupilDefaults, read_pupils
from coordination.intake.recording.directory import record_directory
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.recording.support import record_support
from coordination.intake.referrals import read_referrals
from coordination.intake.starting_mappings import mapping_named
from coordination.intake.support import Kind, read_support
from coordination.intake.transfer import End, read_transfer
from coordination.intake.xml_text import is_xml
from coordination.pupil.referral.milestones import MILESTONES, natural_rank
from coordination.service import Coordination
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.first_passwords import open_first_accounts, open_passwords_file
from scripts.cli.import_report import check_writable, print_result, write_refusal, write_report
from scripts.cli.sentences import sentence

Taking = Callable[[OpenedDatabase, Coordination, bytes], ImportResult]
Import = Callable[..., int]

NOTHING_DONE, SOME_REFUSED = 1, 2
RANKS = {name: natural_rank(name) for name in MILESTONES}


@click.group("import")
def import_files() -> None:
    """Import a file. Each row, or group of rows, is imported completely or not at all. Importing the same file again
    changes nothing.

    Exit status: 0 everything imported (warnings allowed), 2 some rows refused, 1 nothing imported.
    """


def options(command: Import) -> Import:
    """What every import of one file has."""
    return report_options(click.argument("file", type=click.File("rb"))(command))


def report_options(command: Import) -> Import:
    """What every import has."""
    for decorate in (
        click.option("--quiet", is_flag=True, help="Leave out rows that were imported without problems."),
        click.option(
            "--report",
            "into",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Also write the result as JSON.",
        ),
        click.option(
            "--preview", is_flag=True, help="Show what would happen, row by row, and record nothing."
        ),
        click.pass_obj,
    ):
        command = decorate(command)
    return command


encoding = click.option(
    "--encoding",
    type=click.Choice(get_args(Encoding)),
    help="Encoding of the CSV (default: what its letters suggest).",
)


@import_files.command("directory")
@options
@click.option(
    "--first-passwords",
    "passwords",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Open accounts for people with a username, and write their first passwords to this new file.",
)
def directory(
    settings: CommandSettings,
    file: BinaryIO,
    preview: bool,
    into: Path | None,
    quiet: bool,
    passwords: Path | None,
) -> int:
    """Import authorities, schools, agencies, services, standards, code tables, school terms, what services ask for,
    terms of reference and people (JSON)."""

    usernames_taken = 0

    def take(home: OpenedDatabase, service: Coordination, data: bytes) -> ImportResult:
        nonlocal usernames_taken
        if passwords is None or preview:
            return record_directory(service, data, now=home.now, preview=preview)
        with open_passwords_file(passwords) as opened:
            result = record_directory(service, data, now=home.now)
            usernames_taken = open_first_accounts(home, service, data, opened)
        return result

    status = _taken(settings, "directory", file, take, preview, into, quiet)
    return SOME_REFUSED if usernames_taken and not status else status


@import_files.command("pupils")
@report_options
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@encoding
@click.option(
    "--school",
    "number",
    metavar="NUMBER",
    help="The school on whose behalf the file comes. Rows of another school are refused.",
)
@click.option(
    "--for",
    "end",
    type=click.Choice(["source", "destination"]),
    help="For a transfer file: the school to import for (default: the one that --school is, else source). With "
    "destination, the pupils' files are asked for.",
)
@click.option(
    "--mapping",
    metavar="NAME|FILE",
    help="Which column fills which field: a mapping that the school has kept, one to start with (SIMS, Arbor, Bromcom, "
    "Teacher Centre), or a JSON file.",
)
def pupils(
    settings: CommandSettings,
    files: tuple[BinaryIO, ...],
    preview: bool,
    into: Path | None,
    quiet: bool,
    encoding: Encoding | None,
    number: str | None,
    end: End | None,
    mapping: str | None,
) -> int:
    """Import pupils from a school's information system (CSV, XLSX) or a Common Transfer File (XML).

    The file of a pupil of another school is asked for, and that school answers. A doubtful row waits until somebody
    decides whose it is. Exit status 2 when rows wait for an answer. Several files are imported one after another.
    """
    if into is not None and len(files) > 1:
        raise click.UsageError("--report is for one file.")

    def take(home: OpenedDatabase, service: Coordination, data: bytes) -> ImportResult:
        directory = _directory(service)
        known = directory.code
        school = _school(directory, number)
        transfer = is_xml(data)
        own = check_school_number(number).value if number else None
        if transfer:
            found = read_transfer(data, known, home.today, own=own, end=end)
        else:
            kept = _kept_mappings(service, school)
            found = read_pupils(
                data,
                known,
                home.today,
                encoding=encoding,
                mapping=_mapping(mapping, kept),
                kept=kept,
                defaults=PupilDefaults(own),
            )
        result = record_pupils(
            service, found, now=home.now, whole=not transfer, preview=preview, school=school
        )
        if not preview:
            carry_out_requests(service, now=home.now)
        return result

    if len(files) == 1:
        return _taken(settings, "pupils", files[0], take, preview, into, quiet)
    return _one_after_another(settings, files, take, preview, quiet)


def _one_after_another(
    settings: CommandSettings, files: tuple[BinaryIO, ...], take: Taking, preview: bool, quiet: bool
) -> int:
    """Imports several files of pupils; one that cannot be read does not stop the others."""
    statuses = []
    for file in files:
        click.echo(f"{Path(file.name).name}:")
        try:
            statuses.append(_taken(settings, "pupils", file, take, preview, None, quiet))
        except Refusal as refused:
            click.echo(f"{refused.code}: {sentence(refused.code, refused.facts)}", err=True)
            statuses.append(NOTHING_DONE)
    return statuses[0] if len(set(statuses)) == 1 else SOME_REFUSED


@import_files.command("referrals")
@options
@encoding
@click.option(
    "--word-of",
    metavar="AGENCY",
    help="The agency that wrote the file. Its milestones count as confirmed, not as reported by the school.",
)
def referrals(
    settings: CommandSettings,
    file: BinaryIO,
    preview: bool,
    into: Path | None,
    quiet: bool,
    encoding: Encoding | None,
    word_of: str | None,
) -> int:
    """Import past referrals, one milestone in each row (CSV, XLSX)."""

    def take(home: OpenedDatabase, service: Coordination, data: bytes) -> ImportResult:
        found = read_referrals(data, RANKS, home.today, encoding=encoding)
        agency = _agency(_directory(service), word_of)
        return record_referrals(service, found, now=home.now, word_of=agency, preview=preview)

    return _taken(settings, "referrals", file, take, preview, into, quiet)


@import_files.command("support")
@options
@encoding
@click.option("--school", "number", metavar="NUMBER", required=True, help="The school whose file it is.")
@click.option("--profiles", is_flag=True, help="The file is one of one-page profiles.")
@click.option("--mapping", metavar="NAME|FILE", help="Which column fills which field, as for pupils.")
def support(
    settings: CommandSettings,
    file: BinaryIO,
    preview: bool,
    into: Path | None,
    quiet: bool,
    encoding: Encoding | None,
    number: str,
    profiles: bool,
    mapping: str | None,
) -> int:
    """Import support, or with --profiles one-page profiles, of a school's pupils (CSV, XLSX), one in each row."""
    kind: Kind = "one-page-profile" if profiles else "support"

    def take(home: OpenedDatabase, service: Coordination, data: bytes) -> ImportResult:
        school = _school(_directory(service), number)
        if school is None:
            raise Refusal("unknown_school", "school")
        mapped = _mapping(mapping, _kept_mappings(service, school))
        found = read_support(data, kind, home.today, encoding=encoding, mapping=mapped)
        return record_support(service, found, kind, school, now=home.now, preview=preview)

    return _taken(settings, "support", file, take, preview, into, quiet)


def _taken(
    settings: CommandSettings,
    kind: str,
    file: BinaryIO,
    take: Taking,
    preview: bool,
    into: Path | None,
    quiet: bool,
) -> int:
    """Imports the file, prints the result, and returns the exit status."""
    if into is not None:
        check_writable(into)
    data = file.read()
    with open_database(settings) as home, home.service() as service:
        try:
            result = take(home, service, data)
            if not result.outcomes:
                raise Refusal("no_rows")
        except Refusal as refused:
            if into is not None:
                write_refusal(into, kind, refused, preview=preview)
            raise
    print_result(kind, result, preview=preview, quiet=quiet)
    if into is not None:
        write_report(into, kind, result, preview=preview)
    return result.status


def _directory(service: Coordination) -> Directory:
    directory = service.directory()
    if not directory.of_kind("school"):
        raise Refusal("no_directory")
    return directory


def _school(directory: Directory, number: str | None) -> UUID | None:
    if number is None:
        return None
    school = directory.by_code("school", check_school_number(number).value)
    if school is None:
        raise Refusal("unknown_school", "school")
    return school.id


def _kept_mappings(service: Coordination, school: UUID | None) -> tuple[ColumnMapping, ...]:
    if school is None:
        return ()
    with service.record.desk() as connection:
        return kept_mappings(connection, school)


def _mapping(named: str | None, kept: tuple[ColumnMapping, ...]) -> ColumnMapping | None:
    """The mapping of a name or in a file."""
    if named is None:
        return None
    file = Path(named)
    return parse_mapping(file.read_bytes()) if file.is_file() else mapping_named(named, kept)


def _agency(directory: Directory, code: str | None) -> Organisation | None:
    if code is None:
        return None
    agency = directory.by_code("agency", code)
    if agency is None:
        raise Refusal("unknown_agency", "word_of")
    return agency
