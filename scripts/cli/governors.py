"""`cydlynu report governors`: the termly report of a school to its governing body, as a PDF or as JSON."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from coordination.errors import Refusal
from projections.governors.queries.report import GovernorsReport, governors_report
from projections.governors.shares import since
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.published import note_of
from scripts.cli.reports import DateOption, report


@report.command("governors")
@click.pass_obj
@click.option("--school", "number", required=True, metavar="NUMBER", help="The school's number.")
@click.option("--format", "form", type=click.Choice(("pdf", "json")), default="json", show_default=True)
@click.option("--language", type=click.Choice(("en", "cy")), default="en", help="Of the PDF.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the PDF to this file.")
@click.option("--as-of", type=DateOption(), help="The day of the report (default: today).")
def governors(
    settings: CommandSettings, number: str, form: str, language: str, to: Path | None, as_of: date | None
) -> None:
    """Print the governors' report of a school: shares with the inspectors' words, small numbers withheld."""
    with open_database(settings) as home:
        catch_up(home)
        with home.service() as coordination, home.reader() as reader:
            directory = coordination.directory()
            school = directory.by_code("school", number)
            if school is None:
                raise Refusal("unknown_school", "school")
            on = as_of or home.today
            found = governors_report(reader, directory, school.id, on, home.today, settings.publishing)
        if form == "json":
            click.echo(json.dumps(_document(found), indent=1, ensure_ascii=False))
            return
        pdf = _pdf(settings, home, found, school.id, language)
    if to is not None:
        to.write_bytes(pdf)
        click.echo(f"The report is in {to}.")
    else:
        sys.stdout.buffer.write(pdf)


def _document(found: GovernorsReport) -> dict[str, Any]:
    """The report for JSON: each share with its period, and each part with the inspectors' word."""
    return {
        "school": found.school,
        "as_of": found.as_of.isoformat(),
        "log_position": found.log_position,
        "small_numbers": note_of(found.rule),
        "withheld": found.withheld,
        "shares": [
            {
                "name": share.name,
                "years": share.years,
                "from": since(found.as_of, share.years).isoformat() if share.years else None,
                "to": found.as_of.isoformat(),
                "whole": share.whole,
                "withheld": share.withheld,
                "parts": [
                    {
                        "part": part.part,
                        "count": part.count,
                        "percent": part.percent,
                        "word": part.word.replace("_", " ") if part.word else None,
                    }
                    for part in share.parts
                ],
            }
            for share in found.shares
        ],
    }


def _pdf(
    settings: CommandSettings, home: OpenedDatabase, found: GovernorsReport, school: UUID, language: str
) -> bytes:
    # the pages' words are needed for the paper; every other command starts without them
    from flask import g
    from flask_babel import force_locale

    from webui.app import create_app
    from webui.papers.pdf import pdf_of
    from webui.reports.governors import governors_paper
    from webui.shell.settings import WebSettings
    from webui.words.languages import LOCALES
    from webui.words.naming import organisation_name

    site = WebSettings(database=home.database, data=settings.data, keys=settings.keys)
    app = create_app(site, now=lambda: home.now)
    with (
        closing(app.extensions["cydlynu"]),
        app.test_request_context("/"),
        home.service() as service,
        force_locale(LOCALES[language]),
    ):
        g.directory = service.directory()
        return pdf_of(governors_paper(found, organisation_name(school), language), home.now)
