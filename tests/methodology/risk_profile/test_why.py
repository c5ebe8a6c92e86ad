"""From a factor down to items: contributions that add up, answers, what would have to change."""

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.risk_profile.levels import HIGH, LOW, MIDDLE, cuts, level
from opora.methodology.risk_profile.why import CHANGES, SOURCES, changes, shown, sources
from tests.methodology.risk_profile.drawn import answers, edition, facts, one_factor, scored
from tests.methodology.risk_profile.test_scoring import THREE, TWO_INDICATORS, frame, tables

TABLE = answers("""
    school | a
    1      | 4
    1      | 1
    2      | 1
""")
ORDER = [LOW, MIDDLE, HIGH]
KNOWN = {"context": facts(("1", "special_needs", 0.15), ("2", "special_needs", 0.3))}


def test_a_factor_opens_down_to_its_items():
    """Фактор → показатель → вопрос: среднее, сколько ответивших, вклад в значение фактора."""
    found = scored(edition(TWO_INDICATORS), {"teacher": TABLE}, KNOWN)
    first = [row for row in sources(found).to_dicts() if row["school"] == "1"]
    assert [(row["of"], row["item"], row["raw"], row["respondents"]) for row in first] == [
        ("teacher", "a", 2.5, 2),
        ("context", "special_needs", 0.15, 1),
    ]
    assert [row["contribution"] for row in first] == pytest.approx([30.0, 20.0])
    assert found.factor_points[0, 0] == 50.0
    assert sources(found).schema == dict(SOURCES)


@given(tables, tables)
def test_contributions_of_items_add_up_to_the_factor(pupils, parents):
    """Вклады вопросов складываются в значение фактора при любых пропусках, группах и весах."""
    written = edition(
        "- name: f\n  title: Ф\n  indicators:\n"
        + "".join(
            f"  - name: i{weight}\n    title: П\n    weight: {weight}\n"
            f"    group_weights: {{pupil: {weight}}}\n    sources:\n"
            + "".join(
                f"      - {{{line}}}\n"
                for line in (THREE + "\n" + THREE.replace("pupil", "parent")).splitlines()
            )
            for weight in (1, 3)
        )
    )
    found = scored(written, {"pupil": frame(pupils), "parent": frame(parents)})
    told = sources(found).group_by("school").agg(whole=pl.col("contribution").sum()).sort("school")
    expected = np.nan_to_num(found.factor_points[:, 0])
    assert told["whole"].to_numpy() == pytest.approx(expected, abs=1e-7)


def test_a_group_too_small_shows_no_items():
    """Группа меньше наименьшей: ни среднего, ни вклада."""
    found = scored(
        one_factor("audience: teacher, item: a, from: 1, to: 4", "smallest_group: 2"), {"teacher": TABLE}
    )
    hidden = sources(found).to_dicts()[1]
    assert (hidden["school"], hidden["why"], hidden["raw"], hidden["contribution"]) == (
        "2",
        "few",
        None,
        None,
    )
    assert (hidden["answered"], hidden["respondents"]) == (0, 0)


BOTH = "audience: teacher, item: a, from: 1, to: 4\naudience: teacher, item: b, from: 1, to: 4"
SEVEN = answers("""
    school | a | b
    1      | 1 | 4
    1      | 2 |
    1      | 2 | ?
    1      | 4 |
    1      | 1 | 4
    1      | 3 | ?
    1      | 3 |
""")


def test_where_few_answered_the_same_items_nothing_is_told_of_the_indicator():
    """На второй вопрос ответили двое: балл рядом со средним первого вопроса выдал бы их."""
    found = scored(one_factor(BOTH, "smallest_group: 5\nanswered: 0.5"), {"teacher": SEVEN})
    for row in sources(found).to_dicts():
        assert (row["raw"], row["answered"], row["points"], row["contribution"]) == (None, 0, None, None)
        assert (row["why"], row["respondents"]) == ("few", 0)
    assert np.isnan(found.points[0, 0]) and found.why[0, 0] == "few"


@pytest.mark.parametrize(("unsure", "told"), [(2, False), (0, True)])
def test_what_few_know_is_not_told_beside_a_score_that_counts_who_does_not(unsure, told):
    """«Не знаю» даёт баллы: ответы двоих, кто знает, следовали бы из общего балла."""
    line = "audience: teacher, item: a, from: 1, to: 4, dont_know: 50"
    answered = [4] * 5 + [1] * 5 if told else [-1] * 6 + [4] * unsure
    table = pl.DataFrame({"school": ["1"] * len(answered), "a": answered})
    row = sources(scored(one_factor(line, "smallest_group: 5"), {"teacher": table})).to_dicts()[0]
    assert (row["why"] == "") is told and (row["raw"] is not None) is told


def test_an_item_that_nobody_answered_takes_nothing_from_its_neighbour():
    alone = SEVEN.with_columns(pl.lit(None, pl.Int32).alias("b"))
    found = scored(one_factor(BOTH, "smallest_group: 5\nanswered: 0.5"), {"teacher": alone})
    assert sources(found)["points"].to_list() == pytest.approx([found.points[0, 0], 0.0])


def test_who_does_not_know_has_answered_and_is_in_no_mean():
    table = answers("""
        school | a
        1      | 4
        1      | 4
        1      | ?
        1      |
    """)
    found = scored(one_factor("audience: teacher, item: a, from: 1, to: 4"), {"teacher": table})
    assert sources(found).select("raw", "answered", "respondents").row(0) == (4.0, 3, 2)


def test_what_would_have_to_change_for_another_level_is_told():
    """До средней лишние десять баллов: показатель с весом 3/5 опустился бы на 16,7; второй — на 25."""
    found = scored(
        edition(TWO_INDICATORS, "smallest_group: 1\nhigh: 40\nmiddle: 20"), {"teacher": TABLE}, KNOWN
    )
    where = cuts(found)
    rows = changes(found, level(found.factor_points, where), where.values).filter(school="1").to_dicts()
    assert [(row["to"], row["points"], row["indicator"], round(row["to_points"], 2)) for row in rows] == [
        ("middle", -10.0, "i", 33.33),
        ("middle", -10.0, "j", 25.0),
    ]


def test_where_no_indicator_could_do_it_alone_that_is_said():
    found = scored(
        edition(TWO_INDICATORS, "smallest_group: 1\nhigh: 90\nmiddle: 2"), {"teacher": TABLE}, KNOWN
    )
    where = cuts(found)
    rows = changes(found, level(found.factor_points, where), where.values).filter(school="1").to_dicts()
    assert [(row["to"], row["indicator"]) for row in rows] == [("low", None), ("high", None)]
    assert changes(found, level(found.factor_points, where), where.values).clear().schema == dict(CHANGES)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(0, 99), st.data())
def test_a_change_that_is_told_makes_the_other_level(weights, _seed, data):
    """Сделай показатель таким, как сказано, — уровень станет другим."""
    values = [data.draw(st.integers(0, 100)) for _one in weights]

    def of(points):
        lines = "".join(
            f"    - {{name: i{n}, title: П, weight: {w}, sources: [{{context: x{n}, from: 0, to: 100}}]}}\n"
            for n, w in enumerate(weights)
        )
        known = facts(*(("1", f"x{n}", float(value)) for n, value in enumerate(points)))
        found = scored(edition(f"- name: f\n  title: Ф\n  indicators:\n{lines}"), {}, {"context": known})
        where = cuts(found)
        return found, level(found.factor_points, where), where

    found, named, where = of(values)
    for row in changes(found, named, where.values).filter(school="1").drop_nulls("indicator").to_dicts():
        place = int(row["indicator"][1:])
        # A score that stands on its cut is nought away from the level below: it has to go under it.
        step = 1e-6 if ORDER.index(row["to"]) > ORDER.index(named[0, 0]) else -1e-6
        other = [row["to_points"] + step if n == place else value for n, value in enumerate(values)]
        if 0 <= other[place] <= 100:
            assert of(other)[1][0, 0] == row["to"]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(0, 2))
def test_parts_that_are_shown_add_up_to_the_whole_that_is_shown(parts, digits):
    """Показанные округлённые вклады складываются в показанное значение."""
    told = shown(parts, digits)
    whole = sum(Decimal(str(round(part, 9))) for part in parts)
    assert abs(sum(told) - whole) <= Decimal(1).scaleb(-digits) * Decimal("0.5")
    assert all(
        abs(one - Decimal(str(round(part, 9)))) < Decimal(1).scaleb(-digits)
        for one, part in zip(told, parts, strict=True)
    )
