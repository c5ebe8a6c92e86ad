"""Times the choice of participants: ``python -m tests.bench.selection SIZE`` prints JSON lines.

A region: 18 of 120 schools, proven to be the best; under a coordinator's quotas, over several made-up
regions, the slowest told. A country: 250 of 6,000 under quotas, and how far from its bound. How far depends
on how many numbers tell schools apart: the more there are, the less any school resembles another, and the
more the bound gives away; so one, two, three, four and eight are measured.
"""

import json
import resource
import sys
import time
from statistics import median
from typing import Any

from opora.methodology.choosing.choice import Selection, choose
from tests.bench.candidates import CONTEXT, FEATURES, RESULTS, RISKS, candidates, quotas

REGIONS = {"quick": 5, "full": 20}
THREE = (CONTEXT[0], RESULTS[0], RISKS[0])
SETS = {"quick": [THREE], "full": [THREE[:1], THREE[:2], THREE, (*THREE, RESULTS[1]), tuple(FEATURES)]}


def timed(
    schools: int, k: int, municipalities: int, seed: int, names: tuple[str, ...]
) -> tuple[float, Selection]:
    """Make up candidates and time one choice among them, its distances included."""
    table = candidates(schools, municipalities, seed)
    asked = quotas(table, k)
    started = time.perf_counter()
    found = choose(table, k, {name: FEATURES[name] for name in names}, quotas=asked)
    return time.perf_counter() - started, found


def line(name: str, rows: int, found: list[tuple[float, Selection]], **told: Any) -> dict[str, Any]:
    """Tell the median and the slowest of some choices, the widest gap, and whether each was proven."""
    seconds = [one for one, _choice in found]
    return {
        "name": name,
        "rows": rows,
        "seconds": round(median(seconds), 3),
        "slowest": round(max(seconds), 3),
        "gap_percent": round(100 * max(choice.gap for _seconds, choice in found), 3),
        "unproven": sum(not choice.proven for _seconds, choice in found),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **told,
    }


def main(size: str) -> None:
    """Measure the regions, then the country."""
    regions = [timed(120, 18, 20, seed, tuple(FEATURES)) for seed in range(1, REGIONS[size] + 1)]
    told = [line("selection_region", 120, regions, features=len(FEATURES))]
    for names in SETS[size]:
        told.append(line("selection_country", 6000, [timed(6000, 250, 85, 1, names)], features=len(names)))
    for one in told:
        print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
