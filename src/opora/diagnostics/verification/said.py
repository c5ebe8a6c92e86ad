"""Reads what both sides keep as what the methodology's verification takes."""

from collections.abc import Iterable

from opora.diagnostics.models import Verification
from opora.methodology.risk_profile.verification import Opinion
from opora.methodology.risk_profile.verification import Verification as Said


def said_of(kept: Iterable[Verification]) -> Said:
    """Put the sides of one school together. Empty: a side that has kept nothing has no opinions."""
    sides = {one.side: one for one in kept}
    school = sides.get(Verification.Side.SCHOOL)
    return Said(
        opinions={
            side: {
                name: Opinion(bool(agrees), str(reason)) for name, (agrees, reason) in one.opinions.items()
            }
            for side, one in sides.items()
        },
        chosen=tuple(school.chosen) if school else (),
        measures=dict(school.measures) if school else {},
        few_reason=school.few_reason if school else "",
    )
