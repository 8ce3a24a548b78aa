"""The dates of a term: chosen month by month, improved and bounded by HiGHS where a first choice is not proved best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import highspy
import numpy as np

from coordination.meeting.timetable.dates import (
    Board,
    Choice,
    Free,
    Wanted,
    by_month,
    fewest_outings,
    first_choice,
    improve,
    pigeonholes,
    placed,
)
from coordination.meeting.timetable.proving import quiet_model

SHARE_OF_SEARCH = 0.6
"""Of the time of a month; the rest is for HiGHS, if the choice is not proved the best by then."""


def choose(wanted: Sequence[Wanted], free: Free, *, seconds: float, clock: Callable[[], float]) -> Choice:
    """A slot for every meeting with the fewest clashes that are found in so many seconds of `clock`."""
    began = clock()
    months = by_month(wanted)
    found = []
    for left, batch in zip(range(len(months), 0, -1), months.values(), strict=True):
        share = (seconds - (clock() - began)) / left
        found.append(_month(batch, free, share, clock))
    return Choice(
        placed=tuple(one for choice in found for one in choice.placed),
        clashes=sum(choice.clashes for choice in found),
        bound=sum(choice.bound for choice in found),
        outings=sum(choice.outings for choice in found),
        outings_bound=sum(choice.outings_bound for choice in found),
    )


def _month(wanted: Sequence[Wanted], free: Free, seconds: float, clock: Callable[[], float]) -> Choice:
    began = clock()
    board = Board(wanted, free)
    chosen = first_choice(board, lambda: clock() - began < seconds / 3)
    bound = pigeonholes(board)
    chosen = improve(board, chosen, bound, lambda: clock() - began < seconds * SHARE_OF_SEARCH)
    if board.clashes() > bound and (left := seconds - (clock() - began)) > 0:
        proved, better = _prove(board, chosen, left)
        bound = max(bound, proved)
        if better is not None:
            for meeting, slot in enumerate(chosen):
                board.put(meeting, slot, -1)
                board.put(meeting, better[meeting])
            chosen = better
    return Choice(
        placed=placed(board, wanted, chosen),
        clashes=board.clashes(),
        bound=min(bound, board.clashes()),
        outings=board.outings(),
        outings_bound=fewest_outings(board),
    )


def _prove(board: Board, chosen: Sequence[int], seconds: float) -> tuple[int, list[int] | None]:
    """A bound on the clashes, and a choice with fewer if one was found. x[m, t] is 1 where a meeting takes a slot it is
    offered; the clashes of a service in a slot are at least its meetings there beyond those it can attend."""
    cells = [(m, int(slot)) for m, offered in enumerate(board.offered) for slot in offered]
    column = {cell: n for n, cell in enumerate(cells)}
    rows: list[tuple[float, list[int], list[float]]] = []
    overs = 0
    at: dict[tuple[int, int], list[int]] = {}
    for (meeting, slot), n in column.items():
        for service in board.asked[meeting]:
            at.setdefault((int(service), slot), []).append(n)
    for (service, slot), those in at.items():
        if len(those) > board.free[service, slot]:
            rows.append(
                (float(board.free[service, slot]), [*those, len(cells) + overs], [*[1.0] * len(those), -1.0])
            )
            overs += 1
    model = quiet_model()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cells) + overs, len(board.offered) + len(rows)
    lp.col_cost_ = np.concatenate([np.zeros(len(cells)), np.ones(overs)])
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.concatenate([np.ones(len(cells)), np.full(overs, float(len(board.offered)))])
    of_meeting = [[column[m, int(slot)] for slot in offered] for m, offered in enumerate(board.offered)]
    columns = [*of_meeting, *(row[1] for row in rows)]
    lp.row_lower_ = np.array([*[1.0] * len(of_meeting), *[-highspy.kHighsInf] * len(rows)])
    lp.row_upper_ = np.array([*[1.0] * len(of_meeting), *(row[0] for row in rows)])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(held) for held in columns)])
    lp.a_matrix_.index_ = np.array([n for held in columns for n in held])
    lp.a_matrix_.value_ = np.concatenate(
        [np.ones(sum(map(len, of_meeting))), *(np.array(row[2]) for row in rows)]
    )
    model.passModel(lp)
    model.setOptionValue("time_limit", seconds)
    start = highspy.HighsSolution()
    value = np.zeros(lp.num_col_)
    value[[column[m, slot] for m, slot in enumerate(chosen)]] = 1.0
    start.col_value = list(value)
    model.setSolution(start)
    model.run()
    return _answer(model, board, cells, chosen)


def _answer(
    model: highspy.Highs, board: Board, cells: Sequence[tuple[int, int]], chosen: Sequence[int]
) -> tuple[int, list[int] | None]:
    info = model.getInfo()
    bound = ceil(info.mip_dual_bound - 1e-6) if np.isfinite(info.mip_dual_bound) else 0
    solved = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not solved or info.objective_function_value > board.clashes() - 0.5:
        return max(0, bound), None
    better = list(chosen)
    values = np.asarray(model.getSolution().col_value)
    for n, (meeting, slot) in enumerate(cells):
        if values[n] > 0.5:
            better[meeting] = slot
    return max(0, bound), better
