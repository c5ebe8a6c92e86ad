"""Looks for signs of bias where the truth is known: ``python -m tests.bench.bias SCHOOLS`` prints JSON lines.

Half, or three tenths, of the pupils just below the boundaries of marks are lifted over them in some schools;
or a whole school is helped throughout: the strengths stand in ``objectivity.yaml``. Only schools with enough
works are looked at; how many is told. Honest schools of which the signs might be wrongly sure are told apart:
``strong`` ones, far above similar schools, and ``mixed`` ones, of two humps. ``flipped`` is the share of
honest schools that are named only because others are lifted.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import polars as pl

SHARES = (0.05, 0.1, 0.2)
SEED = 500


def measured(schools: int) -> Iterator[dict[str, Any]]:
    """Measure every kind of bias in every share of schools; a line each."""
    for kind, told in kinds().items():
        for share in SHARES:
            yield {"name": f"{kind}, {share:.0%} of schools", "rows": schools, **one(schools, share, told)}
    yield {"name": "bias_none", "rows": schools, **one(schools, 0.0, {})}


def kinds() -> dict[str, dict[str, float]]:
    """Answer the kinds of inflation and their stated strengths."""
    from opora.methodology.parameters import standing

    half, weak, throughout = (
        float(standing("objectivity", name).number)
        for name in ("lifted_share", "lifted_share_weak", "lifted_throughout")
    )
    return {
        "bias": {"strength": half},
        "bias_weak": {"strength": weak},
        "bias_throughout": {"throughout": throughout},
    }


def one(schools: int, share: float, told: dict[str, float]) -> dict[str, Any]:
    """Draw a country, look for signs, say how well they tell lifted schools from honest ones."""
    from opora.methodology.signs.looking import signs
    from tests.methodology.simulated_scores import area_under_curve, simulate

    drawn = simulate(schools, SEED, share, **told)
    started = time.perf_counter()
    found = signs(drawn.found())
    seconds = time.perf_counter() - started
    named = found["named"].to_numpy()
    lifted, strong, mixed = (
        drawn.of(found["school"], truth) for truth in (drawn.lifted, drawn.strong, drawn.mixed)
    )
    answer: dict[str, Any] = {
        "seconds": round(seconds, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "looked_at": len(found),
    }
    if lifted.any():
        auc = area_under_curve(found["sign"].to_numpy(), lifted)
        answer |= {
            "auc": round(auc, 3),
            "auc_lacks": round(1 - auc, 3),
            "found": round(float(named[lifted].mean()), 3),
        }
    if "strength" in told:  # the same country with nobody lifted can be drawn
        honest = signs(simulate(schools, SEED, 0.0).found()).select("school", before="named")
        both = (
            found.with_columns(lifted=pl.Series(lifted)).join(honest, on="school").filter(~pl.col("lifted"))
        )
        answer["flipped"] = round(float((both["named"] & ~both["before"]).mean() or 0), 4)
    false = {"": ~lifted, "_strong": strong, "_mixed": mixed}
    return answer | {
        f"false_alarms{which}": round(float(named[where].mean()), 4) for which, where in false.items()
    }


def main(schools: int) -> None:
    """Measure."""
    for line in measured(schools):
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
