"""Looks for planted disagreements: ``python -m tests.bench.disagreement SCHOOLS`` prints JSON lines.

In a tenth of schools × indicators one of three groups is set apart by so many points, either
way; 25–60 people of a group answer, six of ten invited, and differ by about 18 points around what their group
thinks. A line for each strength, one for campaigns in which nobody was set apart, one with a director.
Seconds are those of one campaign from tables of answers to findings.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

SEEDS = 10
CAMPAIGNS = 100  # with nothing planted
MOST = 400  # schools of a campaign in which the false are counted: more would be more of the same
STRENGTHS = {
    "disagreement": (20.0, 25.0),
    "disagreement_weak": (15.0, 20.0),
    "disagreement_strong": (25.0, 30.0),
}


def measured(schools: int) -> Iterator[dict[str, Any]]:
    """Measure every strength, then campaigns without any; a line each."""
    many = min(schools, MOST)
    for name, strength in STRENGTHS.items():
        yield {"name": name, "rows": many, **planted(many, strength=strength)}
    groups = ("director", "teacher", "pupil")
    told = planted(many, strength=(20.0, 25.0), groups=groups)
    yield {"name": "disagreement_director", "rows": many, **told}
    for size in (many, 40):
        named = [found(size, 10_000 + seed, share=0.0)[1].any() for seed in range(CAMPAIGNS)]
        false = round(float(np.mean(named)), 3)
        yield {
            "name": f"disagreement_none, {size} schools",
            "rows": size,
            "seconds": 0.0,
            "false_campaigns": false,
        }


def found(schools: int, seed: int, **options: Any) -> tuple[np.ndarray, np.ndarray, float]:
    """Look through one campaign: what was planted, what was found, how long it took."""
    from opora.methodology.risk_profile.disagreement import disagreements
    from opora.methodology.risk_profile.scoring import score
    from tests.methodology.risk_profile.simulated import simulate

    told = simulate(schools, seed, **options)
    started = time.perf_counter()
    looked = disagreements(score(told.tables, {}, told.invited, told.edition))
    seconds = time.perf_counter() - started
    return told.planted(looked), looked["found"].to_numpy(), seconds


def planted(schools: int, **options: Any) -> dict[str, Any]:
    """Say which share of what was planted is found, and which share of the found is false."""
    recalls, falses, seconds = [], [], []
    for seed in range(SEEDS):
        true, named, took = found(schools, seed, **options)
        recalls.append((named & true).sum() / true.sum())
        falses.append((named & ~true).sum() / max(named.sum(), 1))
        seconds.append(took)
    recall = round(float(np.mean(recalls)), 3)
    return {
        "seconds": round(float(np.median(seconds)), 3),
        "points": "{:.0f}–{:.0f}".format(*options["strength"]),
        "recall": recall,
        "recall_lacks": round(1 - recall, 3),
        "false_discovery": round(float(np.mean(falses)), 3),
    }


def main(schools: int) -> None:
    """Measure."""
    for line in measured(schools):
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
