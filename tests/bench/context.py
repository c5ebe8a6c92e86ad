"""Makes the context index where the truth is known: ``python -m tests.bench.context SCHOOLS``, JSON lines.

Levels are drawn from context, results from levels. ``seconds`` are from the rows of indicators to the index
and what is expected of every school; ``covered_off`` is how far the 90 % intervals of expected shares are off
nine of ten; ``explained`` stands beside what context truly explains, ``weights_off`` is the worst weight.
Regions are small countries of their own, put together. Then the most similar schools, clusters, the map and
the mentors of a country in whose hardest contexts some schools are truly far better.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

SEED = 600
PLANTED = 0.1  # of the schools in the hardest contexts
REGIONS = (60, 300)  # schools of a region


def measured(schools: int) -> Iterator[dict[str, Any]]:
    """Measure the index and what is made from it; a line each."""
    yield {"name": "context", **indexed(schools, 1)}
    for size in REGIONS:
        yield {"name": f"context, regions of {size} schools", **indexed(size, 40)}
    yield from used(schools)


def indexed(schools: int, times: int) -> dict[str, Any]:
    """Draw regions and make their indexes; those that may not be used are told and left out."""
    from opora.methodology.context.expected import expected_results
    from opora.methodology.context.index import context_index
    from opora.methodology.context.table import context_table
    from tests.methodology.simulated_context import BEARING, OWN, WIDE, simulate

    seconds, held, explained, off = 0.0, [], [], []
    for seed in range(SEED, SEED + times):
        region = simulate(schools, seed, more=WIDE)
        started = time.perf_counter()
        context = context_index(context_table(region.indicators), region.outcomes)
        expected = expected_results(context)
        seconds += time.perf_counter() - started
        explained.append(context.explained[0])
        if context.usable:
            true = region.of(expected["school"], region.share)
            held.extend(
                (expected["share_low"].to_numpy() <= true) & (true <= expected["share_high"].to_numpy())
            )
            found = context.weights.select("indicator", "weight").iter_rows()
            off.append(max(abs(weight - BEARING.get(name, 0.0)) for name, weight in found))
    squares = sum(weight**2 for weight in BEARING.values())
    return line(schools * times, seconds) | {
        "covered_off": round(abs(float(np.mean(held)) - 0.9), 4),
        "explained": round(float(np.mean(explained)), 3),
        "truly_explained": round(squares / (squares + OWN**2), 3),
        "weights_off": round(float(np.mean(off)), 3),
        "usable": round(len(off) / times, 3),
    }


def used(schools: int) -> Iterator[dict[str, Any]]:
    """Measure what is made from an index: neighbours, clusters, the map with its mentors."""
    from opora.methodology.context.clusters import clusters
    from opora.methodology.context.index import context_index
    from opora.methodology.context.map import context_map, mentors
    from opora.methodology.context.neighbours import neighbours
    from opora.methodology.context.table import context_table
    from tests.methodology.simulated_context import WIDE, simulate

    region = simulate(schools, SEED, more=WIDE, planted=PLANTED)
    context = context_index(context_table(region.indicators), region.outcomes)
    started = time.perf_counter()
    pairs = neighbours(context)
    yield {"name": "context_neighbours", **line(len(pairs), time.perf_counter() - started)}
    started = time.perf_counter()
    groups = clusters(context).members["group"]
    told = line(len(groups), time.perf_counter() - started)
    yield {"name": "context_clusters", **told, "clusters": groups.n_unique()}
    started = time.perf_counter()
    mapped = context_map(context)
    mentors(context, mapped, mapped.filter(pl.col("quadrant") == "hard_low")["school"])
    told = line(len(mapped), time.perf_counter() - started)
    called = mapped.filter("resilient")["school"]
    seen = mapped.filter(pl.col("why") == "")["school"]
    planted = seen.filter(pl.Series(region.of(seen, region.planted)))
    yield {
        "name": "context_map",
        **told,
        "called": len(called),
        "truly_better": round(float(np.mean(region.of(called, region.own) < 0)), 3),
        "planted_found": round(len(set(planted) & set(called)) / max(len(planted), 1), 3),
    }


def line(rows: int, seconds: float) -> dict[str, Any]:
    """Begin a line."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"rows": rows, "seconds": round(seconds, 3), "peak_mb": peak}


def main(schools: int) -> None:
    """Measure."""
    for told in measured(schools):
        print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
