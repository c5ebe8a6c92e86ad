"""Whole risk profiles: what they hold, what they must not hang on, and how they are said."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology.risk_profile import profile
from opora.methodology.risk_profile.disagreement import DISAGREEMENTS
from opora.methodology.risk_profile.profile import profiles
from opora.methodology.risk_profile.why import CHANGES, SOURCES
from opora.methodology.risk_profile.words import (
    audience_name,
    change_sentence,
    interval_line,
    lack_sentence,
    lacking_sentence,
    level_name,
    response_sentence,
    sure_sentence,
)
from tests.methodology.risk_profile.drawn import answers, edition, facts, invited, one_factor
from tests.methodology.risk_profile.simulated import simulate

LINES = "audience: pupil, item: a, from: 1, to: 4\naudience: director, item: a, from: 1, to: 4"
FRAMES = {
    "factors": profile.FACTORS,
    "indicators": profile.INDICATORS,
    "groups": profile.GROUPS_TOLD,
    "sources": SOURCES,
    "changes": CHANGES,
    "responses": profile.RESPONSES,
    "disagreements": DISAGREEMENTS,
}


def made(schools=30, seed=1, **options):
    told = simulate(schools, seed, more="draws: 200", **options)
    return told, profiles(told.tables, {}, told.invited, told.edition)


def test_profiles_hold_every_table_in_its_documented_shape():
    told, found = made()
    for name, shape in FRAMES.items():
        assert getattr(found, name).schema == pl.Schema(shape), name
    assert len(found.factors) == 30 * len(told.edition.factors)
    assert len(found.groups) == 30 * len(told.edition.told)
    assert found.beside == "" and not found.above


def test_without_any_answer_profiles_are_empty_tables_of_the_same_shape():
    found = profiles({}, {}, invited(), one_factor(LINES))
    for name, shape in FRAMES.items():
        table = getattr(found, name)
        assert table.is_empty() and table.schema == pl.Schema(shape), name


def test_contributions_of_indicators_add_up_to_the_factor():
    written = edition("""
        - name: f
          title: Ф
          indicators:
            - {name: i, title: П, weight: 3, sources: [{audience: pupil, item: a, from: 1, to: 4}]}
            - {name: j, title: П, weight: 2, sources: [{context: x, from: 0, to: 1}]}
    """)
    table = answers("""
        school | a
        1      | 3
        2      |
    """)
    known = {"context": facts(("1", "x", 0.3), ("2", "x", 0.3))}
    found = profiles({"pupil": table}, known, invited(), written)
    told = (
        found.indicators.group_by("school").agg(pl.col("contribution").sum()).sort("school")["contribution"]
    )
    assert told[0] == pytest.approx(found.factors["points"][0])
    # the known indicator has two fifths of the weight, half is needed: the factor has no score
    assert found.factors["why"].to_list() == ["", "weight"] and found.factors["points"][1] is None
    assert found.indicators["lacking"].to_list()[2:] == [["pupil"], []]
    assert "ученики" in lacking_sentence(found.indicators.to_dicts()[2])
    assert lacking_sentence(found.indicators.to_dicts()[3]) == ""


def test_the_response_rate_is_told_or_why_it_is_not():
    """Ответили 2 из 4; больше, чем приглашено; не известно, сколько приглашено; никто."""
    table = answers("""
        school | a
        1      | 1
        1      | 1
        2      | 1
        2      | 1
        3      | 1
    """)
    asked = invited(("1", "pupil", 4), ("2", "pupil", 1), ("4", "pupil", 10))
    found = profiles({"pupil": table}, {}, asked, one_factor(LINES))
    told = found.responses.filter(pl.col("audience") == "pupil")
    assert told["rate"].to_list() == [0.5, None, None, 0.0]
    assert told["why"].to_list() == ["", "more", "unknown", ""]
    said = [response_sentence(row) for row in told.to_dicts()]
    for sentence, part in zip(
        said, ("2 из 4, 50 %", "проверьте число", "не известно", "0 из 10"), strict=True
    ):
        assert part in sentence


@settings(max_examples=8)
@given(st.randoms(), st.integers(0, 5))
def test_the_order_of_rows_and_columns_changes_nothing_of_profiles(random, seed):
    """Порядок анкет, школ и столбцов не меняет ни одной таблицы."""
    told = simulate(25, seed, more="draws: 100")
    other = {}
    for name in random.sample(list(told.tables), len(told.tables)):
        table = told.tables[name]
        columns = random.sample(table.columns, len(table.columns))
        other[name] = table.select(columns).sample(fraction=1.0, shuffle=True, seed=random.randint(0, 10**6))
    asked = told.invited.sample(fraction=1.0, shuffle=True, seed=random.randint(0, 10**6))
    first, second = (
        profiles(tables, {}, whom, told.edition)
        for tables, whom in ((told.tables, told.invited), (other, asked))
    )
    for name in FRAMES:
        assert getattr(first, name).equals(getattr(second, name)), name


def test_another_school_changes_no_level_under_fixed_cut_offs():
    """Фиксированные границы: ещё одна школа не меняет ни баллов, ни интервалов, ни уровней других."""
    told, found = made(20)
    fewer = {name: table.filter(pl.col("school") != "s00007") for name, table in told.tables.items()}
    asked = told.invited.filter(pl.col("school") != "s00007")
    other = profiles(fewer, {}, asked, told.edition)
    for name in ("factors", "indicators", "groups", "sources", "changes", "responses"):
        assert getattr(found, name).filter(pl.col("school") != "s00007").equals(getattr(other, name)), name


# --- words


def test_a_level_is_said_with_its_interval_and_how_sure_it_is():
    told, found = made()
    for row in found.factors.to_dicts():
        assert interval_line(row).startswith("Интервал от ")
        said = sure_sentence(row, told.edition)
        assert ("не твёрдый" in said) == (row["sure"] < 0.8)


@pytest.mark.parametrize(
    ("table", "why", "said"),
    [
        (answers("school | a"), "none", "Никто не ответил"),
        (answers("school | a\n1 | 1\n1 | 2"), "few", "меньше 5"),
    ],
)
def test_no_data_is_said_with_its_reason_and_no_number(table, why, said):
    """Нет данных: сказано почему, и ни одного числа, похожего на низкий риск."""
    written = one_factor(LINES, "smallest_group: 5")
    found = profiles({"pupil": table}, {}, invited(("1", "pupil", 20)), written)
    row = found.factors.to_dicts()[0]
    sentence = lack_sentence(row["why"], written)
    assert row["why"] == why and row["level"] == "no data" and row["points"] is None
    assert said in sentence and "низк" not in sentence and level_name(row["level"]) == "нет данных"


def test_a_census_is_said_to_have_no_chance():
    told = simulate(3, 1, answered=1.0)
    found = profiles(told.tables, {}, told.invited, told.edition)
    assert "Случайности выборки нет" in interval_line(found.factors.to_dicts()[0])


def test_what_would_change_a_level_is_said():
    row = {"to": "low", "factor": "f", "indicator": "i", "from_points": 50.0, "to_points": 30.0}
    written = one_factor(LINES)
    assert "«Показатель» — 30 вместо 50" in change_sentence(row, written)
    assert "нужно изменить несколько" in change_sentence(row | {"indicator": None}, written)


def test_every_group_has_a_name_that_people_use():
    names = [
        audience_name(name)
        for name in ("director", "teacher", "pupil", "parent", "psychologist", "context", "results")
    ]
    assert len(set(names)) == 7


def test_profiles_are_said_in_english_too(monkeypatch):
    """Те же предложения по-английски: из каталога комнаты."""
    monkeypatch.setenv("OPORA_LANG", "en")
    found = made(3)[1]
    assert interval_line(found.factors.to_dicts()[0]).startswith("Interval from ")
    assert response_sentence(found.responses.to_dicts()[0]).startswith("teachers: ")


def test_who_took_part_is_told_of_a_group_of_which_nothing_else_may_be():
    """Группу школы s00003 показывать нельзя: она «мала», ответивших столько же, другим школам всё равно."""
    told, found = made()
    hidden = pl.col("school") == "s00003"
    counted = found.responses.select("school", "audience", "answered")
    kept = told.tables | {"teacher": told.tables["teacher"].filter(~hidden)}
    other = profiles(kept, {}, told.invited, told.edition, answered=counted)
    assert other.responses.equals(found.responses)
    mine = other.groups.filter(hidden, of="teacher")
    assert set(mine["why"]) == {"few"} and mine["points"].null_count() == len(mine) > 0
    assert other.factors.filter(~hidden).equals(found.factors.filter(~hidden))
