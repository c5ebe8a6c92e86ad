"""Draws campaigns whose truth is known: what each group thinks, and where groups were set apart.

A group's true score in a school: the construct's middle, what the group sees otherwise everywhere, what the
school is like, and what this group in this school sees otherwise by nature. Invited people differ around it;
some of the invited answer. Items are steps 1…4, so that scores are as coarse as real ones.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.reading import read_edition

GROUPS = ("teacher", "pupil", "parent")
STRICTER = {"teacher": -6.0, "pupil": 4.0, "parent": 2.0, "director": -10.0}  # points, everywhere
OF_SCHOOLS = 6.0  # standard deviation of schools, points
BY_NATURE = 2.0  # of a group in a school
OF_PEOPLE = 14.0  # of people around what their group thinks
OF_ITEMS = 14.0  # of an item around what its respondent thinks
STEPS = 4


@cache
def edition(
    constructs: int = 6, items: int = 5, groups: tuple[str, ...] = GROUPS, more: str = ""
) -> ProfileEdition:
    """Write an edition: each construct asked of every group."""
    lines = [
        "name: simulated",
        "title: Выдуманная",
        "status: Opora default",
        "source: opora",
        "levels: fixed",
    ]
    lines += [f"numbers: {{{more}}}", "factors:"]
    for construct in range(constructs):
        lines += [f"  - name: f{construct}", "    title: Ф", "    indicators:"]
        lines += ["      - name: c", "        title: П", "        sources:"]
        lines += [
            f"          - {{audience: {group}, item: c{construct}_{item}, from: 1, to: {STEPS}}}"
            for group in groups
            for item in range(items)
        ]
    return read_edition("\n".join(lines), "simulated")


@dataclass(frozen=True)
class Campaign:
    """A drawn campaign. apart: schools × constructs × groups, by how much a group was set apart, points."""

    tables: dict[str, pl.DataFrame]
    invited: pl.DataFrame
    edition: ProfileEdition
    schools: list[str]
    apart: np.ndarray
    true: np.ndarray  # schools × constructs × groups: mean of all invited, points

    def planted(self, found: pl.DataFrame) -> np.ndarray:
        """Say of every row of ``disagreements`` whether its two groups were set apart."""
        groups = list(self.tables)
        school = {name: place for place, name in enumerate(self.schools)}
        return np.array(
            [
                self.apart[school[s], int(f[1:]), groups.index(a)]
                != self.apart[school[s], int(f[1:]), groups.index(b)]
                for s, f, a, b in found.select("school", "factor", "first", "second").iter_rows()
            ],
            dtype=bool,
        )


def simulate(
    schools: int,
    seed: int,
    strength: tuple[float, float] = (15.0, 20.0),
    share: float = 0.1,
    respondents: tuple[int, int] = (25, 60),
    answered: float = 0.6,
    **options,
) -> Campaign:
    """Draw a campaign; in a share of schools × constructs one group is set apart, either way."""
    rng = np.random.default_rng(seed)
    written = edition(**options)
    groups, constructs = list(dict.fromkeys(told.of for told in written.told)), len(written.factors)
    items = len(written.told[0].origins)
    names = [f"s{place:05d}" for place in range(schools)]
    apart = np.zeros((schools, constructs, len(groups)))
    hit = rng.random((schools, constructs)) < share
    who = rng.integers(0, len(groups), (schools, constructs))
    size = rng.uniform(*strength, (schools, constructs)) * rng.choice([-1, 1], (schools, constructs))
    for place in range(len(groups)):
        apart[..., place] = np.where(hit & (who == place), size, 0.0)
    school = rng.normal(50, OF_SCHOOLS, (schools, constructs))
    tables, invited, true = {}, [], np.zeros((schools, constructs, len(groups)))
    for place, group in enumerate(groups):
        alone = group == "director"
        told = np.ones(schools, int) if alone else rng.integers(respondents[0], respondents[1] + 1, schools)
        asked = told if alone else np.ceil(told / answered).astype(int)
        mean = school + STRICTER[group] + apart[..., place] + rng.normal(0, BY_NATURE, school.shape)
        at = np.repeat(np.arange(schools), asked)
        person = mean[at] + rng.normal(0, OF_PEOPLE, (len(at), constructs))
        columns = {}
        for construct in range(constructs):
            drawn = person[:, [construct]] + rng.normal(0, OF_ITEMS, (len(at), items))
            steps = np.clip(np.floor(drawn / 100 * (STEPS - 1) + rng.random(drawn.shape)), 0, STEPS - 1)
            sums = np.bincount(at, steps.mean(axis=1), schools) / asked
            true[:, construct, place] = sums / (STEPS - 1) * 100
            for item in range(items):
                columns[f"c{construct}_{item}"] = steps[:, item].astype(np.int32) + 1
        first = np.concatenate([[0], np.cumsum(asked)[:-1]])
        kept = (np.arange(len(at)) - first[at]) < told[at]
        whole = pl.DataFrame({"school": np.array(names)[at], **columns})
        tables[group] = whole.filter(pl.Series(kept))
        invited += [(name, group, int(many)) for name, many in zip(names, asked, strict=True)]
    shape = {"school": pl.String, "audience": pl.String, "invited": pl.Int64}
    return Campaign(tables, pl.DataFrame(invited, schema=shape, orient="row"), written, names, apart, true)
