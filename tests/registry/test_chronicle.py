"""From dated changes follows the state of every school on any day; what cannot be is said in a sentence."""

from datetime import date

import pytest

from opora.registry.history.chronicle import DependsOn
from opora.registry.history.states import Impossible
from tests.registry.drawn import beginnings, drawn, drawn_changes, exist, letter, number, value

MERGED = """
    on         | kind   | school | ends | before   | after
    2019-09-01 | merge  | A      | B    |          |
    2021-03-01 | rename | A      |      | Школа A  | Центр
"""


def test_a_merged_school_is_no_more_from_the_day_of_the_merge_on():
    """Накануне обе школы есть, с самого дня присоединения — одна."""
    chronicle = drawn(MERGED, beginnings("AB"))
    assert exist(chronicle, "2019-08-31") == "AB"
    assert exist(chronicle, "2019-09-01") == "A"


def test_a_name_holds_until_the_day_before_the_renaming():
    chronicle = drawn(MERGED)
    assert value(chronicle, "A", "2021-02-28") == "Школа A"
    assert value(chronicle, "A", "2021-03-01") == "Центр"


def test_the_name_before_the_first_renaming_is_the_one_that_it_tells():
    """В реестре уже новое имя: прежнее известно из самого изменения."""
    register = beginnings("A", A={"values": {"name": "Центр", "municipality": "М"}})
    assert (
        value(
            drawn(MERGED.replace("2019-09-01 | merge  | A      | B    |          |", ""), register),
            "A",
            "2018-01-01",
        )
        == "Школа A"
    )


def test_schools_of_a_union_end_and_the_new_one_begins():
    """Слияние: двух школ больше нет, новая есть с этого дня и не раньше."""
    chronicle = drawn(
        """
        on         | kind  | ends | begins
        2019-09-01 | merge | A B  | C
    """,
        beginnings("ABC"),
    )
    assert (exist(chronicle, "2019-08-31"), exist(chronicle, "2019-09-01")) == ("AB", "C")
    assert [letter(link.school) for link in chronicle.predecessors(number("C"))] == ["A", "B"]
    assert [letter(link.school) for link in chronicle.successors(number("A"))] == ["C"]


def test_a_split_school_lives_on_beside_its_parts_or_ends_in_them():
    beside = drawn(
        """
        on         | kind  | school | begins
        2019-09-01 | split | A      | B
    """,
        beginnings("AB"),
    )
    assert (exist(beside, "2019-08-31"), exist(beside, "2019-09-01")) == ("A", "AB")
    ended = drawn(
        """
        on         | kind  | ends | begins
        2019-09-01 | split | A    | B C
    """,
        beginnings("ABC"),
    )
    assert (exist(ended, "2019-08-31"), exist(ended, "2019-09-01")) == ("A", "BC")


def test_a_branch_has_its_main_school_until_it_is_independent():
    chronicle = drawn(
        """
        on         | kind        | school | main | begins
        2018-09-01 | branch      |        | A    | B
        2019-09-01 | branch      | C      | A    |
        2020-09-01 | independent | B      |      |
    """,
        beginnings("ABC"),
    )
    mains = {
        day: [chronicle.on(date.fromisoformat(day))[number(one)].main for one in "BC"]
        for day in ("2018-09-01", "2019-09-01", "2020-09-01")
    }
    assert mains == {"2018-09-01": [1, None], "2019-09-01": [1, 1], "2020-09-01": [None, 1]}
    assert exist(chronicle, "2018-08-31") == "AC"


def test_branches_of_a_merged_school_go_over_with_it():
    chronicle = drawn(
        """
        on         | kind   | school | main | ends
        2018-09-01 | branch | B      | A    |
        2019-09-01 | merge  | C      |      | A
    """,
        beginnings("ABC"),
    )
    assert chronicle.on(date(2019, 9, 1))[number("B")].main == number("C")


def test_a_reform_moves_every_school_of_the_municipality():
    chronicle = drawn(
        """
        on         | kind   | school | moved | before | after
        2018-09-01 | move   | C      |       | М      | П
        2020-01-01 | reform |        | A B   | М      | О
    """,
        beginnings("ABC"),
    )
    places = [value(chronicle, one, "2020-01-01", "municipality") for one in "ABC"]
    assert places == ["О", "О", "П"]
    assert value(chronicle, "A", "2019-12-31", "municipality") == "М"


def test_a_closed_school_may_open_again():
    chronicle = drawn(
        """
        on         | kind   | school
        2018-09-01 | close  | A
        2020-09-01 | reopen | A
    """,
        beginnings("A"),
    )
    assert [exist(chronicle, day) for day in ("2018-08-31", "2018-09-01", "2020-09-01")] == ["A", "", "A"]


def test_the_register_s_own_days_count_where_no_change_tells_otherwise():
    register = beginnings(
        "AB", A={"opened": date(2015, 9, 1), "closed": date(2019, 6, 1)}, B={"closed": date(2019, 6, 1)}
    )
    assert [
        exist(drawn("on | kind | school", register), day)
        for day in ("2015-08-31", "2015-09-01", "2019-06-01")
    ] == ["B", "AB", ""]
    told = drawn(
        """
        on         | kind  | school | ends
        2018-09-01 | merge | A      | B
    """,
        register,
    )
    assert exist(told, "2018-09-01") == "A"


def test_the_order_of_recording_does_not_matter():
    """Записанное задним числом стоит там, где его день."""
    late = drawn("""
        on         | kind   | school | ends | before  | after
        2021-03-01 | rename | A      |      | Школа A | Центр
        2019-09-01 | merge  | A      | B    |         |
    """)
    for day in ("2019-08-31", "2019-09-01", "2021-03-01"):
        assert exist(late, day) == exist(drawn(MERGED), day)
        assert value(late, "A", day) == value(drawn(MERGED), "A", day)


IMPOSSIBLE = {
    "слияние закрытой": (
        "2020-09-01 | merge  | A |   | B |   |   | |",
        "2019-09-01 | close  | B |   |   |   |   | |",
        "На 01.09.2020 школы «Школа B» нет: она закрыта 01.09.2019",
    ),
    "два закрытия": (
        "2020-09-01 | close  | A |   |   |   |   | |",
        "2019-09-01 | close  | A |   |   |   |   | |",
        "На 01.09.2020 школы «Школа A» нет: она закрыта 01.09.2019",
    ),
    "изменение до открытия": (
        "2017-09-01 | rename | C |   |   |   |   | Школа C | Новая",
        "2019-09-01 | merge  |   |   | A B | C |   | |",
        "На 01.09.2017 школы «Школа C» нет: она ещё не открыта",
    ),
    "слияние с собой": (
        "2020-09-01 | merge  | A |   | A |   |   | |",
        "",
        "Одна и та же школа названа дважды",
    ),
    "круг": (
        "2020-09-01 | merge  | B |   | A |   |   | |",
        "2019-09-01 | merge  | A |   | B |   |   | |",
        "На 01.09.2020 школы «Школа B» нет: она вошла в другую школу 01.09.2019",
    ),
    "круг в один день": (
        "2019-09-01 | merge  | B |   | A |   |   | |",
        "2019-09-01 | merge  | A |   | B |   |   | |",
        "На 01.09.2019 школы «Школа B» нет: она вошла в другую школу 01.09.2019",
    ),
    "спор с более поздним": (
        "2018-09-01 | close  | B |   |   |   |   | |",
        "2019-09-01 | merge  | A |   | B |   |   | |",
        "Это спорит с уже записанным изменением «присоединение или слияние с 01.09.2019». "
        "На 01.09.2019 школы «Школа B» нет: она закрыта 01.09.2018",
    ),
    "имя, из которого исходит более позднее": (
        "2018-09-01 | rename | A |   |   |   |   | Школа A | Лицей",
        "2019-09-01 | rename | A |   |   |   |   | Школа A | Центр",
        "Это спорит с уже записанным изменением «переименование с 01.09.2019». "
        "Переименование школы «Лицей» исходит из «Школа A», а накануне 01.09.2019 было «Лицей»",
    ),
    "имя не то": (
        "2020-09-01 | rename | A |   |   |   |   | Школа Z | Лицей",
        "2019-09-01 | rename | A |   |   |   |   | Школа A | Центр",
        "Переименование школы «Центр» исходит из «Школа Z», а накануне 01.09.2020 было «Центр»",
    ),
    "то же имя": (
        "2020-09-01 | rename | A |   |   |   |   | Школа A | Школа A",
        "",
        "Новое значение то же, что прежнее: ничего не меняется",
    ),
    "открытие открытой": (
        "2020-09-01 | open   | A |   |   |   |   | |",
        "2018-09-01 | open   | A |   |   |   |   | |",
        "Школа «Школа A» уже есть на 01.09.2020, а по этому изменению она только возникает",
    ),
    "новая, которая уже была": (
        "2020-09-01 | split  | A |   |   | B |   | |",
        "2019-09-01 | merge  | A |   | B |   |   | |",
        "Школа «Школа B» уже была до 01.09.2020: у новой школы своя строка в реестре",
    ),
    "возобновление работающей": (
        "2020-09-01 | reopen | A |   |   |   |   | |",
        "2018-09-01 | rename | A |   |   |   |   | Школа A | Центр",
        "Закрытие школы «Центр» до 01.09.2020 не записано: возобновлять нечего",
    ),
    "возобновление вошедшей в другую": (
        "2020-09-01 | reopen | B |   |   |   |   | |",
        "2019-09-01 | merge  | A |   | B |   |   | |",
        "Школа «Школа B» не закрыта, а вошла в другую или разделена: запишите выделение новой",
    ),
    "филиал филиала": (
        "2020-09-01 | branch | C | B |   |   |   | |",
        "2019-09-01 | branch | B | A |   |   |   | |",
        "Школа «Школа B» сама филиал: филиала у филиала не бывает",
    ),
    "свой филиал": (
        "2020-09-01 | branch | A | C |   |   |   | |",
        "2019-09-01 | branch | B | A |   |   |   | |",
        "У школы «Школа A» есть свой филиал «Школа B»: сначала решите, что с ним будет",
    ),
    "закрытие с филиалом": (
        "2020-09-01 | close  | A |   |   |   |   | |",
        "2019-09-01 | branch | B | A |   |   |   | |",
        "У школы «Школа A» есть филиал «Школа B»: сначала решите, что с ним будет",
    ),
    "разделение с филиалом": (
        "2020-09-01 | split  |   |   | A | C D |   | |",
        "2019-09-01 | branch | B | A |   |   |   | |",
        "У школы «Школа A» есть филиал «Школа B»: сначала решите, что с ним будет",
    ),
    "дважды филиал": (
        "2020-09-01 | branch | B | A |   |   |   | |",
        "2019-09-01 | branch | B | A |   |   |   | |",
        "Школа «Школа B» уже филиал этой школы",
    ),
    "и так самостоятельная": (
        "2020-09-01 | independent | A |   |   |   |   | |",
        "",
        "Школа «Школа A» и так самостоятельная",
    ),
    "главная входит в филиал": (
        "2020-09-01 | merge  | B |   | A |   |   | |",
        "2019-09-01 | branch | B | A |   |   |   | |",
        "Школа «Школа B» — филиал той, которая в неё входит: сначала сделайте её самостоятельной",
    ),
    "переезд в упразднённый": (
        "2020-09-01 | move   | H |   |   |   |   | П | М",
        "2019-09-01 | reform |   |   |   |   | A B C D E F G H | М | П",
        "Этого муниципалитета на 01.09.2020 уже нет: преобразование муниципалитета с 01.09.2019",
    ),
    "забытая школа реформы": (
        "2020-09-01 | reform |   |   |   |   | A B | М | П",
        "",
        "В преобразованном муниципалитете на 01.09.2020 осталась бы школа «Школа C»",
    ),
    "слияние без школ": (
        "2020-09-01 | merge  | A |   |   |   |   | |",
        "",
        "Назовите школы, которые вошли в другую; для слияния нужны хотя бы две",
    ),
    "слияние в никуда": (
        "2020-09-01 | merge  |   |   | A B |   |   | |",
        "",
        "Назовите одну школу, в которую вошли другие",
    ),
    "разделение без новых": (
        "2020-09-01 | split  | A |   |   |   |   | |",
        "",
        "Назовите новые школы; если прежней больше нет, нужны хотя бы две",
    ),
    "разделение ничего": (
        "2020-09-01 | split  |   |   |   | B |   | |",
        "",
        "Назовите одну школу, которую разделили",
    ),
    "чужой код": (
        "2020-09-01 | ris_code | A |   |   |   |   |  | 111002",
        "2019-09-01 | ris_code | B |   |   |   |   |  | 111002",
        "Код 111002 в этот день у школы «Школа B»: сначала запишите, что он от неё ушёл",
    ),
}  # fmt: skip
HEAD = "on | kind | school | main | ends | begins | moved | before | after\n"


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_an_impossible_change_is_refused_in_one_clear_sentence(case):
    """Что невозможно, сказано одним предложением: какая школа, какой день, почему."""
    line, recorded, sentence = IMPOSSIBLE[case]
    chronicle = drawn(HEAD + recorded)
    (change,) = drawn_changes(HEAD + line, first=99)
    with pytest.raises(Impossible) as refused:
        chronicle.with_change(change)
    assert refused.value.sentence == sentence
    assert refused.value.change == change


def test_a_change_that_contradicts_a_later_one_says_which():
    chronicle = drawn(MERGED)
    (change,) = drawn_changes(HEAD + "2018-09-01 | close | B | | | | | |", first=9)
    with pytest.raises(Impossible) as refused:
        chronicle.with_change(change)
    assert refused.value.other == chronicle.changes[0]


def test_a_code_goes_to_another_school_once_the_first_has_given_it_up():
    chronicle = drawn("""
        on         | kind     | school | before | after
        2019-09-01 | ris_code | A      | 111001 | 111005
        2020-09-01 | ris_code | B      |        | 111001
    """)
    days = ("2019-08-31", "2019-09-01", "2020-09-01")
    assert [value(chronicle, "A", day, "ris_code") for day in days] == ["111001", "111005", "111005"]
    assert [value(chronicle, "B", day, "ris_code") for day in days] == [None, None, "111001"]


def test_a_change_is_taken_back_when_nothing_rests_on_it():
    chronicle = drawn(MERGED, beginnings("AB"))
    without = chronicle.without(chronicle.changes[0])
    assert exist(without, "2022-01-01") == "AB"
    assert value(without, "A", "2022-01-01") == "Центр"


def test_the_only_renaming_taken_back_leaves_the_former_name():
    """В реестре стояло новое имя: после отмены — прежнее."""
    register = beginnings("A", A={"values": {"name": "Центр", "municipality": "М"}})
    chronicle = drawn(
        """
        on         | kind   | school | before  | after
        2021-03-01 | rename | A      | Школа A | Центр
    """,
        register,
    )
    assert value(chronicle.without(chronicle.changes[0]), "A", "2022-01-01") == "Школа A"


def test_a_change_that_a_later_one_rests_on_is_not_taken_back_and_the_later_one_is_named():
    chronicle = drawn("""
        on         | kind   | school | begins | ends | before  | after
        2019-09-01 | rename | A      |        |      | Школа A | Лицей
        2020-09-01 | rename | A      |        |      | Лицей   | Центр
        2018-09-01 | rename | A      |        |      | Школа Я | Школа A
        2019-09-01 | close  | B      |        |      |         |
        2020-09-01 | reopen | B      |        |      |         |
    """)
    renamed = chronicle.changes[1]
    with pytest.raises(DependsOn) as refused:
        chronicle.without(renamed)
    assert refused.value.other == next(one for one in chronicle.changes if one.after == "Центр")
    assert refused.value.sentence.startswith("Сначала отмените изменение «переименование с 01.09.2020»")
    with pytest.raises(DependsOn, match="следующее изменение исходит из «Школа A»"):
        chronicle.without(chronicle.changes[0])
    closed = next(one for one in chronicle.changes if one.kind == "close")
    with pytest.raises(DependsOn, match="Сначала отмените изменение «возобновление работы"):
        chronicle.without(closed)


def test_the_closing_of_the_register_goes_when_the_change_that_told_it_is_taken_back():
    """Дата закрытия в реестре — след изменения: без него школа снова есть."""
    chronicle = drawn(
        """
        on         | kind  | school
        2019-09-01 | close | A
    """,
        beginnings("A", A={"closed": date(2019, 9, 1)}),
    )
    assert exist(chronicle.without(chronicle.changes[0]), "2020-01-01") == "A"
