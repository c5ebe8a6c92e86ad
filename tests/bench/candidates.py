"""Makes up candidates that look like a region's or a country's: one seed, one table.

Municipalities are of unequal size. How hard a school's conditions are follows its municipality and
settlement; its context, results and risk factors follow that one thing, each with a share of its own, as in
published studies of schools, where the social index explains half of the spread of results and more. A few
numbers are missing.
"""

import numpy as np
import polars as pl

from opora.methodology.choosing.choice import Quota

CONTEXT = ("parents_education", "income", "other_language")
RESULTS = ("low_maths", "low_russian", "low_exam")
RISKS = ("staff", "motivation")
FEATURES = {
    name: group
    for group, names in (("context", CONTEXT), ("results", RESULTS), ("risks", RISKS))
    for name in names
}
OWN = 0.45  # the spread of a feature that is its own, beside 1 of what it shares
UNKNOWN = 0.02  # of the numbers


def candidates(schools: int, municipalities: int, seed: int = 1) -> pl.DataFrame:
    """Make up a table of candidates."""
    random = np.random.default_rng(seed)
    where = random.choice(municipalities, schools, p=random.dirichlet(np.full(municipalities, 1.5)))
    rural = random.random(schools) < random.uniform(0.1, 0.9, municipalities)[where]
    hardship = random.normal(0, 0.6, municipalities)[where] + 0.7 * rural + random.normal(0, 0.7, schools)
    ability = 0.8 * hardship + random.normal(0, 0.6, schools)
    shared = {"context": hardship, "results": ability, "risks": 0.5 * hardship + 0.5 * ability}
    columns = {}
    for name, group in FEATURES.items():
        values = shared[group] + random.normal(0, OWN, schools)
        if columns:
            values[random.random(schools) < UNKNOWN] = np.nan
        columns[name] = values
    return pl.DataFrame(
        {
            "school": [f"{number:05}" for number in range(schools)],
            "municipality": [f"{number:03}" for number in where],
            "settlement": np.where(rural, "rural", "urban"),
            "kind": random.choice(["general", "gymnasium", "boarding"], schools, p=[0.9, 0.07, 0.03]),
            **columns,
        }
    ).with_columns(pl.selectors.float().fill_nan(None))


def quotas(table: pl.DataFrame, k: int) -> list[Quota]:
    """Ask what a coordinator would: no municipality without a school or with too many, villages, few
    gymnasiums."""
    asked = []
    for municipality, schools in table["municipality"].value_counts().sort("municipality").iter_rows():
        fair = schools * k / len(table)
        asked.append(Quota("municipality", municipality, at_least=int(fair / 2), at_most=int(2 * fair) + 1))
    rural = table.filter(settlement="rural").height * k / len(table)
    return [
        *asked,
        Quota("settlement", "rural", at_least=int(0.9 * rural)),
        Quota("kind", "gymnasium", at_most=max(1, k // 20)),
        Quota("kind", "boarding", at_least=min(k // 50, table.filter(kind="boarding").height)),
    ]
