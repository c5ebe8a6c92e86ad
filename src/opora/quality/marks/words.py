"""Says the comparison with the journal in sentences: what is seen and what is usual, not whose fault."""

from opora.language import _
from opora.methodology.quality.marks import PARTS, Together
from opora.ui.numbers import number, share


def part_word(part: str) -> str:
    """Say in two words what became of a mark of the journal in an external work."""
    return {"lowered": _("понизили"), "confirmed": _("подтвердили"), "raised": _("повысили")}[part]


def sentence(found: Together) -> str:
    """Say all shown works of a school together."""
    told = {part: share(found.shares[part]) for part in PARTS}
    said = _(
        "Внешние работы и журнал: отметку подтвердили {confirmed}, понизили {lowered}, повысили {raised} "
        "(отметок — {takers})."
    ).format(takers=number(found.takers), **told)
    if found.usual is None:
        return said
    usual = {part: share(found.usual[part]) for part in PARTS}
    beside = _("У других школ региона в тех же работах обычно: {confirmed}, {lowered} и {raised}.").format(
        **usual
    )
    return f"{said} {beside}"
