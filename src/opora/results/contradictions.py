"""Results that two files tell, side by side (противоречия): what is kept beside what has come."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from opora.methodology.tables import OUTCOME_KEY
from opora.results.layers import Collision
from opora.results.store import Store
from opora.results.uploads import Pair

NUMBERS = ("takers", "low", "percent")
KEY = ["school", *OUTCOME_KEY]


def pairs(
    store: Store,
    collisions: Iterable[Collision],
    coming: Mapping[str, pl.DataFrame],
    names: Mapping[str, str],
    unseen: str,
) -> dict[str, list[Pair]]:
    """Put the numbers of colliding outcomes beside each other, for every file that has come.

    coming: outcomes of the files of this go by their digests; what a file collides with lies in another of
    them, or in the store. names: of the files by digest; ``unseen`` stands for a file of somebody else.
    Empty: a file whose indicators alone collide has no pair.
    """
    wanted = [one for one in collisions if "subject" in one.key]
    kept = _kept(store, {one.school for one in wanted})
    tables = {digest: _numbered(table) for digest, table in coming.items()}
    found: dict[str, list[Pair]] = {}
    for one in wanted:
        place = (one.school, *(one.key[name] for name in OUTCOME_KEY))
        before = tables.get(one.kept, kept).get(place)
        came = tables[one.arriving].get(place)
        if before and came:
            pair = Pair(int(one.school), one.key, before, came, names.get(one.kept, unseen))
            found.setdefault(one.arriving, []).append(pair)
    return found


def _kept(store: Store, schools: set[str]) -> dict[tuple[Any, ...], Any]:
    told = store.outcomes(schools=sorted(schools))
    codes = store.schools().rename({"school": "place", "code": "school"})
    rows = told.counts.rename({"school": "place"}).join(codes, on="place").join(told.cells, on="cell")
    return _numbered(rows)


def _numbered(table: pl.DataFrame) -> dict[tuple[Any, ...], Any]:
    rows = table.select(*KEY, *(name for name in NUMBERS if name in table.columns)).iter_rows()
    return {row[: len(KEY)]: (*row[len(KEY) :], None)[: len(NUMBERS)] for row in rows}
