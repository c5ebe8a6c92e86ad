"""Puts what is said of uncertainty beside a known truth: ``python -m tests.bench.calibration SCHOOLS``.

Prints JSON lines; of a whole country it draws ``docs/images/calibration.svg`` as well. Seconds are those of
the verdicts, their stability and the likely shares of one country.
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

SEEDS = (1, 2, 3)
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)
# The more indicators there are, the more small schools the rule lists by chance.
SIXTEEN = [
    (year, assessment, subject, grade)
    for year in (2018, 2019)
    for assessment, grades in (("vpr", (4, 5, 6)), ("oge", (9,)))
    for grade in grades
    for subject in ("maths", "russian")
]
KINDS: dict[str, dict[str, Any]] = {
    "calibration": {},
    "calibration, results that have less in common": {"common": 0.4, "own": 0.5},
    "calibration, sixteen indicators": {"held": SIXTEEN},
}
COUNTRY = 40_000
PLOT = Path(__file__).parents[2] / "docs/images/calibration.svg"


def measured(schools: int) -> Iterator[dict[str, Any]]:
    """Measure every kind of country; a line each."""
    for name, options in KINDS.items():
        told, found = one_kind(schools, options)
        yield {"name": name, "rows": schools, **told}
        if name == "calibration" and schools >= COUNTRY:
            PLOT.write_text(plot(found), encoding="utf-8")


def one_kind(schools: int, options: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[float, float, int]]]:
    """Draw countries of a kind; say how often what is said holds."""
    from opora.methodology import edition
    from tests.methodology.simulated import judged, simulate

    held, rule = options.get("held"), edition.load("seed-2020")
    inside, exact, chance, true, seconds, wrong = [], [], [], [], [], np.zeros(4)
    for seed in SEEDS:
        truth = simulate(schools, seed, **options)
        started = time.perf_counter()
        found = judged(truth, rule, held)
        likely, told = covered(truth, found, held)
        seconds.append(time.perf_counter() - started)
        inside.append(likely)
        exact.append(told)
        chance.append(found.chance)
        true.append(found.true)
        counted = ((found.listed, 30), (found.chosen, 30), (found.listed, 10_000), (found.chosen, 10_000))
        wrong += [found.wrong(on, below) for on, below in counted]
    bins = binned(np.concatenate(chance), np.concatenate(true))
    apart = sum(abs(said - held) * many for said, held, many in bins) / sum(many for *_, many in bins)
    return {
        "seconds": round(float(np.median(seconds)), 3),
        "covered": round(float(np.concatenate(inside).mean()), 4),
        "covered_off": round(abs(float(np.concatenate(inside).mean()) - 0.9), 4),
        "covered_exact": round(float(np.concatenate(exact).mean()), 4),
        "apart": round(float(apart), 4),
        "small_wrong_raw": int(wrong[0]),
        "small_wrong_stabilised": int(wrong[1]),
        "small_wrong": round(float(wrong[1] / wrong[0]), 3),
        "all_wrong": round(float(wrong[3] / wrong[2]), 3),
    }, bins


def covered(truth: Any, found: Any, held: Any) -> tuple[np.ndarray, np.ndarray]:
    """Say of every result whether its likely interval and its exact one hold the true share."""
    from opora.methodology import tables
    from tests.methodology.simulated import HELD

    evidence = found.identification.evidence(only_listed=False)
    likely = found.identification.likely_shares()
    told = evidence.join(likely, on=["school", *tables.OUTCOME_KEY], nulls_equal=True)
    numbers = {key: number for number, key in enumerate(held or HELD)}
    keys = told.select("year", "assessment", "subject", "grade").iter_rows()
    true = truth.shares[[numbers[key] for key in keys], [int(name[1:]) for name in told["school"]]]
    between = [
        (told[low].to_numpy() <= true) & (true <= told[high].to_numpy())
        for low, high in (("likely_low", "likely_high"), ("low_bound", "high_bound"))
    ]
    return between[0], between[1]


def binned(chance: np.ndarray, true: np.ndarray) -> list[tuple[float, float, int]]:
    """Put together schools of which about the same was said: what was said, how often it held, how many."""
    found = []
    for low, high in pairwise(EDGES):
        mine = (chance >= low) & (chance < high)
        if mine.any():
            found.append((float(chance[mine].mean()), float(true[mine].mean()), int(mine.sum())))
    return found


def plot(bins: list[tuple[float, float, int]]) -> str:
    """Draw what was said against how often it held; the line is where both are equal."""
    size, left, top = 360, 60, 24

    def at(said: float, held: float) -> tuple[float, float]:
        return round(left + said * size, 1), round(top + (1 - held) * size, 1)

    marks = []
    for said, held, many in bins:
        x, y = at(said, held)
        reach = 1.645 * (said * (1 - said) / many) ** 0.5 * size
        marks.append(
            f'<path d="M{x} {y - reach:.1f}V{y + reach:.1f}" stroke="#0b5cad" stroke-width="2"/>'
            f'<circle cx="{x}" cy="{y}" r="4" fill="#0b5cad"/>'
        )
    ticks = []
    for tenth in range(0, 11, 2):
        x, y = at(tenth / 10, 0)[0], at(0, tenth / 10)[1]
        ticks.append(f'<text x="{x}" y="{top + size + 18}" text-anchor="middle">{tenth * 10} %</text>')
        ticks.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{tenth * 10} %</text>')
    middle_x, middle_y = left + size / 2, top + size / 2
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + size + 30} {top + size + 56}" \
font-family="sans-serif" font-size="12" role="img">
<title>Сказанная вероятность и то, как часто она сбывалась</title>
<rect width="100%" height="100%" fill="#fff"/>
<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="none" stroke="#c5ccd6"/>
<line x1="{left}" y1="{top + size}" x2="{left + size}" y2="{top}" stroke="#8a94a3" stroke-dasharray="5 4"/>
{"".join(marks)}
{"".join(ticks)}
<text x="{middle_x}" y="{top + size + 40}" text-anchor="middle">сказано: правило включило бы школу</text>
<text x="16" y="{middle_y}" text-anchor="middle" transform="rotate(-90 16 {middle_y})">включило бы по \
настоящим долям</text>
</svg>
"""


def main(schools: int) -> None:
    """Measure."""
    for one in measured(schools):
        print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
