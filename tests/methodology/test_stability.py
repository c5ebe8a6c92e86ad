"""Stability: exact against enumeration of every way the indicators may fall, and against chance itself."""

from itertools import pairwise, product

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta

from opora.methodology import edition, shrinkage, stability, tables
from opora.methodology.identification import identify
from opora.methodology.rule import AllOf, AnyOf, Counted, Failed, Not, Rank, Same
from opora.methodology.shares import compare
from tests.methodology.conftest import edition_text

RULES = {
    "pooled": "{failed: low_results, count: two}",
    "at most": "{failed: low_results, count: few}",
    "last year": "{failed: low_results, count: one, last: one_year}",
    "each year": "{failed: low_results, count: one, in_years: every}",
    "two of three years": "{failed: low_results, count: one, in_years: two_years}",
    "same": "{same: low_results, in_years: two_years}",
    "same by subject": "{same: low_results, in_years: two_years, by: [subject], count: two}",
    "and": "{all: [{failed: low_results, count: two, last: one_year}, "
    "{same: low_results, in_years: two_years}]}",
    "or": "{any: [{failed: low_results, count: two, last: one_year}, "
    "{same: low_results, in_years: two_years}]}",
    "not": "{all: [{failed: low_results, count: one}, {not: {same: low_results, in_years: two_years}}]}",
    "two thresholds": "{all: [{failed: high_results, count: two}, {not: {failed: low_results, count: one}}]}",
    "same by subject but not by grade": "{all: [{same: low_results, in_years: two_years, by: [subject]}, "
    "{not: {same: low_results, in_years: two_years}}]}",
    "three but not two that recur": "{all: [{failed: low_results, count: three}, "
    "{not: {same: low_results, in_years: two_years, count: two}}]}",
    "either measure": "{failed: [low_results, high_results], count: two}",
}
MEASURES = """
    measures:
      low_results: {of: low results, title: Доля, threshold: low_share}
      high_results: {of: low results, title: Доля, threshold: high_share, where: {subject: [maths, russian]}}
"""


def written(rule: str) -> edition.Edition:
    return edition.parse(
        edition_text(
            f"low:\n  title: Перечень\n  rule: {rule}\n",
            "few indicators 1 at most\nthree indicators 3\nhigh_share share 0.15 at most\n",
            MEASURES,
            "{years: [2017, 2018, 2019]}",
        ),
        "drawn.yaml",
    )


@pytest.fixture(scope="module")
def results() -> tables.Outcomes:
    """Nine schools with up to six outcomes each: few enough to enumerate."""
    random = np.random.default_rng(5)
    cells = [(2017, "maths", 5), (2018, "maths", 5), (2018, "maths", 6), (2019, "maths", 5)]
    cells += [(2018, "russian", 5), (2019, "russian", 5)]
    rows = []
    for school in range(9):
        for year, subject, grade in cells:
            if random.random() < 0.85:
                takers = int(random.integers(0, 25))
                low = int(random.binomial(takers, random.uniform(0.05, 0.6)))
                rows.append((f"s{school}", year, "vpr", subject, grade, takers, low))
    names = ["school", "year", "assessment", "subject", "grade", "takers", "low"]
    return tables.outcomes(pl.DataFrame(rows, schema=names, orient="row"))


def decide(node, falls, found) -> bool:
    """Put a rule to one way in which a school's outcomes may fall: (cell, measures failed)."""
    settled, judged = found.judged.settled, found.judged

    def meets(count, parameter):
        return compare(count, settled[parameter].comparison, int(settled[parameter].number))

    if isinstance(node, AllOf):
        return all(decide(part, falls, found) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(decide(part, falls, found) for part in node.parts)
    if isinstance(node, Not):
        return not decide(node.part, falls, found)
    years = judged.last(node.last)
    needed = 0
    if isinstance(node, Failed | Same) and node.in_years:
        needed = len(years) if node.in_years == "every" else judged.number(node.in_years)
    mine = [cell for cell, failed in falls if cell["year"] in years and set(failed) & set(node.measures)]
    if isinstance(node, Same):
        seen: dict[tuple, set] = {}
        for cell in mine:
            seen.setdefault(tuple(cell[k] for k in node.by), set()).add(cell["year"])
        count = sum(len(each) >= needed for each in seen.values())
        return meets(count, node.count) if node.count else count >= 1
    assert isinstance(node, Failed)
    if not node.in_years:
        return meets(len(mine), node.count)
    return sum(meets(sum(c["year"] == y for c in mine), node.count) for y in years) >= needed


def by_enumeration(found) -> dict[str, float]:
    """Add up the probability of every way a school's outcomes may fall in which the rule decides the same."""
    judged, ruling = found.judged, found.rulings["low"]
    rows = judged.ordered.rows.with_row_index("row").filter(pl.col("takers") > 0)
    cells = judged.ordered.cells.to_dicts()
    known = shrinkage.posteriors(judged, rows, rows["cell"].to_numpy())
    standing = {
        name: judged.settled[judged.edition.measures[name].threshold] for name in ruling.named.measures
    }
    answer = {}
    for s, school in enumerate(judged.schools):
        options = []
        for place, cell in enumerate(rows["cell"]):
            if rows["s"][place] != s:
                continue
            cuts = [0.0, *sorted({float(v.number) for v in standing.values()}), 1.0]
            ways = []
            for low, high in pairwise(cuts):
                kind = known.kind[place]
                chance = np.diff(beta.cdf([[low], [high]], known.a[kind], known.b[kind]), axis=0)[0]
                failed = [
                    name
                    for name, v in standing.items()
                    if compare((low + high) / 2, v.comparison, float(v.number))
                    and (name != "high_results" or cells[cell]["subject"] in ("maths", "russian"))
                ]
                ways.append((cells[cell], failed, chance))
            options.append(ways)
        if not options:
            continue
        total = np.zeros(known.nodes)  # at every level of the school
        for way in product(*options):
            falls = [(cell, failed) for cell, failed, _chance in way]
            if decide(ruling.named.rule, falls, found) == bool(ruling.listed[s]):
                total += np.prod([chance for _cell, _failed, chance in way], axis=0)
        answer[school] = float(total @ known.weight[s])
    return answer


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("fewest", ["20", "3"])
def test_stability_is_exact(results, name, fewest):
    """Устойчивость совпадает с полным перебором исходов показателей школы, с общим уровнем и без него."""
    found = identify(results, written(RULES[name]), changes={"prior_schools": fewest})
    ours = dict(found.stability().select("school", "stability").iter_rows())
    expected = by_enumeration(found)
    assert expected
    for school, probability in expected.items():
        assert ours[school] == pytest.approx(probability, abs=1e-9)


def test_stability_is_what_chance_gives(results):
    """Розыгрыш истинных долей много раз даёт ту же частоту того же решения."""
    found = identify(results, written(RULES["or"]))
    judged, ruling = found.judged, found.rulings["low"]
    rows = judged.ordered.rows.filter(pl.col("takers") > 0)
    cells = judged.ordered.cells.to_dicts()
    known = shrinkage.posteriors(judged, rows, rows["cell"].to_numpy())
    random = np.random.default_rng(11)
    times = 4000
    node = random.integers(0, known.nodes, times)  # too few schools: no level, every node is the same
    failed = random.beta(known.a[known.kind][:, node], known.b[known.kind][:, node]) > 0.30
    ours = dict(found.stability().select("school", "stability").iter_rows())
    for s in (0, 4):
        mine = np.flatnonzero(rows["s"].to_numpy() == s)
        same = 0
        for t in range(times):
            falls = [(cells[rows["cell"][int(p)]], ["low_results"] if failed[p, t] else []) for p in mine]
            same += decide(ruling.named.rule, falls, found) == bool(ruling.listed[s])
        assert ours[judged.schools[s]] == pytest.approx(same / times, abs=0.04)


def test_few_takers_make_a_verdict_less_stable(outcomes, edition_2020):
    """Та же доля двоек у малой школы устойчива меньше, чем у большой."""
    lines = ["school | subject | takers | low"]
    for name, takers in (("small", 8), ("big", 400)):
        lines += [f"{name} | {subject} | {takers} | {takers // 2}" for subject in ("maths", "russian")]
    found = identify(outcomes("\n".join(lines)), edition_2020)
    ours = dict(found.stability().select("school", "stability").iter_rows())
    assert ours["big"] > 0.999 > 0.95 > ours["small"] > 0.5


def test_a_small_school_leans_on_the_others(outcomes, edition_2020):
    """Оценка малой школы стягивается к остальным: среди успешных школ её две «двойки» весят меньше."""

    def among(others: int) -> float:
        lines = ["school | subject | takers | low"]
        for i in range(40):
            lines += [f"o{i:02} | {subject} | 60 | {others + i % 5}" for subject in ("maths", "russian")]
        lines += [f"small | {subject} | 5 | 2" for subject in ("maths", "russian")]
        found = identify(outcomes("\n".join(lines)), edition_2020)
        assert found.verdicts.filter(pl.col("school") == "small")["listed"].item()
        return found.stability().filter(pl.col("school") == "small")["stability"].item()

    assert among(2) < 0.05 < 0.4 < among(30)


def test_what_is_certain_has_no_stability_and_says_why(outcomes, schools, indicators, rule):
    of = rule(
        "{failed: [low_results, score], count: one}",
        numbers="fewest number 40",
        more="""
        measures:
          low_results: {of: low results, title: Доля, threshold: low_share}
          score: {of: value, title: Балл, threshold: fewest, where: {indicator: score}}
        exclusions:
          evening: {meaning: вечерние, where: {kind: evening}, source: opora, status: Opora default}
        """,
    )
    table = outcomes("""
        school | takers | low
        out    | 10     | 9
        empty  | 0      | 0
        known  | 10     | 3
    """)
    facts = indicators(
        "school | year | indicator | value\n fact | 2019 | score | 10\n known | 2019 | score | 10"
    )
    found = identify(table, of, indicators=facts, schools=schools("school | kind\n out | evening"))
    said = {row["school"]: row for row in found.stability().to_dicts()}
    assert "исключена" in said["out"]["why"] and "не учтён" in said["empty"]["why"]
    assert "нет случайного" in said["fact"]["why"]
    assert all(said[school]["stability"] is None for school in ("out", "empty", "fact"))
    assert said["known"]["stability"] == pytest.approx(1.0)  # the failed score alone keeps it on the list
    assert said["known"]["why"] is None


def test_a_place_in_a_ranking_is_one_event_past_the_observed_cut(outcomes, rule):
    """Для доли худших граница берётся как наблюдалась: у школы на границе решение шаткое, вдали — твёрдое."""
    lines = ["school | takers | low"] + [f"s{i:02} | 50 | {i * 2}" for i in range(25)]
    of = rule("{worst: low_results, percent: worst, ties: all}", numbers="worst percent 20 at least")
    found = identify(outcomes("\n".join(lines)), of)
    ours = dict(found.stability().select("school", "stability").iter_rows())
    assert found.verdicts["listed"].sum() == 5
    assert ours["s00"] > 0.999 and ours["s24"] > 0.8
    assert 0.3 < ours["s20"] < 0.7 and 0.6 < ours["s19"] < 0.9


def test_a_quarter_lies_between_two_cuts(outcomes, rule):
    lines = ["school | takers | low"] + [f"s{i:02} | 200 | {i * 8}" for i in range(24)]
    of = rule("{quarter: low_results, number: second, ties: all}", numbers="second quarter 2")
    found = identify(outcomes("\n".join(lines)), of)
    ours = dict(found.stability().select("school", "stability").iter_rows())
    assert found.verdicts.filter("listed")["school"].to_list() == [f"s{i}" for i in range(12, 18)]
    assert ours["s15"] > 0.99 and ours["s23"] > 0.99
    assert ours["s17"] < 0.95 and 0.3 < ours["s12"] < 0.7


def test_a_rule_past_counting_says_so(outcomes, rule, monkeypatch):
    monkeypatch.setattr(stability, "MOST_STATES", 2)
    found = identify(outcomes("school | low\n a | 31"), rule("{failed: low_results, count: two}"))
    row = found.stability().row(0, named=True)
    assert row["stability"] is None and "слишком сложно" in row["why"]


def test_counted_indicators_are_a_known_fact(outcomes, rule):
    of = rule("{all: [{counted: low_results, count: two}, {failed: low_results, count: one}]}")
    table = outcomes("""
        school | subject | takers | low
        a      | maths   | 10     | 9
        b      | maths   | 10     | 9
        b      | russian | 10     | 1
    """)
    found = identify(table, of)
    ours = dict(found.stability().select("school", "stability").iter_rows())
    assert found.verdicts.filter("listed")["school"].to_list() == ["b"]
    assert ours["a"] == pytest.approx(1.0)  # one counted outcome: whatever it is, not two
    assert ours["b"] < 1.0
    assert Counted in map(type, of.lists["low"].rule.parts)
    assert Rank not in map(type, of.lists["low"].rule.parts)
