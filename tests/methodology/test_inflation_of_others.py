"""What one school's lifted results do to the decisions on others: nothing, but where the rule itself ranks.

«An honest school's place does not worsen by another's inflation» holds for every edition that compares a
school with thresholds. The official rule of ``quantile-15`` compares schools with each other: there a place
does worsen, and this says so. The stability beside a verdict is estimated from all schools and may move a
little; the verdict does not.
"""

import ast
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import opora.methodology
from opora.methodology import edition
from opora.methodology.identification import identify
from opora.methodology.rule import Rank, walk
from opora.methodology.signs.looking import signs
from opora.methodology.tables import Outcomes, outcomes
from tests.methodology.simulated import simulate as country
from tests.methodology.simulated_scores import simulate

THRESHOLDS = ("federal-2021", "omsk-2025", "points-zones", "seed-2020", "three-lists")
RANKS = ("quantile-15",)
HELD = [  # something that each edition looks at, in all years of its window
    (year, assessment, subject, grade)
    for year in (2017, 2018, 2019)
    for assessment, grade in (("vpr", 5), ("oge", 9), ("ege", 11))
    for subject in ("maths", "russian")
]


@cache
def village():
    """Draw a hundred and fifty schools, many of them near the thresholds."""
    return country(150, 4, usual=-1.4, held=HELD).outcomes


def inflate(held, lifted):
    """Let schools have fewer low results: told is what share of them is left."""
    rows = held.counts.with_columns(left=pl.col("school").replace_strict(lifted, default=1.0))
    low = (pl.col("low") * pl.col("left")).floor().cast(pl.Int32)
    return Outcomes(held.cells, rows.with_columns(low=low).drop("left"))


def verdicts(held, rule, without=()):
    """Answer the verdicts on all schools but some, every column of them."""
    found = identify(held, edition.load(rule), years=[2017, 2018, 2019]).verdicts
    return found.filter(~pl.col("school").is_in(list(without))).sort("list", "school")


def low_list(held, rule):
    found = identify(held, edition.load(rule), years=[2019]).verdicts
    return set(found.filter("listed", pl.col("list") == "low")["school"])


def test_which_editions_compare_schools_with_each_other_is_known():
    """Каждая редакция в одном из двух рядов; в ряду мест — ровно те, в правиле которых есть место."""
    ranked = {
        name
        for name in edition.shipped()
        for one in edition.load(name).lists.values()
        if any(isinstance(part, Rank) for part in walk(one.rule))
    }
    assert ranked == set(RANKS)
    assert set(edition.shipped()) == {*THRESHOLDS, *RANKS}


@pytest.mark.parametrize("rule", THRESHOLDS)
@given(data=st.data())
@settings(max_examples=15)
def test_an_honest_school_s_place_does_not_worsen_by_another_s_inflation(rule, data):
    """Кто бы и насколько ни завысил, решения об остальных те же до последнего знака."""
    names = sorted(set(village().counts["school"]))
    lifted = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from([0.0, 0.3, 0.7]), min_size=1))
    before, after = verdicts(village(), rule, lifted), verdicts(inflate(village(), lifted), rule, lifted)
    assert before.equals(after)


@pytest.mark.parametrize("rule", THRESHOLDS)
def test_inflation_does_change_the_verdict_on_the_school_itself(rule):
    """Проверка самой проверки: завышение меняет решение о том, кто завысил."""
    everybody = dict.fromkeys(set(village().counts["school"]), 0.0)
    assert not verdicts(village(), rule).equals(verdicts(inflate(village(), everybody), rule))


@given(data=st.data())
@settings(max_examples=25)
def test_under_a_rule_of_ranks_a_place_does_hang_on_others(data):
    """«Худшие 15 %»: чужое завышение только ухудшает место — честная школа из перечня не выйдет."""
    names = sorted(set(village().counts["school"]))
    lifted = data.draw(st.sets(st.sampled_from(names), max_size=40))
    before = low_list(village(), "quantile-15") - lifted
    after = low_list(inflate(village(), dict.fromkeys(lifted, 0.0)), "quantile-15") - lifted
    assert before <= after


def test_under_a_rule_of_ranks_honest_schools_take_the_places_of_those_who_lifted():
    """Десять школ перечня завысили — на их места встали другие, хотя их результаты те же."""
    before = low_list(village(), "quantile-15")
    lifted = dict.fromkeys(sorted(before)[:10], 0.0)
    after = low_list(inflate(village(), lifted), "quantile-15")
    assert len(before) - 2 <= len(after) <= len(before) + 2 and not after & set(lifted)
    assert len(after - before) >= 8


@pytest.mark.parametrize("rule", edition.shipped())
def test_verdicts_are_the_same_bytes_with_and_without_signs(rule):
    """Признаки найдены и названы — перечень, его причины и настройки те же, байт в байт."""
    schools = simulate(400, 3, 0.2)
    cells = pl.DataFrame(
        {"cell": [0, 2], "year": 2019, "assessment": ["vpr", "ege"], "subject": "maths", "grade": [5, 11]}
    )
    flat = schools.first.join(cells.cast({"cell": pl.Int64}), on="cell").drop("cell")
    kinds = {"year": pl.Int32, "grade": pl.Int32, "takers": pl.Int32, "low": pl.Int32}
    held = outcomes(flat.cast(kinds))

    def told():
        found = identify(held, edition.load(rule), years=[2019])
        return found.verdicts.write_csv(), found.evidence(only_listed=False).write_csv(), found.settings

    before = told()
    assert signs(schools.found())["named"].any()
    assert told() == before


def test_no_module_that_decides_knows_signs_or_context():
    """Решения не могут зависеть ни от признаков, ни от контекста: их модули их не знают."""
    room = Path(opora.methodology.__file__).parent
    aside = ("opora.methodology.context", "opora.methodology.signs", "opora.methodology.choosing")

    def known(folder):
        return {
            (path.stem, node.module)
            for path in folder.glob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(aside)
        }

    assert ("peaks", "opora.methodology.signs.levels") in known(room / "signs")
    assert known(room) == set()
