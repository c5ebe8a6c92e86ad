"""Signs of bias: peaks at boundaries, unconfirmed results, both, beside schools whose truth is known."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import binom, norm

from opora.methodology.parameters import standing
from opora.methodology.signs.confirmation import confirmation
from opora.methodology.signs.looking import looked_at, signs
from opora.methodology.signs.peaks import peaks
from tests.methodology.simulated_scores import BOUNDS, area_under_curve, simulate

SIGNS = ("sign", "peak", "unconfirmed")
HISTOGRAMS = {"school": pl.String, "cell": pl.Int64, "scores": pl.List(pl.Int64)}
COUNTS = {"school": pl.String, "cell": pl.Int64, "takers": pl.Int64, "low": pl.Int64}


def found(schools):
    """Look for signs; answer what was said beside what is true."""
    told = signs(schools.found())
    return told["sign"].to_numpy(), told["named"].to_numpy(), schools.of(told["school"], schools.lifted)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_lifted_schools_are_found_and_honest_ones_are_not(share):
    """Половину работ чуть ниже границы подняли в 5–20 % школ: AUC ≥ 0,9, ложных тревог не больше 5 %."""
    sign, named, lifted = found(simulate(2_500, 7, share, number("lifted_share")))
    assert area_under_curve(sign, lifted) >= 0.95
    assert named[~lifted].mean() <= 0.05
    assert named[lifted].mean() >= 0.6


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_weak_inflation_is_ranked_above_honest_schools(share):
    """Подняли три работы из десяти: называют не всех, но AUC ≥ 0,9."""
    sign, named, lifted = found(simulate(4_000, 8, share, number("lifted_share_weak")))
    assert area_under_curve(sign, lifted) >= 0.9
    assert named[~lifted].mean() <= 0.05


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_all_are_honest_few_are_named(seed):
    _sign, named, _lifted = found(simulate(2_500, seed, 0.0))
    assert 0.01 <= named.mean() <= 0.05


def test_in_regions_of_few_schools_false_alarms_stay_as_rare():
    """Сто пятьдесят школ — малая область: по тридцати таким областям ложных тревог не больше 5 %."""
    told = pl.concat(signs(simulate(150, seed, 0.0).found()).select("named") for seed in range(30))
    assert len(told) > 2_500 and 0.01 <= told["named"].mean() <= 0.05


def test_honest_schools_that_are_very_good_or_of_two_humps_are_not_named_more_often():
    """Сильная школа среди слабых соседей и школа с сильным и слабым классом — честные, и так и видны."""
    schools = simulate(6_000, 11, 0.05)
    told = signs(schools.found())
    for truth in (schools.strong, schools.mixed):
        mine = told["named"].to_numpy()[schools.of(told["school"], truth)]
        assert len(mine) > 100 and mine.mean() <= 0.05


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_help_throughout_makes_no_peak_but_is_not_confirmed(share):
    """Помогали всем и во всём: пиков нет, но экзамен результатов не подтверждает — и там, где так многие."""
    schools = simulate(2_500, 7, share, throughout=number("lifted_throughout"))
    told = signs(schools.found()).filter(pl.col("unconfirmed").is_not_null())
    lifted = schools.of(told["school"], schools.lifted)
    both, peak, exam = (area_under_curve(told[name].to_numpy(), lifted) for name in SIGNS)
    assert exam > 0.9 > 0.65 > peak
    assert both > 0.9 and told["named"].to_numpy()[~lifted].mean() <= 0.05


def test_no_honest_school_is_named_because_others_are_lifted():
    """Те же школы, и у пятой части работы подняли: среди остальных новых названных нет."""
    honest, some = (signs(simulate(3_000, 5, share).found()) for share in (0.0, 0.2))
    lifted = simulate(3_000, 5, 0.2)
    both = honest.select("school", before="named").join(some, on="school")
    others = both.filter(pl.Series(~lifted.of(both["school"], lifted.lifted)))
    assert others["before"].any() and both["named"].sum() > 2 * both["before"].sum()
    assert not (others["named"] & ~others["before"]).any()


# --- peaks


def table(rows):
    return pl.DataFrame(rows, schema=HISTOGRAMS, orient="row")


def flat(up=0):
    """Forty works on ten scores; so many of them moved from just below the boundary of five to it."""
    scores = [4] * 10
    scores[4] -= up
    scores[5] += up
    return scores


def test_an_excess_is_counted_against_what_the_country_does():
    """У двадцати школ четыре работы на каждый балл; у одной четыре работы перешли с 4 баллов на 5."""
    rows = [(f"s{number:02d}", 0, flat()) for number in range(20)] + [("up", 0, flat(4))]
    told = peaks(table(rows), {0: (5,)}, 2)
    (mine,) = told.filter(pl.col("school") == "up").to_dicts()
    assert (mine["works"], mine["near"], mine["above"]) == (40, 16, 12)
    assert mine["expected"] == pytest.approx(8.2, abs=0.3) and mine["peak"] == pytest.approx(1.67, abs=0.1)
    assert told.filter(pl.col("school") != "up")["peak"].abs().max() < 0.3


def test_a_peak_that_everybody_has_is_no_sign():
    """Лёгкое задание даёт пик у всех: ни одна школа им не выделяется."""
    told = peaks(table([(f"s{number:02d}", 0, flat(4)) for number in range(20)]), {0: (5,)}, 2)
    assert told["peak"].abs().max() < 0.2


def test_good_and_bad_schools_are_measured_against_their_own_level():
    """Сильная школа сдвинута вправо вся: это не пик."""
    chance = np.random.default_rng(3)
    rows = []
    for number in range(200):
        known = np.clip(chance.normal(0.35 + 0.3 * (number % 2), 0.12, 60), 0.02, 0.98)
        rows.append((f"s{number:03d}", 0, np.bincount(chance.binomial(20, known), minlength=21).tolist()))
    told = peaks(table(rows), {0: (5, 9, 13)}, 2)
    for strong in (0, 1):
        mine = told.filter(pl.col("school").str.slice(-1).cast(pl.Int64) % 2 == strong)["peak"]
        assert abs(mine.mean()) < 0.6 and 0.6 < mine.std() < 1.4


def test_schools_of_two_humps_widen_what_is_usual():
    """Сильный и слабый класс различаются где больше, где меньше: даже в больших школах это не пики."""
    chance = np.random.default_rng(5)
    rows = []
    for number in range(600):
        apart = chance.normal(0.12, 0.08) * chance.choice([-1, 1], 4_000)
        known = np.clip(chance.normal(0.35 + 0.2 * chance.random(), 0.06, 4_000) + apart, 0.02, 0.98)
        rows.append((f"s{number:03d}", 0, np.bincount(chance.binomial(20, known), minlength=21).tolist()))
    told = peaks(table(rows), {0: (5, 9, 13)}, 2)["peak"]
    assert (told > 1.88).mean() <= 0.05


def test_a_handful_of_works_is_judged_by_exact_chances():
    """Три работы у границы, две выше неё: у всех выше лишь каждая десятая. Считается биномиально."""
    usual = [0, 0, 0, 90, 90, 10, 10, 0, 0, 0]
    few = [0, 0, 0, 1, 0, 1, 1, 0, 0, 0]
    rows = [(f"s{number:02d}", 0, usual) for number in range(200)] + [("few", 0, few)]
    told = peaks(table(rows), {0: (5,)}, 2).filter(pl.col("school") == "few").to_dicts()[0]
    share = told["expected"] / 3
    rarity = binom.sf(2, 3, share) + binom.pmf(2, 3, share) / 2
    assert (told["near"], told["above"]) == (3, 2)
    assert told["peak"] == pytest.approx(norm.isf(rarity), rel=1e-6)
    assert told["peak"] < 0.9 * (2 - told["expected"]) / (3 * share * (1 - share)) ** 0.5


def test_bounds_that_are_not_known_are_not_guessed():
    assert peaks(table([("a", 0, [1, 2, 3])]), {}, 2).is_empty()
    told = peaks(table([("a", 0, [1, 2, 3]), ("a", 1, [9, 9, 9])]), {0: (1,)}, 2)
    assert told["works"].to_list() == [6]


def test_the_order_of_rows_changes_nothing():
    schools = simulate(300, 5, 0.1)
    shuffled = schools.scores.sample(fraction=1.0, shuffle=True, seed=2)
    assert_frame_equal(peaks(schools.scores, BOUNDS, 2), peaks(shuffled, BOUNDS, 2), abs_tol=1e-9)


# --- confirmation


def counts(rows):
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def test_a_school_whose_exam_does_not_confirm_its_tests_stands_out():
    names = [f"s{number:02d}" for number in range(30)]
    first = counts([(name, 0, 100, 5 + place) for place, name in enumerate(names)])
    second = [(name, 1, 100, 5 + place) for place, name in enumerate(names[:-1])]
    told = confirmation(first, counts([*second, (names[-1], 1, 100, 60)]))
    told = told.sort("unconfirmed", descending=True)
    assert told["school"][0] == names[-1] and told["unconfirmed"][0] > 2.5
    (mine,) = told.head(1).to_dicts()
    assert (mine["other_low"], mine["low"]) == (60, 34) and 20 < mine["other_expected"] < 45
    assert told["unconfirmed"][1:].abs().max() < 2


def test_few_pupils_are_little_evidence():
    names = [f"s{number:02d}" for number in range(30)]
    first = counts([(name, 0, 100, 10 + place % 5) for place, name in enumerate(names)])
    second = [(name, 1, 100, 10 + place % 5) for place, name in enumerate(names[:-2])]
    told = confirmation(first, counts([*second, (names[-2], 1, 4, 2), (names[-1], 1, 200, 100)]))
    few, many = (told.filter(pl.col("school") == name)["unconfirmed"].item() for name in names[-2:])
    assert few < 2 < many


def test_too_few_schools_confirm_nothing():
    rows = [(f"s{number}", 0, 30, 3) for number in range(9)]
    assert confirmation(counts(rows), counts(rows)).is_empty()


# --- together


def test_the_order_of_rows_changes_no_bit_of_the_signs():
    """Строки пришли в другом порядке — признаки те же до последнего знака."""
    schools = simulate(300, 5, 0.1)
    tables = {
        name: getattr(schools, name) for name in ("first", "second", "marks", "groups", "under_control")
    }
    mixed = {name: one.sample(fraction=1.0, shuffle=True, seed=2) for name, one in tables.items()}
    after = replace(schools, **mixed).found()
    assert schools.found().equals(after) and signs(schools.found()).equals(signs(after))


def number(name):
    return float(standing("objectivity", name).number)


def peaked(rows):
    """Draw a table as ``peaks`` answers it: school, works, peak."""
    known = [{"school": school, "works": works, "peak": peak} for school, works, peak in rows]
    return pl.DataFrame(known).with_columns(above=pl.lit(30), expected=pl.lit(24.5))


def confirmed(rows):
    """Draw a table as ``confirmation`` answers it: school, takers, unconfirmed."""
    known = [{"school": school, "takers": takers, "unconfirmed": off} for school, takers, off in rows]
    return pl.DataFrame(known).with_columns(other_low=pl.lit(9), other_expected=pl.lit(5.0))


def test_signs_need_enough_works_and_one_may_be_missing():
    few = int(number("fewest_works"))
    told = signs(
        looked_at(
            peaks=peaked([("a", few, 1.0), ("b", few - 1, 9.0), ("c", 500, 3.0)]),
            confirmation=confirmed([("a", few, 1.0), ("d", few, -2.0)]),
        )
    )
    assert told.select("school", "peak", "unconfirmed", "strongest", "sign", "named").rows() == [
        ("c", 3.0, None, "peak", pytest.approx(3.0), True),
        ("a", 1.0, 1.0, "unconfirmed", pytest.approx(1.0), False),
        ("d", None, -2.0, "unconfirmed", pytest.approx(-2.0), False),
    ]


def test_the_more_signs_were_looked_at_the_more_it_takes():
    """Один признак в 3 σ — шанс 0,00135; рядом со вторым, обычным, — вдвое больше (среднее гармоническое)."""
    told = signs(
        looked_at(peaks=peaked([("a", 90, 3.0)]), confirmation=confirmed([("a", 90, 0.0), ("b", 90, 0.0)]))
    )
    assert told["chance"][0] == pytest.approx(2 / (1 / 0.00134990 + 1 / 0.5), rel=1e-5)


def test_a_very_strong_sign_keeps_its_place():
    """Шансы меньше самых малых чисел не сливаются в одно: порядок школ сохраняется."""
    told = signs(looked_at(peaks=peaked([("a", 90, 60.0), ("b", 90, 50.0), ("c", 90, 40.0)])))
    assert told["sign"].to_list() == pytest.approx([60.0, 50.0, 40.0])


def test_a_row_says_what_it_was_computed_from():
    (row,) = looked_at(peaks=peaked([("a", 90, 1.0)])).to_dicts()
    assert row == {
        "school": "a",
        "kind": "peak",
        "works": 90,
        "seen": 30,
        "expected": 24.5,
        "pupils": 5.5,
        "off": 1.0,
        "chance": pytest.approx(0.158655, abs=1e-6),
    }


def test_to_be_better_than_similar_schools_or_strict_in_the_journal_is_no_sign():
    better = pl.DataFrame({"school": ["a"], "takers": [90], "low": [1], "expected": [21.0], "better": [9.0]})
    found = looked_at(peaks=peaked([("a", 90, 0.0)]), similar=better)
    assert found.filter(pl.col("kind") == "better")["pupils"].item() == 20.0
    assert signs(found).select("strongest", "named").row(0) == ("peak", False)
