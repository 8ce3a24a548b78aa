"""Who may change the directory, for every command of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.authority import DATA_PROTECTION_OFFICER, ROLES_AT, SERVICE_MANAGER
from coordination.directory.challenge_rules import SetChallengeRule
from coordination.directory.codes import initial
from coordination.directory.commands import AssignClassTeacher
from coordination.directory.decide import (
    DECISIONS,
    AcceptTerms,
    ChangeOrganisation,
    ChangePersonName,
    ChangeService,
    CloseOrganisation,
    CloseService,
    EndStandard,
    EndStatutoryStandard,
    EndTerms,
    MoveService,
    ReceiveService,
    RecordPersonLeft,
    RegisterOrganisation,
    SetCode,
    SetCodes,
    SetMailbox,
    SetNoAnswerRule,
    SetRequirements,
    SetRetentionRule,
    SetSchoolTerm,
    SetServiceCapacity,
    SetServiceTriages,
)
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.directory.letter_wordings import SetLetterWording
from coordination.directory.meeting_series import SetMeetingSeries
from coordination.directory.programmes import SetProgramme
from coordination.errors import Refusal
from coordination.event import Command
from tests.directory.county import (
    BALA,
    BOARD,
    CAMHS,
    COUNSEL,
    GWYNEDD,
    NEW,
    NIA,
    REFERENCE,
    TERMS,
    TODAY,
    TYWYN,
    camhs,
    first_appointment,
    full_county,
    hwb_terms,
    manager,
    school_limit,
)
from tests.given import header

OTHER = UUID(int=0xCE)
"""A service for which CAMHS sorts referrals."""

COMMANDS: tuple[Command, ...] = (
    RegisterOrganisation(occurred_on=TODAY, organisation=NEW, kind="authority", code="663", name="Dinbych"),
    ChangeOrganisation(occurred_on=TODAY, organisation=TYWYN, effective_from=TODAY, name="Tywyn"),
    CloseOrganisation(occurred_on=TODAY, organisation=BALA, effective_to=TODAY),
    camhs(open_to=date(2030, 1, 1)),
    ChangeService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, effective_from=TODAY, name="CAMHS"),
    MoveService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, to_agency=COUNSEL),
    ReceiveService(occurred_on=TODAY, organisation=COUNSEL, service=CAMHS, from_agency=BOARD),
    CloseService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, open_to=TODAY),
    SetNoAnswerRule(
        occurred_on=TODAY, organisation=BOARD, service=CAMHS, effective_from=TODAY, days=28, told_days=14
    ),
    SetServiceTriages(
        occurred_on=TODAY, organisation=BOARD, service=CAMHS, effective_from=TODAY, services=(OTHER,)
    ),
    SetServiceCapacity(occurred_on=TODAY, organisation=BOARD, service=CAMHS, people=2, effective_from=TODAY),
    SetRequirements(
        occurred_on=TODAY, organisation=BOARD, service=CAMHS, effective_from=TODAY, requirements=()
    ),
    first_appointment(limit=30),
    EndStandard(
        occurred_on=TODAY, organisation=BOARD, service=CAMHS, code="first_appointment", effective_to=TODAY
    ),
    school_limit(limit=30),
    SetRetentionRule(
        occurred_on=TODAY,
        organisation=REFERENCE,
        code="pupil_record",
        applies="every",
        begins="birth",
        years=30,
        effective_from=TODAY,
        source="A county's schedule",
    ),
    EndStatutoryStandard(
        occurred_on=TODAY, organisation=REFERENCE, code="school_decision", effective_to=TODAY
    ),
    manager(role="clinician"),
    ChangePersonName(occurred_on=TODAY, organisation=BOARD, person=NIA, name="Nia Price"),
    RecordPersonLeft(occurred_on=TODAY, organisation=BOARD, person=NIA, effective_to=TODAY),
    hwb_terms(terms=NEW, school=BALA),
    EndTerms(occurred_on=TODAY, organisation=BOARD, terms=TERMS, effective_to=TODAY),
    SetCode(
        occurred_on=TODAY, organisation=REFERENCE, contents=msgspec.structs.replace(initial()[0], label="IDP")
    ),
    SetCodes(
        occurred_on=TODAY,
        organisation=REFERENCE,
        codes=(msgspec.structs.replace(initial()[0], label="IDP"),),
    ),
    SetChallengeRule(
        occurred_on=TODAY, organisation=GWYNEDD, code="delay", least=1, source="Panel", effective_from=TODAY
    ),
    SetLetterWording(occurred_on=TODAY, organisation=GWYNEDD, subject="delay", effective_from=TODAY),
    SetMailbox(occurred_on=TODAY, organisation=BOARD, address="post@health.example"),
    SetSchoolTerm(
        occurred_on=TODAY,
        organisation=GWYNEDD,
        first_day=date(2026, 4, 13),
        last_day=date(2026, 7, 20),
    ),
)

FORBIDDEN = [
    ("alnco", TYWYN),
    ("head", TYWYN),
    ("administrator", TYWYN),
    ("administrator", BOARD),
    ("administrator", NEW),
    ("auditor", GWYNEDD),
    ("clinician", GWYNEDD),
]


def decided(command: Command, **who: object) -> int:
    """How many events a command brings about for somebody."""
    here = full_county()
    if isinstance(command, ReceiveService):  # of a service that has left its agency
        here.does(MoveService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, to_agency=COUNSEL))
    if isinstance(command, SetServiceTriages):
        here.does(camhs(organisation=COUNSEL, service=OTHER, code="OTHER"))
    on_behalf = BOARD if isinstance(command, AcceptTerms | EndTerms | SetServiceCapacity) else None
    source = who.pop("source", "screen")
    stamp = msgspec.structs.replace(
        header(TODAY, on_behalf_of=on_behalf, **who),
        source=source,  # type: ignore[arg-type]
    )
    state = here.state(command.organisation)  # type: ignore[attr-defined]
    return len(DECISIONS[type(command)].decide(state, command, stamp, here.world))


def test_every_command_has_a_decision_and_is_tried_here() -> None:
    # classes and programmes are the school's to say: tests/pupil/test_classes.py, tests/directory/test_programmes.py
    # and series their host's: tests/directory/test_meeting_series.py
    assert {type(command) for command in COMMANDS} | {
        AssignClassTeacher,
        SetProgramme,
        SetMeetingSeries,
    } == set(DECISIONS)
    for command in COMMANDS:
        asked = DECISIONS[type(command)].stream_ids(command)
        assert asked == {ORGANISATION_STREAM: command.organisation}  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_an_administrator_and_the_operators_ways_in_may(command: Command) -> None:
    for organisation in (REFERENCE, GWYNEDD):
        assert decided(command, role="administrator", organisation=organisation)
    for source in ("import", "command_line", "demonstration"):
        assert decided(command, role="operator", organisation=NEW, source=source)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
@pytest.mark.parametrize(("role", "organisation"), FORBIDDEN)
def test_nobody_else_may(command: Command, role: str, organisation: object) -> None:
    with pytest.raises(Refusal) as refusal:
        decided(command, role=role, organisation=organisation)
    assert refusal.value.code == "not_permitted"


def test_every_role_of_the_table_has_one_kind_of_organisation() -> None:
    """A role that none of them names could be given at a school, and could not be given on screen. A data protection
    officer is of one organisation of any kind; a service manager of an agency, or of an
    authority with services of its own."""
    homes = [role for roles in ROLES_AT.values() for role in roles]
    homes.remove(SERVICE_MANAGER)
    everywhere = sum(DATA_PROTECTION_OFFICER in roles for roles in ROLES_AT.values()) - 1
    for _ in range(everywhere):
        homes.remove(DATA_PROTECTION_OFFICER)
    assert sorted(homes) == sorted({one.code for one in initial() if one.table == "role"})
