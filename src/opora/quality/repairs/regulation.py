"""The regulation of repairs (порядок плана исправлений): which side makes which move, from where to where."""

from collections.abc import Mapping
from dataclasses import dataclass

from opora.quality.models import Repair, SheetPart

PROPOSED, RETURNED, AGREED, DONE = Repair.State
SCHOOL, MUNICIPALITY = SheetPart.Side


@dataclass(frozen=True)
class Move:
    """One move: whose, and from which state to which; "" is gone. needs_deed: not of a mere reason."""

    side: str
    steps: Mapping[str, str]
    needs_deed: bool = False


MOVES: dict[str, Move] = {
    "change": Move(SCHOOL, {PROPOSED: PROPOSED, RETURNED: PROPOSED, AGREED: PROPOSED}),
    "drop": Move(SCHOOL, {PROPOSED: "", RETURNED: ""}),
    "agree": Move(MUNICIPALITY, {PROPOSED: AGREED}),
    "return": Move(MUNICIPALITY, {PROPOSED: RETURNED, AGREED: RETURNED, DONE: AGREED}),
    "report": Move(SCHOOL, {AGREED: DONE}, needs_deed=True),
}


def moves_of(side: str, state: str, is_deed: bool) -> tuple[str, ...]:
    """Answer the moves that a side can make from a state; is_deed: a repair and no mere reason."""
    return tuple(
        name
        for name, move in MOVES.items()
        if move.side == side and state in move.steps and (is_deed or not move.needs_deed)
    )
