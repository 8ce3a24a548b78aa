"""Papers that people take away: the weekly briefing, the home-school log, the inclusion monitoring form, and the
overview of an authority by group. All words in the language in force."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from projections.register.entry import RegisterLine
from projections.support.queries.briefing import Briefing
from projections.support.queries.report import NeedOutcomes
from webui.papers.paper import Block, Heading, Items, Paper, PaperTable, Paragraph
from webui.papers.words import page_words
from webui.support.words import LEVELS
from webui.words.formats import day, number
from webui.words.naming import code_words, organisation_name

NEWS = {
    "due": _l("Due for review within a week, or overdue"),
    "started": _l("Support that began this week"),
    "reviewed": _l("Support that was reviewed this week"),
    "ended": _l("Support that ended this week"),
    "profile": _l("New one-page profiles"),
}
OUTCOMES = ("met", "nearer", "same", "worse", "cannot_tell")


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said on a day, and what was answered (empty: not yet)."""

    on: date
    who: str
    words: str
    answered_on: date | None = None
    answer: str = ""


def briefing_paper(found: Briefing, names: Mapping[UUID, str], author: str, language: str) -> Paper:
    """The weekly briefing of the staff."""
    blocks: list[Block] = []
    for kind, words in NEWS.items():
        lines = [one for one in found.lines if one.kind == kind]
        blocks.append(Heading(str(words)))
        said = [_news(names[one.pupil], one.on_day, one.level, one.need) for one in lines]
        blocks.append(Items(tuple(said)) if said else Paragraph(_("Nothing this week."), quiet=True))
    return Paper(
        title=_("Weekly briefing, %(first)s to %(last)s", first=day(found.first), last=day(found.last)),
        language=language,
        author=author,
        blocks=tuple(blocks),
        page=page_words(),
    )


def _news(name: str, on: date, level: int | None, need: str) -> str:
    parts = [name, day(on), *([str(LEVELS[level])] if level else [])]
    return ", ".join([*parts, *([str(code_words("need", need))] if need else [])])


def log_paper(child: str, entries: Sequence[LogEntry], author: str, on: date, language: str) -> Paper:
    """The home-school log and record of concerns of a pupil, each with the school's or service's answer."""
    blocks: list[Block] = []
    for entry in entries:
        blocks.append(Heading(f"{day(entry.on)}: {entry.who}"))
        blocks.append(Paragraph(entry.words or _("Words erased")))
        if entry.answered_on:
            blocks.append(
                Paragraph(entry.answer or "–", lead=_("Answered on %(day)s:", day=day(entry.answered_on)))
            )
        else:
            blocks.append(Paragraph(_("Not answered yet"), quiet=True))
    if not entries:
        blocks.append(Paragraph(_("Nothing is recorded.")))
    blocks.append(Heading(_("Written by hand since")))
    blocks.append(
        PaperTable(
            caption=_("Written by hand since"),
            columns=(_("Day"), _("From home"), _("The school’s answer")),
            rows=tuple((f"{n}.", "", "") for n in range(1, 7)),
            caption_shown=False,
        )
    )
    return Paper(
        title=_("Home-school log and record of concerns"),
        language=language,
        author=author,
        facts_above=(child, day(on)),
        blocks=tuple(blocks),
        page=page_words(),
    )


def monitoring_paper(
    child: str, supports: Sequence[tuple[str, str]], author: str, on: date, language: str
) -> Paper:
    """The form on which somebody who watches a lesson notes whether the support (activity, aim) is there."""
    rows = tuple(
        (activity or _("Words erased"), aim, _("Yes / Partly / No"), "") for activity, aim in supports
    )
    asked = (
        _("Is the child with the class for most of the lesson?"),
        _("Does the child take part and answer?"),
        _("Is the work at the right level, and does the child know what to do?"),
        _("Do the adults use what the one-page profile says?"),
    )
    table = PaperTable(
        caption=_("The support in this lesson"),
        columns=(_("Support"), _("Aim"), _("Seen"), _("Note")),
        rows=rows,
    )
    return Paper(
        title=_("Inclusion monitoring form"),
        language=language,
        author=author,
        facts_above=(child, day(on)),
        blocks=(
            Paragraph(_("Watched on, by, in which lesson:")),
            *((table,) if rows else (Paragraph(_("No support is recorded now.")),)),
            PaperTable(
                caption=_("Included in the lesson"),
                columns=(_("Question"), _("Seen"), _("Note")),
                rows=tuple((one, _("Yes / Partly / No"), "") for one in asked),
            ),
        ),
        page=page_words(),
    )


def overview_paper(
    entries: Iterable[RegisterLine],
    needs: Sequence[NeedOutcomes],
    author: str,
    on: date,
    language: str,
) -> Paper:
    """The overview of an authority: its registers by school, and how support went by need."""
    by_school: dict[UUID, Counter[str]] = defaultdict(Counter)
    for one in entries:
        held = by_school[one.school]
        held["roll"] += 1
        held[f"plan_{one.plan}"] += one.on_register
        held[f"level_{one.level}"] += one.level is not None
        held["overdue"] += one.on_register and one.review_due_on is not None and one.review_due_on < on
    kinds = ("roll", "plan_school", "plan_authority", "plan_none", "level_1", "level_2", "level_3", "overdue")
    schools = sorted((organisation_name(school), counts) for school, counts in by_school.items())
    return Paper(
        title=_("Overview by school and need"),
        language=language,
        author=author,
        facts_above=(day(on),),
        blocks=(
            Paragraph(_("Exact figures for those responsible. Not for publication.")),
            PaperTable(
                caption=_("Registers by school"),
                columns=(
                    *(_("School"), _("On roll"), _("School’s plan"), _("Authority’s plan"), _("No plan")),
                    *(_("Level 1"), _("Level 2"), _("Level 3"), _("Review overdue")),
                ),
                rows=tuple((name, *(number(counts[kind]) for kind in kinds)) for name, counts in schools),
                figures=tuple(range(1, 9)),
            ),
            PaperTable(
                caption=_("How support went, by need"),
                columns=(
                    *(_("Need"), _("Started"), _("Running")),
                    *(str(code_words("support_outcome", code)) for code in OUTCOMES),
                ),
                rows=tuple(
                    (
                        str(code_words("need", one.need)) if one.need else _("No need named"),
                        number(one.started),
                        number(one.running),
                        *(number(one.outcomes.get(code, 0)) for code in OUTCOMES),
                    )
                    for one in needs
                ),
                figures=tuple(range(1, 8)),
            ),
        ),
        page=page_words(),
        wide=True,
    )
