"""A paper as PDF/UA: tagged, titled, in its language, the same whenever it is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.webui.papers.reading import TaggedPdf
from webui.papers.paper import Facts, Heading, Items, Paper, PaperTable, Paragraph, Signature
from webui.papers.pdf import pdf_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVERYTHING = Paper(
    title="Cofnodion: cyfarfod Hwb",
    language="cy",
    author="Ysgol Aber",
    sender=("Ysgol Aber",),
    recipient=("At: CAMHS",),
    facts_above=("2 Mawrth 2026",),
    evidence=("Cofnod 12",),
    mark="Drafft",
    page="Tudalen %(page)s o %(pages)s",
    blocks=(
        Heading("Disgyblion"),
        Heading("1. Ŵyn Ŷ", level=3),
        Paragraph("Geiriau.\nAil linell.", lead="Trafodwyd:", language="en"),
        Items(("un", "dau"), lead="Camau"),
        Facts((("Cadeirydd", "A. B."),)),
        PaperTable(
            "Y cyfarfodydd", ("Diwrnod", "Dyddiau"), (("2 Mawrth", "5"), ("3 Mawrth", "6")), figures=(1,)
        ),
        Signature("Yn gywir,", ("Pennaeth",)),
    ),
)


@pytest.mark.parametrize("language", ["cy", "en"])
def test_it_is_tagged_titled_and_in_its_language(language: str) -> None:
    found = TaggedPdf(pdf_of(msgspec.structs.replace(EVERYTHING, language=language), NOON))
    assert (found.part, found.marked, found.shows_title) == ("1", True, True)
    assert (found.language, found.title) == (f"{language}-GB", EVERYTHING.title)
    assert not found.active()


def test_every_kind_of_block_has_its_tags_in_order() -> None:
    tags = TaggedPdf(pdf_of(EVERYTHING, NOON)).tags()
    assert [t for t in tags if t in ("Title", "H1", "H2")] == ["Title", "H1", "H2"]
    assert tags.count("TH") == 2 and tags.count("TD") == 4 and tags.count("Caption") == 1
    assert tags.count("LI") == 3, "two items and a fact"
    assert tags.index("H2") < tags.index("L") < tags.index("Table")


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf_of(EVERYTHING, NOON) == pdf_of(EVERYTHING, NOON)
    assert pdf_of(EVERYTHING, NOON) != pdf_of(EVERYTHING, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    "signs", ["Юлія Ґ", "محمد", "陳小明 老師", "ਪੰਜਾਬੀ ไทย", "😀 da", "\ue000\U0010fffd", "e\u0301\u0323"]
)
def test_no_sign_that_somebody_typed_stops_it(signs: str) -> None:
    """Where no font has it, the sign is marked and the footer says so; the words beside it stay."""
    paper = msgspec.structs.replace(EVERYTHING, title=f"Enw: {signs}", blocks=(Paragraph(f"Enw: {signs}."),))
    found = TaggedPdf(pdf_of(paper, NOON))
    assert found.title is not None and found.title.startswith("Enw: ")
    assert found.part == "1"


@pytest.mark.parametrize("typed", ["#panic()", "*[_`$ \\", '")', "@ref <label>", "= Heading", "\x00\u202e"])
def test_what_somebody_typed_is_words_and_never_a_program(typed: str) -> None:
    """Typst's own signs in a text are shown as they are."""
    paper = msgspec.structs.replace(
        EVERYTHING, title=f"T {typed}", blocks=(Paragraph(typed, lead=typed), Items((typed,)))
    )
    tags = TaggedPdf(pdf_of(paper, NOON)).tags()
    assert "H1" not in tags and "Link" not in tags


def test_a_long_table_repeats_its_heading_and_goes_on() -> None:
    rows = tuple((f"{n}", "x") for n in range(200))
    found = TaggedPdf(
        pdf_of(msgspec.structs.replace(EVERYTHING, blocks=(PaperTable("T", ("A", "B"), rows),)), NOON)
    )
    assert found.pages > 3 and found.tags().count("TH") == 2
