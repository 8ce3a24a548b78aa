"""A family in tests: the mother of the case, with an email address, and links made for her."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.family.commands import PlaceFamilyHold
from coordination.pupil.profile.commands import ContactDetails, RecordContact
from tests.county import ALNCO, MOTHER, PUPIL
from tests.projections.casework import RecordedCase
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

FAMILY = f"/pupils/{PUPIL}/family"
TO_MOTHER = f"{FAMILY}/people/{MOTHER}"
FATHER = UUID(int=0xC3)
ON = date(2025, 3, 15)
DEAD = "This link does not work"
EMAIL = "mair@example.com"


def with_parents(service: RunningService, case: RecordedCase, language: str | None = "cy") -> None:
    """The mother has an email address; there is a father as well, who has none."""
    for contact, name, email in ((MOTHER, "Mair Gŵyn", EMAIL), (FATHER, "Huw Llŷr", None)):
        details = ContactDetails(
            occurred_on=ON,
            contact=contact,
            name=name,
            relationship="parent",
            parental_responsibility=True,
            language=language,
            email=email,
        )
        case.does(ALNCO, ON, RecordContact, pupil=PUPIL, details=details)
    settled(service, case.service)


def state(case: RecordedCase) -> CaseFile:
    return case.service.batch().state(PUPIL_STREAM, PUPIL)


def link_for(service: RunningService, contact: UUID = MOTHER) -> str:
    """The path of a fresh link, as the ALNCo makes it for a person."""
    alnco = browser(service, "alnco")
    making = f"{FAMILY}/people/{contact}/link"
    answer = send(alnco, making, form_in(alnco.get(FAMILY).text, action=f"/people/{contact}/link"))
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="http://localhost(/link/[\w-]+)"', answer.text)
    assert found
    return found[1]


def holds(case: RecordedCase, contact: UUID | None = MOTHER, **changed: Any) -> None:
    """Nothing is sent to a contact from now on."""
    usual: dict[str, Any] = {"hold": UUID(int=0xF5), "because": "court_order", "why": "Gorchymyn"}
    case.does(ALNCO, ON, PlaceFamilyHold, pupil=PUPIL, contact=contact, **{**usual, **changed})
