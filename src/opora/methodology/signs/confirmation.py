"""Are the results of one assessment confirmed by another's (подтверждаемость)? ВПР beside ОГЭ and ЕГЭ.

A school's level is the logarithm of the odds of a low result, compared with what is usual in the same works.
The country's own relation of the two levels says what to expect of the second; it is fitted so that schools
far off do not pull it (repeated median), and what schools differ by otherwise is measured where bias does not
pull, among those that the second assessment shows as better than expected.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.shares import odds_variance, standardised
from opora.methodology.signs.levels import FEWEST, beyond_chance, cautious, levels

Floats = npt.NDArray[np.float64]

SUREST = 1000  # schools through which the line is drawn
ROUNDS = 5
SHAPE = {
    "school": None,
    "takers": pl.Int64,  # of the assessment that is to be confirmed
    "low": pl.Int64,
    "other_takers": pl.Int64,
    "other_low": pl.Int64,
    "other_expected": pl.Float64,  # low results that the first would let expect in the second
    "unconfirmed": pl.Float64,  # standard deviations: above zero, the second is worse than expected
}


def confirmation(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Measure how far the second assessment falls behind what the first lets expect.

    ``first``, ``second``: ``school cell takers low``, all outcomes of each assessment, cells as they are.
    Shape: ``SHAPE``, a row for every school that has both. Empty: no row where fewer than ten schools do.
    """
    both = levels(first).join(levels(second), on="school", suffix="_other").sort("school")
    if len(both) < FEWEST:
        kinds = {name: kind for name, kind in SHAPE.items() if kind}
        return pl.DataFrame(schema={"school": first.schema["school"], **kinds})
    from scipy.special import expit

    pair = Pair(*(both[name].to_numpy() for name in PAIR))
    line = _relation(pair, both["school"])
    expected = line.at + line.slope * pair.x
    off = standardised(line.off(pair), line.noise + line.own)
    share = expit(pair.usual_y + expected)
    return both.select(
        "school",
        "takers",
        "low",
        other_takers="takers_other",
        other_low="low_other",
        other_expected=pl.Series(pair.takers_y * share),
        unconfirmed=pl.Series(cautious(off, len(both))),
    )


@dataclass(frozen=True)
class Pair:
    """The levels of all schools in two assessments, and what is needed to say how uncertain they are."""

    x: Floats
    noise_x: Floats
    takers_x: Floats
    usual_x: Floats
    y: Floats
    noise_y: Floats
    takers_y: Floats
    usual_y: Floats


PAIR = [f"{name}{of}" for of in ("", "_other") for name in ("level", "noise", "takers", "usual")]


@dataclass(frozen=True)
class Line:
    """``y = at + slope · x``; ``noise`` of what is off it by chance, ``own`` what schools differ by else."""

    at: float
    slope: float
    noise: Floats
    own: float

    def off(self, pair: Pair) -> Floats:
        """Say by how much each school is off the line, in logits."""
        return pair.y - self.at - self.slope * pair.x


def _relation(pair: Pair, schools: pl.Series) -> Line:
    """Fit the country's relation of the two levels.

    It is the repeated median of the schools of which most is known: half of them cannot pull it away, however
    far off they are. Source: Siegel A. Biometrika 69 (1982), 242–244.
    """
    line = _settled(pair, *_repeated_median(pair, schools), pair.noise_x, pair.noise_y)
    for _round in range(ROUNDS):
        line = _settled(pair, line.at, line.slope, *_noises(pair, line))
    return line


def _settled(pair: Pair, at: float, slope: float, noise_x: Floats, noise_y: Floats) -> Line:
    """Find what schools differ by beyond chance around this line."""
    line = Line(at, slope, noise_y + slope**2 * noise_x, 0.0)
    return replace(line, own=beyond_chance(line.off(pair), line.noise))


def _noises(pair: Pair, line: Line) -> tuple[Floats, Floats]:
    """Say how uncertain both levels are, were the school on the line, however few low results were seen."""
    from scipy.special import expit

    gain = line.slope * pair.noise_x * np.reciprocal(pair.noise_y + line.own + line.slope**2 * pair.noise_x)
    true = pair.x + gain * line.off(pair)
    low_x = pair.takers_x * expit(pair.usual_x + true)
    low_y = pair.takers_y * expit(pair.usual_y + line.at + line.slope * true)
    return odds_variance(low_x, pair.takers_x), odds_variance(low_y, pair.takers_y)


def _repeated_median(pair: Pair, schools: pl.Series) -> tuple[float, float]:
    """Draw the line through the schools of which most is known."""
    from scipy.stats import siegelslopes

    known = pl.DataFrame({"school": schools, "noise": pair.noise_x + pair.noise_y}).with_row_index()
    surest = known.sort("noise", "school").head(SUREST)["index"].to_numpy()
    line = siegelslopes(pair.y[surest], pair.x[surest])
    return float(line.intercept), float(line.slope)
