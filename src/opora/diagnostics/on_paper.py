"""Asks the database for what pages may not do by themselves: codes for paper, a pack that is handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.utils import timezone

from opora.diagnostics.numbers import GRACE


class Handed(StrEnum):
    """What became of a pack that was to be handed in."""

    TAKEN = "taken"
    AGAIN = "again"  # it had been handed in before
    EMPTY = "empty"
    UNDECIDED = "undecided"  # a sheet was typed once only, or the two differ
    NO_CODES = "no_codes"  # fewer are set aside for paper
    EARLY = "early"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OnPaper:
    """Codes of a link that are set aside for paper, those that sheets have used up, and all their numbers."""

    aside: int = 0
    taken: int = 0
    numbers: tuple[int, ...] = ()

    @property
    def left(self) -> int:
        """Answer how many sheets of paper may still be handed in."""
        return self.aside - self.taken


def on_paper(links: Iterable[int]) -> dict[int, OnPaper]:
    """Answer the codes for paper of links; those outside of one's territory are not in the answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM opora_on_paper(%s)", [list(links)])
        return {link: OnPaper(aside, taken, tuple(told)) for link, aside, taken, told in cursor.fetchall()}


def put_aside(link: int, count: int) -> str:
    """Set so many codes of a link aside; answer ``done``, or why not: ``few``, ``taken``, ``unknown``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_set_aside(%s, %s)", [link, count])
        return str(cursor.fetchone()[0])


def hand_in(pack: int) -> Handed:
    """Put the sheets of a pack among those that wait, once; see ``sql/paper.sql``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_take_pack(%s, %s, %s)", [pack, timezone.localdate(), GRACE])
        return Handed(cursor.fetchone()[0])


def forget_late_packs() -> int:
    """Forget sheets that were typed and not handed in while they could be; answer how many that were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_forget_packs(%s, %s)", [timezone.localdate(), GRACE])
        return int(cursor.fetchone()[0])
