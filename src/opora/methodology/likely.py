"""Where the true share of a result likely lies (вероятная доля), given the school's others and other schools.

The exact interval beside a share looks at that result alone and promises at least its level, so with few
takers it is wide. The likely one is what the model of ``stability`` knows: narrower, and right as often as it
says over many schools, not for each alone. The rule looks at neither.
"""

import polars as pl

from opora.methodology.falling import Chances
from opora.methodology.judging import Judged
from opora.methodology.shares import central, moments
from opora.methodology.tables import OUTCOME_KEY


def likely_shares(judged: Judged) -> pl.DataFrame:
    """Give the likely share of every counted result, and its central interval of ``interval_level``.

    Shape: ``school``, the columns that name an outcome, ``likely likely_low likely_high``. Units: 0–1.
    Empty: no row where an edition counts no low results.
    """
    shares, _others = judged.split(judged.edition.measures)
    names = judged.ordered.cells.select(*OUTCOME_KEY)
    if not shares:
        return _table(judged.schools.clear(), names.clear(), [pl.Series([], dtype=pl.Float64)] * 3)
    chances = Chances.of(judged, shares)
    known = chances.posterior
    mean, spread = moments(known.a[known.kind], known.b[known.kind], known.weight[chances.s])
    told = [mean, *central(mean, spread, judged.value("interval_level"))]
    return _table(judged.schools[chances.s], names[chances.cell], [pl.Series(each) for each in told])


def _table(schools: pl.Series, names: pl.DataFrame, told: list[pl.Series]) -> pl.DataFrame:
    columns = ("likely", "likely_low", "likely_high")
    numbers = [each.alias(name) for name, each in zip(columns, told, strict=True)]
    return pl.DataFrame([schools.alias("school"), *names.get_columns(), *numbers])
