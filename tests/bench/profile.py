"""Times risk profiles and says how often their intervals hold: ``python -m tests.bench.profile SCHOOLS``.

Prints JSON lines. A school is 30 teachers, 150 pupils and 120 parents with 60 items each, ten factors of
three indicators; at most 3,000 schools, as many as the project had. ``profile_scores`` is from tables to
scores, ``profile_intervals`` draws every school's respondents a thousand times, ``profile`` is everything
that a page shows; ``profile_coverage`` puts intervals beside what all the invited would have said.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

MOST = 3_000
PEOPLE = {"teacher": 30, "pupil": 150, "parent": 120}
FACTORS, INDICATORS, ITEMS = 10, 3, 2
COVERED = {  # respondents, share of the invited, groups
    "30 of 60": (30, 0.5, ("pupil",)),
    "30 of 60, three groups": (30, 0.5, ("teacher", "pupil", "parent")),
    "60 of 300": (60, 0.2, ("pupil",)),
    "8 of 16": (8, 0.5, ("pupil",)),
}


def written() -> Any:
    """Write the edition."""
    from opora.methodology.risk_profile.reading import read_edition

    lines = [
        "name: bench",
        "title: Замер",
        "status: Opora default",
        "source: opora",
        "levels: fixed",
        "factors:",
    ]
    number = 0
    for factor in range(FACTORS):
        lines += [f"  - name: f{factor}", "    title: Ф", "    indicators:"]
        for indicator in range(INDICATORS):
            lines += [f"      - name: i{indicator}", "        title: П", "        sources:"]
            for item in range(number, number + ITEMS):
                lines += [
                    f"          - {{audience: {audience}, item: q{item}, from: 1, to: 4}}"
                    for audience in PEOPLE
                ]
            number += ITEMS
    return read_edition("\n".join(lines), "bench")


def tables(schools: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Draw the answers, and how many were invited: twice as many as answered."""
    rng = np.random.default_rng(1)
    names = [f"s{place:05d}" for place in range(schools)]
    many = FACTORS * INDICATORS * ITEMS
    told = {
        audience: pl.DataFrame(
            {
                "school": np.repeat(names, people),
                **{f"q{item}": rng.integers(1, 5, schools * people).astype(np.int32) for item in range(many)},
            }
        )
        for audience, people in PEOPLE.items()
    }
    shape = {"school": pl.String, "audience": pl.String, "invited": pl.Int64}
    invited = [(name, audience, 2 * people) for name in names for audience, people in PEOPLE.items()]
    return told, pl.DataFrame(invited, schema=shape, orient="row")


def timed(schools: int) -> Iterator[dict[str, Any]]:
    """Time scores, intervals, and everything."""
    from opora.methodology.risk_profile.intervals import uncertain
    from opora.methodology.risk_profile.levels import cuts
    from opora.methodology.risk_profile.profile import profiles
    from opora.methodology.risk_profile.scoring import score

    edition, (told, invited) = written(), tables(schools)
    started = time.perf_counter()
    scored = score(told, {}, invited, edition)
    scored.factor_points  # noqa: B018  counted when first asked for
    yield line("profile_scores", schools, started)
    started = time.perf_counter()
    uncertain(scored, cuts(scored).values)
    yield line("profile_intervals", schools, started)
    started = time.perf_counter()
    profiles(told, {}, invited, edition)
    yield line("profile", schools, started)


def line(name: str, schools: int, started: float) -> dict[str, Any]:
    """Say how long one took."""
    return {
        "name": name,
        "rows": schools * sum(PEOPLE.values()),
        "seconds": round(time.perf_counter() - started, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def covered(schools: int) -> Iterator[dict[str, Any]]:
    """Say how often a 90 % interval holds what all the invited would have said."""
    from opora.methodology.risk_profile.intervals import uncertain
    from opora.methodology.risk_profile.scoring import score
    from tests.methodology.risk_profile.simulated import simulate

    for name, (respondents, share, groups) in COVERED.items():
        told = simulate(
            schools, 7, respondents=(respondents, respondents), answered=share, constructs=1, groups=groups
        )
        started = time.perf_counter()
        interval = uncertain(score(told.tables, {}, told.invited, told.edition)).factors[:, 0]
        seconds = round(time.perf_counter() - started, 2)
        true = told.true[:, 0].mean(axis=1)
        held = float(((interval[:, 0] <= true) & (true <= interval[:, 1])).mean())
        yield {
            "name": f"profile_coverage, {name}",
            "rows": schools,
            "seconds": seconds,
            "covered": round(held, 4),
            "covered_off": round(abs(held - 0.9), 4),
        }


def main(schools: int) -> None:
    """Measure."""
    many = min(schools, MOST)
    for one in (*timed(many), *covered(many)):
        print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
