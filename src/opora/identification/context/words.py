"""Words about the context of one school that stand in several places."""

from collections.abc import Mapping
from typing import Any

from opora.language import _
from opora.ui.numbers import number, share


def context_said(row: Mapping[str, Any]) -> str:
    """Say how hard the context is: a row of ``mapped``; "" without an index."""
    if row["harder"] is None:
        return ""
    return _("труднее, чем у {share} школ региона").format(share=share(row["harder"]))


def results_said(row: Mapping[str, Any] | None) -> str:
    """Say the results beside what was expected: a row of ``expected``; "" where nothing is."""
    if row is None:
        return ""
    told = _("низких {low} из {takers}, обычно {expected}")
    numbers = {name: number(row[name]) for name in ("low", "takers", "expected")}
    return told.format(**numbers)
