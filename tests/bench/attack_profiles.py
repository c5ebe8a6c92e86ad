"""Attacks the numbers of risk profiles: what each question and score tells of those who skipped another one.

A profile tells, of every indicator and group of a school, its score and the mean answer to each question, in
two releases, and once more on the questions that another year shares. Sheets that answer the same questions
are one block. Whoever attacks knows how many sheets each block has, which of them the rules let in, and every
kept digit of every number (pages round them); sought are the sums of answers of each block of fewer than
five: the least and the greatest that fit all that is told, whole numbers, by HiGHS. Levels, shares, changes
and whole factors are made of these numbers and tell no more.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np
import polars as pl

from opora.diagnostics.profiles import counted as counting
from opora.diagnostics.profiles.kept import DIGITS
from opora.methodology.choosing.solver import Program, held
from opora.methodology.disclosure.cells import number
from opora.methodology.disclosure.filters import counted_by_school
from opora.methodology.disclosure.publishing import published
from opora.methodology.risk_profile import answers as answers_of
from opora.methodology.risk_profile import why
from opora.methodology.risk_profile.answers import KNOWN
from opora.methodology.risk_profile.edition import DONT_KNOW, Origin, ProfileEdition, Told
from opora.methodology.risk_profile.reading import FOLDER, load_edition, read_edition
from opora.methodology.risk_profile.scoring import INVITED, Scored, score
from opora.questionnaires.editions import load
from tests.bench.survey_sheets import CROWDS, FORMS, sheets

EDITION = "opora-2026"
RELEASES = (0, 1)
HALF_DIGIT = 0.5 * 10.0**-DIGITS
TOLERANCE = 1e-6
PROTECTIONS = ("groups", "alike", "score")


Key = tuple[str, str, str, str]  # school, factor, indicator, group


@dataclass(frozen=True, eq=False)
class Release:
    """What one release tells.

    within: the sheets and answers that the rules let in; scores: those of the indicators, and those on the
    questions that another year shares; of_items: what is told of each question.
    """

    within: Mapping[str, pl.DataFrame]
    scores: tuple[dict[Key, float], dict[Key, float]]
    of_items: dict[Key, list[dict]]


@dataclass(frozen=True, eq=False)
class Block:
    """Sheets of one school that say the same to the same questions and are let into the same releases.

    says: 0 nothing, 1 «не знаю» with points, 2 an answer, question by question; inside: the same of what each
    release lets in; truth: points of each question, all together.
    """

    says: tuple[int, ...]
    people: int
    inside: tuple[tuple[int, ...], ...]
    truth: tuple[float, ...]

    def lets_in(self, item: int) -> bool:
        """Say whether any release counts the answers to a question."""
        return any(said[item] == KNOWN for said in self.inside)


# --- the releases of a campaign


@contextmanager
def without(off: str) -> Iterator[ProfileEdition]:
    """Switch one protection off, "" for none, and give the edition."""
    text = (FOLDER / f"{EDITION}.yaml").read_text(encoding="utf-8")
    with ExitStack() as stack:
        if off == "groups":
            head, tail = text.split("smallest_group:", 1)
            text = f"{head}smallest_group:{tail.replace('value: 5', 'value: 1', 1)}"
        if off == "alike":
            stack.enter_context(patch.object(counting, "without_few_alike", lambda table, *_other: table))
        if off in ("alike", "score"):
            stack.enter_context(patch.object(answers_of, "_fewest_alike", _always_many))
        yield read_edition(text, EDITION)


def _always_many(_says: np.ndarray, starts: np.ndarray, rows: int) -> np.ndarray:
    return np.full(len(starts), rows)


def released(
    answers: Mapping[str, pl.DataFrame], groups: pl.DataFrame, edition: ProfileEdition, off: str
) -> list[Release]:
    """Put the campaign out twice, as the program does."""
    forms, made = {name: load(name) for name in answers}, []
    options = {audience: {} for audience in CROWDS}
    for form in forms.values():
        names = {one.name: one.item.option_names for one in form.fields.values() if one.kind == "choice"}
        options[form.audience] |= names
    shared = _shared(edition)
    for wave in RELEASES:
        told = published(groups.filter(pl.col("wave") <= wave))
        here = {name: table.filter(pl.col("wave") <= wave) for name, table in answers.items()}
        counted = counted_by_school(told)
        if off == "groups":
            counted = pl.concat(one.select("school", "audience", "grade", "wave") for one in here.values())
        within = counting.counted_tables(here, forms, edition, counted)
        nobody = pl.DataFrame(schema=INVITED)
        scored, common = (score(within, {}, nobody, one, options) for one in (edition, shared))
        of_items: dict[Key, list[dict]] = {}
        for row in why.sources(scored).to_dicts():
            of_items.setdefault((row["school"], row["factor"], row["indicator"], row["of"]), []).append(row)
        made.append(Release(within, (_scores(scored), _scores(common)), of_items))
    return made


def _scores(scored: Scored) -> dict[Key, float]:
    schools, told = scored.schools.to_list(), scored.told
    there = np.argwhere(~np.isnan(scored.points)).tolist()
    return {(schools[row], *named(told[place])): float(scored.points[row, place]) for row, place in there}


def _shared(edition: ProfileEdition) -> ProfileEdition:
    """Leave out the last question of every indicator that asks several, as another year may lack it."""
    factors = []
    for factor in edition.factors:
        kept = []
        for one in factor.indicators:
            several = [told.origins for told in edition.told if told.indicator is one]
            last = [(own[-1].of, own[-1].item) for own in several if len(own) > 1]
            stay = tuple(each for each in one.origins if (each.of, each.item) not in last)
            kept.append(replace(one, origins=stay))
        factors.append(replace(factor, indicators=tuple(kept)))
    return replace(edition, factors=tuple(factors))


# --- what the attacker knows


def blocks(
    answers: Mapping[str, pl.DataFrame], made: list[Release], told: Told
) -> Iterator[tuple[str, list[Block]]]:
    """Part the sheets of each school, hidden and told of, into the blocks of one indicator."""
    own = [table for name, table in answers.items() if load(name).audience == told.of]
    items = [origin.item for origin in told.origins]
    rows = pl.concat([one.select("sheet", "school", *items) for one in own])
    says = [_says(origin).alias(f"says {place}") for place, origin in enumerate(told.origins)]
    points = [_points(origin, told.of).alias(f"points {place}") for place, origin in enumerate(told.origins)]
    rows = rows.select("sheet", "school", *says, *points)
    for wave, one in enumerate(made):
        inside = [_says(origin).alias(f"in {wave} {place}") for place, origin in enumerate(told.origins)]
        rows = rows.join(one.within[told.of].select("sheet", *inside), on="sheet", how="left")
    keys = [name for name in rows.columns if name.startswith(("says", "in"))]
    rows = rows.with_columns(pl.col(keys).fill_null(0))
    sums = [pl.col(f"points {place}").sum() for place in range(len(items))]
    found = rows.group_by("school", *keys).agg(pl.len().alias("people"), *sums).sort("school", *keys)
    for (school,), part in found.partition_by(["school"], as_dict=True).items():
        yield str(school), [_block(row, len(items)) for row in part.to_dicts()]


def _block(row: Mapping[str, object], many: int) -> Block:
    says, points, *inside = (
        tuple(row[f"{name} {place}"] for place in range(many))
        for name in ("says", "points", *(f"in {wave}" for wave in RELEASES))
    )
    return Block(says, row["people"], tuple(inside), points)


def _says(origin: Origin) -> pl.Expr:
    value = pl.col(origin.item)
    unsure = 0 if origin.dont_know is None else 1
    return pl.when(value == DONT_KNOW).then(unsure).when(value.is_null()).then(0).otherwise(KNOWN)


def _points(origin: Origin, audience: str) -> pl.Expr:
    """Give the points of an answer, 0 where there is none."""
    value = pl.col(origin.item).cast(pl.Float64)
    if origin.risk is not None:
        name = next(one for (of, _grade), one in FORMS.items() if of == audience)
        points = [origin.risk[one] for one in load(name).fields[origin.item].item.option_names]
        given = pl.lit(0.0)
        for place, each in enumerate(points, 1):
            given = pl.when(value == place).then(each).otherwise(given)
    else:
        given = ((value - origin.none) * (100.0 / (origin.full - origin.none))).clip(0.0, 100.0)
    return pl.when(_says(origin) == KNOWN).then(given).otherwise(0.0)


class Equations:
    """Rows over the sums of points of each block and question, in the steps of the question's scale."""

    def __init__(self, told: Told, parts: list[Block]) -> None:
        """Name the unknown: every question that a block answers."""
        self.told, self.parts = told, parts
        unknown = [
            (block, item)
            for block, part in enumerate(parts)
            for item, said in enumerate(part.says)
            if said == KNOWN
        ]
        self.places = {key: at for at, key in enumerate(unknown)}
        self.steps = [step_of(origin) for origin in told.origins]
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def add(self, weights: dict[tuple[int, int], float], told: float, people: float) -> None:
        """Say that a weighted sum of points, divided by so many people, is told as a rounded number."""
        row = {self.places[key]: weight * self.steps[key[1]] for key, weight in weights.items()}
        slack = (HALF_DIGIT + TOLERANCE) * people
        self.rows.append((row, told - slack, told + slack))

    def score(self, wave: int, told: float, items: range, share: float) -> None:
        """Add the score of an indicator over these questions."""
        weights, constant, people = {}, 0.0, 0
        for block, part in enumerate(self.parts):
            said = [item for item in items if part.inside[wave][item]]
            if not said or len(said) < share * len(items):
                continue
            people += part.people
            for item in said:
                if part.inside[wave][item] == KNOWN:
                    weights[block, item] = 1.0 / len(said)
                else:
                    constant += part.people * (self.told.origins[item].dont_know or 0.0) / len(said)
        self.add(weights, told * people - constant, people)

    def question(self, wave: int, item: int, raw: float) -> None:
        """Add the mean answer to a question, «не знаю» left out."""
        origin = self.told.origins[item]
        inside = {
            (block, item): 1.0 for block, part in enumerate(self.parts) if part.inside[wave][item] == KNOWN
        }
        people = sum(self.parts[block].people for block, _item in inside)
        scale = 100.0 / (origin.full - origin.none)
        self.add(inside, (raw - origin.none) * scale * people, people * abs(scale))

    def part(self, wave: int, item: int, points: float, share: float, respondents: int) -> None:
        """Add what a question gave to the score."""
        weights, constant = {}, 0.0
        for block, part in enumerate(self.parts):
            inside = part.inside[wave]
            count = sum(said > 0 for said in inside)
            if not inside[item] or count < share * len(inside):
                continue
            if inside[item] == KNOWN:
                weights[block, item] = 1.0 / count
            else:
                constant += part.people * (self.told.origins[item].dont_know or 0.0) / count
        self.add(weights, points * respondents - constant, respondents)

    def bounds(self, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[float, float]]:
        """Find the least and the greatest of each wanted sum. Units: points."""
        import highspy

        truth = np.array([self.parts[b].truth[i] / self.steps[i] for b, i in self.places])
        top = np.array([self.parts[b].people * 100.0 / self.steps[i] for b, i in self.places])
        assert all(low <= sum(w * truth[at] for at, w in row.items()) <= high for row, low, high in self.rows)
        flat = [(at, weight) for row, _low, _high in self.rows for at, weight in sorted(row.items())]
        program = Program(
            cost=np.zeros(len(truth)),
            lower=np.zeros(len(truth)),
            upper=top,
            starts=np.cumsum([0, *(len(row) for row, _low, _high in self.rows)]),
            places=np.array([at for at, _weight in flat], dtype=np.int64),
            values=np.array([weight for _at, weight in flat]),
            row_lower=np.array([low for _row, low, _high in self.rows]),
            row_upper=np.array([high for _row, _low, high in self.rows]),
            whole=np.ones(len(truth), dtype=bool),
        )
        solver, found = held(program), {}
        for key in wanted:
            ends = []
            for cost in (1.0, -1.0):
                solver.changeColCost(self.places[key], cost)
                solver.run()
                assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
                ends.append(cost * solver.getInfo().objective_function_value * self.steps[key[1]])
            solver.changeColCost(self.places[key], 0.0)
            found[key] = (ends[0], ends[1])
        return found


def step_of(origin: Origin) -> float:
    """Give the points between two neighbouring answers: all answers are a whole number of them."""
    if origin.risk is not None:
        return 10.0  # of the shipped editions: 0, 30, 50, 100
    return 100.0 / abs(origin.full - origin.none)


# --- the attack


def equations(made: list[Release], told: Told, school: str, parts: list[Block]) -> Equations:
    """Write down everything that both releases tell of one indicator, group and school."""
    known = Equations(told, parts)
    share = float(load_edition(EDITION).number("answered"))
    shared = len(told.origins) - (len(told.origins) > 1)
    for wave, one in enumerate(made):
        for scores, items in zip(one.scores, dict.fromkeys((len(told.origins), shared)), strict=False):
            if (points := scores.get((school, *named(told)))) is not None:
                known.score(wave, round(points, DIGITS), range(items), share)
        for item, row in enumerate(one.of_items.get((school, *named(told)), ())):
            if row["raw"] is not None and told.origins[item].risk is None:
                known.question(wave, item, round(row["raw"], DIGITS))
            if row["points"] is not None:
                known.part(wave, item, round(row["points"], DIGITS), share, row["respondents"])
    return known


def named(told: Told) -> tuple[str, str, str]:
    """Name one group telling of one indicator."""
    return told.factor.name, told.indicator.name, told.of


def attack(places: pl.DataFrame, seed: int = 1, off: str = "") -> dict[str, float]:
    """Attack a made-up campaign, with one protection switched off or none."""
    answers, groups = sheets(places, seed)
    found: dict[str, float] = {"hidden": 0, "recovered": 0, "one_mind": 0}
    with without(off) as edition:
        made = released(answers, groups, edition, off)
        for told in (one for one in edition.told if one.of in CROWDS and not clipped(one)):
            for school, parts in blocks(answers, made, told):
                for name, many in _of_school(made, told, school, parts).items():
                    found[name] += many
    scores = sum(key[-1] in CROWDS for key in made[-1].scores[0])
    many = sum(len(table) for table in answers.values())
    return found | {"sheets": many, "scores": scores, "lost": _lost(answers, made[-1], edition)}


def _lost(answers: Mapping[str, pl.DataFrame], last: Release, edition: ProfileEdition) -> float:
    """Say which share of the answers of groups that are told of is in no number."""
    before = after = 0
    for audience in CROWDS:
        items = list({one.item for told in edition.asked_of(audience) for one in told.origins})
        own = pl.concat(
            (table for name, table in answers.items() if load(name).audience == audience), how="diagonal"
        )
        kept = last.within[audience]
        own = own.join(kept.select("sheet"), on="sheet", how="semi")
        before, after = (
            total + int(table.select((pl.col(items) >= 0).sum()).sum_horizontal()[0])
            for total, table in ((before, own), (after, kept))
        )
    return round(1 - after / max(before, 1), 5)


def clipped(told: Told) -> bool:
    """Say whether an indicator counts on a number of which only a part of the scale matters."""
    return any(origin.risk is None and origin.full == 40 for origin in told.origins)


def _of_school(made: list[Release], told: Told, school: str, parts: list[Block]) -> dict[str, int]:
    """Attack one indicator, group and school: count the sums sought and those found."""
    smallest, narrow = number("smallest_group"), float(number("protection_points"))
    sought = [
        (block, item)
        for block, part in enumerate(parts)
        for item, said in enumerate(part.says)
        if said == KNOWN and part.people < smallest
    ]
    reached = [(block, item) for block, item in sought if parts[block].lets_in(item)]
    found = {"hidden": len(sought), "recovered": 0, "one_mind": 0}
    if not reached:
        return found
    known = equations(made, told, school, parts)
    if not known.rows:
        return found
    for (block, item), (low, high) in known.bounds(reached).items():
        if high - low <= narrow * parts[block].people:
            agreed = _of_one_mind(parts, item)
            found["one_mind" if agreed else "recovered"] += 1
    return found


def _of_one_mind(parts: list[Block], item: int) -> bool:
    """Say whether at least five who answered a question all gave the same end of its scale."""
    inside = [one for one in parts if one.lets_in(item)]
    people, points = sum(one.people for one in inside), sum(one.truth[item] for one in inside)
    alike = points <= TOLERANCE or points >= 100.0 * people - TOLERANCE
    return people >= number("smallest_group") and alike
