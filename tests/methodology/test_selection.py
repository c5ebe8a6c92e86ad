"""The choice of participants: the best by trying all, bounds that hold, quotas kept, prices that are true."""

import subprocess
import sys
import threading
from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology.choosing.bound import Neighbours, Worthiest, bounded
from opora.methodology.choosing.choice import (
    Clash,
    Quota,
    SelectionError,
    choose,
    cost_of,
    costs,
)
from opora.methodology.choosing.distance import distances
from opora.methodology.choosing.exact import best, core
from opora.methodology.choosing.large import nearly_best, objective
from opora.methodology.choosing.quotas import rules
from opora.methodology.choosing.swaps import Standing
from tests.bench.candidates import FEATURES, candidates, quotas
from tests.methodology.heaps import ONE, TWO_HEAPS, line


def by_hand(table, asked):
    """Try every choice that keeps the quotas: the least objective."""
    n = len(table)
    return min(
        (objective(table, np.array(c)) for c in combinations(range(n), asked.k) if asked.holds(np.array(c))),
        default=None,
    )


def test_the_middle_of_each_heap_represents_it():
    """Две кучки на прямой: из каждой выбрана средняя, она и представляет соседей."""
    found = choose(TWO_HEAPS, 2, ONE)
    assert found.chosen == ["Б", "Д"] and found.proven
    assert found.representation["by"].to_list() == ["Б", "Б", "Б", "Д", "Д", "Д"]
    assert found.represented["schools"].to_list() == [3, 3]
    spread = np.std([10, 11, 12, 50, 51, 55])
    assert found.representation["distance"][5] == pytest.approx(4 / spread, abs=1e-4)
    assert found.objective == round(1e4 / spread) * 3 + round(4e4 / spread)


def test_a_quota_moves_the_choice():
    """Две школы Юга и ни одной Севера: Север представляет ближайшая к нему."""
    found = choose(TWO_HEAPS, 2, ONE, quotas=[Quota("municipality", "Север", at_most=0)])
    assert found.chosen == ["Г", "Е"] and found.proven
    assert found.representation["by"].to_list()[:3] == ["Г"] * 3


def test_schools_fixed_by_hand_are_in_and_out():
    found = choose(TWO_HEAPS, 2, ONE, put_in={"Е": "опорная площадка"}, leave_out={"Б": "закрывается"})
    assert "Е" in found.chosen and "Б" not in found.chosen
    assert found.representation["school"].to_list() == list("АБВГДЕ")


def test_features_of_a_group_share_its_weight():
    """Три столбца результатов весят столько же, сколько один столбец контекста."""
    table = pl.DataFrame({"school": list("абвг"), "c": [0.0, 1, 0, 1], "r": [0.0, 0, 1, 1]})
    wide = table.with_columns(r2="r", r3="r")
    one = distances(table, {"c": "context", "r": "results"}).table
    three = distances(wide, {"c": "context", "r": "results", "r2": "results", "r3": "results"}).table
    assert (one == three).all() and one[0, 1] == one[0, 2] == round(1e4 * np.sqrt(2))
    only = distances(table, {"c": "context", "r": "results"}, {"results": 0}).table
    assert only[0, 2] == 0 and only[0, 1] == 20_000


def test_what_is_not_known_counts_as_the_average_difference_and_is_said():
    """Средний квадрат разности двух наугад взятых школ — 2; школа сама себе — 0."""
    table = pl.DataFrame({"school": list("абв"), "c": [0.0, 1, 2], "r": [None, 1.0, 3.0]})
    between = distances(table, {"c": "context", "r": "results"}).table
    assert between[0, 1] == round(1e4 * np.sqrt(0.5 * 1.5 + 0.5 * 2)) and between[0, 0] == 0
    assert (between == between.T).all()
    found = choose(table, 1, {"c": "context", "r": "results"})
    assert found.notes == ("признак r не известен, школ: 1; их отличие по нему принято за среднее",)


@st.composite
def questions(draw):
    """Small tables with ties and holes, quotas that overlap, schools fixed: some cannot hold together."""
    n = draw(st.integers(4, 9))
    number = st.one_of(st.none(), st.integers(0, 6))
    table = pl.DataFrame(
        {
            "school": list(range(n)),
            "a": draw(st.lists(st.integers(0, 6), min_size=n, max_size=n)),
            "b": draw(
                st.lists(number, min_size=n, max_size=n).filter(lambda v: any(x is not None for x in v))
            ),
            "place": draw(st.lists(st.sampled_from("xyz"), min_size=n, max_size=n)),
            "kind": draw(st.lists(st.sampled_from("pq"), min_size=n, max_size=n)),
            "half": draw(st.lists(st.sampled_from("mn"), min_size=n, max_size=n)),
        },
        schema_overrides={"b": pl.Int64},
    )
    least = st.one_of(st.none(), st.integers(0, 3))
    labels = {"place": "xyz", "kind": "pq", "half": "mn"}
    asked = [
        Quota(column, value, draw(least), draw(least))
        for column in labels
        for value in labels[column]
        if draw(st.booleans())
    ]
    put_in, leave_out = (
        draw(st.sets(st.integers(0, 1), max_size=1)),
        draw(st.sets(st.integers(2, 3), max_size=1)),
    )
    return (
        table,
        draw(st.integers(1, n - 1)),
        asked,
        dict.fromkeys(put_in, "да"),
        dict.fromkeys(leave_out, "нет"),
    )


@settings(max_examples=60, deadline=None)
@given(questions())
def test_the_choice_is_the_best_of_all_and_the_bound_is_true(question):
    """Перебор всех выборов: доказанный — лучший, граница не выше лучшего, квоты выполнены."""
    table, k, asked, put_in, leave_out = question
    features = {"a": "context", "b": "results"}
    free = rules(table, k)
    try:
        found = choose(table, k, features, quotas=asked, put_in=put_in, leave_out=leave_out)
    except Clash as clashing:
        keeps = [
            c
            for c in combinations(range(len(table)), k)
            if all(d.least <= len(set(d.group) & set(c)) <= d.most for d in clashing.demands)
        ]
        assert keeps == []
        for left in clashing.demands:
            rest = [d for d in clashing.demands if d is not left]
            assert any(
                all(d.least <= len(set(d.group) & set(c)) <= d.most for d in rest)
                for c in combinations(range(len(table)), k)
            )
        return
    best_of_all = by_hand(found.distances.table, found.rules)
    assert found.rules.holds(found.places) and free.holds(found.places)
    assert found.proven and found.objective == best_of_all
    rough = nearly_best(found.distances.table, found.rules, 3, 0, 10**6)
    assert rough.bound <= best_of_all <= rough.objective
    assert objective(found.distances.table, rough.chosen) == rough.objective


@settings(max_examples=50, deadline=None)
@given(questions(), st.data())
def test_any_prices_give_a_true_bound(question, data):
    """Какими бы ни были цены и как бы мало соседей ни осталось, граница не выше лучшего выбора."""
    table, k, asked, put_in, leave_out = question
    try:
        kept = rules(table, k, asked, put_in, leave_out)
    except Clash:
        return
    between = distances(table, {"a": "context", "b": "results"}).table
    n = len(table)
    neighbours = Neighbours(between, 1, data.draw(st.integers(2, n)))
    prices = np.array(data.draw(st.lists(st.integers(0, 40_000), min_size=n, max_size=n)), float)
    told = bounded(neighbours, Worthiest(kept), prices, 50_000.0, 5)
    assert told.value <= by_hand(between, kept) + 1e-3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_solver_and_the_search_agree_on_a_region(seed):
    """40 школ: программа без всякого сокращения находит то же, что сокращённая."""
    table = candidates(40, 6, seed)
    kept = rules(table, 6, quotas(table, 6))
    between = distances(table, FEATURES).table
    rough = nearly_best(between, kept, 5, 0, 10**6)
    poor = Standing(between, kept, Worthiest(kept).choose(np.arange(40.0)))
    poor.better(np.arange(10))  # a middling choice, so that what is left out of the core matters
    rough = replace(rough, chosen=np.sort(poor.chosen), objective=poor.objective)
    left = core(between, kept, rough, 10**6)
    assert rough.bound < rough.objective
    places, bound = best(between, kept, rough, left, 60)
    assert objective(between, places) == bound == _plain_optimum(between, kept)
    assert rough.bound <= bound <= rough.objective


def _plain_optimum(table, kept):
    """Solve the textbook program by SciPy."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, vstack

    n = len(table)
    of, by = np.divmod(np.arange(n * n), n)
    each_once = coo_array((np.ones(n * n), (of, n + np.arange(n * n))), (n, n + n * n))
    only_chosen = coo_array(
        (
            np.tile([1.0, -1.0], n * n),
            (np.repeat(np.arange(n * n), 2), np.column_stack([n + np.arange(n * n), by]).ravel()),
        ),
        (n * n, n + n * n),
    )
    member = coo_array(
        np.hstack([np.vstack([np.ones(n), kept.member]), np.zeros((1 + len(kept.member), n * n))])
    )
    lower = np.concatenate([np.ones(n), np.full(n * n, -np.inf), [kept.k], kept.lower])
    upper = np.concatenate([np.ones(n), np.zeros(n * n), [kept.k], kept.upper])
    found = milp(
        np.concatenate([np.zeros(n), table.ravel()]),
        constraints=LinearConstraint(vstack([each_once, only_chosen, member]).tocsr(), lower, upper),
        bounds=Bounds(0, 1),
        integrality=np.concatenate([np.ones(n), np.zeros(n * n)]),
    )
    return round(found.fun)


@settings(max_examples=30, deadline=None)
@given(questions(), st.data())
def test_every_exchange_costs_what_it_is_said_to(question, data):
    """Цена обмена равна пересчёту; запрещён он ровно тогда, когда нарушил бы квоты."""
    table, k, asked, put_in, leave_out = question
    try:
        found = choose(
            table, k, {"a": "context", "b": "results"}, quotas=asked, put_in=put_in, leave_out=leave_out
        )
    except Clash:
        return
    between = found.distances.table
    now = Standing(between, found.rules, found.places)
    outside = [i for i in range(len(table)) if i not in found.places]
    for coming in outside:
        prices, barred = now.prices(coming), now.barred(coming)
        for slot in range(k):
            after = np.sort(np.append(np.delete(found.places, slot), coming))
            assert prices[slot] == objective(between, after) - found.objective
            if found.rules.fixed[coming] == 0:
                assert barred[slot] != found.rules.holds(after)
    now.exchange(data.draw(st.integers(0, k - 1)), data.draw(st.sampled_from(outside)))
    again = Standing(between, found.rules, np.sort(now.chosen))
    assert (now.objective, now.next.tolist()) == (again.objective, again.next.tolist())


def test_a_manual_change_is_priced_with_its_better_half():
    """Вместо Б поставить А: потери посчитаны заново; без пары система сама находит, кто уходит."""
    found = choose(TWO_HEAPS, 2, ONE)
    told = cost_of(found, put_in=["А"])
    assert told.take_out == ("Б",) and told.objective == found.objective + told.difference
    assert told == cost_of(found, ["А"], ["Б"]) == cost_of(found, ["А"], ["Б"])
    spread = np.std([10, 11, 12, 50, 51, 55])
    assert told.difference == round(1e4 / spread) + round(2e4 / spread) - 2 * round(1e4 / spread)
    assert told.share == told.difference / found.objective
    assert cost_of(found, take_out=["Д"]).put_in == ("Г",)
    table = costs(found)
    assert table.filter(school="А").row(0)[1:4] == (False, "Б", told.difference)
    assert table["difference"].min() >= 0


def test_a_change_that_breaks_a_quota_is_priced_and_says_so():
    found = choose(TWO_HEAPS, 2, ONE, quotas=[Quota("municipality", "Юг", at_most=1)])
    told = cost_of(found, ["Г"], ["Б"])
    assert [str(one) for one in told.broken] == ["муниципалитет Юг: не больше 1 (кандидатов 3)"]
    assert costs(found).filter(school="Г")["other"].to_list() == ["Д"]


@pytest.mark.parametrize(
    ("put_in", "take_out", "said"),
    [
        (["Я"], [], "школы Я нет среди кандидатов"),
        (["Б"], [], "школа Б уже отобрана"),
        ([], ["А"], "школа А не отобрана"),
        (["А", "В"], ["Б"], "входят 2, выходят 1"),
        ([], ["Д"], "всякий обмен нарушает квоты"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_in_words(put_in, take_out, said):
    found = choose(TWO_HEAPS, 2, ONE, put_in={"Д": "просил муниципалитет"})
    with pytest.raises(SelectionError, match=said):
        cost_of(found, put_in, take_out)


def test_alike_schools_are_told_apart_by_key_and_rows_by_nothing():
    """Одинаковые школы: берётся первая по коду; порядок строк ничего не меняет."""
    alike = line("""
        school | low
        Б      | 5
        А      | 5
        В      | 5
        Г      | 9
    """)
    found = choose(alike, 2, ONE)
    assert found.objective == 0 and found.chosen == ["А", "Г"]
    table = candidates(300, 12)
    whole, shuffled = (
        choose(one, 20, FEATURES, seconds=0)
        for one in (table, table.sample(fraction=1, shuffle=True, seed=3))
    )
    assert whole.chosen == shuffled.chosen and whole.bound == shuffled.bound


def test_a_large_choice_keeps_its_quotas_near_its_bound():
    table = candidates(700, 20)
    found = choose(
        table, 40, FEATURES, quotas=quotas(table, 40), put_in={"00007": "да"}, leave_out={"00008": "нет"}
    )
    assert found.rules.holds(found.places) and not found.proven
    assert 0 < found.gap < 0.015
    assert costs(found)["difference"].drop_nulls().min() >= 0


def test_a_known_structure_is_found_again():
    """Двенадцать плотных кучек разной величины: в отборе двенадцати школ — по одной из каждой."""
    random = np.random.default_rng(5)
    heap = np.repeat(np.arange(12), random.integers(3, 15, 12))
    centre = random.permutation(12)[heap] * 10.0
    table = pl.DataFrame(
        {
            "school": np.arange(len(heap)),
            "c": centre + random.normal(0, 0.3, len(heap)),
            "r": heap % 4 * 10.0 + random.normal(0, 0.3, len(heap)),
        }
    )
    found = choose(table, 12, {"c": "context", "r": "results"})
    assert found.proven and sorted(heap[found.places].tolist()) == list(range(12))


def test_others_go_on_while_the_solver_works():
    """Решатель не держит остальные потоки и уложился в отведённое время."""
    table = candidates(160, 8, 7)
    kept = rules(table, 8)
    between = distances(table, FEATURES).table
    rough = nearly_best(between, kept, 1, 0, 10**6)
    left = core(between, kept, rough, 10**6)
    ticks, done = [], threading.Event()

    def work():
        try:
            best(between, kept, rough, left, 1.0)
        finally:
            done.set()

    worker = threading.Thread(target=work)
    worker.start()
    while not done.wait(0.01):
        ticks.append(1)
    worker.join()
    assert len(ticks) > 20


def test_one_number_with_a_long_tail_is_bounded_too():
    """Один признак, и немногие далеко ото всех: граница всё равно близка к отбору."""
    low = np.exp(2.0 * np.random.default_rng(1).normal(size=1000))
    table = pl.DataFrame({"school": range(1000), "low": low})
    found = choose(table, 60, ONE, seconds=0.1)
    assert 0 <= found.gap < 0.2


def test_the_solver_says_nothing_on_the_terminal():
    """Решатель не печатает своего: в новом процессе, где он сделан впервые."""
    program = """
import numpy as np
from opora.methodology.choosing.solver import Program, solved
one = np.ones(1)
whole = np.ones(1, np.bool_)
program = Program(-one, 0 * one, one, np.array([0, 1]), np.array([0]), one, 0 * one, one, whole)
assert solved(program).cost == -1
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("", "")
