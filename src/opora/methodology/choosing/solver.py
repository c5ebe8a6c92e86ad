"""Hands linear and mixed-integer programs to HiGHS: quietly, on one thread, within a time, other threads
going on.

One thread makes the answer the same every time; the solver lets go of the interpreter while it works.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Program:
    """Least cost within bounds: ``row_lower ≤ rows · x ≤ row_upper``, ``lower ≤ x ≤ upper``, some x whole.

    starts, places, values: the rows one after another, each the places and factors of its variables.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    starts: Integers  # one longer than there are rows
    places: Integers
    values: Floats
    row_lower: Floats
    row_upper: Floats
    whole: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Solved:
    """What the solver found. values: empty where it found nothing; bound: no solution costs less."""

    values: Floats
    cost: float
    bound: float
    proven: bool
    infeasible: bool


def held(program: Program, seconds: float = float("inf"), gap: float = 0.0) -> Any:
    """Put a program into a solver that may be asked again with other costs or bounds."""
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.starts.astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = program.places.astype(np.int32), program.values
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(one)] for one in program.whole]
    solver = _quiet(highspy.Highs)
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "time_limit": seconds,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": gap,
    }.items():
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    return solver


def _quiet(kind: Any) -> Any:
    """Make a solver without the callbacks of its Python side, which print a banner when they are turned on.

    Seen in highspy 1.16: the option that silences a solver can be set only when it is made.
    """
    solver = kind.__new__(kind)
    super(kind, solver).__init__()
    return solver


def solved(
    program: Program, seconds: float = float("inf"), start: Floats | None = None, gap: float = 0.0
) -> Solved:
    """Solve a program from the start that is known, if any; costs that differ by less than ``gap`` are
    equal."""
    import highspy

    solver = held(program, seconds, gap)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start
        solver.setSolution(known)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    whole = bool(program.whole.any())
    return Solved(
        values=np.array(solver.getSolution().col_value) if found else np.empty(0),
        cost=info.objective_function_value if found else float("inf"),
        bound=info.mip_dual_bound if whole else info.objective_function_value,
        proven=status == highspy.HighsModelStatus.kOptimal,
        infeasible=status == highspy.HighsModelStatus.kInfeasible,
    )
