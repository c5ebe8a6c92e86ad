"""Moments of publication and chosen schools: late answers, what may change, filters, the live counter."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology.disclosure.filters import ChoiceRefused, chosen, counted, counted_by_school
from opora.methodology.disclosure.publishing import published
from opora.methodology.disclosure.release import ChangedAnswers, changes, continues, live, waiting
from opora.methodology.disclosure.words import choice_words
from opora.methodology.tables import TableMismatch
from tests.methodology.disclosure.surveys import groups, row, survey

SCHOOL = {"region": "Край", "municipality": "Город", "audience": "teacher"}


def up_to(drawn, wave):
    return published(drawn.filter(pl.col("wave") <= wave), means=["score"], counts=["yes"])


# --- late answers


LATE = survey("""
    school | respondents | invited | wave
    А      | 10          | 40      | 0
    Б      | 30          | 40      | 0
    А      | 1           | 40      | 1
    Б      | 6           | 40      | 1
    А      | 4           | 40      | 2
""")


def test_one_late_answer_changes_nothing_and_five_do():
    """Одиннадцатый ответ ждёт: разность двух публикаций была бы им самим; впятером они войдут."""
    shown = [published(LATE.filter(pl.col("wave") <= wave)).table for wave in range(3)]
    assert [row(table, **SCHOOL, school="А")["respondents"] for table in shown] == [10, 10, 15]
    assert [row(table, **SCHOOL, school="Б")["respondents"] for table in shown] == [30, 36, 36]
    assert [row(table, **SCHOOL)["respondents"] for table in shown] == [40, 46, 51]
    assert row(shown[1], **SCHOOL, school="А")["left_out"] == 1


def test_it_is_told_how_many_answers_wait_and_what_a_publication_changed():
    first, second, third = (published(LATE.filter(pl.col("wave") <= wave)) for wave in range(3))
    assert waiting(second).row(0) == ("teacher", 1, 1) and waiting(third).is_empty()
    changed = changes(first, second).filter(level="school", audience="teacher")
    assert changed.select("school", "respondents", "before").rows() == [("Б", 36, 30)]


@given(groups(waves=3))
@settings(max_examples=30)
def test_a_later_publication_continues_the_earlier_ones(drawn):
    """Что вошло в атом, в нём и остаётся; показанное меняется не меньше чем на пять ответов."""
    made = [up_to(drawn, wave) for wave in range(3)]
    for before, now in [made[:2], made[1:], made[::2]]:
        continues(before, now)
        changed = changes(before, now).filter(pl.col("before").is_not_null())
        assert ((changed["respondents"] - changed["before"]) >= 5).all()


@pytest.mark.parametrize(
    "change",
    [
        {"respondents": pl.col("respondents") + (pl.col("school") == "А").cast(pl.Int64)},
        {"municipality": pl.when(school="А").then(pl.lit("Район")).otherwise("municipality")},
    ],
    ids=["answers", "place"],
)
def test_a_publication_in_which_the_past_has_changed_is_refused(change):
    """Изменились прежние ответы или место школы: новая публикация рядом со старой выдала бы, чьи."""
    drawn = survey("""
        school | municipality | respondents | invited | wave
        А      | Город        | 3           | 10      | 0
        Б      | Город        | 3           | 10      | 0
        В      | Район        | 3           | 10      | 0
        Г      | Район        | 3           | 10      | 0
    """)
    with pytest.raises(ChangedAnswers, match="А"):
        continues(published(drawn), published(drawn.with_columns(**change)))


# --- chosen schools


VILLAGES = survey("""
    school | municipality | respondents | invited
    А      | Город        | 3           | 10
    Б      | Город        | 3           | 10
    В      | Город        | 20          | 30
    Г      | Район        | 7           | 10
""")


def test_a_choice_that_parts_small_groups_is_shown_without_them():
    """Выбор разрезал пару малых школ: обе не вошли, и это сказано."""
    table = chosen(published(VILLAGES), ["А", "В", "Г"])
    found = row(table, audience="teacher")
    assert (found["respondents"], found["left_out"], found["level"]) == (27, 1, "chosen")
    assert choice_words(found) == "без скрытых групп: 1"
    both = row(chosen(published(VILLAGES), ["А", "Б"]), audience="teacher")
    assert (both["respondents"], both["hidden"]) == (6, None) and choice_words(both) == ""


def test_a_choice_of_one_hidden_group_is_refused_in_a_sentence():
    found = row(chosen(published(VILLAGES), ["А"]), audience="teacher")
    assert (found["respondents"], found["hidden"]) == (None, "small")
    assert "выбор их разделяет" in choice_words(found)


def test_unknown_schools_and_no_schools_are_refused():
    found = published(VILLAGES)
    with pytest.raises(ChoiceRefused, match="нет школ: Ё, Я"):
        chosen(found, ["Ё", "Я", "А"])
    with pytest.raises(ChoiceRefused, match="не выбрано"):
        chosen(found, [])


@given(groups(waves=2))
@settings(max_examples=40)
def test_a_choice_of_a_place_is_its_total(drawn):
    """Все школы муниципалитета, выбранные поштучно, дают ровно его строку."""
    found = published(drawn, means=["score"], counts=["yes"])
    for (municipality,), schools in drawn.group_by("municipality"):
        own = found.table.filter(level="municipality", municipality=municipality)
        made = chosen(found, schools["school"].unique().to_list())
        parts = ["audience", "grade", "respondents", "left_out", "hidden", "score", "yes"]
        assert own.select(parts).rows() == made.select(parts).rows()


@given(groups(waves=2), st.data())
@settings(max_examples=40)
def test_the_answers_of_a_choice_can_be_named(drawn, data):
    """Для интервалов: названы ровно те ответы, из которых сложена строка."""
    found = published(drawn, means=["score"], counts=["yes"])
    schools = data.draw(st.sets(st.sampled_from(sorted(drawn["school"].unique())), min_size=1))
    table, own = chosen(found, schools), ["school", "audience", "grade", "wave"]
    people = counted(found, schools).join(drawn, on=own, nulls_equal=True)
    for line in table.filter(pl.col("audience").is_not_null() & pl.col("grade").is_null()).to_dicts():
        assert people.filter(audience=line["audience"])["respondents"].sum() == (line["respondents"] or 0)


@given(groups(waves=2))
@settings(max_examples=30)
def test_the_answers_of_every_school_are_named_at_once_as_one_by_one(drawn):
    found = published(drawn, means=["score"])
    one_by_one = [counted(found, [school]) for school in sorted(drawn["school"].unique())]
    order = ["school", "audience", "grade", "wave"]
    assert counted_by_school(found).sort(order).equals(pl.concat(one_by_one).sort(order))


# --- the live counter


def test_the_live_counter_tells_who_took_part_and_takes_no_answers():
    """Счёт кодов точен и одинаков, что бы ни ответили; столбца с ответами он не примет."""
    codes = survey("""
        school | respondents | invited | grade
        А      | 3           | 10      |
        Б      | 8           | 10      |
    """).rename({"respondents": "used"})
    told = live(codes)
    assert row(told, **SCHOOL, school="А")["used"] == 3
    assert (row(told, **SCHOOL)["used"], row(told)["invited"]) == (11, 20)
    with pytest.raises(TableMismatch, match="score"):
        live(codes.with_columns(score=50.0))
