"""What else a change of schools concerns: rooms above tell of their lists and figures (told at the start)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from opora.accounts.models import User


@dataclass(frozen=True)
class Concerned:
    """One list or table that a change concerns: what it is, and what of these schools stands in it."""

    what: str
    told: str
    href: str | None = None


Teller = Callable[[Sequence[int], User, date], Iterable[Concerned]]
_tellers: list[Teller] = []


def tell_concerned_by(teller: Teller) -> None:
    """Let a room say what of its own a change of some schools concerns, as far as the viewer may see it."""
    _tellers.append(teller)


def concerned(schools: Sequence[int], viewer: User, today: date) -> tuple[Concerned, ...]:
    """Answer everything that a change of some schools concerns."""
    return tuple(one for teller in _tellers for one in teller(schools, viewer, today))
