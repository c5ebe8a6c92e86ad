"""Scores: items, respondents, schools, groups, factors; what lacks; what must change nothing."""

import csv

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology.risk_profile.answers import MISSING, POINT
from opora.methodology.tables import TableMismatch
from tests.methodology.risk_profile.drawn import answers, edition, facts, invited, one_factor, points, scored

TWO = "audience: teacher, item: a, from: 1, to: 4\naudience: teacher, item: b, from: 4, to: 1"


def test_an_item_is_scored_on_its_line_and_clipped():
    """Шкала 1…4 в сторону риска; ответ за краем линии — край."""
    table = answers("""
        school | a
        1      | 1
        2      | 2
        3      | 4
        4      | 9
    """)
    found = scored(one_factor("audience: teacher, item: a, from: 1, to: 4"), {"teacher": table})
    assert points(found) == {"1": 0.0, "2": 33.33, "3": 100.0, "4": 100.0}


def test_a_reversed_item_counts_the_other_way():
    """Вопрос наоборот: from больше to."""
    table = answers("""
        school | a | b
        1      | 1 | 4
        2      | 1 | 1
        3      | 4 | 1
    """)
    assert points(scored(one_factor(TWO), {"teacher": table})) == {"1": 0.0, "2": 50.0, "3": 100.0}


def test_a_respondent_counts_who_answered_enough_items():
    """Учтён тот, кто ответил не меньше чем на 60 % вопросов показателя: три из пяти, но не два."""
    table = answers("""
        school | a | b | c | d | e
        1      | 4 | 4 | 4 |   |
        1      | 1 | 1 |   |   |
        2      | 1 | 1 |   |   |
    """)
    five = "\n".join(f"audience: teacher, item: {name}, from: 1, to: 4" for name in "abcde")
    found = scored(one_factor(five), {"teacher": table})
    assert points(found) == {"1": 100.0, "2": None}
    assert found.respondents[:, 0].tolist() == [1, 0] and found.why[1, 0] == "none"


def test_dont_know_is_missing_in_one_item_and_a_score_in_another():
    """«Не знаю» — пропуск, если редакция не дала ему баллов; иначе эти баллы."""
    table = answers("""
        school | a | b
        1      | ? | 1
        2      | ? | ?
        3      | 4 | ?
    """)
    lines = "\n".join(
        f"audience: teacher, item: {item}, from: 1, to: 4" for item in ("a, dont_know: 50", "b")
    )
    found = scored(one_factor(lines, "smallest_group: 1\nanswered: 0.5"), {"teacher": table})
    assert points(found) == {"1": 25.0, "2": 50.0, "3": 100.0}


def test_a_choice_is_scored_by_the_names_of_its_options():
    """Выбор одного ответа: баллы стоят у имён ответов, их порядок даёт анкета."""
    table = answers("""
        school | help
        1      | 1
        2      | 2
        3      | 3
    """)
    written = one_factor("audience: director, item: help, risk: {never: 100, often: 0, sometimes: 50}")
    order = {"director": {"help": ["never", "sometimes", "often"]}}
    assert points(scored(written, {"director": table}, options=order)) == {"1": 100.0, "2": 50.0, "3": 0.0}
    for wrong in ({}, {"director": {"help": ["never", "often"]}}):
        with pytest.raises(TableMismatch, match="help"):
            scored(written, {"director": table}, options=wrong)


def test_a_school_is_the_mean_of_its_respondents_and_groups_are_put_together_by_weight():
    """Школа — среднее по людям, а не по анкетам всех групп вместе; группы — по весам редакции."""
    teachers, pupils = (
        answers("""
            school | a
            1      | 1
            1      | 4
            2      | 4
        """),
        answers("""
            school | a
            1      | 4
            1      | 4
            1      | 4
        """),
    )
    written = edition("""
        - name: f
          title: Фактор
          indicators:
            - name: i
              title: Показатель
              group_weights: {pupil: 3}
              sources:
                - {audience: teacher, item: a, from: 1, to: 4}
                - {audience: pupil, item: a, from: 1, to: 4}
    """)
    found = scored(written, {"teacher": teachers, "pupil": pupils})
    assert points(found) == {"1": 87.5, "2": 100.0}
    assert found.why.tolist() == [["", ""], ["", "none"]]


TWO_INDICATORS = """
    - name: f
      title: Фактор
      indicators:
        - {name: i, title: П, weight: 3, sources: [{audience: teacher, item: a, from: 1, to: 4}]}
        - {name: j, title: П, weight: 2, sources: [{context: special_needs, from: 0, to: 0.3}]}
"""


def test_a_factor_needs_enough_of_its_weight():
    """У фактора есть значение, если данные есть не меньше чем о половине веса показателей."""
    table = answers("""
        school | a
        1      | 4
        2      | 4
        3      |
    """)
    known = {
        "context": facts(
            ("1", "special_needs", 0.15), ("3", "special_needs", 0.3), ("4", "special_needs", None)
        )
    }
    found = scored(edition(TWO_INDICATORS), {"teacher": table}, known)
    assert points(found) == {"1": 80.0, "2": 100.0, "3": None, "4": None}
    assert found.known_weight[:, 0].tolist() == [1.0, 0.6, 0.4, 0.0]


def test_a_group_below_the_smallest_is_no_data_with_its_reason():
    """Группа меньше пяти не показывается; директор отвечает один, по должности."""
    four, director = (
        answers("""
            school | a
            1      | 1
            1      | 1
            1      | 1
            1      | 1
        """),
        answers("""
            school | a
            1      | 4
        """),
    )
    lines = "audience: director, item: a, from: 1, to: 4\naudience: pupil, item: a, from: 1, to: 4"
    found = scored(one_factor(lines, "smallest_group: 5"), {"pupil": four, "director": director})
    assert points(found) == {"1": 100.0} and found.why.tolist() == [["", "few"]]


def test_a_school_of_which_nothing_is_known_has_no_score():
    """Приглашены, но никто не ответил: нет данных, а не низкий риск."""
    table = answers("""
        school | a | b
        1      | 1 | 4
    """)
    found = scored(one_factor(TWO), {"teacher": table}, asked=invited(("2", "teacher", 20)))
    assert points(found) == {"1": 0.0, "2": None}


def test_tables_that_do_not_fit_are_refused_with_all_their_faults():
    table = pl.DataFrame({"school": ["1"], "a": [1.5]})
    with pytest.raises(TableMismatch) as refused:
        scored(one_factor(TWO), {"teacher": table, "guest": table}, {"contexts": facts()})
    for part in ("столбец a", "нет столбца b", "guest", "contexts"):
        assert part in str(refused.value)
    twice = facts(("1", "x", 0.1), ("1", "x", 0.2))
    with pytest.raises(TableMismatch, match="дважды"):
        scored(one_factor("context: x, from: 0, to: 1"), {}, {"context": twice})


def test_no_answers_at_all_give_no_rows_and_no_fault():
    found = scored(one_factor(TWO), {"teacher": answers("school | a | b")})
    assert len(found.schools) == 0 and found.factor_points.shape == (0, 1)


# --- known answers

SCALES = "ACENO"
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
# W. Revelle's package psych, data set bfi: published means of the scales
PUBLISHED = {"A": 4.65, "C": 4.27, "E": 4.15, "N": 3.16, "O": 4.59}


@pytest.fixture(scope="module")
def bfi(real_data):
    """Read the answers of bfi: 2,800 people, 25 items of steps 1…6."""
    with (real_data / "known_answers/bfi.csv").open(encoding="utf-8") as file:
        return [
            {
                name: int(cell)
                for name, cell in row.items()
                if cell not in ("", "NA") and len(name) == 2 and name[0] in SCALES
            }
            for row in csv.DictReader(file)
        ]


def bfi_edition(numbers=""):
    lines = []
    for scale in SCALES:
        items = [f"{scale}{number}" for number in range(1, 6)]
        sources = [
            f"{{audience: teacher, item: {item}, from: {6 if item in REVERSED else 1}, "
            f"to: {1 if item in REVERSED else 6}}}"
            for item in items
        ]
        lines.append(
            f"- {{name: {scale}, title: Ш, indicators: [{{name: i, title: Ш, "
            f"sources: [{', '.join(sources)}]}}]}}"
        )
    return edition("\n".join(lines), numbers or "smallest_group: 1")


def bfi_table(people):
    names = [f"{scale}{number}" for scale in SCALES for number in range(1, 6)]
    columns = {name: pl.Series([one.get(name) for one in people], dtype=pl.Int32) for name in names}
    return pl.DataFrame({"school": ["bfi"] * len(people), **columns})


@pytest.mark.parametrize("share", ["0.01", "0.6"])
def test_the_scale_means_of_bfi_are_those_of_plain_loops_and_as_published_in_psych(bfi, share):
    """Средние шкал bfi (psych, Revelle): обращённые вопросы и пропуски; то же — простыми циклами."""
    found = scored(bfi_edition(f"smallest_group: 1\nanswered: {share}"), {"teacher": bfi_table(bfi)})
    for place, scale in enumerate(SCALES):
        total, people = 0.0, 0
        for one in bfi:
            items = [f"{scale}{number}" for number in range(1, 6)]
            told = [7 - one[item] if item in REVERSED else one[item] for item in items if item in one]
            if told and len(told) >= float(share) * 5:
                total, people = total + sum(told) / len(told), people + 1
        mean = 1 + found.factor_points[0, place] * 5 / 100
        assert mean == pytest.approx(total / people, abs=1e-9)
        assert found.respondents[0, place] == people
        if share == "0.01":
            assert round(mean, 2) == PUBLISHED[scale]


# --- properties

tables = st.lists(
    st.tuples(st.sampled_from("123"), *(st.sampled_from([None, -1, 1, 2, 3, 4]) for _each in range(3))),
    min_size=1,
    max_size=30,
)
THREE = "\n".join(f"audience: pupil, item: {name}, from: 1, to: 4" for name in "abc")


def frame(rows):
    schema = {"school": pl.String, "a": pl.Int32, "b": pl.Int32, "c": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")


@given(tables, st.randoms())
def test_the_order_of_respondents_and_items_changes_nothing(rows, random):
    """Порядок анкет и вопросов ничего не меняет — до последнего знака."""
    other = list(rows)
    random.shuffle(other)
    backwards = "\n".join(reversed(THREE.splitlines()))
    first = scored(one_factor(THREE), {"pupil": frame(rows)})
    second = scored(one_factor(backwards), {"pupil": frame(other).select("school", "c", "a", "b")})
    assert np.array_equal(first.factor_points, second.factor_points, equal_nan=True)


@given(tables)
def test_scores_lie_within_bounds_and_what_lacks_is_never_low(rows):
    """Баллы — от 0 до 100; пропуск не делает риск ни ниже, ни выше: среднее тех же ответов."""
    found = scored(one_factor(THREE, "smallest_group: 1\nanswered: 0.01"), {"pupil": frame(rows)})
    for place, school in enumerate(found.schools):
        means = []
        for row in (row for row in rows if row[0] == school):
            told = [value for value in row[1:] if value not in (None, -1)]
            means += [sum((value - 1) / 3 * 100 for value in told) / len(told)] if told else []
        value = found.factor_points[place, 0]
        if means:
            assert value == pytest.approx(sum(means) / len(means), abs=1e-6) and 0 <= value <= 100
        else:
            assert np.isnan(value)


@given(tables, tables)
def test_another_school_changes_nothing_of_the_first(rows, more):
    others = [("9" + row[0], *row[1:]) for row in more]
    alone = points(scored(one_factor(THREE), {"pupil": frame(rows)}))
    both = points(scored(one_factor(THREE), {"pupil": frame(rows + others)}))
    assert {name: both[name] for name in alone} == alone


@given(tables)
def test_an_item_reversed_with_its_line_reversed_is_the_same_item(rows):
    other = [
        (row[0], None if row[1] is None else row[1] if row[1] == -1 else 5 - row[1], *row[2:]) for row in rows
    ]
    turned = THREE.replace("item: a, from: 1, to: 4", "item: a, from: 4, to: 1")
    first = scored(one_factor(THREE), {"pupil": frame(rows)})
    second = scored(one_factor(turned), {"pupil": frame(other)})
    assert np.array_equal(first.factor_points, second.factor_points, equal_nan=True)


@settings(max_examples=25)
@given(st.integers(1, 1000), st.floats(0, 0.3))
def test_only_the_ratio_of_weights_matters(times, share):
    """Веса, умноженные на одно число, — те же веса."""
    table = answers("""
        school | a
        1      | 3
    """)
    known = {"context": facts(("1", "special_needs", share))}
    other = TWO_INDICATORS.replace("weight: 2", f"weight: {2 * times}").replace(
        "weight: 3,", f"weight: {3 * times},"
    )
    first, second = (scored(edition(text), {"teacher": table}, known) for text in (TWO_INDICATORS, other))
    assert first.factor_points == pytest.approx(second.factor_points, abs=1e-9)


@given(tables)
def test_what_items_give_adds_up_to_the_respondents_exactly(rows):
    """Доли вопросов складываются в баллы показателя без остатка: целые числа."""
    given_ = scored(one_factor(THREE), {"pupil": frame(rows)}).given["pupil"]
    column = given_.points[:, 0]
    whole = given_.sums(np.where(column == MISSING, 0, column))
    assert np.array_equal(given_.by_item[0].sum(axis=0), whole)
    assert (column <= 100 * POINT).all()
