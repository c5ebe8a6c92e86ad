"""Schools alike in context: the nearest ones, and clusters with their names; results have no say."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from opora.methodology.context import clusters as clustering
from opora.methodology.context.clusters import LIKE, clusters
from opora.methodology.context.index import context_index
from opora.methodology.context.neighbours import NEIGHBOURS, importance, neighbours
from opora.methodology.context.table import context_table
from opora.methodology.context.words import cluster_names
from opora.methodology.signs.similar import similar
from tests.methodology.simulated_context import simulate

NOBODY = pl.DataFrame(schema={"school": pl.String, "cell": pl.Int64, "takers": pl.Int64, "low": pl.Int64})


def alike(rows):
    """Know the context of drawn schools and none of their results: all indicators count alike."""
    return context_index(context_table(rows), NOBODY)


def of(region):
    return context_index(context_table(region.indicators), region.outcomes)


def named(told, school):
    return " ".join(told.filter(pl.col("school") == school)["neighbour"])


# --- neighbours


def test_the_most_similar_school_comes_first(indicators):
    """Ближе всех к школе a по доходу и языку — b, затем c; d далека."""
    context = alike(
        indicators("""
        school | year | indicator      | value
        a      | 2024 | low_income     | 0.10
        b      | 2024 | low_income     | 0.12
        c      | 2024 | low_income     | 0.20
        d      | 2024 | low_income     | 0.60
        a      | 2024 | other_language | 0.05
        b      | 2024 | other_language | 0.05
        c      | 2024 | other_language | 0.10
        d      | 2024 | other_language | 0.50
        """)
    )
    told = neighbours(context)
    assert named(told, "a") == "b c d" and named(told, "d") == "c b a"
    assert told.filter(pl.col("school") == "a")["place"].to_list() == [1, 2, 3]
    assert told["distance"].is_sorted() or told.filter(pl.col("school") == "a")["distance"].is_sorted()
    assert told.schema == pl.Schema(NEIGHBOURS | {"school": pl.String, "neighbour": pl.String})


def test_of_equally_similar_schools_the_nearer_in_the_order_of_codes_comes_first(indicators):
    """У b, c, d и e контекст один: к c ближе по коду b и d, затем e."""
    context = alike(
        indicators("""
        school | year | indicator  | value
        a      | 2024 | low_income | 0.60
        b      | 2024 | low_income | 0.10
        c      | 2024 | low_income | 0.10
        d      | 2024 | low_income | 0.10
        e      | 2024 | low_income | 0.10
        """)
    )
    assert named(neighbours(context), "c") == "b d e a"
    assert named(neighbours(context, most=1), "c") == "b" and named(neighbours(context, most=2), "d") == "c e"


def test_a_school_of_which_less_is_known_is_near_to_nobody(indicators):
    """О school d не известен язык: ближе к a школа c, хотя доход у d тот же."""
    context = alike(
        indicators("""
        school | year | indicator      | value
        a      | 2024 | low_income     | 0.10
        b      | 2024 | low_income     | 0.50
        c      | 2024 | low_income     | 0.14
        d      | 2024 | low_income     | 0.10
        a      | 2024 | other_language | 0.10
        b      | 2024 | other_language | 0.50
        c      | 2024 | other_language | 0.14
        """)
    )
    assert named(neighbours(context), "a") == "c d b"


def test_neighbours_are_those_of_a_search_through_all():
    """То же, что сравнить каждую школу с каждой: неизвестное стоит столько, сколько две случайные школы."""
    region = simulate(150, 3, missing=0.15)
    context = of(region)
    weight, there = importance(context), context.index["why"].to_numpy() == ""
    told = neighbours(context, most=5)
    for place in np.flatnonzero(there)[:40]:
        known = context.known & context.known[place]
        squares = np.square(context.scores - context.scores[place]) @ weight  # 0 stands where not known
        lacks = (~context.known) @ weight
        far = np.sqrt(squares + lacks + lacks[place])
        far[place], far[~there] = np.inf, np.inf
        assert known.any()
        mine = told.filter(pl.col("school") == context.index["school"][int(place)])
        assert mine["distance"].to_numpy() == pytest.approx(np.sort(far)[:5], abs=1e-4)


def test_results_have_no_say_in_who_is_similar():
    """Веса показателей те же — и соседи те же, какими бы ни были результаты самих школ."""
    context = of(simulate(200, 4))
    shuffled = context.results.with_columns(pl.col("low").shuffle(1), pl.col("expected").shuffle(2))
    other = type(context)(**{**vars(context), "results": shuffled})
    assert_frame_equal(neighbours(context), neighbours(other))


def test_an_indicator_that_bears_on_results_counts_more():
    weight = dict(
        zip(of(simulate(2_000, 5)).table.indicators, importance(of(simulate(2_000, 5))), strict=True)
    )
    assert weight["parents_higher_education"] > weight["other_language"] > 5 * weight["young_teachers"] > 0


def test_only_those_asked_about_and_only_those_allowed_are_named():
    context = of(simulate(120, 6))
    few = pl.Series(["s00001", "s00002", "s00003"])
    told = neighbours(context, of=pl.Series(["s00001"]), among=few)
    assert set(told["school"]) == {"s00001"} and set(told["neighbour"]) == {"s00002", "s00003"}
    assert neighbours(context, among=few.clear()).is_empty()
    assert neighbours(context, of=few, among=few.head(1))["school"].to_list() == ["s00002", "s00003"]


def test_neighbours_are_what_a_school_can_be_put_beside():
    region = simulate(400, 7)
    told = similar(region.outcomes, neighbours(of(region)))
    assert len(told) == 400 and set(told["similar"]) == {20}


@settings(max_examples=8)
@given(seed=st.integers(0, 1_000), order=st.integers(0, 1_000))
def test_the_order_of_rows_changes_no_neighbour_and_no_cluster(seed, order):
    region = simulate(80, seed, missing=0.1)
    indicators, outcomes = (
        rows.sample(fraction=1, shuffle=True, seed=order) for rows in (region.indicators, region.outcomes)
    )
    once, again = of(region), context_index(context_table(indicators), outcomes)
    assert_frame_equal(neighbours(once), neighbours(again), check_exact=True)
    assert_frame_equal(clusters(once).members, clusters(again).members)
    assert_frame_equal(clusters(once).like, clusters(again).like, check_exact=True)


# --- clusters


def three_kinds(schools=90):
    """Draw small rural schools, large ones of towns, and middling ones with many languages at home."""
    chance = np.random.default_rng(1)
    kinds = np.arange(schools) % 3
    rural, pupils = np.array([1.0, 0.0, 0.0])[kinds], np.array([40, 900, 300])[kinds]
    language = np.array([0.05, 0.05, 0.5])[kinds] + chance.uniform(0, 0.05, schools)
    columns = {
        "rural": rural,
        "pupils": pupils * chance.uniform(0.9, 1.1, schools),
        "other_language": language,
    }
    return kinds, pl.concat(
        pl.DataFrame(
            {
                "school": [f"s{place:05d}" for place in range(schools)],
                "year": pl.Series([2024] * schools, dtype=pl.Int32),
                "indicator": [name] * schools,
                "value": values.astype(float),
            }
        )
        for name, values in columns.items()
    )


def test_schools_of_a_kind_make_a_cluster_and_it_is_named_in_words():
    """По тридцать сельских малых, больших городских и многоязычных школ: три кластера, и сказано какие."""
    kinds, rows = three_kinds()
    made = clusters(alike(rows))
    groups = made.members["group"].to_numpy()
    assert sorted({(int(kind), int(group)) for kind, group in zip(kinds, groups, strict=True)}) == [
        (0, 1),
        (1, 2),
        (2, 3),
    ]
    assert cluster_names(made.like) == {
        1: "Школы: сельские, малые, дома почти все говорят по-русски",
        2: "Школы: городские, большие, дома почти все говорят по-русски",
        3: "Школы: городские, дома часто говорят не по-русски",
    }
    assert made.like.schema == pl.Schema(LIKE)
    pupils = made.like.filter(pl.col("indicator") == "pupils")["mean"]
    assert pupils.to_list() == pytest.approx([40, 900, 300], rel=0.03)


def test_clusters_of_one_name_are_told_apart_by_what_they_differ_in_most():
    """Два кластера малых школ: у одного двадцать процентов второй смены, у другого сорок."""
    rows = [
        (cluster, 20, name, 20, mean, off, abs(off) > 0.4)
        for cluster, shift, apart in ((1, 0.2, 0.1), (2, 0.4, 0.3))
        for name, mean, off in (("pupils", 40.2, -1.0), ("second_shift", shift, apart))
    ]
    like = pl.DataFrame(rows, schema=LIKE, orient="row")
    assert cluster_names(like) == {
        1: "Школы: малые. Доля учеников второй смены: 20 %",
        2: "Школы: малые. Доля учеников второй смены: 40 %",
    }
    alone = like.filter(pl.col("indicator") == "pupils")
    assert cluster_names(alone)[2] == "Школы: малые. Учеников в школе: 40"


def test_the_cluster_of_the_hardest_context_stands_first():
    region = simulate(600, 8)
    context = of(region)
    index = (
        clusters(context)
        .members.join(context.index, on="school")
        .group_by("group")
        .agg(pl.col("index").mean())
    )
    assert index.sort("group")["index"].is_sorted(descending=True)
    sizes = clusters(context).members["group"].value_counts()["count"]
    assert 3 <= len(sizes) <= 8 and sizes.min() >= 11


def test_many_schools_are_clustered_as_few_are(monkeypatch):
    """Больше школ, чем помещается в дерево: дерево по части школ, остальные — к ближайшей середине."""
    kinds, rows = three_kinds(600)
    whole = clusters(alike(rows)).members
    monkeypatch.setattr(clustering, "TREE", 100)
    part = clusters(alike(rows)).members
    assert_frame_equal(part, whole)
    assert len(set(zip(kinds, part["group"], strict=True))) == 3


def test_no_cluster_is_too_small_to_compare_within():
    """Пять школ не похожи ни на кого: своего кластера у них нет, в каждом не меньше одиннадцати школ."""
    kinds, rows = three_kinds(95)
    odd = (pl.col("school") >= "s00090") & (pl.col("indicator") == "pupils")
    made = clusters(alike(rows.with_columns(value=pl.when(odd).then(60_000.0).otherwise("value")))).members
    sizes = made["group"].value_counts()["count"]
    assert len(kinds) == 95 and sizes.sum() == 95 and sizes.min() >= 11 and len(sizes) >= 3


def test_too_few_schools_are_one_cluster():
    _kinds, rows = three_kinds(21)
    made = clusters(alike(rows))
    assert set(made.members["group"]) == {1}
    assert cluster_names(made.like) == {1: "Школы, близкие к середине по контексту"}


def test_clusters_are_groups_that_a_school_can_be_put_beside():
    region = simulate(400, 7)
    assert len(similar(region.outcomes, clusters(of(region)).members)) == 400
