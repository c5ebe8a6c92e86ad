"""How many people answered: numbers that the database counts, never who."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Answered:
    """Of one link: codes that were made, people who answered."""

    codes: int
    answered: int


def answered(links: Iterable[int]) -> dict[int, Answered]:
    """Count who answered at links; those outside of one's territory are not in the answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM opora_answered(%s)", [list(links)])
        return {link: Answered(codes, people) for link, codes, people in cursor.fetchall()}
