"""A printed case file, which may be handed to a parent, has no trace of what the child agreed to alone."""

from __future__ import annotations

from uuid import uuid4

from flask.testing import FlaskClient
from lxml import html

from coordination.pupil.asking.decide import AssessCompetence
from coordination.pupil.consent.decide import GiveConsent, RequestConsent, WithdrawConsent
from tests.county import ALNCO, BOARD, PUPIL, THERAPY
from tests.webui.case_file.conftest import FILE
from tests.webui.referring import browser, case_on, settled
from tests.webui.service import RunningService


def on_paper(client: FlaskClient, path: str) -> str:
    """The words of a page as a browser prints them."""
    main = html.fromstring(client.get(path).text).find(".//main")
    for element in main.find_class("c-noprint"):
        element.drop_tree()
    return " ".join(main.text_content().split())


def test_a_printed_case_file_has_no_trace_of_the_childs_own(service: RunningService) -> None:
    with case_on(service) as case:
        client, on = browser(service, "alnco"), service.clock.at.date()
        timeline = f"{FILE}/timeline"
        before, whole = on_paper(client, FILE), on_paper(client, timeline)
        consent, referral = uuid4(), uuid4()
        to = {"pupil": PUPIL, "consent": consent, "agency": BOARD, "service": THERAPY}
        case.does(
            ALNCO, on, AssessCompetence, pupil=PUPIL, competent=True, assessed_by=ALNCO, assessment="Deall."
        )
        case.does(ALNCO, on, RequestConsent, **to)
        alone = {"authority": "competent_child", "competence_judged_by": ALNCO, "assessment": "Deall."}
        case.does(ALNCO, on, GiveConsent, **to, **alone, kept_from_parents=True)
        case.refers(referral, THERAPY, on)
        case.does(ALNCO, on, WithdrawConsent, pupil=PUPIL, consent=consent, contact=None)
        settled(service, case.service)
        shown = client.get(FILE).text
        assert str(referral) in shown, "the school works with it"
        printed = on_paper(client, FILE)
        assert "Deall." not in printed
        first, last = "In their own words", "What happened"
        assert (
            printed[printed.index(first) : printed.index(last)]
            == before[before.index(first) : before.index(last)]
        )
        assert printed[printed.index("Agreement to share") :] == before[before.index("Agreement to share") :]
        assert on_paper(client, timeline) == whole
