"""How far repairs are, as several pages count them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Repairs:
    """How far repairs are, in counts of rows with a deed."""

    open: int = 0
    overdue: int = 0
    done: int = 0

    @property
    def all(self) -> int:
        """Answer how many there are."""
        return self.open + self.overdue + self.done
