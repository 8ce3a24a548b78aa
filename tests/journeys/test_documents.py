"""A referral with two documents, in a browser: the school attaches and sends, the service opens both, and the record
says that it did."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from coordination.pupil.referral.decide import OpenReferral
from tests.county import ALNCO, CAMHS, PUPIL, SCHOOL
from tests.intake.documents.made_files import PROGRAM, image, pdf
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Walk
from tests.projections.casework import day
from tests.webui.referring import case_on, page_of, settled

pytestmark = pytest.mark.browser

REFERRAL = UUID(int=0xD77)
FILES = {"Adroddiad Siân.pdf": pdf(), "Llun.png": image("PNG")}


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_a_referral_with_two_documents_is_sent_and_opened(
    site: ServedService, new_page: NewPage, tmp_path: Path, language: str, width: int
) -> None:
    with case_on(site) as case:
        begun = {"pupil": PUPIL, "referral": REFERRAL, "service": CAMHS, "school": SCHOOL}
        case.does(ALNCO, day(40), OpenReferral, immediate_risk=False, second_referral=True, **begun)
        settled(site, case.service)
        alnco = Walk(site, new_page(width=width, locale=LOCALES[language]), language, f"documents-{language}")
        alnco.signs_in("alnco")
        alnco.page.goto(page_of(REFERRAL))
        alnco.follows("Documents of this referral")
        _attach(alnco, tmp_path, "Adroddiad.pdf", PROGRAM)
        alnco.reads("This file is a program, whatever its name says. It was not attached.")
        alnco.looks("refused")
        for name, content in FILES.items():
            _attach(alnco, tmp_path, name, content)
            alnco.reads("The document is attached.")
        alnco.looks("attached")
        alnco.page.goto(f"{page_of(REFERRAL)}/send")
        alnco.page.locator('input[name="second_referral"]').first.check()
        alnco.presses("Send the referral")

        clinician = Walk(
            site, new_page(width=width, locale=LOCALES[language]), language, f"documents-clinician-{language}"
        )
        clinician.signs_in("clinician")
        clinician.page.goto(page_of(REFERRAL))
        clinician.follows("The complete referral on one page")
        clinician.reads("What the service asks for")
        clinician.looks("complete")
        for name, content in FILES.items():
            with clinician.page.expect_download() as started:
                clinician.page.get_by_role("link", name=name).first.click()
            assert started.value.suggested_filename == name
            assert name not in started.value.url
            kept = Path(started.value.path()).read_bytes()
            assert kept == content if name.endswith("pdf") else kept.startswith(b"\x89PNG")
        with psycopg.connect(site.database) as link:
            read = link.execute(
                "select count(*) from desk.read_log where kind = 'document' and role = 'clinician'"
                " and cardinality(cited_versions) = 1"
            ).fetchone()
        assert read == (2,)


def _attach(walk: Walk, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    walk.page.locator("#file").set_input_files(folder / name)
    walk.page.locator('select[name="data_class"]').select_option("reports")
    walk.presses("Attach")
