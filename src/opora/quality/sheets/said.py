"""Reads what the parts of a sheet keep as what the methodology takes, and says who may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opora.methodology.quality.judging import Answer, Finding
from opora.quality.models import CheckSheet, SheetPart

Side = SheetPart.Side
Kept = Mapping[str, Mapping[str, str]]


def levels_of(kept: Kept) -> dict[str, str]:
    """Answer criterion → level of what a part keeps."""
    return {name: one["level"] for name, one in kept.items() if one.get("level")}


@dataclass(frozen=True)
class Said:
    """Both parts of a sheet as somebody may read them: an unsigned part is its own side's draft.

    own: the side that one speaks for; "" for whoever only reads.
    """

    own: str
    parts: Mapping[str, SheetPart] = field(default_factory=dict)

    def is_open(self, side: str) -> bool:
        """Say whether the words of a side may be read."""
        part = self.parts.get(side)
        return side == self.own or (part is not None and part.signed_at is not None)

    def part(self, side: str) -> SheetPart | None:
        """Answer a part, read or not."""
        return self.parts.get(side)

    @property
    def answers(self) -> dict[str, Answer]:
        """Answer what the school says, where it may be read."""
        return {name: Answer(**one) for name, one in self._kept(Side.SCHOOL).items()}

    @property
    def findings(self) -> dict[str, Finding]:
        """Answer what the municipality found, where it may be read."""
        return {name: Finding(**one) for name, one in self._kept(Side.MUNICIPALITY).items()}

    @property
    def levels(self) -> dict[str, str]:
        """Answer the levels that stand: of the signed check, else those of the school."""
        part = self.parts.get(Side.MUNICIPALITY)
        return levels_of(self._kept(Side.MUNICIPALITY if part and part.signed_at else Side.SCHOOL))

    def _kept(self, side: str) -> Mapping[str, Any]:
        part = self.parts.get(side)
        return part.answers if part and self.is_open(side) else {}


def said_on(sheet: CheckSheet, own: str, parts: Iterable[SheetPart] | None = None) -> Said:
    """Answer both parts of a sheet as a side, or "" nobody's, may read them."""
    if parts is None:
        parts = SheetPart.objects.filter(sheet=sheet).select_related("signed_by")
    return Said(own, {one.side: one for one in parts})
