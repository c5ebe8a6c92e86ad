"""When schools are reminded of a survey, which ones, and when letters may go out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opora.diagnostics.numbers import AWAKE_FROM, AWAKE_UNTIL, ENOUGH


def latest_due(first: date, last: date, before: Sequence[int], today: date) -> date | None:
    """Answer the latest day that was to remind of a survey from ``first`` to ``last``.

    ``before``: days before the last one. Empty: None, where no such day has come yet or the survey is over. A
    day that lies before the survey's second is none: nobody has been late by then.
    """
    if today > last:
        return None
    days = [last - timedelta(days=many) for many in before]
    return max((day for day in days if first < day <= today), default=None)


def is_behind(counts: Iterable[tuple[int, int | None]]) -> bool:
    """Say whether a school is to be reminded: in a group nobody answered, or too few of those invited.

    ``counts``: of each group how many answered and how many were invited, None where nobody said.
    """
    return any(answered == 0 or answered * 100 < ENOUGH * (invited or 0) for answered, invited in counts)


def may_write(now: datetime, time_zone: str) -> bool:
    """Say whether it is a time of day at a school when a letter disturbs nobody."""
    return AWAKE_FROM <= now.astimezone(ZoneInfo(time_zone)).hour < AWAKE_UNTIL
