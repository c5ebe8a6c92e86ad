"""Why a deed was not done, where the reason is one of those that every room knows."""

from collections.abc import Sequence
from typing import Any


class CannotDo(Exception):
    """The deed cannot be done as it was asked: the sentence says why and what is allowed."""


class ChangedMeanwhile(Exception):
    """Somebody has kept something since the page was opened: nothing was written over."""


class Signed(Exception):
    """It is signed: the signature is taken back before anything is changed."""


class NotWhole(Exception):
    """It cannot be signed yet. lacks: what lacks, in the order of the page."""

    def __init__(self, found: Sequence[Any]) -> None:
        self.lacks = found
        super().__init__(str(found))
