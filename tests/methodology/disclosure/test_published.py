"""What is shown of a survey: small groups, totals, marks, numbers, and what is asked of the table."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from opora.methodology.disclosure.cells import KEYS
from opora.methodology.disclosure.publishing import SHAPE, published
from opora.methodology.disclosure.words import hidden_words, left_out_words
from opora.methodology.tables import TableMismatch
from tests.methodology.disclosure.surveys import groups, row, survey

# --- by hand


def test_a_group_of_four_is_hidden_and_its_municipality_shown_without_it():
    """Четверо скрыты; итог города — без них, чтобы вычитание их не вернуло; сосед не страдает."""
    table = published(
        survey("""
        school | respondents | invited
        А      | 4           | 10
        Б      | 5           | 10
        В      | 30          | 30
    """)
    ).table
    small = row(table, region="Край", municipality="Город", school="А", audience="teacher")
    assert (small["respondents"], small["hidden"]) == (None, "small")
    shown = row(table, region="Край", municipality="Город", school="Б", audience="teacher")
    assert (shown["respondents"], shown["hidden"], shown["left_out"]) == (5, None, 0)
    town = row(table, region="Край", municipality="Город", audience="teacher")
    assert (town["respondents"], town["hidden"], town["left_out"], town["invited"]) == (35, None, 1, 50)


def test_small_groups_enter_the_first_total_in_which_they_are_enough_together():
    """В городе двоих не с кем сложить, в крае их с троими уже пятеро: они входят в итог края."""
    table = published(
        survey("""
        school | municipality | respondents | invited
        А      | Город        | 2           | 10
        Б      | Город        | 20          | 30
        В      | Район        | 3           | 10
        Г      | Район        | 20          | 30
    """)
    ).table
    assert row(table, region="Край", municipality="Город", audience="teacher")["respondents"] == 20
    assert row(table, region="Край", municipality="Район", audience="teacher")["respondents"] == 20
    region = row(table, region="Край", audience="teacher")
    assert (region["respondents"], region["left_out"]) == (45, 0)


@pytest.mark.parametrize(
    ("first", "second", "shown"), [(2, 3, True), (1, 4, False), (1, 3, False), (4, 4, False), (3, 3, True)]
)
def test_two_small_groups_are_told_together_if_neither_can_work_out_the_other(first, second, shown):
    """Один ответивший вычел бы себя; четверо и четверо следуют из восьми: такие не складываются."""
    table = published(
        survey(f"""
        school | respondents | invited
        А      | {first}     | 10
        Б      | {second}    | 10
    """)
    ).table
    town = row(table, region="Край", municipality="Город", audience="teacher")
    assert (town["respondents"] == first + second) is shown
    assert town["hidden"] == (None if shown else "complement")


def test_where_everybody_answered_how_many_did_is_no_secret():
    """Ответили все приглашённые: числа и так известны, ответы восьмерых показаны вместе."""
    table = published(
        survey("""
        school | audience | grade | respondents | invited
        А      | pupil    | 6     | 4           | 4
        А      | pupil    | 9     | 4           | 4
    """)
    ).table
    place = {"region": "Край", "municipality": "Город", "school": "А", "audience": "pupil"}
    assert row(table, **place)["respondents"] == 8
    assert row(table, **place, grade=6)["hidden"] == row(table, **place, grade=9)["hidden"] == "small"


def test_a_grade_looks_for_company_in_its_grade_before_the_municipality():
    """Шестые классы двух школ складываются вместе: итог по шестым классам города полон."""
    table = published(
        survey("""
        school | audience | grade | respondents | invited
        А      | pupil    | 6     | 3           | 10
        А      | pupil    | 9     | 20          | 30
        Б      | pupil    | 6     | 3           | 10
        Б      | pupil    | 9     | 20          | 30
        В      | pupil    | 9     | 3           | 10
        Г      | pupil    | 9     | 2           | 10
    """)
    ).table
    town = {"region": "Край", "municipality": "Город", "audience": "pupil"}
    assert row(table, **town, grade=6)["respondents"] == 6
    assert row(table, **town, grade=9)["respondents"] == 45
    assert row(table, **town)["respondents"] == 51
    assert row(table, **town, school="А")["respondents"] == 20
    assert row(table, **town, school="А")["left_out"] == 1


def test_nobody_is_shown_as_nobody():
    """Не ответил никто: скрывать нечего."""
    table = published(
        survey("""
        school | respondents | invited
        А      | 0           | 10
        Б      | 12          | 30
    """)
    ).table
    school = row(table, region="Край", municipality="Город", school="А", audience="teacher")
    assert (school["respondents"], school["hidden"]) == (0, None)


def test_means_and_counts_are_of_the_answers_that_are_shown():
    """Среднее города — по тем, кто в нём показан; у скрытой группы чисел нет."""
    drawn = survey("""
        school | respondents | invited
        А      | 4           | 10
        Б      | 10          | 10
        В      | 30          | 30
    """).with_columns(mood=pl.Series([0.0, 50.0, 60.0]), yes=pl.Series([4, 1, 2]))
    table = published(drawn, means=["mood"], counts=["yes"]).table
    town = row(table, region="Край", municipality="Город", audience="teacher")
    assert (town["mood"], town["yes"]) == (57.5, 3)
    small = row(table, region="Край", municipality="Город", school="А", audience="teacher")
    assert (small["mood"], small["yes"]) == (None, None)
    assert row(table)["mood"] is None, "scores of different audiences are not mixed"


def test_a_number_that_few_answered_is_hidden_where_the_group_is_not():
    """Из двадцати на вопрос ответили трое: группа видна, вопрос нет; в городе их пятеро из двух групп."""
    drawn = survey("""
        school | respondents | invited
        А      | 20          | 30
        Б      | 20          | 30
    """).with_columns(asked=pl.Series([3, 2]), yes=pl.Series([1, 2]))
    table = published(drawn, counts={"yes": "asked"}).table
    school = row(table, region="Край", municipality="Город", school="А", audience="teacher")
    assert (school["respondents"], school["asked"], school["yes"], school["asked_hidden"]) == (
        20,
        None,
        None,
        "small",
    )
    town = row(table, region="Край", municipality="Город", audience="teacher")
    assert (town["asked"], town["yes"], town["asked_hidden"]) == (5, 3, None)


def test_what_an_audience_was_not_asked_is_empty_for_it():
    drawn = survey("""
        school | audience | respondents
        А      | teacher  | 20
        А      | parent   | 20
    """).with_columns(mood=pl.Series([50.0, None]))
    table = published(drawn, means=["mood"]).table
    assert row(table, audience="parent")["mood"] is None
    assert row(table, audience="teacher")["mood"] == 50
    assert row(table)["respondents"] == 40


def test_a_hidden_total_is_called_small_only_where_that_tells_nothing_new():
    """Итог из двух малых групп помечен так, чтобы не выдать, что вместе их меньше пяти."""
    table = published(
        survey("""
        school | audience | grade | respondents | invited
        А      | pupil    | 6     | 1           | 9
        А      | pupil    | 9     | 2           | 9
        Б      | pupil    | 6     | 1           | 2
        Б      | pupil    | 9     | 2           | 2
    """)
    ).table
    place = {"region": "Край", "municipality": "Город", "audience": "pupil"}
    assert row(table, **place, school="А")["hidden"] == "complement"
    assert row(table, **place, school="Б")["hidden"] == "small"


def test_an_empty_survey_has_an_empty_table():
    found = published(survey("school | respondents\nА | 1").clear())
    assert found.table.schema == pl.Schema(SHAPE) and found.table.is_empty()


def test_everything_that_is_wrong_is_said_at_once():
    """Все беды таблицы — одним сообщением, с числом строк и школой."""
    drawn = survey("""
        school | municipality | audience | grade | respondents | invited
        А      | Город        | teacher  |       | -1          | 10
        А      | Район        | parent   |       | 4           | 10
        Б      | Город        | pupil    | 6     | 4           | 10
        Б      | Город        | pupil    |       | 4           | 10
        В      | Город        | parent   |       | 4           | 10
        В      | Город        | parent   |       | 4           | 10
    """).with_columns(mood=pl.Series([50.0, 101.0, 1.0, None, 1.0, 1.0]), asked=9, yes=10)
    with pytest.raises(TableMismatch) as told:
        published(drawn, means=["mood"], counts={"yes": "asked"})
    text = str(told.value)
    for words in (
        "ответивших меньше нуля; строк: 1, первая — школа А",
        "школа в двух муниципалитетах; строк: 2",
        "класс то указан, то нет; строк: 2, первая — школа Б",
        "группа повторяется; строк: 2, первая — школа В",
        "mood: допустимо от 0 до 100, а пусто — только где никто не ответил; строк: 2",
        "asked: допустимо от нуля до числа ответивших; строк: 6",
        "yes: допустимо от нуля до asked; строк: 6",
    ):
        assert words in text
    with pytest.raises(TableMismatch, match="нет столбцов: mood"):
        published(drawn.drop("mood"), means=["mood"])
    with pytest.raises(TableMismatch, match="не может называться hidden"):
        published(drawn.with_columns(hidden=1), counts=["hidden"])


def test_the_page_says_why():
    assert hidden_words("small") == "скрыто: меньше пяти ответивших"
    assert hidden_words("complement") == "скрыто, чтобы не раскрыть соседнюю группу"
    assert left_out_words(3) == "без скрытых групп: 3" and left_out_words(0) == ""


# --- for every small country


@given(groups())
@settings(max_examples=40)
def test_no_group_under_five_is_in_the_open(drawn):
    table = published(drawn, means=["score"], counts=["yes"]).table
    schools = table.filter(pl.col("school").is_not_null() & pl.col("audience").is_not_null())
    both = schools.join(
        drawn.select(*KEYS, n="respondents"), on=KEYS, nulls_equal=True, how="inner", validate="1:1"
    )
    for one in both.to_dicts():
        if 0 < one["n"] < 5:
            assert (one["hidden"], one["respondents"], one["score"]) == ("small", None, None)
        else:
            assert (one["hidden"], one["respondents"]) == (None, one["n"])


@given(groups(waves=3))
@settings(max_examples=40)
def test_an_atom_is_large_enough_and_nobody_is_in_two(drawn):
    entries = published(drawn, means=["score"], counts=["yes"]).entries
    assert len(entries) == len(drawn)
    for _atom, rows in entries.filter(pl.col("respondents atom").is_not_null()).group_by("respondents atom"):
        total, sizes = rows["respondents"].sum(), rows.group_by("group").agg(pl.col("respondents").sum())
        one = sizes["respondents"]
        assert rows["audience"].n_unique() == 1
        if total:
            assert total >= 5
            assert len(one) == 1 or (one > 0).all()
            assert len(one) == 1 or total >= 6 or not (one == 1).any()


@given(groups(waves=2))
@settings(max_examples=50)
def test_what_fewer_answered_is_parted_no_finer_than_the_respondents(drawn):
    """Вопрос, на который ответили не все, складывается из целых атомов: разность чисел не выдаст группу."""
    told = drawn.with_columns(asked="yes").with_columns(yes=0)
    entries = published(told, counts={"yes": "asked"}).entries
    for (atom,), rows in entries.group_by("respondents atom"):
        assert rows["asked atom"].n_unique() == 1
        assert atom is not None or rows["asked atom"].null_count() == len(rows)
    for (atom,), rows in entries.filter(pl.col("asked") > 0).group_by("asked atom"):
        answered = rows.group_by("group").agg(pl.col("asked").sum())["asked"]
        lone = len(answered) > 1 and bool((answered == 1).any())
        assert atom is None or answered.sum() >= 5 + lone


@given(groups(waves=2))
@settings(max_examples=40)
def test_every_total_is_a_sum_of_whole_atoms(drawn):
    """Пересчёт множествами: в итоге — ровно те атомы, что лежат в нём целиком."""
    found = published(drawn, means=["score"], counts=["yes"])
    entries = found.entries.to_dicts()
    atoms = {}
    for one in entries:
        if one["respondents atom"] is not None:
            atoms.setdefault(one["respondents atom"], []).append(one)
    for line in found.table.to_dicts():
        wanted = {key: line[key] for key in KEYS if line[key] is not None}
        inside = [one for one in entries if all(one[key] == value for key, value in wanted.items())]
        kept = [atom for atom in atoms.values() if all(one in inside for one in atom)]
        people = sum(one["respondents"] for atom in kept for one in atom)
        out = {one["group"] for one in inside if one["respondents"] and not any(one in atom for atom in kept)}
        assert line["left_out"] == len(out)
        assert line["hidden"] is None if people or not out else line["respondents"] is None
        if line["hidden"] is None:
            assert line["respondents"] == people
        if line["hidden"] is None and people and line["audience"]:
            assert line["yes"] == sum(one["yes"] for atom in kept for one in atom)


@given(groups(smallest=5), st.booleans())
@settings(max_examples=40)
def test_where_no_group_is_small_nothing_is_hidden(drawn, without):
    """Нечего беречь — ничего и не скрыто: ни строки, ни ответа в итогах."""
    if without:
        drawn = drawn.drop("invited")
    table = published(drawn).table
    assert table["hidden"].null_count() == len(table) and table["left_out"].sum() == 0
    assert row(table)["respondents"] == drawn["respondents"].sum()


@given(groups(waves=2), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_rows_changes_nothing(drawn, random):
    order = list(range(len(drawn)))
    random.shuffle(order)
    told = {"means": ["score"], "counts": {"yes": "respondents"}}
    assert_frame_equal(
        published(drawn, **told).table, published(drawn[order], **told).table, check_exact=True
    )


@given(groups(waves=2), st.integers(0, 100))
@settings(max_examples=40)
def test_what_is_hidden_tells_nothing_of_the_answers(drawn, score):
    """Другие ответы тех же людей — скрыто то же самое."""
    others = drawn.with_columns(score=pl.when(pl.col("respondents") > 0).then(float(score)), yes=0)
    mine, theirs = (
        published(one, means=["score"], counts=["yes"]).table.drop("score", "yes") for one in (drawn, others)
    )
    assert_frame_equal(mine, theirs)
