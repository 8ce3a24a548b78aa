"""The termly report to the governing body as a paper: numbers with the inspectors' words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from projections.governors.queries.report import GovernorsReport
from projections.governors.shares import Share, SharePart, since
from projections.publishing.rule import Figure
from webui.papers.paper import Block, Facts, Heading, Paper, PaperTable, Paragraph
from webui.papers.words import head_words, page_words
from webui.reports.governors_words import PART_WORDS, QUANTITY_WORDS, SHARE_WORDS
from webui.reports.published_words import MARK_WORDS, rule_words
from webui.words.formats import day, number, percent


def governors_paper(found: GovernorsReport, school: str, language: str) -> Paper:
    """The paper, in the language in force, which `language` ("en" or "cy") names. `school` is the school's name."""
    return Paper(
        title=_("Report to the governing body: additional learning needs"),
        language=language,
        author=school,
        facts_above=(school, day(found.as_of)),
        blocks=tuple(_blocks(found)),
        evidence=head_words(),
        page=page_words(),
    )


def _blocks(found: GovernorsReport) -> Iterator[Block]:
    yield Paragraph(
        _(
            "The words beside the numbers are those that inspectors use (Estyn 2020). Where there are few pupils, or "
            "inspectors have no word for a share, nothing is said in words."
        )
    )
    for share in found.shares:
        yield Heading(str(SHARE_WORDS[share.name]))
        yield Paragraph(_over(share, found.as_of), quiet=True)
        if share.whole == 0:
            yield Paragraph(_("There are none."))
            continue
        yield _table(share)
    yield Heading(_("Words and small numbers"))
    yield Facts(
        (
            (str(QUANTITY_WORDS["nearly_all"]), _("with very few exceptions; here 95% or more")),
            (str(QUANTITY_WORDS["most"]), _("90% or more")),
            (str(QUANTITY_WORDS["many"]), _("70% or more")),
            (str(QUANTITY_WORDS["a_majority"]), _("over 60%")),
            (str(QUANTITY_WORDS["half"]), _("50%")),
            (str(QUANTITY_WORDS["around_half"]), _("close to 50%; here 45% to 55%")),
            (str(QUANTITY_WORDS["a_minority"]), _("below 40%")),
            (str(QUANTITY_WORDS["few"]), _("below 20%")),
            (str(QUANTITY_WORDS["very_few"]), _("less than 10%")),
        )
    )
    yield Paragraph(str(rule_words(found.rule)))
    if found.withheld:
        yield Paragraph(str(MARK_WORDS["c"]), lead="c:")
    yield Facts(
        (
            (_("Day of the report"), day(found.as_of)),
            (_("Position in the log"), number(found.log_position)),
        )
    )


def _over(share: Share, as_of: date) -> str:
    if share.years is None:
        return _("On %(day)s.", day=day(as_of))
    first = since(as_of, share.years)
    if share.years == 1:
        return _("This school year: from %(first)s to %(last)s.", first=day(first), last=day(as_of))
    return ngettext(
        "%(count)s school year, from %(first)s to %(last)s: fewer would be too few to show.",
        "%(count)s school years, from %(first)s to %(last)s: fewer would be too few to show.",
        share.years,
        count=number(share.years),
        first=day(first),
        last=day(as_of),
    )


def _table(share: Share) -> PaperTable:
    return PaperTable(
        caption=str(SHARE_WORDS[share.name]),
        columns=(_("Group"), _("Number"), _("Share"), _("In words")),
        rows=(*(_row(part) for part in share.parts), (_("All"), _figure(share.whole), "", "")),
        figures=(1, 2),
        caption_shown=False,
    )


def _row(part: SharePart) -> tuple[str, ...]:
    shown = part.percent if isinstance(part.percent, str) else percent(part.percent)
    word = str(QUANTITY_WORDS[part.word]) if part.word else ""
    return str(PART_WORDS[part.part]), _figure(part.count), shown, word


def _figure(figure: Figure) -> str:
    return figure if isinstance(figure, str) else number(figure)
