"""How much the results of one school have in common (общий уровень школы).

Schools differ by a level that all their results share, drawn on the logit scale from a normal distribution
around what is usual in a cell, and by what is one result's own. How wide the first is, is chosen by
likelihood; the second takes what is left of the spread between schools in the cell. The level is held at a
few nodes, so that everything that follows is a weighted sum. Without a common level the results of a school
would be judged as if they were strangers to each other, and its many middling results as many risks.
Source: the beta-binomial of Skellam J. JRSS B 10 (1948), 257–261, with a random intercept.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, expit, logsumexp, softmax

from opora.methodology.shares import betas, spread_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

PLACES = np.linspace(-3.0, 3.0, 15)  # of the nodes, in standard deviations
WEIGHT: Floats = softmax(PLACES**2 * -0.5)
WIDEST, COARSE, FINE = 2.0, 0.2, 0.05  # standard deviations of the level, logits
SAMPLE = 1_000  # schools that the width is fitted on: more change the second digit no longer
HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Priors:
    """What is known of each kind of cell before a school is looked at: mean and spread between schools."""

    mean: Floats
    spread: Floats
    known: npt.NDArray[np.bool_]  # False: too few schools; uniform, and no level to share

    @classmethod
    def of(cls, a: Floats, b: Floats, known: npt.NDArray[np.bool_]) -> "Priors":
        """Take them from fitted beta distributions."""
        return cls(*spread_of(a, b), known)

    def at(self, width: float) -> tuple[Floats, Floats]:
        """Give the beta distributions at every node of the level: priors × nodes."""
        a, b = betas(self.mean, self.spread, _levels(self.mean, width), WEIGHT)
        return np.where(self.known[:, None], a, 1.0), np.where(self.known[:, None], b, 1.0)


@dataclass(frozen=True, eq=False)
class Seen:
    """Rows of results: whose, under which prior, and how many low ones of how many; equal rows told once."""

    s: Integers
    kind: Integers
    prior: Integers  # of a kind
    low: Integers
    takers: Integers

    def likelihood(self, a: Floats, b: Floats, schools: int) -> Floats:
        """Give the logarithm of how likely each school's results are at every node: schools × nodes."""
        mine_a, mine_b = a[self.prior], b[self.prior]
        low, high = self.low[:, None], (self.takers - self.low)[:, None]
        each = betaln(mine_a + low, mine_b + high) - betaln(mine_a, mine_b)
        return np.stack(
            [np.bincount(self.s, each[self.kind, node], schools) for node in range(len(PLACES))], axis=1
        )

    def sampled(self) -> "Seen":
        """Keep the results of some schools, evenly spread."""
        every = np.unique(self.s)
        even = np.linspace(0, len(every) - 1, min(SAMPLE, len(every))).astype(np.int64)
        kept = np.isin(self.s, every[even])
        kinds, kind = np.unique(self.kind[kept], return_inverse=True)
        _schools, s = np.unique(self.s[kept], return_inverse=True)
        return Seen(s, kind, self.prior[kinds], self.low[kinds], self.takers[kinds])


def width(seen: Seen, priors: Priors) -> float:
    """Choose how far the common levels of schools lie apart: the standard deviation, logits.

    Zero where results of a school have nothing in common. The same on every machine: candidates are few.
    """
    some = seen.sampled()
    if not len(some.s):
        return 0.0
    schools = int(some.s.max()) + 1

    def fit(candidate: float) -> float:
        levels = some.likelihood(*priors.at(candidate), schools)
        return float(logsumexp(levels, axis=1, b=WEIGHT).sum())

    coarse = max(np.arange(0.0, WIDEST + COARSE, COARSE), key=fit)
    near = np.arange(max(coarse - COARSE + FINE, 0.0), coarse + COARSE, FINE)
    return float(max(near, key=fit))


def _levels(mean: Floats, width: float) -> Floats:
    """Give the mean share at each node, so that over all nodes it is what it is: priors × nodes."""
    lowest, highest = np.full(len(mean), -30.0), np.full(len(mean), 30.0)
    for _halving in range(HALVINGS):
        middle = (lowest + highest) * 0.5
        above = expit(middle[:, None] + width * PLACES) @ WEIGHT > mean
        lowest, highest = np.where(above, lowest, middle), np.where(above, middle, highest)
    return expit(lowest[:, None] + width * PLACES)
