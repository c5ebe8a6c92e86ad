"""A saved mapping lets any table in; a slip of the pen in it is told with the line."""

from pathlib import Path

import polars as pl
import pytest

from opora.results.readers import read
from opora.results.readers.mapping import MappingMismatch, load_mapping
from opora.results.reading import Context
from tests.results import files

MAPPING = """\
table: outcomes
title: Проба
columns:
  school: DBN
  year: Year
  grade: {column: Grade, values: {4b: 4}}
  takers: Tested
  low: "Level 1 #"
constants:
  assessment: nys
  subject: maths
skip:
  - {column: Grade, equals: All, reason: итог}
missing: ["", n/a]
suppressed: [s]
"""
TABLE = """\
DBN,Year,Grade,Tested,Level 1 #
01M015,2006,4b,39,2
01M015,2006,All,39,2
01M016,2006,5,s,s
01M017,2006,5,n/a,1
"""


def mapping(tmp_path, text):
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def mapped(tmp_path, text, table):
    data = table if isinstance(table, bytes) else table.encode()
    return read(data, Context(name="a"), mapping(tmp_path, text))


def test_a_mapping_names_columns_constants_and_what_to_leave_out(tmp_path):
    reading = mapped(tmp_path, MAPPING, TABLE)
    assert reading.problems == []
    assert reading.format == "mapped"
    assert reading.outcomes.select(
        "school", "year", "assessment", "subject", "grade", "takers", "low"
    ).rows() == [("01M015", 2006, "nys", "maths", 4, 39, 2)]
    assert reading.skipped == {"итог": 1, "скрыто в источнике": 1, "не опубликовано в источнике": 1}


def test_a_blank_that_the_mapping_does_not_explain_is_a_problem_not_a_zero(tmp_path):
    reading = mapped(
        tmp_path, MAPPING.replace('missing: ["", n/a]', "missing: [n/a]"), TABLE + "01M018,2006,5,10,\n"
    )
    assert reading.rows == 1
    assert [(problem.cell, problem.column) for problem in reading.problems] == [("E6", "Level 1 #")]


def test_a_wide_table_yields_a_row_for_each_measure(tmp_path):
    text = """
table: indicators
columns:
  school: {join: [District, School], separator: "-", pad: [2, 4]}
constants: {year: 2019}
measures:
  - constants: {indicator: gains}
    columns: {value: Gains}
  - constants: {indicator: passed}
    columns: {value: {column: Passed, unit: share}}
  - constants: {indicator: grade}
    columns: {letter: Grade}
missing: [""]
"""
    reading = mapped(tmp_path, text, 'District;School;Gains;Passed;Grade\n1;31;"57,5";0,25;B\n12;7;;;\n')
    assert reading.problems == []
    assert reading.indicators.select("school", "indicator", "value", "letter").rows() == [
        ("01-0031", "gains", 57.5, None),
        ("01-0031", "passed", 25.0, None),
        ("01-0031", "grade", None, "B"),
    ]
    assert reading.skipped == {"не опубликовано в источнике": 3}


def test_a_published_percent_stands_where_counts_are_not_published(tmp_path):
    text = MAPPING.replace('low: "Level 1 #"', "percent: {column: Share, unit: share}")
    reading = mapped(
        tmp_path,
        text,
        "DBN,Year,Grade,Tested,Share\n1,2006,4b,39,0.259\n2,2006,5,10,25.9%\n3,2006,5,10,1.5\n",
    )
    assert reading.outcomes.select("low", "percent").rows() == [(None, 25.9), (None, 25.9)]
    assert [problem.cell for problem in reading.problems] == ["E4"]


def test_a_column_may_have_several_names_over_the_years(tmp_path):
    text = MAPPING.replace("takers: Tested", "takers: {any_of: [Number Tested, Tested]}")
    assert mapped(tmp_path, text, TABLE).rows == 1
    assert mapped(tmp_path, text, TABLE.replace("Tested", "Number Tested")).rows == 1


def test_a_named_decimal_sign_reads_thousands(tmp_path):
    reading = mapped(
        tmp_path, MAPPING + "decimal: point\n", 'DBN,Year,Grade,Tested,Level 1 #\n1,2006,5,"1,039",2\n'
    )
    assert reading.outcomes["takers"].to_list() == [1039]


@pytest.mark.parametrize(
    ("rule", "left"),
    [("equals: All", 1), ("in: [All, 4b]", 2), ("matches: '^[A4]'", 2), ("matches: '^$'", 0)],
)
def test_rows_are_left_out_by_a_rule_with_its_reason(tmp_path, rule, left):
    reading = mapped(
        tmp_path, MAPPING.replace("equals: All", rule).replace("column: Grade, v", "column: Grade, v"), TABLE
    )
    assert reading.skipped.get("итог", 0) == left


def test_missing_headings_are_told_with_those_that_are_there(tmp_path):
    reading = mapped(tmp_path, MAPPING, "DBN;Year;Klass;Tested\n1;2006;5;10\n")
    assert [problem.what for problem in reading.problems] == [
        "Нет столбца «Grade».",
        "Нет столбца «Level 1 #».",
    ]
    assert "«Klass»" in reading.problems[0].allowed


def test_the_row_of_headings_may_be_named_or_found(tmp_path):
    table = "Отчёт\n;;\n" + TABLE.replace(",", ";")
    assert mapped(tmp_path, MAPPING, table).rows == 1
    assert mapped(tmp_path, MAPPING + "header: 3\n", table).rows == 1
    assert mapped(tmp_path, MAPPING + "header: 2\n", table).rows == 0


def test_every_sheet_with_the_headings_is_read_unless_one_is_named(tmp_path):
    rows = [line.split(",") for line in TABLE.splitlines()]

    def change(workbook):
        second = workbook.create_sheet("2007")
        for row in rows[:2]:
            second.append([cell.replace("2006", "2007") for cell in row])
        workbook.create_sheet("пусто")

    data = files.xlsx(rows, "2006", change)
    assert mapped(tmp_path, MAPPING, data).outcomes["year"].to_list() == [2006, 2007]
    assert mapped(tmp_path, MAPPING + 'sheet: "2007"\n', data).outcomes["year"].to_list() == [2007]
    [problem] = mapped(tmp_path, MAPPING + "sheet: 2008\n", data).problems
    assert "2008" in problem.what and "«2007»" in problem.allowed


def test_an_empty_table_is_told(tmp_path):
    [problem] = mapped(tmp_path, MAPPING, TABLE.splitlines()[0] + "\n").problems
    assert "ни одной строки" in problem.what


def test_an_edition_lies_beside_the_mapping(tmp_path):
    assert mapping(tmp_path, MAPPING + "edition: e.yaml\n").edition == tmp_path / "e.yaml"
    assert mapping(tmp_path, MAPPING).edition is None


WRONG = [
    (MAPPING.replace("columns:\n", "colums:\n"), 3, "«colums»; возможно, «columns»"),
    (MAPPING.replace("  school: DBN", "  schol: DBN"), 4, "«schol»; возможно, «school»"),
    (MAPPING.replace("values:", "vals:"), 6, "«vals»; возможно, «values»"),
    (MAPPING.replace("table: outcomes", "table: outcome"), 1, "«outcome»; возможно, «outcomes»"),
    (MAPPING.replace("table: outcomes\n", ""), 1, "table"),
    (MAPPING.replace("  takers: Tested\n", ""), 1, "«takers»"),
    (MAPPING.replace('  low: "Level 1 #"\n', ""), 1, "«low / percent / mark2»"),
    (MAPPING.replace("equals: All, ", ""), 13, "equals, in, matches"),
    (MAPPING.replace("equals: All", "matches: '('"), 13, "регулярное"),
    (MAPPING + "title: ещё\n", 16, "дважды"),
    (MAPPING + "header: первая\n", 16, "целое число"),
    (MAPPING + "decimal: запятая\n", 16, "известны: comma, point"),
    (MAPPING.replace("year: Year", "year: {pad: 4}"), 5, "column, any_of, join"),
    (MAPPING.replace("year: Year", "year: {join: [a, b], pad: [4]}"), 5, "столько же"),
    (MAPPING.replace("year: Year", "year: {column: a, unit: доля}"), 5, "percent, share, number"),
    (
        MAPPING.replace("  assessment: nys", "  assessment: nys\n  grade_programme: пятый"),
        11,
        "«grade_programme»",
    ),
    (
        MAPPING.replace("constants:\n  assessment: nys\n  subject: maths", "constants: нет"),
        9,
        "ключ: значение",
    ),
    (MAPPING.replace("skip:\n  -", "skip:\n  "), 13, "список"),
    ("", 1, "пуст"),
    ("table: [", 1, "YAML"),
    ("- a\n", 1, "ключ: значение"),
    ("[" * 1_500, 1, "YAML"),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG, ids=range(len(WRONG)))
def test_a_slip_in_a_mapping_is_told_with_file_and_line(tmp_path, text, line, said):
    with pytest.raises(MappingMismatch) as caught:
        mapping(tmp_path, text)
    assert (caught.value.file, caught.value.line) == ("m.yaml", line)
    assert said in caught.value.sentence
    assert str(caught.value).startswith(f"m.yaml, строка {line}: ")


def test_a_mapping_that_is_not_text_is_told(tmp_path):
    path = tmp_path / "m.yaml"
    for data in (b"\xff\xfe\x00", b"a" * 300_000):
        path.write_bytes(data)
        with pytest.raises(MappingMismatch):
            load_mapping(path)


def test_words_that_yaml_would_twist_stay_words(tmp_path):
    text = MAPPING.replace("DBN", "no").replace("subject: maths", "subject: 1e3")
    reading = mapped(
        tmp_path, text.replace("suppressed: [s]", "suppressed: [s, off]"), TABLE.replace("DBN", "no")
    )
    assert reading.outcomes.select("school", "subject").rows() == [("01M015", "1e3")]


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "examples").glob("*.yaml")), ids=lambda path: path.name
)
def test_every_example_is_a_good_mapping_or_an_edition(path):
    if path.name.endswith("_edition.yaml"):
        return
    example = load_mapping(path)
    assert example.title and example.source
    assert example.measures


def test_frames_have_the_types_of_the_contract(tmp_path):
    reading = mapped(tmp_path, MAPPING, TABLE)
    assert reading.outcomes.schema["scores"] == pl.List(pl.Int32)
    assert reading.indicators.height == 0


def test_a_file_without_headings_is_told_without_quoting_it(tmp_path):
    """Файл с учениками вместо таблицы школ: ни одна ячейка не попадает в сообщение."""
    reading = mapped(tmp_path, MAPPING, "Ромашкина;Аграфена;5;2\nПупкин;Лютик;4;3\n")
    assert len(reading.problems) == 5
    assert not any(name in str(reading.problems) for name in ("Ромашкина", "Аграфена", "Пупкин", "Лютик"))


def test_what_is_nearer_to_the_measure_wins(tmp_path):
    """Постоянное показателя сильнее общего столбца, столбец показателя — сильнее всего."""
    text = """
table: indicators
columns: {school: s, year: y, category: c}
constants: {category: общая}
measures:
  - {constants: {indicator: a}, columns: {value: v}}
  - {constants: {indicator: b, category: своя}, columns: {value: v}}
  - {constants: {indicator: d, year: 2000}, columns: {value: v, year: z}}
"""
    reading = mapped(tmp_path, text, "s;y;c;v;z\n1;2001;столбец;5;2002\n")
    assert reading.indicators.select("indicator", "category", "year").rows() == [
        ("a", "столбец", 2001), ("b", "своя", 2001), ("d", "столбец", 2002)
    ]  # fmt: skip


def test_the_page_on_mappings_names_every_key_and_field():
    from opora.results.readers import fields
    from opora.results.readers import mapping as rules

    page = (Path(__file__).parents[2] / "docs" / "how-to" / "read-any-table.md").read_text(encoding="utf-8")
    words = {
        *rules.KEYS,
        *rules.COLUMN_KEYS,
        *rules.MEASURE_KEYS,
        *rules.SKIP_KEYS,
        *rules.UNITS,
        *rules.DECIMALS,
    }
    words |= {name for table in fields.FIELDS.values() for name in table} | set(fields.FIELDS)
    assert [word for word in sorted(words) if f"`{word}`" not in page] == []
