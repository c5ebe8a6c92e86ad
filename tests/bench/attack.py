"""Attacks what is published of a survey: ``python -m tests.bench.attack SIZE`` prints JSON lines.

Everything that Opora shows of a made-up campaign becomes a linear equation: every row of every table, at
every moment of publication, of all totals and of many filters. Whoever attacks knows more than anybody does:
which groups each row is made of, what marks mean, how many were invited; for answers also how many answered
in every group at every moment; and is perhaps a respondent. The least and the greatest value that each
hidden cell may have are then found by HiGHS, after what subtraction alone gives. The same is done to a
publication that hides small groups and nothing else: it must fall. Then the numbers of risk profiles are
attacked (``attack_profiles.py``).
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from opora.methodology.choosing.solver import Program, held
from opora.methodology.disclosure.cells import PLACES, UNITS, number
from opora.methodology.disclosure.publishing import BY, Published, published
from opora.methodology.disclosure.release import continues
from opora.methodology.disclosure.suppression import in_total, whole
from tests.bench import attack_profiles
from tests.bench.survey import COUNTS, OPTIONS, campaign, schools

SIZES = {"quick": (300, 20), "full": (1000, 60)}  # schools, filters
BARE_PROFILES = {"quick": 10, "full": 100}  # schools whose profiles are attacked unprotected
BARE_REACH = 60  # variables of a program: without protection subtraction alone gives nearly everything
TOLERANCE = 1e-6
Floats = np.ndarray
ROW = ("school", "audience", "grade", "wave")


@dataclass(frozen=True)
class Knowledge:
    """Equations ``rows · x = told`` over what each group answered in each wave, one matrix for a base."""

    rows: csr_array
    group: Floats  # which group each x is of
    n: Floats  # how many answered
    most: Floats  # how many were invited
    waited: Floats  # whether marks tell of these answers whether they were few when they came


@dataclass(frozen=True)
class Found:
    """What an attack made of the hidden cells of one number.

    lower and upper: of each x; block: which x are told only together; told: whether the sum of its block is.
    """

    lower: Floats
    upper: Floats
    block: Floats
    told: Floats


# --- what is published


def moments(groups: pl.DataFrame, protected: bool) -> list[Published]:
    """Publish after each wave; without protection every answer is its own atom, as if nothing could leak."""
    made: list[Published] = []
    for wave in groups["wave"].unique().sort():
        made.append(published(groups.filter(pl.col("wave") <= wave), means=["score"], counts=COUNTS))
        if protected and len(made) > 1:
            continues(made[-2], made[-1])
    return made


def filters(places: pl.DataFrame, count: int, seed: int) -> list[list[str]]:
    """Choose schools as people do: by settlement, by municipality, by hand, all but a few, similar ones."""
    random = np.random.default_rng(seed)
    keys, ways = places["school"].to_numpy(), []
    for name in ("rural", "urban"):
        ways.append(places.filter(settlement=name)["school"].to_list())
    towns = places["municipality"].unique().sort().to_list()
    while len(ways) < count:
        some = random.choice(towns, random.integers(1, min(6, len(towns)) + 1), replace=False).tolist()
        rows = places.filter(pl.col("municipality").is_in(some))
        ways.append(rows["school"].to_list())
        ways.append(rows.filter(settlement="rural")["school"].to_list())
        ways.append(random.choice(keys, min(20, len(keys)), replace=False).tolist())
        left_out = random.choice(keys, random.integers(1, 4), replace=False)
        ways.append([key for key in keys.tolist() if key not in left_out])
    return [way for way in ways if way][:count]


def shown(found: Published, base: str, ways: list[list[str]], protected: bool) -> Iterator[pl.DataFrame]:
    """Give every shown row as pairs: ``total`` (which row) and the answers it is made of, by ``ROW``."""
    entries = found.entries.filter(pl.col(base) >= 0)
    for depth in range(len(PLACES) + 1):
        for by in BY:
            yield _rows(entries, [*PLACES[:depth], *by], base, protected)
    for schools_of_it in ways:
        part = entries.filter(pl.col("school").is_in(schools_of_it))
        for by in BY:
            yield _rows(part, list(by), base, protected)


def _rows(entries: pl.DataFrame, by: list[str], base: str, protected: bool) -> pl.DataFrame:
    rows = entries.filter(pl.col("grade").is_not_null()) if "grade" in by else entries
    rows = rows.with_columns(in_total(by))
    if protected:
        rows = rows.filter(whole(f"{base} atom"))
    else:
        rows = rows.filter(pl.col(base).sum().over(" total") >= number("smallest_group"))
    return rows.filter(pl.col(base) > 0).select(pl.col(" total").alias("total"), *ROW)


def knowledge(made: list[Published], base: str, ways: list[list[str]], protected: bool) -> Knowledge:
    """Put everything that is shown at all moments into equations."""
    last = made[-1].entries.filter(pl.col(base) > 0).with_row_index("x")
    blocks, count = [], 0
    for found in made:
        for pairs in shown(found, base, ways, protected):
            own = pairs.join(last.select("x", *ROW), on=list(ROW), nulls_equal=True)
            row = own["total"].rank("dense").to_numpy().astype(int) - 1 + count
            blocks.append((row, own["x"].to_numpy()))
            count = int(row.max(initial=count - 1)) + 1
    row, x = (np.concatenate(part) for part in zip(*blocks, strict=True))
    rows = csr_array((np.ones(len(row)), (row, x)), shape=(count, len(last)))
    asked = last["invited"] if base == "respondents" else last["respondents"]
    numbers = (column.to_numpy().astype(float) for column in (last[base], asked))
    return Knowledge(_distinct(rows), last["group"].to_numpy(), *numbers, _waited(last, base, protected))


def _waited(last: pl.DataFrame, base: str, protected: bool) -> Floats:
    """Say of which answers marks tell; not of late ones that opened their group when they came."""
    came = pl.col(f"{base} since") == pl.col("wave")
    opened = came & (pl.col("group").n_unique().over(f"{base} atom") == 1)
    return last.select(~opened.fill_null(False) | pl.lit(not protected)).to_series().to_numpy()


def _distinct(rows: csr_array) -> csr_array:
    """Leave out equations that say the same."""
    rows.sort_indices()
    seen = {rows.indices[rows.indptr[i] : rows.indptr[i + 1]].tobytes(): i for i in range(rows.shape[0])}
    return rows[sorted(seen.values())]


# --- the attack


def attacked(
    known: Knowledge,
    truth: Floats,
    lower: Floats,
    upper: Floats,
    *,
    together: bool = True,
    reach: float = float("inf"),
) -> Found:
    """Find the least and the greatest that each x may be, of all x that fit what is shown.

    What stands in the same equations is told only as a sum: such x are one variable of the program, and
    the bounds of each follow from those of the sum exactly. ``together`` false: every x is a variable.
    ``reach``: larger programs are left alone.
    """
    told = known.rows @ truth
    block = _alike(known.rows) if together else np.arange(len(truth))
    size = block.max(initial=-1) + 1
    joined = csr_array((np.ones(len(block)), (np.arange(len(block)), block)), shape=(len(block), size))
    rows = (known.rows @ joined).tocsr()
    rows.data[:] = 1.0 if together else rows.data
    low, high = (np.bincount(block, weights=bound, minlength=size) for bound in (lower, upper))
    low, high = _bounded(rows, told, low, high, reach)
    least = np.maximum(lower, low[block] - np.bincount(block, weights=upper, minlength=size)[block] + upper)
    most = np.minimum(upper, high[block] - np.bincount(block, weights=lower, minlength=size)[block] + lower)
    return Found(least, most, block, (high - low <= TOLERANCE)[block])


def _alike(rows: csr_array) -> Floats:
    columns = rows.tocsc()
    columns.sort_indices()
    names: dict[bytes, int] = {}
    each = (
        columns.indices[columns.indptr[i] : columns.indptr[i + 1]].tobytes() for i in range(rows.shape[1])
    )
    return np.array([names.setdefault(one, len(names)) for one in each], dtype=int)


def _bounded(rows: csr_array, told: Floats, low: Floats, high: Floats, reach: float) -> tuple[Floats, Floats]:
    """Subtract as long as an equation has one unknown, then ask the solver, part by part."""
    low, high = low.copy(), high.copy()
    fixed = high - low <= TOLERANCE
    while True:
        open_in = rows @ (~fixed).astype(float)
        lone = np.flatnonzero(open_in == 1)
        if not len(lone):
            break
        left = told - rows @ np.where(fixed, low, 0.0)
        for row in lone.tolist():
            places = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
            place = places[~fixed[places]]
            if len(place) == 1:
                low[place] = high[place] = left[row]
        fixed = high - low <= TOLERANCE
    unknown = np.flatnonzero(~fixed)
    left = told - rows @ np.where(fixed, low, 0.0)
    open_rows = np.flatnonzero(rows @ (~fixed).astype(float) > 0)
    inner = rows[open_rows][:, unknown].tocsr()
    parts, part = connected_components(inner.T @ inner, directed=False) if len(unknown) else (0, unknown)
    for one in range(parts):
        own = np.flatnonzero(part == one)
        mine = np.flatnonzero(inner[:, own].sum(axis=1) > 0)
        if len(mine) and len(own) <= reach:
            low[unknown[own]], high[unknown[own]] = _solved(
                inner[mine][:, own].tocsr(), left[open_rows[mine]], low[unknown[own]], high[unknown[own]]
            )
    return low, high


def _solved(rows: csr_array, told: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Ask HiGHS for the least and the greatest of each variable, one program for all questions."""
    import highspy

    count = len(low)
    program = Program(
        cost=np.zeros(count),
        lower=low,
        upper=high,
        starts=rows.indptr,
        places=rows.indices,
        values=rows.data,
        row_lower=told,
        row_upper=told,
        whole=np.zeros(count, dtype=bool),
    )
    solver = held(program)
    found = np.empty((2, count))
    for place in range(count):
        for side, cost in enumerate((1.0, -1.0)):
            solver.changeColCost(place, cost)
            solver.run()
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found[side, place] = cost * solver.getInfo().objective_function_value
        solver.changeColCost(place, 0.0)
    return found[0], found[1]


# --- what counts as recovered


def small(known: Knowledge) -> Floats:
    """Say which x are hidden cells: fewer than five answers of a group and wave."""
    return known.n < number("smallest_group")


def of_respondents(known: Knowledge, reach: float) -> tuple[int, int]:
    """Count hidden cells whose number of respondents becomes known; then those where everybody answered."""
    hidden, few = small(known), np.minimum(known.most, number("smallest_group") - 1)
    most = np.where(known.waited, few, known.most)
    lower = np.where(hidden | ~known.waited, 1.0, number("smallest_group"))
    upper = np.where(hidden, np.maximum(most, known.n), np.maximum(known.most, known.n))
    found = attacked(known, known.n, lower, upper, reach=reach)
    needed = np.minimum(number("protection"), upper - lower)
    told = hidden & (found.upper - found.lower < needed - TOLERANCE)
    partly = np.bincount(found.block, weights=known.n < known.most, minlength=found.block.max() + 1)
    everybody = partly[found.block] == 0
    return int((told & ~everybody).sum()), int((told & everybody).sum())


def of_answers(known: Knowledge, truth: Floats, most: float, narrow: float, reach: float) -> tuple[int, int]:
    """Count hidden cells whose answers become known, to outsiders or to a respondent; then those that are
    known because several groups together are of one mind. ``narrow``: for a mean, of one respondent."""
    hidden, upper = small(known), known.n * most
    found = attacked(known, truth, np.zeros(len(truth)), upper, reach=reach)
    sums, tops, people = (np.bincount(found.block, weights=one) for one in (truth, upper, known.n))
    agreed = (sums <= TOLERANCE) | (sums >= tops - TOLERANCE)
    one_mind = (agreed & (people >= number("smallest_group")))[found.block]
    told = hidden & (found.upper - found.lower <= narrow * known.n + TOLERANCE)
    told |= hidden & ~one_mind & _by_a_respondent(known, found, truth, most, narrow)
    return int((told & ~one_mind).sum()), int((told & one_mind).sum())


def _by_a_respondent(known: Knowledge, found: Found, truth: Floats, most: float, narrow: float) -> Floats:
    """Say which x becomes known to somebody who answered alone in another group and subtracts oneself."""
    told = np.zeros(len(truth), dtype=bool)
    order = np.argsort(found.block, kind="stable")
    for own in np.split(order, np.flatnonzero(np.diff(found.block[order])) + 1):
        if not found.told[own[0]]:
            continue
        for lone in own[known.n[own] == 1]:
            others = own[own != lone]
            left, size = truth[others].sum(), known.n[others] * most
            agreed = left <= TOLERANCE or left >= size.sum() - TOLERANCE
            if agreed and known.n[others].sum() >= number("smallest_group") - 1:
                continue
            low, high = np.maximum(0.0, left - size.sum() + size), np.minimum(size, left)
            close = high - low <= narrow * known.n[others] + TOLERANCE
            told[others] |= close & (known.group[others] != known.group[lone])
    return told


def attack(groups: pl.DataFrame, ways: list[list[str]], *, protected: bool) -> dict[str, int]:
    """Attack the counts, the means, the distribution and a question that not all were asked."""
    made, reach = moments(groups, protected), float("inf") if protected else BARE_REACH
    entries = made[-1].entries
    told = {"hidden": 0, "recovered": 0, "everybody": 0, "one_mind": 0}
    known = knowledge(made, "respondents", ways, protected)
    rows = entries.filter(pl.col("respondents") > 0)
    told["hidden"] = int(small(known).sum())
    told["recovered"], told["everybody"] = of_respondents(known, reach)
    narrow = float(number("protection_points"))
    scores = rows["score"].to_numpy() / UNITS
    asked = entries.filter(pl.col("asked") > 0)
    numbers = [(known, scores, 100.0, narrow)]
    numbers += [(known, rows[name].to_numpy().astype(float), 1.0, 0.0) for name in OPTIONS]
    numbers.append(
        (knowledge(made, "asked", ways, protected), asked["yes"].to_numpy().astype(float), 1.0, 0.0)
    )
    for each in numbers:
        recovered, one_mind = of_answers(*each, reach)
        told["recovered"] += recovered
        told["one_mind"] += one_mind
    return told


def lost(found: Published) -> dict[str, float]:
    """Tell what the protection costs: shares of rows hidden beyond the small, of answers not in totals."""
    table = found.table.filter(pl.col("audience").is_not_null() & pl.col("grade").is_null())
    told = {"cells_lost": round(float(table["hidden"].eq_missing("complement").mean()), 5)}
    everyone = found.entries["respondents"].sum()
    for level in ("municipality", "region", "country"):
        inside = table.filter(level=level)["respondents"].sum()
        told[f"left_out_{level}"] = round(1 - inside / everyone, 5)
    return told


def main(size: str) -> None:
    """Attack a campaign, protected and not, and tell what was recovered of each."""
    count, ways = SIZES[size]
    places = schools(count)
    groups, chosen = campaign(places), filters(places, ways, 1)
    started = time.perf_counter()
    found = attack(groups, chosen, protected=True)
    seconds = time.perf_counter() - started
    bare = attack(groups, chosen, protected=False)
    line = {
        "name": "attack",
        "rows": len(groups),
        "seconds": round(seconds, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **found,
        "recovered_without_complementary": bare["recovered"],
        **lost(moments(groups, protected=True)[-1]),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    print(json.dumps(of_profiles(places, size), ensure_ascii=False), flush=True)


def of_profiles(places: pl.DataFrame, size: str) -> dict[str, float | str]:
    """Attack the profiles of the same schools; of some of them also with each protection switched off."""
    started = time.perf_counter()
    found = attack_profiles.attack(places)
    seconds = round(time.perf_counter() - started, 3)
    some = places.head(BARE_PROFILES[size])
    bare = {off: attack_profiles.attack(some, off=off) for off in ("", *attack_profiles.PROTECTIONS)}
    return {
        "name": "attack_profiles",
        "rows": found.pop("sheets"),
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **found,
        "schools_without": len(some),
        "scores_lost": round(1 - bare[""]["scores"] / bare["alike"]["scores"], 5),
        **{f"recovered_without_{off}": one["recovered"] for off, one in bare.items() if off},
    }


if __name__ == "__main__":
    main(sys.argv[1])
