"""Divides values into the five steps of the sequential scale."""

from collections.abc import Iterable, Sequence
from math import isfinite

STEPS = 5
ALONE = 3


def even_breaks(values: Iterable[float | None]) -> tuple[float, ...]:
    """Answer the four inner borders that divide the range from the lowest to the highest value evenly.

    Empty: no value, or one value only, gives no borders, and everything lies in the middle step.
    """
    known = [value for value in values if value is not None and isfinite(value)]
    if not known or min(known) == max(known):
        return ()
    lowest, width = min(known), max(known) - min(known)
    return tuple(lowest + width * step / STEPS for step in range(1, STEPS))


def step_of(value: float | None, breaks: Sequence[float]) -> int | None:
    """Answer the step (1–5) of a value; a border belongs to the upper step; no value has no step.

    Without borders there is nothing to compare with, and every value lies in the middle step.
    """
    if value is None or not isfinite(value):
        return None
    if not breaks:
        return ALONE
    return 1 + sum(value >= border for border in breaks)
