"""Counting files that are sorted by outcome: the same numbers as the statements give."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology.tables import TableMismatch
from opora.results import counting, runs
from tests.results.test_counting import PUPILS, many_pupils, pupils

CELLS_HELD = 10


def written(folder: Path, rows: pl.DataFrame, *, at_once: int = 100) -> Path:
    path = folder / "o'pupils.parquet"
    rows.write_parquet(path, row_group_size=at_once)
    return path


def count(rows: Any, **how: Any) -> pl.DataFrame:
    return counting.count(rows, cells=CELLS_HELD, scores=True, **how)


@pytest.fixture()
def by_runs_alone(monkeypatch):
    """Break off where the statements would count."""

    def refuse(*_all: Any) -> None:
        raise AssertionError("the statements counted")

    monkeypatch.setattr(counting, "_by_statements", refuse)


@pytest.fixture()
def small_pieces(monkeypatch):
    """Let pieces and parts end in the middle of runs."""
    monkeypatch.setattr(runs, "AT_ONCE", 64)
    monkeypatch.setattr(runs, "READ_AT_ONCE", 150)
    monkeypatch.setattr(runs, "SHORTEST", 0)


@settings(max_examples=60, deadline=None)
@given(rows=many_pupils(), times=st.integers(1, 30), threads=st.integers(1, 3))
def test_sorted_files_give_what_the_statements_give(tmp_path_factory, rows, times, threads):
    """Файл, упорядоченный по школам, считается без базы; ответ тот же, что и у запроса."""
    table = pupils(*(row for row in sorted(rows, key=lambda row: row[:2]) for _time in range(times)))
    path = written(tmp_path_factory.mktemp("lake"), table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "AT_ONCE", 64)
        patch.setattr(runs, "READ_AT_ONCE", 150)
        patch.setattr(runs, "SHORTEST", 0)
        assert count(path, threads=threads).equals(count(table))


@pytest.mark.parametrize("takers", [runs.LONGEST, runs.LONGEST + 1, 3 * runs.LONGEST + 7, 200_000])
@pytest.mark.usefixtures("by_runs_alone")
def test_a_run_longer_than_one_sum_holds_is_counted_exactly(tmp_path, takers):
    rows = pl.DataFrame({"outcome": 71, "mark": 5, "score": 3, "low": 1}, schema=PUPILS)
    (outcome,) = count(written(tmp_path, pl.concat([rows] * takers), at_once=50_000)).to_dicts()
    assert (outcome["takers"], outcome["low"], outcome["mark5"], outcome["mark4"]) == (
        takers,
        takers,
        takers,
        0,
    )
    assert outcome["scores"] == [0, 0, 0, takers]


@pytest.mark.usefixtures("by_runs_alone", "small_pieces")
def test_a_run_that_goes_on_in_the_next_part_and_file_is_one(tmp_path):
    """Школа, чьи ученики лежат на стыке двух файлов, остаётся одной школой."""
    one = pupils(*[(7, 1, 2, 4, 1)] * 170)
    first, second = tmp_path / "1.parquet", tmp_path / "2.parquet"
    one.write_parquet(first, row_group_size=50)
    pl.concat([one, pupils((8, 1, 3, None, 0))]).write_parquet(second, row_group_size=50)
    counted = count([first, second])
    assert counted.select("school", "takers", "low", "mark2").rows() == [(7, 340, 340, 340), (8, 1, 0, 0)]
    assert counted["scores"].to_list() == [[0, 0, 0, 0, 340], None]


@pytest.mark.usefixtures("by_runs_alone", "small_pieces")
def test_files_in_any_order_are_counted_alike(tmp_path):
    for school in (9, 7, 8):
        pupils(*[(school, 1, 4, 1, 0)] * 10).write_parquet(tmp_path / f"{school}.parquet")
    counted = count([tmp_path / f"{school}.parquet" for school in (9, 7, 8)])
    assert counted["school"].to_list() == [7, 8, 9]


def test_rows_that_do_not_lie_in_runs_are_counted_by_the_statement(tmp_path, monkeypatch):
    """Неупорядоченный файл считает запрос: школы в нём не стоят подряд."""
    keys = [place * 37 % 5_000 for place in range(runs.AT_ONCE + 1)]
    rows = pl.DataFrame({"outcome": keys}, schema={"outcome": pl.Int32}).with_columns(
        mark=pl.lit(2, pl.Int8), score=pl.lit(1, pl.Int16), low=pl.lit(1, pl.Int8)
    )
    asked = []
    by_statements = counting._by_statements
    monkeypatch.setattr(
        counting, "_by_statements", lambda *all_of_it: asked.append(1) or by_statements(*all_of_it)
    )
    assert count(written(tmp_path, rows)).equals(count(rows))
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((7, 1, 6, 1, 0), "отметки"),
        ((7, 1, 2, 1, None), "низкий"),
        ((7, 1, None, 1, 0), "отметки"),
        ((7, 1, 2, 1, 2), "0 или 1"),
        ((7, 1, 2, -1, 0), "балл"),
    ],
)
def test_what_is_wrong_in_a_sorted_file_is_said_as_of_any_other(tmp_path, row, said):
    with pytest.raises(TableMismatch, match=said):
        count(written(tmp_path, pupils((7, 1, 2, 1, 1), row)))


def test_a_file_without_rows_is_no_outcomes(tmp_path):
    assert count(written(tmp_path, pupils())).is_empty()


def test_progress_grows_to_the_whole(tmp_path, small_pieces):
    told: list[float] = []
    count(written(tmp_path, pupils(*[(7, 1, 2, 1, 1)] * 900)), progress=told.append)
    assert told == sorted(told) and len(told) > 1 and told[-1] == 1.0
