"""Counting pupils into outcomes, against counting them one by one."""

import re
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology.tables import OUTCOMES, TableMismatch
from opora.results import counting
from opora.results.counting import COUNTED, SQL, named
from opora.results.store import Store

CELLS_HELD = 10
PUPILS = {"outcome": pl.Int32, "mark": pl.Int8, "score": pl.Int16, "low": pl.Int8}
CELLS = pl.DataFrame(
    {"cell": [1, 2], "year": 2019, "assessment": ["vpr", "ege"], "sitting": "", "subject": "maths",
     "grade": [5, 11], "grade_programme": [5, 11], "category": "all"}
)  # fmt: skip


def pupils(*rows: tuple) -> pl.DataFrame:
    """Rows of school, cell, mark, score and low as a lake keeps them: school and cell in one integer."""
    keyed = [(school * CELLS_HELD + cell, *rest) for school, cell, *rest in rows]
    return pl.DataFrame(keyed, schema=PUPILS, orient="row")


def count(rows: Any, **how: Any) -> pl.DataFrame:
    return counting.count(rows, cells=CELLS_HELD, **how)


def naive(rows: list[tuple]) -> list[dict[str, Any]]:
    """Count as one counts on fingers."""
    found = []
    for school, cell in sorted({row[:2] for row in rows}):
        mine = [row for row in rows if row[:2] == (school, cell)]
        marks = Counter(row[2] for row in mine)
        scores = Counter(row[3] for row in mine if row[3] is not None)
        found.append(
            {
                "school": school, "cell": cell, "takers": len(mine), "low": sum(row[4] for row in mine),
                **{f"mark{mark}": None if marks[None] else marks[mark] for mark in (2, 3, 4, 5)},
                "scores": [scores[place] for place in range(max(scores) + 1)] if scores else None,
            }
        )  # fmt: skip
    return found


@st.composite
def many_pupils(draw: Any) -> list[tuple]:
    """Odd cells have marks, even ones have none; scores are there or not."""
    cells = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=40))
    return [
        (school, cell, draw(st.integers(2, 5)) if cell % 2 else None,
         draw(st.none() | st.integers(0, 12)), draw(st.integers(0, 1)))
        for school, cell in cells
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(many_pupils())
def test_it_counts_as_one_counts_on_fingers(rows):
    assert count(pupils(*rows), scores=True).to_dicts() == naive(rows)


def test_takers_low_and_marks_of_one_outcome():
    """Пятеро писали, двое получили двойку: участников 5, низких 2."""
    rows = pupils((7, 1, 2, 3, 1), (7, 1, 2, 0, 1), (7, 1, 3, 8, 0), (7, 1, 4, 12, 0), (7, 1, 5, 12, 0))
    (outcome,) = count(rows, scores=True).to_dicts()
    assert outcome == {
        "school": 7, "cell": 1, "takers": 5, "low": 2, "mark2": 2, "mark3": 1, "mark4": 1, "mark5": 1,
        "scores": [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 2],
    }  # fmt: skip


def test_an_assessment_without_marks_leaves_them_empty_and_not_zero():
    (outcome,) = count(pupils((7, 2, None, 20, 1), (7, 2, None, 60, 0))).to_dicts()
    assert (outcome["takers"], outcome["low"], outcome["mark2"], outcome["mark5"]) == (2, 1, None, None)


def test_no_pupils_are_no_outcomes():
    assert count(pupils()).schema == COUNTED
    assert count(pupils(), scores=True).is_empty()


def test_a_pupil_whose_low_result_is_not_known_is_refused():
    """Пустое «низкий» молча считалось бы успехом: отказ с числом таких участников."""
    with pytest.raises(TableMismatch, match=": 2;"):
        count(pupils((7, 1, 2, 1, None), (7, 1, 3, 1, 0), (8, 1, 2, 1, None)))


def test_a_pupil_without_a_school_is_refused():
    rows = pupils((7, 1, 2, 1, 1)).with_columns(outcome=pl.lit(None, pl.Int32))
    with pytest.raises(TableMismatch, match="в какой школе"):
        count(rows)


@pytest.mark.parametrize("mark", [0, 1, 6, None])
def test_a_mark_other_than_two_to_five_is_refused(mark):
    with pytest.raises(TableMismatch, match="отметки"):
        count(pupils((7, 1, mark, 1, 0), (7, 1, 3, 1, 0)))


@pytest.mark.parametrize("low", [2, -1])
def test_low_is_nothing_but_zero_and_one(low):
    with pytest.raises(TableMismatch, match="0 или 1"):
        count(pupils((7, 1, 3, 1, low)))


@pytest.mark.parametrize("score", [-1, 1001])
def test_a_score_beyond_any_scale_is_refused(score):
    with pytest.raises(TableMismatch, match="балл"):
        count(pupils((7, 1, 3, score, 0)), scores=True)


def test_a_million_pupils_of_one_outcome_are_counted_exactly():
    table = pl.DataFrame(
        {"outcome": [71] * 1_000_000, "mark": [5] * 1_000_000, "score": 1, "low": 0}, schema=PUPILS
    )
    (outcome,) = count(table).to_dicts()
    assert (outcome["takers"], outcome["mark2"], outcome["mark5"]) == (1_000_000, 0, 1_000_000)


@pytest.mark.parametrize("mark", [0, 1, 6])
def test_a_class_that_has_only_strange_marks_is_no_class_without_marks(mark):
    with pytest.raises(TableMismatch, match="отметки"):
        count(pupils((7, 1, mark, 1, 0)))


def test_files_are_counted_together_and_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, second = tmp_path / "один.parquet", tmp_path / "two.parquet"
    pupils((7, 1, 2, 1, 1), (8, 1, 5, 9, 0)).write_parquet(first)
    pupils((7, 1, 3, 5, 0)).write_parquet(second)
    assert count([first, str(second)])["takers"].to_list() == [2, 1]
    assert count(first)["takers"].to_list() == [1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["two.parquet", "один.parquet"]


def test_it_counts_more_than_its_memory_holds(tmp_path):
    """Памяти мало — счёт медленнее, но тот же."""
    rows = pl.select(outcome=pl.int_range(400_000, dtype=pl.Int32)).with_columns(
        mark=pl.lit(2, pl.Int8), score=pl.lit(1, pl.Int16), low=pl.lit(1, pl.Int8)
    )
    rows.write_parquet(tmp_path / "pupils.parquet")
    assert count(tmp_path / "pupils.parquet", memory="60MB", threads=1).height == 400_000


def test_progress_is_told_from_nothing_to_all(tmp_path):
    told: list[float] = []
    count(pupils((7, 1, 2, 1, 1)), scores=True, progress=told.append)
    assert told[-1] == 1.0 and all(0 <= share <= 1 for share in told)


def test_what_was_counted_goes_into_the_store_and_comes_back(tmp_path):
    counted = count(pupils((7, 1, 2, 1, 1), (7, 2, None, 2, 0)), scores=True)
    schools = pl.DataFrame(
        {"school": [7], "code": ["sch771507"]}, schema={"school": pl.Int32, "code": pl.String}
    )
    table = named(counted, CELLS.cast({"cell": pl.Int32}), schools)
    assert dict(table.schema) == OUTCOMES
    store = Store(tmp_path)
    store.add(table, "lake")
    assert store.marks("sch771507").select("assessment", "takers", "low", "mark2", "scores").rows() == [
        ("ege", 1, 0, None, [0, 0, 1]),
        ("vpr", 1, 1, 1, [0, 1]),
    ]


def test_a_cell_or_school_that_nobody_named_is_refused():
    counted = count(pupils((7, 3, 2, 1, 1)))
    with pytest.raises(TableMismatch, match="cell"):
        named(counted, CELLS.cast({"cell": pl.Int32}))
    with pytest.raises(TableMismatch, match="school"):
        named(
            count(pupils((7, 1, 2, 1, 1))),
            CELLS.cast({"cell": pl.Int32}),
            pl.DataFrame(schema={"school": pl.Int32, "code": pl.String}),
        )


STANDARD = {
    "SELECT",
    "AS",
    "CAST",
    "COUNT",
    "SUM",
    "INTEGER",
    "FROM",
    "GROUP",
    "BY",
    "WHERE",
    "IS",
    "NOT",
    "NULL",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
}


@pytest.mark.parametrize("statement", ["count_outcomes", "count_scores"])
def test_the_statement_uses_only_words_that_every_engine_knows(statement):
    """One text for DuckDB, Spark and PostgreSQL: no function of one dialect, no integer division."""
    text = re.sub(r"--.*", "", (SQL / f"{statement}.sql").read_text())
    words = set(re.findall(r"\b[A-Z_]+\b", text))
    assert words <= STANDARD
    assert not set(text) & set("/%:[]|\"'`;")
