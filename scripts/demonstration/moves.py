"""Pupils who move: Year 6 to 7 as one list, in the middle of a year, with a school that merges, or to no school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from coordination.authority import OPERATOR
from coordination.directory.commands import CloseOrganisation
from coordination.pupil.moves.commands import (
    AgreeToMove,
    AnswerFileRequest,
    CompleteMove,
    ExpectMove,
    RequestFile,
    SendRecord,
    TakeOnRecord,
)
from coordination.pupil.profile.commands import EndRegistration, MovePupil, RecordYear
from scripts.demonstration.county import ADMINISTRATOR, AUTHORITY, SCHOOLS, FictionalSchool, staff_member
from scripts.demonstration.pupils import CLOSING, FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

INTO = next(school for school in SCHOOLS if school.number == "6992003")
"""The school into which `CLOSING` merges."""

LAST_YEAR_OF_PRIMARY = 6
MOVES, LEAVES = 40, 90
"""One pupil in so many moves in the middle of a year; one in so many leaves the roll for none."""


class Movers:
    """All moves of the county."""

    def __init__(self, simulation: Simulation, pupils: list[FictionalPupil]) -> None:
        self.simulation = simulation
        self.random = simulation.random
        self.pupils = pupils

    def enter(self) -> None:
        """Enters every move in the diary."""
        for year in range(self.simulation.start.year, self.simulation.until.year + 1):
            if date(year, 9, 1) > self.simulation.start + timedelta(days=120):
                self._transfer(year)
        merged = self._first_summer()
        self.simulation.on(merged - timedelta(days=120), lambda day: self.closing_known(day, merged))
        # entered late, so that on 1 September those who move up to Year 7 go first
        self.simulation.on(merged, lambda day: self.simulation.on(day + timedelta(days=1), self.merged))
        for number, pupil in enumerate(self.pupils):
            if number % MOVES == 7 and (school := self._other(pupil)):
                self.simulation.on(self._some_day(pupil), partial(self.asked_for, pupil, school))
            elif number % LEAVES == 11 and pupil.school is not CLOSING:
                day = self.simulation.until - timedelta(days=self.random.randrange(10, 100))
                self.simulation.on(next_working_day(day), partial(self.leaves, pupil))
        self._for_the_visitors()

    # Year 6 to 7

    def _transfer(self, year: int) -> None:
        for school in SCHOOLS:
            if school.phase == "primary":
                self.simulation.on(date(year, 6, 15), partial(self.proposed, school, year))

    def proposed(self, school: FictionalSchool, year: int, day: date) -> None:
        """The primary proposes its Year 6 as one list; the secondary agrees; they move on 1 September."""
        transfer = self.simulation.id()
        secondary = next(s for s in SCHOOLS if s.phase == "secondary" and s.language == school.language)
        for pupil in self._on_roll(school):
            if pupil.year == LAST_YEAR_OF_PRIMARY:
                move = self.simulation.id()
                command = ExpectMove(
                    occurred_on=day,
                    pupil=pupil.id,
                    move=move,
                    from_school=school.id,
                    to_school=secondary.id,
                    expected_on=date(year, 9, 1),
                    transfer=transfer,
                )
                self._staff(school, command)
                agree = partial(self.agreed, pupil, school, secondary, move)
                self.simulation.on(next_working_day(date(year, 7, 3)), agree)
                moves_up = partial(self.moved_up, pupil, school, secondary, move)
                self.simulation.on(date(year, 9, 1), moves_up)

    def agreed(
        self, pupil: FictionalPupil, old: FictionalSchool, new: FictionalSchool, move: UUID, day: date
    ) -> None:
        if pupil.school is old and not pupil.left:
            self._staff(new, AgreeToMove(occurred_on=day, pupil=pupil.id, move=move))

    def moved_up(
        self, pupil: FictionalPupil, old: FictionalSchool, new: FictionalSchool, move: UUID, day: date
    ) -> None:
        """The service carries the move out on its day, and the record follows within 15 school days."""
        if pupil.school is not old or pupil.left:
            return
        self.simulation.perform(
            CompleteMove(occurred_on=day, pupil=pupil.id, move=move), OPERATOR, OPERATOR, "operator"
        )
        pupil.school, pupil.year = new, LAST_YEAR_OF_PRIMARY + 1
        self._staff(new, RecordYear(occurred_on=day, pupil=pupil.id, year=pupil.year))
        self._hands_over(pupil, old, new, day)

    def _hands_over(
        self, pupil: FictionalPupil, old: FictionalSchool, new: FictionalSchool, moved: date
    ) -> None:
        sent = next_working_day(moved + timedelta(days=self.random.randrange(3, 16)))
        parts = ("educational_record", "transfer_file", "individual_development_plan")
        self.simulation.on(
            sent,
            lambda day: self._staff(
                old, SendRecord(occurred_on=day, pupil=pupil.id, from_school=old.id, parts=parts)
            ),
        )
        self.simulation.on(
            next_working_day(sent + timedelta(days=4)),
            partial(self._takes_on, pupil, old, new),
        )

    def _takes_on(self, pupil: FictionalPupil, old: FictionalSchool, new: FictionalSchool, day: date) -> None:
        """Unless the pupil has moved on by then."""
        if pupil.school is new and not pupil.left:
            self._staff(new, TakeOnRecord(occurred_on=day, pupil=pupil.id, from_school=old.id))

    # A merger

    def _first_summer(self) -> date:
        """The last day of the school that closes: 31 August of the first summer."""
        later = self.simulation.start + timedelta(days=120)
        return date(later.year if later < date(later.year, 9, 1) else later.year + 1, 8, 31)

    def closing_known(self, day: date, last_day: date) -> None:
        command = CloseOrganisation(
            occurred_on=day, organisation=CLOSING.id, effective_to=last_day, merged_into=INTO.id
        )
        self.simulation.perform(command, ADMINISTRATOR, AUTHORITY, "administrator")

    def merged(self, day: date) -> None:
        """Every pupil of the closed school is on the roll of the other, as the worker does it."""
        for pupil in self._on_roll(CLOSING):
            command = MovePupil(occurred_on=day, pupil=pupil.id, from_school=CLOSING.id, to_school=INTO.id)
            self.simulation.perform(command, OPERATOR, OPERATOR, "operator", on_behalf_of=INTO.id)
            pupil.school = INTO

    # In the middle of a year

    def asked_for(self, pupil: FictionalPupil, school: FictionalSchool, day: date) -> None:
        """Another school has the pupil in class and asks for the file, which comes some days later."""
        old = pupil.school
        if pupil.left or old is school:
            return
        request = self._asks(pupil, school, day)
        self.simulation.on(
            next_working_day(day + timedelta(days=self.random.randrange(1, 5))),
            partial(self.released, pupil, old, school, request),
        )

    def released(
        self, pupil: FictionalPupil, old: FictionalSchool, new: FictionalSchool, request: UUID, day: date
    ) -> None:
        self._staff(
            old, AnswerFileRequest(occurred_on=day, pupil=pupil.id, request=request, answer="released")
        )
        pupil.school = new
        self._hands_over(pupil, old, new, day)

    def _asks(self, pupil: FictionalPupil, school: FictionalSchool, day: date) -> UUID:
        request = self.simulation.id()
        surname, forename = pupil.name
        command = RequestFile(
            occurred_on=day,
            pupil=pupil.id,
            request=request,
            school=school.id,
            upn=pupil.upn,
            surname=surname,
            forename=forename,
            date_of_birth=pupil.born,
        )
        self._staff(school, command)
        return request

    def leaves(self, pupil: FictionalPupil, day: date) -> None:
        """The pupil leaves the roll for none: the authority holds the child."""
        if pupil.left or pupil.registered_on >= day:
            return
        school, pupil.left = pupil.school, True
        self._staff(school, EndRegistration(occurred_on=day, pupil=pupil.id, school=school.id))

    def _for_the_visitors(self) -> None:
        """Work for the visitors: two requests that the first school has not answered, and one in dispute for the
        authority's caseworker."""
        until = self.simulation.until
        asked = next_working_day(until - timedelta(days=4))
        for number in (0, 1):
            self.simulation.on(
                asked, partial(self.waits_for_an_answer, SCHOOLS[0], SCHOOLS[2 + number], number)
            )
        self.simulation.on(asked, partial(self.in_dispute, SCHOOLS[1], SCHOOLS[3]))

    def waits_for_an_answer(self, old: FictionalSchool, new: FictionalSchool, number: int, day: date) -> None:
        self._asks(self._among(old, new, number), new, day)

    def in_dispute(self, old: FictionalSchool, new: FictionalSchool, day: date) -> None:
        pupil = self._among(old, new, 0)
        request = self._asks(pupil, new, day)
        command = AnswerFileRequest(
            occurred_on=day,
            pupil=pupil.id,
            request=request,
            answer="disputed",
            why="She is still in our classes; the family told us nothing of a move.",
        )
        self._staff(old, command)

    def _among(self, old: FictionalSchool, new: FictionalSchool, number: int) -> FictionalPupil:
        fitting = [p for p in self._on_roll(old) if p.year <= new.years[1]]
        return fitting[20 + number]

    def _on_roll(self, school: FictionalSchool) -> Iterator[FictionalPupil]:
        return (p for p in self.pupils if p.school is school and not p.left and p.upn)

    def _other(self, pupil: FictionalPupil) -> FictionalSchool | None:
        """Another school of the same kind that has the pupil's year."""
        alike = [
            s for s in SCHOOLS if s.phase == pupil.school.phase and s is not pupil.school and s is not CLOSING
        ]
        fitting = [s for s in alike if s.years[0] <= pupil.year <= s.years[1]]
        return self.random.choice(fitting) if fitting and pupil.school is not CLOSING else None

    def _some_day(self, pupil: FictionalPupil) -> date:
        first = pupil.registered_on + timedelta(days=30)
        span = max(1, (self.simulation.until - timedelta(days=30) - first).days)
        return next_working_day(first + timedelta(days=self.random.randrange(span)))

    def _staff(self, school: FictionalSchool, command: Any) -> Any:
        return self.simulation.perform(command, staff_member(school, "alnco"), school.id, "alnco")


def enter_moves(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters the moves of all pupils in the diary."""
    Movers(simulation, pupils).enter()
