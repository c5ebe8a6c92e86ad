"""What is said of uncertainty, beside the truth: intervals, stability, the stabilised list."""

import numpy as np
import polars as pl
import pytest

from opora.methodology import edition, shares, tables
from opora.methodology.common_level import Priors, Seen, width
from opora.methodology.identification import identify
from opora.methodology.likely import likely_shares
from opora.methodology.stabilised import stabilised
from tests.methodology.simulated import HELD, judged, simulate

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def countries():
    rule = edition.load("seed-2020")
    return [(truth, judged(truth, rule)) for truth in (simulate(3_000, seed=seed) for seed in SEEDS)]


def covered(truth, found):
    """Say for every result whether its likely interval and its exact one hold the true share; its takers."""
    evidence = found.identification.evidence(only_listed=False)
    told = evidence.join(
        likely_shares(found.identification.judged),
        on=["school", *tables.OUTCOME_KEY],
        nulls_equal=True,
    )
    names = [HELD.index(key) for key in told.select("year", "assessment", "subject", "grade").iter_rows()]
    true = truth.shares[names, [int(school[1:]) for school in told["school"]]]
    between = pl.Series(true).is_between
    return (
        between(told["likely_low"], told["likely_high"]).to_numpy(),
        between(told["low_bound"], told["high_bound"]).to_numpy(),
        told["takers"].to_numpy(),
    )


def test_likely_intervals_hold_the_truth_as_often_as_they_say(countries):
    """90-процентные интервалы накрывают настоящую долю в 88–92 % случаев, и у малых школ тоже."""
    likely, exact, takers = (
        np.concatenate(each) for each in zip(*(covered(*one) for one in countries), strict=True)
    )
    assert 0.88 <= likely.mean() <= 0.92
    for few, many in ((1, 5), (5, 20), (20, 1_000)):
        assert 0.875 <= likely[(takers >= few) & (takers < many)].mean() <= 0.93
    assert exact.mean() >= 0.93  # the exact one promises at least 90 %, and keeps more than it promises


def test_the_likely_interval_is_narrower_than_the_exact_one(countries):
    truth, found = countries[0]
    told = found.identification.evidence(only_listed=False).join(
        likely_shares(found.identification.judged), on=["school", *tables.OUTCOME_KEY], nulls_equal=True
    )
    few = told.filter(pl.col("takers") < 10)
    assert (few["likely_high"] - few["likely_low"]).mean() < 0.5 * (
        few["high_bound"] - few["low_bound"]
    ).mean()
    assert len(told) == len(likely_shares(found.identification.judged)) == truth.outcomes.counts.height


def test_stability_is_calibrated(countries):
    """О скольких школах сказано «70 %», столько из них правило и включило бы по настоящему уровню."""
    chance = np.concatenate([found.chance for _truth, found in countries])
    true = np.concatenate([found.true for _truth, found in countries])
    bins = np.digitize(chance, (0.05, 0.2, 0.4, 0.6, 0.8, 0.95))
    for number in range(7):
        mine = bins == number
        apart = abs(chance[mine].mean() - true[mine].mean())
        error = np.sqrt(chance[mine].mean() * (1 - chance[mine].mean()) / mine.sum())
        assert apart < max(0.03, 3.5 * error), number


def test_without_a_common_level_it_would_not_be(countries, edition_2020, monkeypatch):
    """Проверка проверки: если судить каждый результат отдельно, середина шкалы врёт."""
    from opora.methodology import shrinkage

    monkeypatch.setattr(shrinkage, "width", lambda _seen, _priors: 0.0)
    truth, _found = countries[0]
    found = judged(truth, edition_2020)
    middle = (found.chance > 0.3) & (found.chance < 0.5)
    assert abs(found.chance[middle].mean() - found.true[middle].mean()) > 0.1


def test_the_stabilised_list_is_wrong_less_often_about_small_schools(countries):
    """При том же числе школ ошибок о школах до 30 учеников меньше хотя бы на четверть."""
    raw = sum(found.wrong(found.listed, below=30) for _truth, found in countries)
    ours = sum(found.wrong(found.chosen, below=30) for _truth, found in countries)
    assert ours <= 0.75 * raw
    for _truth, found in countries:
        assert found.chosen.sum() == found.listed.sum()
        assert found.wrong(found.chosen) < found.wrong(found.listed)


def test_the_width_of_the_common_level_is_found_again():
    """Разброс общего уровня восстанавливается; где общего нет, он нулевой."""
    for common, least, most in ((0.0, 0.0, 0.1), (0.5, 0.4, 0.6), (1.0, 0.85, 1.15)):
        truth = simulate(1_500, 11, common=common, own=0.5 if common else 0.9, usual=-1.8)
        cells, counts = truth.outcomes.cells, truth.outcomes.counts
        cell = counts["cell"].to_numpy()
        s = np.unique(counts["school"].to_numpy(), return_inverse=True)[1]
        low, takers = (counts[name].to_numpy().astype(np.int64) for name in ("low", "takers"))
        a, b, known = shares.prior_of(low, takers, cell, len(cells))
        seen = Seen(s, np.arange(len(s)), cell.astype(np.int64), low, takers)
        assert least <= width(seen, Priors.of(a, b, known > 20)) <= most, common


# --- the list of the same size


def verdicts(text: str) -> pl.DataFrame:
    rows = [line.split() for line in text.strip().splitlines()]
    return pl.DataFrame(
        {
            "school": [row[0] for row in rows],
            "list": [row[1] for row in rows],
            "listed": [row[2] == "on" for row in rows],
            "stability": [None if row[3] == "—" else float(row[3]) for row in rows],
        },
        schema_overrides={"stability": pl.Float64},
    )


def test_the_likeliest_are_chosen_list_by_list():
    found = stabilised(
        verdicts("""
            a low  on  0.90
            b low  on  0.10
            c low  off 0.30
            d low  off 0.95
            a high on  —
            b high off 0.20
            c high off —
        """)
    )
    told = found.select("list", "school", "chance", "chosen").rows()
    assert [(*row[:2], round(row[2], 2), row[3]) for row in told] == [
        ("low", "a", 0.9, True),
        ("low", "b", 0.1, False),
        ("low", "c", 0.7, True),
        ("low", "d", 0.05, False),
        ("high", "a", 1.0, True),
        ("high", "b", 0.8, False),
        ("high", "c", 0.0, False),
    ]


def test_of_equally_likely_schools_the_rule_s_come_first():
    found = stabilised(verdicts("a x off 0.5\nb x on 0.5\nc x off 0.5"))
    assert found.filter("chosen")["school"].to_list() == ["b"]
    assert stabilised(verdicts("a x off 0.5")).filter("chosen").is_empty()


def test_likely_shares_of_nothing_are_none(outcomes, edition_2020):
    found = identify(outcomes("school | takers | low\na | 10 | 5"), edition_2020, years=[1990])
    assert likely_shares(found.judged).is_empty()


def test_a_single_result_has_a_likely_share_too(outcomes, edition_2020):
    found = identify(outcomes("school | takers | low\na | 10 | 5"), edition_2020)
    (row,) = likely_shares(found.judged).to_dicts()
    low, high = shares.central(np.array([0.5]), np.array([1 / 13]), found.judged.value("interval_level"))
    assert (row["likely"], row["likely_low"], row["likely_high"]) == pytest.approx((0.5, low[0], high[0]))
