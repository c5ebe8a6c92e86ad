"""What may become of a visit: one table that pages draw buttons from and actions hold to."""

from dataclasses import dataclass

from opora.visits.models import Visit

State = Visit.State


@dataclass(frozen=True)
class Move:
    """A move of a visit from one state to another, or to another day of the same state."""

    name: str
    before: str
    after: str


HOLD, CANCEL, MOVE = "hold", "cancel", "move"
MOVES = {
    HOLD: Move(HOLD, State.PLANNED, State.DONE),
    CANCEL: Move(CANCEL, State.PLANNED, State.CANCELLED),
    MOVE: Move(MOVE, State.PLANNED, State.PLANNED),
}


def moves_of(state: str) -> tuple[str, ...]:
    """Answer what may be done with a visit in a state, by whoever holds visits there."""
    return tuple(move.name for move in MOVES.values() if move.before == state)
