"""How context and results of a region's schools go together: a weighted ridge, and what it explains.

A school's level (log odds of a low result, beside what is usual in the same works) is taken for what its
context lets expect, what is its own beyond chance, and chance. Schools weigh by how surely their level is
known. How far weights are drawn to zero is what foretells best the schools that were left out, in closed form
(the sum of squares by leaving one out); what schools differ by beyond context and chance is the variance with
which they lie as far off as is usual. All expectations of the schools themselves are those without them.
Source: Hoerl A., Kennard R. Technometrics 12 (1970), 55–67; Allen D. Technometrics 16 (1974), 125–127; Paule
R., Mandel J. Journal of Research of the NBS 87 (1982), 377–385; Huber P. Annals of Mathematical Statistics 35
(1964), 73–101.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opora.methodology.shares import odds_variance, pooled_share, ratio, standardised
from opora.methodology.signs.levels import FAR, HALVINGS, USUAL, WIDEST

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ROUNDS = 6
PENALTIES = [
    4.0**power for power in range(-2, 11)
]  # logits ** -2: weights are thought to lie within 4 … 0.001


@dataclass(frozen=True, eq=False)
class Seen:
    """The results of the schools that the fit is made on.

    takers, low: their works; usual: the logit of the share of low results that is usual in these works;
    level: the logit that they have, above it.
    """

    takers: Floats
    low: Floats
    usual: Floats
    level: Floats


@dataclass(frozen=True, eq=False)
class Ridge:
    """Weights of standardised indicators.

    middle: where the indicators stand in the middle of all; at: the level there; total: the weight of all
    schools; covariance: of the weights; penalty, freedom: how far they are drawn in, how many are left free.
    """

    middle: Floats
    at: float
    total: float
    weights: Floats
    covariance: Floats
    penalty: float
    freedom: float

    def expect(self, scores: Floats, known: Flags) -> tuple[Floats, Floats]:
        """Give the level that a context lets expect, and the variance of that expectation.

        Shape: schools × indicators, 0 where not known; what is not known may lie anywhere.
        """
        off = scores - self.middle
        spread = np.einsum("ij,jk,ik->i", off, self.covariance, off) + ratio(1.0, self.total)
        return self.at + off @ self.weights, spread + self.unknown(known)

    def unknown(self, known: Flags) -> Floats:
        """Give the variance that indicators which are not known add: each may lie one deviation off."""
        return (~known) @ (self.weights**2 + np.diag(self.covariance))


@dataclass(frozen=True, eq=False)
class Fit:
    """The relation of context and results.

    ridge: its weights. own: the variance between schools that is neither context nor chance. expected,
    uncertain, noise: of each school, its level as the others' relation lets expect it, the variance of
    that, and the variance of its own level by chance; weight: by how much it counted. explained: the share
    of the variance of true levels that context foretells in schools left out, with its standard error.
    """

    ridge: Ridge
    own: float
    expected: Floats
    uncertain: Floats
    noise: Floats
    weight: Floats
    explained: float
    explained_error: float

    @property
    def freedom(self) -> float:
        """Count the degrees of freedom from which the spread is known."""
        return max(len(self.expected) - self.ridge.freedom, 1.0)


def fit(scores: Floats, known: Flags, seen: Seen) -> Fit:
    """Fit the relation; at least three schools and one indicator.

    Shape: ``scores``, ``known`` are schools × indicators; scores are 0 where not known.
    """
    noise, own, unknown = _noise(seen, seen.usual), WIDEST, np.zeros(len(scores))
    weight = np.reciprocal(noise + own)
    for _round in range(ROUNDS):
        ridge, off, leverage = _drawn_in(scores, seen.level, weight)
        unknown = ridge.unknown(known)
        own = _own(off, noise + unknown, len(off) - ridge.freedom)
        noise = _noise(seen, seen.usual + seen.level - off)
        weight = _weight(off, noise + own + unknown)
    ridge, off, leverage = _drawn_in(scores, seen.level, weight)
    left = np.reciprocal(1 - leverage)
    expected, uncertain = seen.level - off * left, leverage * left * np.reciprocal(weight) + unknown
    return Fit(ridge, own, expected, uncertain, noise, weight, *_explained(seen.level, expected, noise))


def _weight(off: Floats, variance: Floats) -> Floats:
    """Weigh each school by how surely its level is known; one that is quite its own does not pull (Huber)."""
    far = np.maximum(np.abs(standardised(off, variance)), FAR)
    return FAR * np.reciprocal(variance * far)


def _noise(seen: Seen, logit: Floats) -> Floats:
    """Say how uncertain levels are by chance, were the schools as expected, however few low were seen."""
    from scipy.special import expit

    return odds_variance(seen.takers * expit(logit), seen.takers)


def _drawn_in(scores: Floats, level: Floats, weight: Floats) -> tuple[Ridge, Floats, Floats]:
    """Choose the penalty that foretells left-out schools best; answer residuals and leverages too."""
    total = float(weight.sum())
    middle = ratio(1.0, total) * (weight @ scores)
    at = ratio(float(weight @ level), total)
    off = scores - middle
    sizes, turns = np.linalg.eigh((off * weight[:, None]).T @ off)
    turned = off @ turns
    toward, squares = turned.T @ (weight * (level - at)), turned**2

    def solved(penalty: float) -> tuple[Floats, Floats, Floats]:
        free = np.reciprocal(np.maximum(sizes, 0.0) + penalty)
        leverage = weight * (squares @ free + ratio(1.0, total))
        return free, level - at - turned @ (free * toward), leverage

    def missed(penalty: float) -> float:
        _free, residual, leverage = solved(penalty)
        return float((weight * np.square(residual * np.reciprocal(1 - leverage))).sum())

    penalty = float(min(reversed(PENALTIES), key=missed))
    free, residual, leverage = solved(penalty)
    covariance = (turns * free) @ turns.T
    ridge = Ridge(middle, at, total, turns @ (free * toward), covariance, penalty, float(leverage.sum()))
    return ridge, residual, leverage


def _own(off: Floats, noise: Floats, freedom: float) -> float:
    """Find the variance with which the schools lie as far off as their number lets expect.

    Nothing counts as farther than ``FAR``: one school that is quite its own must not widen all others.
    """
    lowest, highest = 0.0, WIDEST
    for _halving in range(HALVINGS):
        middle = (lowest + highest) * 0.5
        far = np.minimum(np.square(off) * np.reciprocal(noise + middle), FAR**2)
        lowest, highest = (middle, highest) if float(far.sum()) > USUAL * freedom else (lowest, middle)
    return lowest


def _explained(level: Floats, expected: Floats, noise: Floats) -> tuple[float, float]:
    """Say what share of the variance of true levels is foretold, and the standard error of that.

    Noise is taken off both sides; both leave the school itself out. Empty: 0 where schools do not differ.
    """
    others = np.full(len(level), WIDEST)
    for _round in range(ROUNDS):
        weight = np.reciprocal(noise + others[0])
        middle = pooled_share(weight @ level - weight * level, weight.sum() - weight)
        others[:] = _own(level - middle, noise, len(level))
    differ = np.square(level - middle) - noise
    missed = np.square(level - expected) - noise
    whole = float(weight @ differ)
    left = ratio(max(float(weight @ missed), 0.0), max(whole, 0.0))
    if whole <= 0:
        return 0.0, 0.0
    error = ratio(float(np.sqrt(np.square(weight * (missed - left * differ)).sum())), whole)
    return 1 - left, error
