"""The context index beside a known truth: weights, fit, expected results, what it must not hang on."""

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from opora.methodology import tables
from opora.methodology.context.expected import EXPECTED, expected_results
from opora.methodology.context.fit import Seen, fit
from opora.methodology.context.index import INDEX, RESULTS, WEIGHTS, context_index
from opora.methodology.context.table import context_table
from opora.methodology.context.words import expected_sentence, fit_sentence
from tests.methodology.simulated_context import BEARING, WITHOUT, simulate

EXPLAINED = 0.29 / (0.29 + 0.16)  # the variance of what context lets expect, beside that of true levels


@cache
def found(schools, seed, **told):
    """Draw a region and make its index."""
    region = simulate(schools, seed, **told)
    return region, context_index(context_table(region.indicators), region.outcomes)


# --- weights and fit


def test_the_weights_of_indicators_are_found():
    """Вес показателя — столько, сколько в нём на самом деле; у не связанных с результатом — около нуля."""
    _region, context = found(4_000, 1)
    weights = {row["indicator"]: row for row in context.weights.to_dicts()}
    for name, true in (BEARING | dict.fromkeys(WITHOUT, 0.0)).items():
        assert weights[name]["weight"] == pytest.approx(true, abs=0.03)
        assert weights[name]["low"] < weights[name]["weight"] < weights[name]["high"]
    assert weights["low_income"]["expected"] and weights["parents_higher_education"]["expected"]
    assert weights["young_teachers"]["expected"] is None
    assert context.weights.schema == pl.Schema(WEIGHTS) and context.spread == pytest.approx(0.4, abs=0.03)


def test_nine_of_ten_intervals_of_weights_hold_the_truth():
    held = []
    for seed in range(60):
        _region, context = found(120, seed)
        for row in context.weights.to_dicts():
            held.append(row["low"] <= BEARING.get(row["indicator"], 0.0) <= row["high"])
    assert 0.86 <= np.mean(held) <= 0.95


def test_what_context_explains_is_told_without_chance_and_of_schools_left_out():
    _region, context = found(4_000, 1)
    share, low, high = context.explained
    assert share == pytest.approx(EXPLAINED, abs=0.04) and low < share < high
    assert "Контекст объясняет 6" in fit_sentence(context) and "4000" in fit_sentence(context)


def test_fewer_pupils_make_results_noisier_but_context_explains_as_much():
    region = simulate(4_000, 2)
    few = region.outcomes.filter(pl.col("cell") == 0)
    explained = context_index(context_table(region.indicators), few).explained[0]
    assert explained == pytest.approx(EXPLAINED, abs=0.07)


def test_where_context_says_nothing_there_is_no_index_and_that_is_said():
    """Результаты от контекста не зависят: индекса нет ни у кого, и сказано почему."""
    _region, context = found(400, 3, times=0.0)
    assert not context.usable and context.why == "explained" and context.explained[0] < 0.1
    assert context.index["index"].null_count() == 400 and set(context.index["why"]) == {"unfit"}
    assert context.results.is_empty() and expected_results(context).is_empty()
    assert expected_results(context).columns == list(EXPECTED)
    assert "индексом пользоваться нельзя" in fit_sentence(context)


def test_chance_alone_is_rarely_taken_for_context():
    """Полтораста областей по тридцать школ, контекст ни при чём: индекс выходит не больше чем в девяти."""
    made = [found(30, seed, times=0.0)[1].usable for seed in range(150)]
    assert sum(made) <= 9


def test_too_few_schools_or_indicators_make_no_index():
    _region, context = found(29, 1)
    assert context.why == "schools" and context.fit is None and context.weights.is_empty()
    assert "слишком мало" in fit_sentence(context) and context.explained == (0.0, 0.0, 0.0)
    region = simulate(50, 1)
    same = region.indicators.with_columns(value=pl.lit(0.5))
    none = context_index(context_table(same), region.outcomes)
    assert none.why == "indicators" and "Ни один показатель" in fit_sentence(none)
    assert none.spread == 0.0 and set(none.index["why"]) == {"unknown"}


# --- the index


def test_the_index_says_how_hard_the_context_is():
    """Ноль — середина, единица — стандартное отклонение, больше — труднее."""
    region, context = found(4_000, 1)
    index = context.index["index"].to_numpy()
    assert index.mean() == pytest.approx(0.0, abs=1e-9) and index.std() == pytest.approx(1.0)
    assert np.corrcoef(index, region.expected)[0, 1] > 0.99
    assert context.index.schema == pl.Schema(INDEX | {"school": pl.String})
    assert context.results.schema == pl.Schema(RESULTS | {"school": pl.String})


def test_a_school_of_which_too_little_is_known_has_no_index_and_a_reason():
    """О школе известно меньше половины показателей: индекса нет; известна половина — есть."""
    region = simulate(200, 5)
    keep = {"s00003": 2, "s00004": 3}  # of five
    rows = pl.concat(
        [
            region.indicators.filter(~pl.col("school").is_in(list(keep))),
            *(region.indicators.filter(pl.col("school") == name).head(some) for name, some in keep.items()),
        ]
    )
    index = context_index(context_table(rows), region.outcomes).index
    told = {row["school"]: row for row in index.to_dicts()}
    assert (told["s00003"]["index"], told["s00003"]["why"], told["s00003"]["known"]) == (None, "unknown", 2)
    assert told["s00004"]["index"] is not None and told["s00004"]["why"] == ""


def test_a_special_school_has_no_index_and_bears_on_no_other():
    region = simulate(200, 5)
    special = region.indicators.filter(pl.col("school") == "s00007").head(1)
    special = special.with_columns(indicator=pl.lit("special_school"), value=pl.lit(1.0))
    context = context_index(context_table(pl.concat([region.indicators, special])), region.outcomes)
    told = context.index.filter(pl.col("school") == "s00007").to_dicts()[0]
    assert (told["index"], told["why"]) == (None, "special")
    assert "s00007" not in context.results["school"].to_list()


def test_a_school_without_results_has_an_index_all_the_same():
    region = simulate(200, 5)
    context = context_index(
        context_table(region.indicators), region.outcomes.filter(pl.col("school") != "s00009")
    )
    assert context.index.filter(pl.col("school") == "s00009")["index"].null_count() == 0
    assert "s00009" not in context.results["school"].to_list()


def test_what_is_not_known_makes_the_expectation_less_certain():
    _region, context = found(600, 6, missing=0.15)
    both = context.results.join(context.index, on="school")
    assert context.usable and both["known"].min() < 5
    less, some, whole = (both.filter(pl.col("known") == count)["uncertain"].median() for count in (3, 4, 5))
    assert less > some > whole


def test_rows_whose_count_is_not_known_are_passed_over():
    region = simulate(100, 5)
    more = region.outcomes.head(50).with_columns(cell=pl.lit(99), low=pl.lit(None, pl.Int64))
    table = context_table(region.indicators)
    context = context_index(table, pl.concat([region.outcomes, more.cast(region.outcomes.schema)]))
    assert_frame_equal(context.index, context_index(table, region.outcomes).index)


# --- a school's own result is left out


def test_the_expected_result_of_a_school_is_that_of_the_others():
    """В замкнутом виде — то же, что оценить связь заново по всем школам, кроме этой."""
    chance = np.random.default_rng(9)
    scores, takers = chance.normal(size=(60, 4)), chance.integers(20, 300, 60).astype(float)
    level = scores @ [0.5, -0.3, 0.0, 0.1] + chance.normal(0, 0.3, 60)
    low = np.round(takers * 0.2)
    made = fit(scores, np.ones((60, 4), bool), Seen(takers, low, np.full(60, -1.4), level))
    weight, penalty = made.weight, np.diag([0.0, *[made.ridge.penalty] * 4])
    whole = np.column_stack([np.ones(60), scores])
    for left_out in range(60):
        rest = np.arange(60) != left_out
        weighted = whole[rest].T * weight[rest]
        inverse = np.linalg.inv(weighted @ whole[rest] + penalty)
        mine = whole[left_out]
        assert made.expected[left_out] == pytest.approx(mine @ inverse @ weighted @ level[rest])
        assert made.uncertain[left_out] == pytest.approx(mine @ inverse @ mine)


def test_a_school_cannot_move_what_is_expected_of_it():
    """У одной школы все работы стали низкими: ожидаемое от неё и её индекс почти те же."""
    region, context = found(300, 7)
    mine = pl.col("school") == "s00005"
    changed = region.outcomes.with_columns(low=pl.when(mine).then("takers").otherwise("low"))
    again = context_index(context_table(region.indicators), changed)
    before, after = (expected_results(one).filter(mine).to_dicts()[0] for one in (context, again))
    assert after["low"] > 5 * before["low"] and after["share"] == pytest.approx(before["share"], rel=0.05)
    both = context.index.join(again.index, on="school", suffix="_again")
    assert both.filter(mine)["index"][0] == pytest.approx(both.filter(mine)["index_again"][0], abs=0.12)


# --- expected results


@pytest.mark.parametrize(("schools", "seeds"), [(60, 40), (400, 6), (4_000, 1)])
def test_nine_of_ten_schools_have_their_true_share_in_the_interval(schools, seeds):
    held = []
    for seed in range(seeds):
        region, context = found(schools, seed)
        told = expected_results(context)
        true = region.of(told["school"], region.share)
        held.extend((told["share_low"].to_numpy() <= true) & (true <= told["share_high"].to_numpy()))
    assert 0.86 <= np.mean(held) <= 0.94


def test_where_values_are_missing_the_interval_still_holds_the_truth():
    """О школе не известны два показателя из пяти: интервал шире, и истина в нём так же часто."""
    region, context = found(6_000, 8, missing=0.2)
    told = expected_results(context).join(context.index, on="school", maintain_order="left")
    for some in (told, told.filter(pl.col("known") == 3)):
        true = region.of(some["school"], region.share)
        held = (some["share_low"].to_numpy() <= true) & (true <= some["share_high"].to_numpy())
        assert len(some) > 1_000 and 0.86 <= held.mean() <= 0.94


def test_what_is_expected_of_all_schools_is_what_they_have_together():
    _region, context = found(4_000, 1)
    told = expected_results(context)
    assert abs(told["difference"].sum()) < 0.02 * told["low"].sum()
    assert_frame_equal(
        told.select(pl.col("low") - pl.col("expected")), told.select(low="difference"), check_exact=False
    )


def test_the_probability_of_being_better_comes_true_as_often_as_is_said():
    """Среди школ, о которых сказано 90 %, действительно лучше ожидаемого — девять из десяти."""
    region, context = found(6_000, 4)
    told = expected_results(context)
    better = told["better"].to_numpy()
    true = region.of(told["school"], region.own) < 0
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 0.9), (0.9, 1.0)):
        these = (better >= low) & (better <= high)
        assert these.sum() > 300 and true[these].mean() == pytest.approx(better[these].mean(), abs=0.05)


def test_few_pupils_prove_little():
    """Ни одного низкого результата из десяти работ ещё не значит «лучше», из ста — значит."""
    region, _context = found(400, 11)
    names = ["s00000", "s00001"]
    rest = region.outcomes.filter(~pl.col("school").is_in(names))
    rows = [(names[0], 0, 10, 0), (names[1], 0, 200, 0)]
    mine = pl.DataFrame(rows, schema=rest.schema, orient="row")
    told = expected_results(context_index(context_table(region.indicators), pl.concat([rest, mine])))
    few, many = told.filter(pl.col("school").is_in(names))["better"]
    assert few < 0.9 < 0.99 < many


def test_what_is_expected_is_said_in_pupils():
    _region, context = found(400, 11)
    row = expected_results(context).to_dicts()[0] | {"low": 12, "takers": 80, "expected": 19.6}
    assert expected_sentence(row).startswith(
        "Низких результатов — 12, в таком контексте обычно 20. Всего работ: 80. "
    )


# --- what must change nothing, what is refused


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), order=st.integers(0, 10_000))
def test_the_order_of_rows_changes_no_bit(seed, order):
    region = simulate(60, seed, missing=0.1)
    once = context_index(context_table(region.indicators), region.outcomes)
    indicators, outcomes = (
        rows.sample(fraction=1, shuffle=True, seed=order) for rows in (region.indicators, region.outcomes)
    )
    again = context_index(context_table(indicators), outcomes)
    assert_frame_equal(once.index, again.index, check_exact=True)
    assert_frame_equal(once.weights, again.weights, check_exact=True)
    assert_frame_equal(expected_results(once), expected_results(again), check_exact=True)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), schools=st.integers(30, 90), missing=st.floats(0.0, 0.5))
def test_whatever_is_known_the_answer_is_whole(seed, schools, missing):
    region = simulate(schools, seed, missing=missing)
    context = context_index(context_table(region.indicators), region.outcomes)
    told = expected_results(context)
    assert (context.index["index"].is_null() == (context.index["why"] != "")).all()
    assert told["better"].is_between(0, 1).all() and told.null_count().sum_horizontal()[0] == 0
    inside = (pl.col("share_low") < pl.col("share")) & (pl.col("share") < pl.col("share_high"))
    assert told.select(inside.all()).item()
    assert np.isfinite(context.results.select("expected", "uncertain").to_numpy()).all()


def test_a_table_of_results_that_does_not_fit_is_refused():
    region = simulate(40, 1)
    table = context_table(region.indicators)
    with pytest.raises(tables.TableMismatch, match="результаты: нет столбца low"):
        context_index(table, region.outcomes.drop("low"))
    with pytest.raises(tables.TableMismatch, match="код школы"):
        context_index(table, region.outcomes.with_columns(school=pl.lit(1)))
