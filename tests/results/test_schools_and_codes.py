"""Codes of schools from different sources lead to one key."""

import polars as pl
import pytest

from opora.results.readers.book import FileRefused
from opora.results.readers.schools import SchoolsMismatch, read_schools, resolve
from tests.results import files

SCHOOLS = """\
Код школы;Логин ВПР;Код РИС;Название;Муниципалитет;Вид;Тип населённого пункта;Кластер;Численность;Примечание
S1;sch224208;011002;Школа № 1;Барнаул;СОШ;город;3;540;а
S2;sch224209;111003;Школа № 2;Барнаул;лицей;город;1;900;
S3;;111004;Школа № 3;Алейск;СОШ;село;;;б
"""


def schools(text=SCHOOLS):
    return read_schools(text.encode(), "s.csv")


def frame(*codes):
    return pl.DataFrame(
        {"school": codes, "takers": list(range(len(codes)))}, schema_overrides={"school": pl.String}
    )


def test_a_table_of_schools_is_read_with_its_attributes():
    table = schools()
    columns = ["school", "vpr_login", "ris_code", "kind", "settlement", "cluster", "size", "Примечание"]
    assert table.select(columns).rows() == [
        ("S1", "sch224208", "011002", "general", "urban", "3", 540, "а"),
        ("S2", "sch224209", "111003", "lyceum", "urban", "1", 900, None),
        ("S3", None, "111004", "general", "rural", None, None, "б"),
    ]
    assert table.schema["size"] == pl.Int32


def test_english_headings_and_workbooks_are_read_too():
    data = files.xlsx([["report"], ["School", "Name", "Size", "Cluster"], [1, "First", 20, 2]])
    assert read_schools(data, "s.xlsx").select("school", "name", "size", "cluster").rows() == [
        ("1", "First", 20, "2")
    ]


def test_the_key_is_the_ris_code_or_the_login_where_there_is_no_own_code():
    assert schools("Код РИС;Логин ВПР;Название\n111003;sch1;а\n;sch224208;б\n")["school"].to_list() == [
        "111003",
        "sch224208",
    ]


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("S1", "S1"), ("sch224208", "S1"), ("edu224208", "S1"), ("SCH224208", "S1"), ("011002", "S1"),
        ("11002", "S1"), ("111003", "S2"), ("s3", "S3"),
    ],
)  # fmt: skip
def test_every_code_of_a_school_leads_to_its_key(code, key):
    resolved, unknown = resolve(frame(code), schools())
    assert (resolved["school"].to_list(), unknown) == ([key], [])


def test_unknown_codes_are_told_and_stay():
    resolved, unknown = resolve(frame("sch224208", "999999", "sch224208"), schools())
    assert resolved["school"].to_list() == ["S1", "999999", "S1"]
    assert resolved["takers"].to_list() == [0, 1, 2]
    assert unknown == ["999999"]


def test_an_empty_table_resolves_to_itself():
    resolved, unknown = resolve(frame(), schools())
    assert (resolved.height, unknown) == (0, [])


def test_a_code_that_could_be_two_schools_is_not_guessed():
    table = schools("Код школы;Название\n0011;а\n011;б\n")
    resolved, unknown = resolve(frame("0011", "011", "11"), table)
    assert (resolved["school"].to_list(), unknown) == (["0011", "011", "11"], ["11"])


def test_a_code_of_another_system_counts_unless_schools_share_it():
    table = schools("Код школы;Название;Код Кадры;Код АТЕ\nS1;а;77;5\nS2;б;78;5\n")
    resolved, unknown = resolve(frame("78", "5"), table)
    assert (resolved["school"].to_list(), unknown) == (["S2", "5"], ["5"])


def test_all_errors_of_a_table_of_schools_are_told():
    with pytest.raises(SchoolsMismatch) as caught:
        schools("Код школы;Логин ВПР;Численность\nS1;sch1;много\nS1;sch2;5\n;;7\nS4;sch1;1\n")
    assert [(problem.cell, problem.column) for problem in caught.value.problems] == [
        ("C2", ""), ("4", ""), ("3", "school"), ("5", "vpr_login"),
    ]  # fmt: skip


def test_a_table_without_a_code_is_told():
    with pytest.raises(SchoolsMismatch, match="заголовки"):
        schools("Название;Муниципалитет\nа;б\n")
    with pytest.raises(FileRefused):
        schools("")
